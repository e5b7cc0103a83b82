"""Actions, news and events to try the portal with: written and published by the doors that people use."""

import random
import tomllib
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from entaxis.accounts.models import Body, User
from entaxis.accounts.queries import bodies_of
from entaxis.core import media
from entaxis.core.review import Step
from entaxis.directory.choices import Status
from entaxis.directory.models import Structure
from entaxis.geography.models import Area, Level
from entaxis.portal.models import NewsItem
from entaxis.strategy.models import Action
from entaxis.strategy.publications import actions
from entaxis.vocabularies.queries import terms

DATA = Path(__file__).parents[1] / "data" / "publications.toml"
COLOURS = ("#e3ecf7", "#8fb3dc", "#1f4e9c", "#f2c14e")


@transaction.atomic
def publish(*, region: Area, by: User) -> int:
    """Publish what the data file holds in ``region``; how many were new. Safe to repeat.

    Raises:
        RuntimeError: in production.
    """
    if settings.MODE == "production":
        raise RuntimeError("demonstration texts are refused in production")
    content = tomllib.loads(DATA.read_text(encoding="utf-8"))
    places = list(Area.objects.current().of(region).filter(level=Level.MUNICIPALITY).order_by("code"))
    speakers = _speakers(region, places)
    made = sum(_action(region, by, dict(entry), speakers, places) for entry in content["action"])
    return made + sum(_news(region, by, dict(entry), speakers) for entry in content["news"])


@transaction.atomic
def wait(*, region: Area, writer: User, editor: User) -> bool:
    """Let an action of a municipality wait for review, and a text lie asked back, once.

    ``writer`` writes for the municipality, ``editor`` asks back. False where it was so already.
    """
    if settings.MODE == "production":
        raise RuntimeError("demonstration texts are refused in production")
    said = tomllib.loads(DATA.read_text(encoding="utf-8"))["waiting"]
    body = bodies_of(writer, region).filter(kind=Body.Kind.MUNICIPALITY).order_by("pk").first()
    if body is None or NewsItem.objects.of(region).filter(created_by=writer, is_synthetic=True).exists():
        return False
    entry, today = dict(said["submitted"]), timezone.localdate()
    entry["starts_on"] = today + timedelta(days=entry.pop("starts_in_days"))
    entry["ends_on"] = today + timedelta(days=entry.pop("ends_in_days"))
    action = Action(region=region, body=body, is_synthetic=True, **entry)
    place = Area.objects.filter(municipal_bodies=body)
    actions.store(row=action, by=writer, save_related=lambda: action.municipalities.set(place))
    actions.pass_on(row=action, step=Step.SUBMIT, by=writer, version=action.version)
    entry = dict(said["asked_back"])
    reason = entry.pop("reason")
    news = NewsItem(region=region, body=body, is_synthetic=True, **entry)
    actions.store(row=news, by=writer)
    sent = actions.pass_on(row=news, step=Step.SUBMIT, by=writer, version=news.version)
    actions.pass_on(row=sent, step=Step.ASK_BACK, by=editor, version=sent.version, reason=reason)
    return True


def _speakers(region: Area, places: list[Area]) -> dict[str, dict[str, Any]]:
    body = Body.objects.filter(region=region, is_synthetic=True, kind=Body.Kind.NGO).order_by("pk").first()
    municipal = None
    if places:
        municipal = _municipality(region, places[0])
    structure = (
        Structure.objects.of(region)
        .published()
        .placed()
        .filter(status=Status.PUBLISHED)
        .order_by("pk")
        .first()
    )
    return {
        "observatory": {},
        "body": {"body": body},
        "municipality": {"body": municipal},
        "structure": {"body": structure.body, "structure": structure} if structure else {},
    }


def _municipality(region: Area, place: Area) -> Body:
    """The one that came with the structures; else it is registered now."""
    known = Body.objects.standing().filter(municipality=place, kind=Body.Kind.MUNICIPALITY)
    return known.filter(is_synthetic=True).order_by("pk").first() or Body.objects.create(
        region=region,
        municipality=place,
        kind=Body.Kind.MUNICIPALITY,
        name_el=f"Δήμος {place.name_el_genitive or place.name_el}",
        name_en=f"Municipality of {place.name_en or place.name_el}",
        is_synthetic=True,
    )


def _action(
    region: Area, by: User, entry: dict[str, Any], speakers: dict[str, dict[str, Any]], places: list[Area]
) -> int:
    if Action.objects.of(region).filter(title_el=entry["title_el"], is_synthetic=True).exists():
        return 0
    today = timezone.localdate()
    named = places[: entry.pop("municipalities")]
    groups = [term.key for term in terms("target_groups")[: entry.pop("target_groups")]]
    known = {term.key for term in terms("needs")}
    entry["needs"] = [key for key in entry["needs"] if key in known]
    entry["starts_on"] = today + timedelta(days=entry.pop("starts_in_days"))
    entry["ends_on"] = today + timedelta(days=entry.pop("ends_in_days"))
    if "results_el" in entry:
        entry["results_on"] = entry["ends_on"]
    speaker = speakers[entry.pop("by")]
    if entry.pop("is_placed", False) and named:
        entry["point"] = named[0].seat
    row = Action(region=region, is_synthetic=True, target_groups=groups, **speaker, **entry)
    _publish(row, by, lambda: row.municipalities.set(named))
    return 1


def _news(region: Area, by: User, entry: dict[str, Any], speakers: dict[str, dict[str, Any]]) -> int:
    slug = entry.pop("slug")
    if NewsItem.objects.of(region).filter(slug=slug).exists():
        return 0
    now = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
    moment = now + timedelta(days=entry.pop("days"))
    if "event_in_days" in entry:
        entry["event_start"] = now + timedelta(days=entry.pop("event_in_days"))
        entry["event_end"] = entry["event_start"] + timedelta(hours=entry.pop("hours"))
    if entry["kind"] == NewsItem.Kind.OF_ACTION:
        entry["action"] = Action.objects.of(region).filter(is_synthetic=True, status="running").first()
    row = NewsItem(region=region, is_synthetic=True, **speakers[entry.pop("by")], **entry)
    _publish(row, by)
    # the demonstration has a past; its addresses are those that were promised
    NewsItem.objects.filter(pk=row.pk).update(publish_at=moment, slug=slug)
    return 1


def _drawing(seed: str) -> bytes:
    """A picture that shows nothing real: circles, the same for the same words."""
    chance = random.Random(seed)  # noqa: S311 – no secret
    drawn = Image.new("RGB", (960, 400), COLOURS[0])
    pen = ImageDraw.Draw(drawn)
    for _ in range(40):
        x, y, radius = chance.randint(0, 960), chance.randint(0, 400), chance.randint(15, 90)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=chance.choice(COLOURS))
    written = BytesIO()
    drawn.save(written, "PNG")
    return written.getvalue()


def _publish(row: Any, by: User, save_related: Any = None) -> None:
    actions.store(row=row, by=by, save_related=save_related)
    if isinstance(row, Action) or row.kind == NewsItem.Kind.EVENT:
        drawn = media.picture(SimpleUploadedFile("drawing.png", _drawing(row.title_el)))
        words = {"alt_el": "Κύκλοι σε τέσσερα χρώματα: σχέδιο της επίδειξης.", "credit": "Entaxis"}
        words["alt_en"] = "Circles in four colours: a drawing of the demonstration."
        actions.add_picture(row=row, prepared=drawn, by=by, **words)
    actions.pass_on(row=row, step=Step.PUBLISH, by=by, version=row.version)
