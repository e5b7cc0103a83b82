"""From the file of a survey to published figures; every step says who took it."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from entaxis.accounts.models import User
from entaxis.geography.models import Area, Level
from entaxis.geography.queries import residents
from entaxis.indicators import checking, computation, counting, kinds, rules, store, suppression
from entaxis.indicators.description import Specification
from entaxis.indicators.models import (
    Candidate,
    Edition,
    IndicatorVersion,
    LeftOutTable,
    Observation,
    Outcome,
    Reason,
    Release,
    ReleasedSeries,
)
from entaxis.indicators.problems import EditionRefusedError
from entaxis.indicators.suppression.questions import Key
from entaxis.notifications.subscribing import tell_subscribers
from entaxis.vocabularies.queries import choices

Progress = Callable[[int, int], None]


class NotNowError(ValueError):
    """The release is not at the step that this needs; the message is for a person."""


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


# --- editions -------------------------------------------------------------------------------------


@transaction.atomic
def import_edition(*, region: Area, content: bytes, specification: str, by: User | None) -> Edition:
    """Check a survey's file and seal it. The same file with the same description is there already.

    Raises:
        EditionRefusedError: with the sentence that says what is wrong.
    """
    checksum = hashlib.sha256(content).hexdigest()
    found = Edition.objects.filter(region=region, checksum=checksum, specification=specification).first()
    if found is not None:
        return found
    said = Specification.read(specification)
    _refuse_unknown_groups(said)
    checked = computation.check(content, said, places(region))
    edition = Edition.objects.create(
        region=region,
        year=said.year,
        income_year=said.income_year,
        title_el=said.title_el,
        title_en=said.title_en,
        line_eur=said.line_eur,
        line_note=said.line_note,
        checksum=checksum,
        specification=specification,
        persons=checked.persons,
        households=checked.households,
        notes=[note.as_json() for note in checked.notes],
        is_synthetic=said.is_synthetic,
        imported_by=by,
    )
    store.write_file(edition, content)
    return edition


def _refuse_unknown_groups(said: Specification) -> None:
    known = {term.key for term in choices("vulnerable_groups") if term.parent_id is not None}
    if foreign := sorted(said.subgroups.keys() - known):
        raise EditionRefusedError("groups", name=foreign[0])


def places(region: Area) -> computation.Places:
    """The areas of a region as estimation knows them."""
    inside = Area.objects.municipalities().of(region).select_related("parent")
    census = residents(region)
    return computation.Places(
        region=region.code,
        units={area.code: area.parent.code for area in inside if area.parent},
        residents=census.persons if census else {},
    )


# --- a candidate ----------------------------------------------------------------------------------


def begin(
    *, edition: Edition, by: User, supersedes: Release | None = None, note: str = "", note_en: str = ""
) -> Release:
    """A release that is still to be computed from an edition; a correction says what and why."""
    return Release.objects.create(
        region=edition.region,
        edition=edition,
        title_el=edition.title_el,
        title_en=edition.title_en,
        source_el=edition.title_el,
        source_en=edition.title_en,
        supersedes=supersedes,
        note_el=note,
        note_en=note_en,
        is_synthetic=edition.is_synthetic,
        created_by=by,
    )


def estimate(*, release: Release, progress: Progress = _silent) -> None:
    """Compute every figure that the edition gives into the sealed store, then check them.

    Raises:
        NotNowError: the release has no edition, or has been approved.
    """
    if release.edition is None or release.is_withdrawal or release.state not in Release.BEFORE_APPROVAL:
        raise NotNowError(_("This release cannot be computed any more."))

    written = _told(release)

    def told(done: int, total: int) -> None:
        written(done, total)
        progress(done, total)

    rows, methods = computed(release, progress=told)
    with transaction.atomic():
        release.digest = store.replace_candidates(release, rows)
        release.methods = methods
        release.code_version = computation.version()
        release.state = Release.State.CANDIDATE
        release.failure = ""
        release.save(update_fields=["digest", "methods", "code_version", "state", "failure"])
    check(release=release)


def computed(
    release: Release, *, only: IndicatorVersion | None = None, progress: Progress = _silent
) -> tuple[list[Candidate], dict[str, str]]:
    """What the edition of a release gives now, and the methods in words.

    Of the versions of the catalogue that are in force for its year, or of ``only`` one, in force or not.

    Raises:
        NotNowError: the release has no edition.
    """
    edition = release.edition
    if edition is None:
        raise NotNowError(_("This release was not computed from an edition."))
    inside = places(edition.region)
    said = Specification.read(edition.specification)
    checked = computation.check(store.read_file(edition), said, inside)
    versions = {
        version.computation: version
        for version in ([only] if only else in_force(edition.year))
        if version.computation and not counting.is_counted(version) and checked.knows(version.computation)
    }
    areas = dict(Area.objects.current().of(edition.region).values_list("code", "pk"))
    areas[edition.region.code] = edition.region_id
    units = {name: version.indicator.unit for name, version in versions.items()}
    rows = [
        _candidate(release, versions[cell.computation], str(edition.year), areas[cell.area], cell)
        for cell in computation.compute(checked, units, inside, progress=progress)
    ]
    return rows, {version.indicator.code: name for name, version in versions.items()}


def in_force(year: int) -> list[IndicatorVersion]:
    """The version of each indicator that was in force in a year; the first where none was yet."""
    found: dict[int, IndicatorVersion] = {}
    for version in IndicatorVersion.objects.select_related("indicator").order_by("number"):
        if version.indicator_id not in found or version.valid_from.year <= year:
            found[version.indicator_id] = version
    return sorted(found.values(), key=lambda version: (version.indicator.order, version.pk))


def _candidate(
    release: Release, version: IndicatorVersion, period: str, area: int, cell: computation.Cell
) -> Candidate:
    return Candidate(
        release=release,
        version=version,
        period=period,
        area_id=area,
        breakdown=cell.breakdown,
        kind=cell.kind,
        value=cell.value,
        standard_error=cell.standard_error,
        ci_low=cell.ci_low,
        ci_high=cell.ci_high,
        n=cell.n,
        n_effective=cell.n_effective,
        members=cell.members,
        numerator=cell.numerator,
        flag=cell.flag,
        note=cell.note,
    )


def propose(
    *, region: Area, titles: Mapping[str, str], sources: Mapping[str, str], cells: Iterable[Candidate],
    is_synthetic: bool, by: User, supersedes: Release | None = None, notes: Mapping[str, str] | None = None,
) -> Release:  # fmt: skip
    """A candidate from figures that a source gives (counts of a register), unsuppressed and sealed.

    Args:
        region: whose figures they are.
        titles: of the release, by language.
        sources: where the figures come from, by language.
        cells: candidates without a release; areas of this region.
        is_synthetic: whether they are demonstration data.
        by: who proposes them.
        supersedes: the release that they correct.
        notes: why, by language.
    """
    said = notes or {}
    with transaction.atomic():
        release = Release.objects.create(
            region=region,
            title_el=titles["el"],
            title_en=titles["en"],
            source_el=sources["el"],
            source_en=sources["en"],
            note_el=said.get("el", ""),
            note_en=said.get("en", ""),
            supersedes=supersedes,
            is_synthetic=is_synthetic,
            created_by=by,
        )
        rows = list(cells)
        for row in rows:
            row.release = release
        release.digest = store.replace_candidates(release, rows)
        release.state = Release.State.CANDIDATE
        release.code_version = computation.version()
        release.save()
        check(release=release)
    return release


# --- checks, approval, publication ----------------------------------------------------------------


def check(*, release: Release) -> None:
    """Withhold what must not be shown and write the report; how far it is stands on the release.

    Raises:
        NotNowError: nothing is computed, or it has been approved.
    """
    _refuse_unless_open(release)
    after = _latest(release)
    if release.is_withdrawal:
        outcomes, proof = suppression.taken_back(release)
    else:
        outcomes, proof = protected(release, store.candidates(release), progress=_told(release))
    with transaction.atomic():
        held = Release.objects.select_for_update().get(pk=release.pk)
        _refuse_unless_open(held)
        outcomes = _without_left_out(release, outcomes)
        store.replace_outcomes(release, outcomes)
        release.checks = checking.report(release, outcomes, proof) | {"after": after}
        release.checked_at = timezone.now()
        release.state = Release.State.CHECKED
        release.save(update_fields=["checks", "checked_at", "state"])


def protected(
    release: Release, candidates: Sequence[Candidate], *, progress: Progress = _silent
) -> tuple[list[Outcome], suppression.Proof]:
    """What of a release's candidates may be shown beside all that was public before it, with the proof."""
    versions = list(IndicatorVersion.objects.filter(pk__in={row.version_id for row in candidates}))
    file = release.source_edition
    former = counting.month_before(file, versions) if file else {}
    periods = {row.period for row in candidates} | {period for _version, period in former}
    return suppression.protect(
        candidates,
        parents=_parents(release.region),
        shown_before=_told_before(release, versions, periods, Q(value__isnull=False, is_modelled=False)),
        withheld_before=_withheld_before(release, versions, periods),
        together=counting.together(versions),
        following=counting.following(versions),
        moving=counting.moving(versions),
        former=former,
        progress=progress,
    )


def _without_left_out(release: Release, outcomes: list[Outcome]) -> list[Outcome]:
    gone = set(release.left_out.values_list("version_id", "period"))
    return [row for row in outcomes if (row.version_id, row.period) not in gone]


@transaction.atomic
def leave_out(*, release: Release, version: IndicatorVersion, period: str, by: User) -> None:
    """Decide that a table which nothing can protect any more is not in this release; checks come again.

    What was public of it stays public: the release says nothing of it.

    Raises:
        NotNowError: the release is not checked, or this table is not one of those.
    """
    release = Release.objects.select_for_update().get(pk=release.pk)
    tables = release.checks.get("disclosure", {}).get("whole_tables", [])
    if release.state != Release.State.CHECKED or [version.pk, period] not in tables:
        raise NotNowError(_("Only a table that nothing can protect any more is left out so."))
    LeftOutTable.objects.get_or_create(
        release=release, version=version, period=period, defaults={"decided_by": by}
    )
    Release.objects.filter(pk=release.pk).update(state=Release.State.CANDIDATE, done=0, total=0)


def _refuse_unless_open(release: Release) -> None:
    if release.state not in (Release.State.CANDIDATE, Release.State.CHECKED):
        raise NotNowError(_("Only a computed release that nobody approved yet can be checked."))


def _told(release: Release) -> Progress:
    """Writes on a release how far its work is."""

    def told(done: int, total: int) -> None:
        Release.objects.filter(pk=release.pk).update(done=done, total=total)

    return told


def _parents(region: Area) -> dict[int, int]:
    levels = (Level.MUNICIPALITY, Level.REGIONAL_UNIT)
    rows = Area.objects.current().of(region).filter(level__in=levels).values_list("pk", "parent_id")
    return {pk: parent for pk, parent in rows if parent}


def _told_before(
    release: Release, held: Iterable[IndicatorVersion], periods: Collection[str], what: Q
) -> dict[suppression.Group, set[Key]]:
    """Cells of the same indicator and period of which an earlier release told something.

    Of a release that is public itself: those that were before it.
    """
    versions = {version.indicator_id: version.pk for version in held}
    found: dict[suppression.Group, set[Key]] = {}
    told = Observation.objects.filter(
        what,
        series__region=release.region_id,
        series__indicator__in=list(versions),
        series__period__in=list(periods),
    ).exclude(series__release=release)
    if release.published_at:
        told = told.filter(series__release__published_at__lt=release.published_at)
    rows = told.values_list("series__indicator_id", "series__period", "area_id", "breakdown")
    for indicator, period, area, breakdown in rows:
        found.setdefault((versions[indicator], period), set()).add((area, breakdown))
    return found


def _withheld_before(
    release: Release, held: Iterable[IndicatorVersion], periods: Collection[str]
) -> dict[suppression.Group, set[Key]]:
    """Counts that an earlier release withheld; figures of surveys are protected beside what was shown."""
    counted = [version for version in held if counting.is_counted(version)]
    return _told_before(release, counted, periods, Q(reason=Reason.SMALL_COUNT)) if counted else {}


def _latest(release: Release) -> int:
    """The release of the region that was published last: the checks hold until there is another."""
    public = Release.objects.public().filter(region=release.region_id)
    latest = public.order_by("-published_at", "-pk").values_list("pk", flat=True).first()
    return latest or 0


@transaction.atomic
def approve(*, release: Release, publish_at: datetime | None = None, by: User) -> None:
    """A second person answers for a checked release; without an hour it is published at once.

    Raises:
        NotNowError: it is not checked, its checks failed, or it was made by the same person.
    """
    release = Release.objects.select_for_update().get(pk=release.pk)
    if release.state != Release.State.CHECKED:
        raise NotNowError(_("Only a checked release can be approved."))
    if release.checks.get("undecided"):
        raise NotNowError(_("Some tables cannot be protected any more: decide first to leave them out."))
    if not release.checks.get("passed"):
        raise NotNowError(_("The checks found something that must be put right first."))
    if not rules.may_approve(by, release):
        raise NotNowError(_("A release is approved by somebody else than the person who made it."))
    now = timezone.now()
    release.approved_by, release.approved_at = by, now
    release.publish_at = publish_at or now
    release.state = Release.State.APPROVED
    release.save()
    if release.publish_at <= now:
        publish(release=release)


@transaction.atomic
def publish(*, release: Release) -> None:
    """Bring the figures of an approved release to everybody, all or none.

    Raises:
        NotNowError: it is not approved, its hour has not come, or another was published since its checks.
    """
    release = Release.objects.select_for_update().select_related("region").get(pk=release.pk)
    # one release of a region at a time: each is checked against what is public
    Area.objects.select_for_update().get(pk=release.region_id)
    now = timezone.now()
    if release.state != Release.State.APPROVED or release.publish_at is None or release.publish_at > now:
        raise NotNowError(_("Only an approved release whose hour has come can be published."))
    if release.checks.get("after") != _latest(release):
        raise NotNowError(_("Another release was published since the checks: check this one again."))
    replaced = store.publish(release)
    release.state, release.published_at = Release.State.PUBLISHED, now
    release.save()
    _retire(replaced)
    _tell(release)


def _tell(release: Release) -> None:
    """Everybody who follows one of its indicators, once."""
    tell_subscribers(
        kind=kinds.WITHDRAWN if release.is_withdrawal else kinds.RELEASED,
        region=release.region,
        about=lazy(lambda: release.title, str)(),
        url=reverse_lazy("indicators:release", kwargs={"pk": release.pk}),
        indicators=set(release.series.values_list("indicator__code", flat=True)),
        occasion=f"release {release.pk}",
    )


def _retire(releases: Iterable[int]) -> None:
    """Releases of which nothing is in force any more are superseded."""
    alive = ReleasedSeries.objects.filter(release__in=releases, is_current=True)
    gone = set(releases) - set(alive.values_list("release_id", flat=True))
    Release.objects.filter(pk__in=gone).update(state=Release.State.SUPERSEDED)


@transaction.atomic
def send_back(*, release: Release) -> None:
    """Take an approval back before its hour, so that the release can be checked again.

    Raises:
        NotNowError: it is not waiting for its hour.
    """
    release = Release.objects.select_for_update().get(pk=release.pk)
    if release.state != Release.State.APPROVED:
        raise NotNowError(_("Only an approved release that is not yet public can be sent back."))
    release.state = Release.State.CANDIDATE
    release.approved_by = release.approved_at = release.publish_at = None
    release.save()
