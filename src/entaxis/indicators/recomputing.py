"""Computing a published figure again from what is stored, in the background, and saying what came out.

A figure of a survey comes from the sealed file, a count from the rows under seal, a recipe's from the very
figures that went in; each is then protected as its release was. What is no longer stored is said before
anybody asks.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from entaxis.accounts.models import User
from entaxis.core.review import Step
from entaxis.indicators import actions, computation, counting
from entaxis.indicators.harmonisation import actions as recipes
from entaxis.indicators.harmonisation.models import RecipeRun
from entaxis.indicators.models import (
    Candidate,
    IndicatorVersion,
    Observation,
    Outcome,
    Recomputation,
    Release,
)
from entaxis.indicators.periods import before
from entaxis.sources.models import PhenomenonReport, SourceEdition

State = Recomputation.State
PATIENCE: Final = timedelta(minutes=20)
"""After that a worker has been lost on the way, and one may ask again."""
COMPARED: Final = (
    *("value", "standard_error", "ci_low", "ci_high", "flag", "is_modelled", "reason"),
    *("reported", "reported_of"),
)
A_YEAR: Final = 12  # months
CHANGING: Final = (Step.PUBLISH, Step.WITHDRAW, Step.ARCHIVE)
"""Steps with a report after which other reports count."""


def missing(observation: Observation) -> str:
    """Why a figure cannot be computed again, in the reader's language; nothing where it can.

    One query of a count, none of other figures.
    """
    release = observation.series.release
    if release.is_withdrawal:
        return _("A figure that was taken back is not computed again.")
    if release.edition_id or _run(release):
        return ""
    if release.source_edition_id:
        return _missing_of_a_count(observation)
    if not _is_reported(observation):
        return _("Nothing is stored from which it could be computed again.")
    if _reports_changed(observation):
        return _("The reports that it was counted from were changed since and are not stored as they were.")
    return ""


def _missing_of_a_count(observation: Observation) -> str:
    if not _has_its_files(observation):
        return _("The file that it was counted from is no longer stored.")
    if _amounts_changed(observation):
        return _("The amounts of the benefit that it was counted with were changed since.")
    return ""


def _run(release: Release) -> RecipeRun | None:
    return getattr(release, "recipe_run", None)


def _has_its_files(observation: Observation) -> bool:
    """Whether every file that it was counted from is in force, and no other of the same months."""
    release = observation.series.release
    edition = release.source_edition
    if edition is None or edition.state != SourceEdition.State.CURRENT:
        return False
    reach = _reach(observation)
    since = _month(observation.series.period, "%Y-%m") - reach if reach else None
    return _files(counting.facts(edition), since) == _files(release.files, since)


def _amounts_changed(observation: Observation) -> bool:
    """Whether the benefit guarantees other amounts now than those that a figure was counted with."""
    release = observation.series.release
    edition = release.source_edition
    if edition is None or not counting.stands_on_amounts(observation.series.version):
        return False
    now, then = (
        {one["checksum"]: one.get("guaranteed") for one in files}
        for files in (counting.facts(edition), release.files)
    )
    return any(now.get(checksum) != amounts for checksum, amounts in then.items())


def _reach(observation: Observation) -> int:
    """On how many months before its own it stands: who came or went on one, durations on a year.

    What is told by duration is withheld together with all else of the month.
    """
    series = observation.series
    by_duration = Observation.objects.filter(
        series__release=series.release_id,
        series__period=series.period,
        breakdown__startswith=f"{counting.DURATION}=",
    )
    if counting.is_of_benefit(series.version) and by_duration.exists():
        return A_YEAR
    return int(series.version.computation.rpartition(":")[2] in counting.FLOWS)


def _files(facts: Sequence[dict[str, Any]], since: int | None) -> set[tuple[object, object]]:
    """Checksum and reading of each; of files of the year before those that reach into a month."""
    return {
        (one.get("checksum"), one.get("mapping"))
        for one in facts
        if not one.get("is_before") or (since is not None and _month(one["until"], "%m/%Y") >= since)
    }


def _month(text: str, form: str) -> int:
    """Months are numbered one after another."""
    found = datetime.strptime(text, form)  # noqa: DTZ007 – a month has no hour
    return found.year * 12 + found.month


def _is_reported(observation: Observation) -> bool:
    return bool(counting.phenomena([observation.series.version]))


def _reports_changed(observation: Observation) -> bool:
    series = observation.series
    return PhenomenonReport.objects.filter(
        region=series.region_id,
        period=series.period,
        passings__step__in=CHANGING,
        passings__at__gt=series.release.created_at,
    ).exists()


@transaction.atomic
def ask(*, observation: Observation, by: User) -> tuple[Recomputation, bool]:
    """The recomputation of a figure that is under way, or a new one; whether it is new.

    Raises:
        NotNowError: what it was computed from is not stored.
    """
    if said := missing(observation):
        raise actions.NotNowError(said)
    asked = Recomputation.objects.filter(observation=observation, state__in=Recomputation.OPEN)
    asked.filter(asked_at__lt=timezone.now() - PATIENCE).update(
        state=State.FAILED, failure=_("It was cut off."), finished_at=timezone.now()
    )
    return Recomputation.objects.get_or_create(
        observation=observation, state__in=Recomputation.OPEN, defaults={"asked_by": by}
    )


def run(*, recomputation: Recomputation) -> None:
    """Compute and compare to the last digit; a fault is written down and raised."""
    rows = Recomputation.objects.filter(pk=recomputation.pk)
    if not rows.filter(state=State.WAITING).update(state=State.RUNNING):
        return

    def told(done: int, total: int) -> None:
        rows.update(done=done, total=total)

    try:
        value, is_same = _again(recomputation.observation, told)
    except Exception as error:
        rows.update(state=State.FAILED, failure=str(error)[:1000], finished_at=timezone.now())
        raise
    rows.update(
        state=State.SAME if is_same else State.DIFFERS,
        value=value,
        code_version=computation.version(),
        finished_at=timezone.now(),
    )


def _again(observation: Observation, progress: actions.Progress) -> tuple[float | None, bool]:
    """The value now (of a withheld figure none is told) and whether it is what was published.

    Raises:
        NotNowError: what it was computed from is not stored any more.
    """
    if said := missing(observation):
        raise actions.NotNowError(said)
    release = observation.series.release
    is_same = True
    if release.edition_id:
        rows = _estimated(observation, progress)
    elif run := _run(release):
        rows, is_same = recipes.computed_again(run=run)
    else:
        rows = _counted(observation)
    return _as_published(observation, rows, progress, is_same=is_same)


def _estimated(observation: Observation, progress: actions.Progress) -> list[Candidate]:
    """What the sealed file gives of its indicator now, a model's figures too, under its own version.

    Estimates of an indicator are withheld by themselves: the others of the release need not be computed.
    """
    series = observation.series
    rows, _methods = actions.computed(series.release, only=series.version, progress=progress)
    return rows


def _as_published(
    observation: Observation, rows: list[Candidate], progress: actions.Progress, *, is_same: bool
) -> tuple[float | None, bool]:
    """Protect candidates as the release was, and compare what is then shown of the figure."""
    release = observation.series.release
    for row in rows:
        row.release = release
    outcomes, _proof = actions.protected(release, rows, progress=progress)
    again = next((row for row in outcomes if _place(row) == _place_of(observation)), None)
    if again is None:
        return None, False
    value = None if observation.value is None else again.value
    return value, is_same and all(getattr(again, name) == getattr(observation, name) for name in COMPARED)


def _place(row: Outcome) -> tuple[int, str, int, str]:
    return row.version_id, row.period, row.area_id, row.breakdown


def _place_of(observation: Observation) -> tuple[int, str, int, str]:
    series = observation.series
    return series.version_id, series.period, observation.area_id, observation.breakdown


def _counted(observation: Observation) -> list[Candidate]:
    """The counts of its period now, of every indicator that is protected together with its own.

    Who came and who went are protected together with the persons of the month before as well.
    """
    series = observation.series
    held = _held(series.release)
    versions = counting.bound_to(series.version, held)
    if edition := series.release.source_edition:
        given = counting.counted_by(edition, versions)
        rows = counting.candidates(edition, given, before=series.release.published_at)
    else:
        region = series.release.region
        rows = counting.reported(region, series.period, counting.phenomena(versions))
    wanted = {series.period}
    if series.version_id in counting.moving(held):
        wanted.add(before(series.period))
    return [row for row in rows if row.period in wanted]


def _held(release: Release) -> list[IndicatorVersion]:
    """Of a release's figures the versions, left out ones too."""
    left_out = release.left_out.values("version")
    return list(IndicatorVersion.objects.filter(Q(series__release=release) | Q(pk__in=left_out)).distinct())
