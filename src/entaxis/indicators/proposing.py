"""From a source's file in force to a candidate release, counted and protected in the background."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from entaxis.accounts.models import User
from entaxis.core.review import State
from entaxis.geography.models import Area
from entaxis.indicators import actions, computation, counting, periods, releases, store
from entaxis.indicators.models import IndicatorVersion, Release, ReleasedSeries
from entaxis.sources.models import PhenomenonReport, Source, SourceEdition

LANGUAGES: Final = ("el", "en")
COUNTED_TOGETHER: Final = (*Source.OF_PERSONS, Source.Kind.SUBGROUP_COUNTS)
"""Kinds of sources of which all files in force are counted at once."""


def given_by(edition: SourceEdition) -> dict[str, IndicatorVersion]:
    """The indicators of the catalogue that a file gives."""
    if edition.since is None:
        return {}
    return counting.counted_by(edition, actions.in_force(edition.since.year))


def corrected(edition: SourceEdition) -> list[releases.Corrected]:
    """What in force a release from this file would replace, latest release first.

    Only the same indicators of the same periods: a release of new months corrects nothing.
    """
    return releases.in_force(edition.source.region, counting.tells(edition, given_by(edition)))


def standing_on(edition: SourceEdition) -> list[tuple[str, str]]:
    """Title and address of the releases that were counted from a file, latest first. One query."""
    return [
        (f"{row.title} ({row.get_state_display()})", reverse("indicators:office-release", args=[row.pk]))
        for row in edition.releases.order_by("-pk")
    ]


def begin(*, edition: SourceEdition, by: User, note: str = "", note_en: str = "") -> Release:
    """A release that is still to be counted from a file in force; a correction says why.

    Raises:
        NotNowError: the file is not in force, gives no indicator, replaces figures without a note, or would
            mix a demonstration with real figures.
    """
    source = edition.source
    if edition.state != SourceEdition.State.CURRENT or not given_by(edition):
        raise actions.NotNowError(
            _("Only a file in force gives figures, and only of what is in the catalogue.")
        )
    _refuse_mixed(edition)
    replaced = corrected(edition)
    if replaced and not note.strip():
        raise actions.NotNowError(
            _("Figures of these periods are public already: say what is corrected and why.")
        )
    span = f"{edition.since:%m/%Y}–{edition.until:%m/%Y}"
    return Release.objects.create(
        region=source.region,
        source_edition=edition,
        files=counting.facts(edition),
        title_el=f"{source.name_el}, {span}",
        title_en=f"{source.name_en or source.name_el}, {span}",
        source_el=f"{source.name_el} ({source.publisher})",
        source_en=f"{source.name_en or source.name_el} ({source.publisher})",
        supersedes=replaced[0].release if replaced else None,
        note_el=note.strip(),
        note_en=note_en.strip(),
        is_synthetic=edition.is_synthetic,
        created_by=by,
    )


def count(*, release: Release) -> None:
    """Bring the counts into the sealed store and protect them.

    Raises:
        NotNowError: the release has no file, its file is no longer in force, or it was approved; or a
            demonstration and real figures would be mixed.
    """
    edition = release.source_edition
    if edition is None or release.state not in Release.BEFORE_APPROVAL:
        raise actions.NotNowError(_("This release cannot be computed any more."))
    if edition.state != SourceEdition.State.CURRENT:
        raise actions.NotNowError(_("Its file is no longer in force."))
    _refuse_mixed(edition)
    versions = given_by(edition)
    told = counting.tells(edition, versions)
    rows = [
        row
        for row in counting.candidates(edition, versions)
        if (row.version.indicator_id, row.period) in told
    ]
    for row in rows:
        row.release = release
    with transaction.atomic():
        release.digest = store.replace_candidates(release, rows)
        release.methods = {version.indicator.code: version.computation for version in versions.values()}
        release.code_version = computation.version()
        release.state = Release.State.CANDIDATE
        release.failure = ""
        release.save(update_fields=["digest", "methods", "code_version", "state", "failure"])
    actions.check(release=release)


def _refuse_mixed(edition: SourceEdition) -> None:
    """A demonstration and real figures never share an indicator, neither in its files nor in its series."""
    source = edition.source
    others = SourceEdition.objects.filter(
        source__region=source.region_id, source__kind=source.kind, state=SourceEdition.State.CURRENT
    ).exclude(is_synthetic=edition.is_synthetic)
    if source.kind in COUNTED_TOGETHER and (other := others.first()):
        raise actions.NotNowError(
            _(
                "Of this file and “%(file)s” one is of a demonstration and the other is real: they are "
                "never counted together. Throw one of them away."
            )
            % {"file": other.file_name}
        )
    told = {indicator for indicator, _period in counting.tells(edition, given_by(edition))}
    _refuse_other_nature(source.region, told, is_synthetic=edition.is_synthetic)


def _refuse_other_nature(region: Area, indicators: Collection[int], *, is_synthetic: bool) -> None:
    """The series of these indicators go on with figures of their own nature alone."""
    held = ReleasedSeries.objects.filter(
        region=region,
        indicator__in=indicators,
        is_current=True,
        observations__value__isnull=False,
    ).exclude(release__is_synthetic=is_synthetic)
    if (other := held.select_related("release").first()) is not None:
        raise actions.NotNowError(
            _(
                "Of these figures and those of “%(release)s” some are of a demonstration and the others "
                "are real: they never stand in one series. Withdraw that release first."
            )
            % {"release": other.release.title}
        )


# --- reports of phenomena -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter with validated reports of phenomena that the catalogue knows."""

    key: str
    municipalities: int
    reports: int
    is_synthetic: bool
    is_mixed: bool
    """Whether some of the reports are of a demonstration and others real."""
    public: Release | None
    """The release whose figures another one from these reports would replace."""

    @property
    def name(self) -> str:
        """``quarter 3 of 2026``, in the reader's language."""
        return periods.name(self.key)


def quarters(region: Area) -> list[Quarter]:
    """The quarters whose reports may be proposed, latest first. Three queries."""
    known = _phenomena()
    rows = PhenomenonReport.objects.filter(region=region, state=State.PUBLISHED, phenomenon__in=list(known))
    told: dict[str, list[tuple[int, bool]]] = {}
    for period, municipality, is_synthetic in rows.order_by("-period").values_list(
        "period", "municipality", "is_synthetic"
    ):
        told.setdefault(period, []).append((municipality, is_synthetic))
    held = ReleasedSeries.objects.filter(
        region=region,
        indicator__in=[version.indicator_id for version in known.values()],
        period__in=list(told),
        is_current=True,
    ).select_related("release")
    public = {row.period: row.release for row in held.order_by("release__published_at", "pk")}
    return [
        Quarter(
            key,
            len({municipality for municipality, _ in reports}),
            len(reports),
            any(is_synthetic for _, is_synthetic in reports),
            len({is_synthetic for _, is_synthetic in reports}) > 1,
            public.get(key),
        )
        for key, reports in told.items()
    ]


def _phenomena(year: int | None = None) -> dict[str, IndicatorVersion]:
    return counting.phenomena(actions.in_force(year or date.max.year))


def propose_reports(
    *, quarter: Quarter, region: Area, by: User, note: str = "", note_en: str = ""
) -> Release:
    """A checked candidate from the validated reports of a quarter; a correction says why.

    Raises:
        NotNowError: it replaces figures without a note, or mixes a demonstration with real figures.
    """
    if quarter.is_mixed:
        raise actions.NotNowError(
            _(
                "Some reports of this quarter are of a demonstration, others are real: they are never "
                "counted together."
            )
        )
    if quarter.public is not None and not note.strip():
        raise actions.NotNowError(
            _("Figures of this quarter are public already: say what is corrected and why.")
        )
    versions = _phenomena(int(quarter.key[:4]))
    reported = {version.indicator_id for version in versions.values()}
    _refuse_other_nature(region, reported, is_synthetic=quarter.is_synthetic)
    titles, sources = {}, {}
    total = Area.objects.municipalities().of(region).count()
    for language in LANGUAGES:
        with translation.override(language):
            titles[language] = _("Reports of phenomena, %(quarter)s") % {"quarter": quarter.name}
            sources[language] = _(
                "Reports of municipal social services, validated by the Observatory; %(told)s of %(all)s "
                "municipalities reported"
            ) % {"told": quarter.municipalities, "all": total}
    return actions.propose(
        region=region,
        titles=titles,
        sources=sources,
        cells=counting.reported(region, quarter.key, versions),
        is_synthetic=quarter.is_synthetic,
        supersedes=quarter.public,
        notes={"el": note.strip(), "en": note_en.strip()},
        by=by,
    )
