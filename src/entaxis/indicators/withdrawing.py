"""Taking published figures back: another release says so, why and since when. Nothing is removed."""

from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from entaxis.accounts.models import User
from entaxis.indicators import actions
from entaxis.indicators.harmonisation.models import RecipeRun
from entaxis.indicators.models import Release, ReleasedSeries

TITLE = 200


def in_force(release: Release) -> list[ReleasedSeries]:
    """What of a release is still in force. One query."""
    rows = release.series.filter(is_current=True).select_related("version", "indicator")
    return list(rows.order_by("indicator__order", "period"))


def waiting(release: Release) -> Release | None:
    """A withdrawal of the release that is not published yet. One query."""
    before = (Release.State.CANDIDATE, Release.State.CHECKED, Release.State.APPROVED)
    return release.corrections.filter(is_withdrawal=True, state__in=before).first()


def made_of(release: Release) -> list[RecipeRun]:
    """Figures in force that a recipe made of this release's: they do not go by themselves. Two queries."""
    series = set(release.series.filter(is_current=True).values_list("pk", flat=True))
    runs = RecipeRun.objects.filter(
        region=release.region_id, release__series__is_current=True
    ).select_related("recipe__version__indicator")
    return [run for run in runs.distinct() if series & {one.get("series") for one in run.inputs.values()}]


@transaction.atomic
def begin(*, release: Release, note_el: str, note_en: str, by: User) -> Release:
    """A release that takes back what of another is in force, checked and ready for a second person.

    Raises:
        NotNowError: nothing of it is in force, it takes figures back itself, or a withdrawal waits.
    """
    held = Release.objects.select_for_update().select_related("region").get(pk=release.pk)
    if held.is_withdrawal or not in_force(held):
        raise actions.NotNowError(_("Nothing of this release is in force."))
    if waiting(held):
        raise actions.NotNowError(_("It is being taken back already."))
    made = Release.objects.create(
        region=held.region,
        edition=held.edition,
        source_edition=held.source_edition,
        files=held.files,
        title_el=_titled("el", held.title_el),
        title_en=_titled("en", held.title_en),
        note_el=note_el.strip(),
        note_en=note_en.strip(),
        source_el=held.source_el,
        source_en=held.source_en,
        supersedes=held,
        is_withdrawal=True,
        is_synthetic=held.is_synthetic,
        state=Release.State.CANDIDATE,
        created_by=by,
    )
    actions.check(release=made)
    made.refresh_from_db()
    return made


def _titled(language: str, title: str) -> str:
    with translation.override(language):
        return (_("Taken back: %(title)s") % {"title": title})[:TITLE]


def said_of(history: Any) -> Release | None:
    """The release that took a figure back, from its passport's history; None where it is not."""
    latest = history[0].series.release if history else None
    return latest if latest is not None and latest.is_withdrawal else None
