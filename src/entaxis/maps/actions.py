"""All profiles of a region as PDF: made where they are missing or stale, kept where they are not."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone, translation

from entaxis.geography.models import Area, Level
from entaxis.indicators import queries as indicators
from entaxis.maps import printing
from entaxis.maps.models import Printing
from entaxis.maps.profile import ground, profile

PROFILED = (Level.REGION, Level.REGIONAL_UNIT, Level.MUNICIPALITY)


def print_profiles(*, region: Area) -> Printing:
    """Bring every profile of ``region`` up to date, in both languages; says how far it is on the way."""
    sheets = list(_sheets(region))
    facts = {"begun_at": timezone.now(), "finished_at": None, "failure": ""}
    row, _ = Printing.objects.update_or_create(
        region=region, defaults={**facts, "done": 0, "made": 0, "total": len(sheets)}
    )
    shared = ground(region)
    for area, language in sheets:
        with translation.override(language):
            html = printing.written(profile(area, shared))
        row.made += not printing.is_made(html)
        printing.pdf(html)
        row.done += 1
        row.save(update_fields=["done", "made"])
    row.finished_at = timezone.now()
    row.save(update_fields=["finished_at"])
    return row


def _sheets(region: Area) -> Iterator[tuple[Area, str]]:
    areas = [region, *Area.objects.current().of(region).filter(level__in=PROFILED[1:]).order_by("code")]
    for area in areas:
        for language in settings.COMPLETE_LANGUAGES:
            yield area, language


def fail(*, region: Area, reason: str) -> None:
    """Write down why a printing stopped."""
    Printing.objects.filter(region=region).update(failure=reason[:1000], finished_at=timezone.now())


def is_due(region: Area) -> bool:
    """Whether figures were published since the profiles were last begun. Two queries."""
    published = indicators.last_published(region)
    begun = Printing.objects.filter(region=region).values_list("begun_at", flat=True).first()
    return published is not None and (begun is None or begun < published)
