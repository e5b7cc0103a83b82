"""Synthetic rows of the network for the demonstration, marked as such; they enter by the users' doors."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from entaxis.accounts.models import Body, Membership, User
from entaxis.core.review import Step
from entaxis.directory.network import (
    joining,
    letters,
    notices,
    pieces,
    profiles,
    queries,
    volunteering,
)
from entaxis.directory.network.models import Introduction, Letter, Notice, VolunteerOffer
from entaxis.directory.network.pieces import SORTS
from entaxis.geography.models import Area

DATA = Path(__file__).parents[1] / "data" / "network_demonstration.toml"
STANDS = timedelta(days=180)


@transaction.atomic
def load(*, region: Area, editor: User, volunteer: User) -> None:
    """Write them for the body of the demonstration, once; safe to repeat."""
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    chair = (
        Membership.objects.in_force()
        .filter(region=region, role=Membership.Role.BODY_ADMINISTRATOR, user__is_synthetic=True)
        .select_related("user", "body")
        .first()
    )
    if chair is None or chair.body is None or Notice.objects.filter(body=chair.body).exists():
        return
    body, user = chair.body, chair.user
    _describe(body, data["profile"], user)
    for name in SORTS:
        for fields in data[name]:
            _publish(name, body, fields, user, editor)
    for fields in data["notices"]:
        row = Notice(region=region, body=body, is_synthetic=True, **fields)
        row.expires_on = timezone.localdate() + STANDS
        notices.hang_up(notice=row, papers=[], by=user)
    for fields in data["offers"]:
        offer = VolunteerOffer(
            region=region, user=volunteer, name=volunteer.display_name, is_synthetic=True, **fields
        )
        offer.expires_on = timezone.localdate() + STANDS
        volunteering.keep(row=offer)


@transaction.atomic
def write(*, region: Area, by: User) -> bool:
    """Write to the bodies as a volunteer and as a reader, once; False where ``by`` did, or nobody asks."""
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    asked = queries.open_requests(region).filter(is_synthetic=True).order_by("title_el")
    if not asked or Introduction.objects.filter(user=by).exists():
        return False
    said = {"user": by, "name": by.display_name, "language": "el"}
    for row in asked[:2]:  # one that the body reads at once, one whose volunteer is checked first
        volunteering.keep(row=Introduction(request=row, text=data["introduction"]["text"], **said))
    letters.send(letter=Letter(body=asked[0].body, text=data["letter"]["text"], **said))
    return True


def _describe(body: Body, said: dict[str, Any], by: User) -> None:
    facts = {name: said[name] for name in ("description_el", "description_en")}
    profile = {name: said[name] for name in ("themes", "target_groups")}
    seen = queries.profile_of(body).version
    profiles.describe(body=body, facts=facts, profile=profile, seen=seen, by=by)


def _publish(name: str, body: Body, fields: dict[str, Any], by: User, editor: User) -> None:
    row = SORTS[name].model(region=body.region, body=body, is_synthetic=True, **fields)
    if name == "requests":
        row.expires_on = timezone.localdate() + STANDS
    pieces.save(piece=row, seen=0, by=by)
    pieces.take(piece=row, step=Step.SUBMIT, by=by, version=row.version)
    row.refresh_from_db()
    pieces.take(piece=row, step=Step.PUBLISH, by=editor, version=row.version)
    if name == "networks":
        for other in (
            Body.objects.standing().filter(region=body.region, is_synthetic=True).exclude(pk=body.pk)[:2]
        ):
            member = joining.invite(network=row, body=other, by=by)
            member.state = member.State.MEMBER
            member.save(update_fields=["state"])
