"""Pages of figures: the catalogue, an indicator, a figure's passport, releases."""

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.http import region_of
from entaxis.geography.models import Area, Level
from entaxis.indicators import (
    breaking_down,
    cataloguing,
    charts,
    computation,
    counting,
    elsewhere,
    methods,
    modelled,
    queries,
    recomputing,
    rules,
    targets,
    withdrawing,
    wording,
)
from entaxis.indicators import releases as releases_of
from entaxis.indicators.models import Indicator, IndicatorVersion, Observation, Reason
from entaxis.indicators.periods import heading, through
from entaxis.indicators.queries import Figure, Figures, Period, Point
from entaxis.notifications import links

LEVELS: Final = (Level.MUNICIPALITY, Level.REGIONAL_UNIT)
KINDS: Final = {
    "sex": gettext_lazy("sex"),
    "age": gettext_lazy("age"),
    "subgroup": gettext_lazy("vulnerable sub-group"),
    "duration": gettext_lazy("how long they have the benefit"),
}


def index(request: HttpRequest) -> HttpResponse:
    """Every indicator by theme, with the region's last figure."""
    region = region_of(request)
    entries = queries.catalogue(region)
    themes = [(theme, [_row(entry) for entry in inside]) for theme, inside in queries.by_theme(entries)]
    context = {
        "themes": themes,
        "region": region,
        "is_synthetic": any(entry.is_synthetic for entry in entries),
        "trail": _trail(),
    }
    return render(request, "indicators/index.html", context)


def _row(entry: queries.Entry) -> dict[str, Any]:
    latest = entry.latest
    return {
        "entry": entry,
        "latest": latest,
        "period": latest.period if latest else "".join(entry.periods[-1:]),
        "value": wording.written(latest.value, entry.indicator) if latest else "",
        "unit": wording.unit_note(entry.indicator),
        "interval": wording.interval(latest, entry.indicator) if latest else "",
        "trend": charts.trend(entry.trend),
    }


def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: what it means, over the years, by area, by breakdown."""
    region = region_of(request)
    found = queries.indicator(code)
    versions = list(found.versions.order_by("-number")) if found else []
    if found is None or not versions:
        raise Http404
    periods = queries.periods(found, region)
    chosen = _chosen(request, found, region, periods)
    parts = queries.breakdowns(found, region, period=chosen.key, area=region) if chosen else []
    kinds = queries.breakdown_keys([chosen]) if chosen else []
    if "sex" in versions[0].breakdowns:
        # told apart here; what crosses them is for the pages of sub-groups
        parts = [part for part in parts if ";" not in part.breakdown]
        kinds = [kind for kind in kinds if ";" not in kind]
    level, breakdown = _asked(request, kinds)
    permalink = links.absolute(region, _permanent(request.path, chosen, level, breakdown))
    # what no region has as a whole is shown over the years as it is shown by area
    who = breaking_down.TOTAL if breaking_down.TOTAL in kinds else breakdown
    points = queries.series(found, region, breakdown=who, known=periods)
    shown = (
        queries.figures(found, region, period=chosen.key, breakdown=breakdown, level=level, known=periods)
        if chosen
        else None
    )
    context = {
        **_about(found, versions, region),
        **_over_years(points, periods, found, region, who),
        **_by_area(shown, found),
        "chosen": chosen,
        "has_asked": _has_asked(points, shown),
        "shrunk": modelled.of_shrunk() if chosen and chosen.version.is_shrunk else "",
        "breakdowns": [(kind, breaking_down.label(kind)) for kind in kinds],
        "overlaps": any(kind.startswith(breaking_down.SUBGROUP) for kind in kinds),
        "parts": [_cells(part, found) for part in parts],
        "citation": _citation(versions[0], region, chosen, breakdown, permalink) if chosen else "",
        "permalink": permalink,
        "trail": _trail((versions[0].name, "")),
    }
    return render(request, "indicators/indicator.html", context)


def _about(found: Indicator, versions: Sequence[IndicatorVersion], region: Area) -> dict[str, Any]:
    """What it means, where else it stands, and who answers for it."""
    return {
        "indicator": found,
        "version": versions[0],
        "versions": _versions(versions),
        "region": region,
        "unit": wording.unit_note(found),
        "levels": [(level.value, level.label) for level in LEVELS],
        "elsewhere": elsewhere.of(found) if versions[0].has_areas else [],
        "told_by": _told_by(versions[0]),
        "has_method": methods.has_page(versions[0].method_page),
        "responsible": found.responsible or _answering(region),
    }


def _over_years(
    points: Sequence[Point], periods: Sequence[Period], found: Indicator, region: Area, who: str
) -> dict[str, Any]:
    """The region's own figures: drawing, table, sentences, and the whole country's beside them."""
    country = queries.of_country(periods) if who == breaking_down.TOTAL else {}
    return {
        "points": [
            (point, _cells(point.figure, found), wording.of_country(country, point.period, found))
            for point in points
        ],
        "country": wording.country_sources(country.values()),
        "chart": charts.chart(points, found),
        "sentences": list(wording.of_region(points, found, region.name)),
        "standings": targets.standings(found, points[-1].figure if points else None),
        "who": "" if who == breaking_down.TOTAL else breaking_down.label(who),
        "periods": periods,
        "period_heading": heading(period.key for period in periods),
        "through": through(period.key for period in periods),
        "is_synthetic": any(period.is_synthetic for period in periods),
    }


def _by_area(shown: Figures | None, found: Indicator) -> dict[str, Any]:
    """The figures of one period, level and group."""
    return {
        "shown": shown,
        "rows": [_cells(figure, found) for figure in shown] if shown else [],
        "area_sentences": list(wording.of_areas(shown)) if shown else [],
        "breakdown_label": breaking_down.label(shown.breakdown) if shown else "",
    }


def _answering(region: Area) -> str:
    """Who answers for what names nobody else."""
    return _("the Regional Observatory of Social Inclusion (%(region)s)") % {"region": region.name}


def _has_asked(points: Sequence[Point], shown: Figures | None) -> bool:
    """Whether people were asked for these figures: a count or a rate of counts has nobody to name."""
    figures = [point.figure for point in points] + list(shown or ())
    return any(figure.n is not None for figure in figures)


def _told_by(version: IndicatorVersion) -> dict[str, str]:
    """Levels of areas and breakdowns of a version, in words."""
    return {
        "levels": ", ".join(str(Level(level).label) for level in version.levels),
        "breakdowns": ", ".join(str(KINDS.get(kind, kind)) for kind in version.breakdowns),
    }


def _permanent(path: str, chosen: Period | None, level: str, breakdown: str) -> str:
    """What opens the same figures again when there is a newer period."""
    if chosen is None:
        return path
    return f"{path}?{urlencode({'period': chosen.key, 'level': level, 'breakdown': breakdown})}"


def _citation(version: IndicatorVersion, region: Area, period: Period, breakdown: str, url: str) -> str:
    return wording.citation(
        name=f"{version.name} ({breaking_down.label(breakdown)})",
        area=region.name,
        period=period.key,
        source=period.release.source,
        url=url,
    )


def _versions(versions: Sequence[IndicatorVersion]) -> list[tuple[IndicatorVersion, list[str]]]:
    """Every version, latest first, with the names of what it says differently than the one before it."""
    pairs = zip_longest(versions, versions[1:])
    return [(one, cataloguing.differences(before, one) if before else []) for one, before in pairs]


def _chosen(request: HttpRequest, found: Indicator, region: Area, periods: list[Period]) -> Period | None:
    """The period that was asked for, else the latest; an unknown one is not found."""
    key = request.GET.get("period")
    chosen = [period for period in periods if key in (None, "", period.key)]
    if key and not chosen:
        raise Http404
    return chosen[-1] if chosen else None


def _asked(request: HttpRequest, kinds: list[str]) -> tuple[str, str]:
    """Level and breakdown; one that this period does not have gives way to the first that it has."""
    level = request.GET.get("level") or Level.MUNICIPALITY
    breakdown = request.GET.get("breakdown") or breaking_down.TOTAL
    if level not in LEVELS or breaking_down.label(breakdown) == breakdown:
        raise Http404
    if kinds and breakdown not in kinds:
        breakdown = kinds[0]
    return level, breakdown


def _cells(figure: Figure, found: Indicator) -> dict[str, Any]:
    """A figure as a row of a table writes it."""
    return {
        "figure": figure,
        "value": wording.written(figure.value, found),
        "interval": wording.interval(figure, found),
        "label": breaking_down.label(figure.breakdown),
        "url": figure.passport,
    }


def _poverty_line(found: queries.Passport) -> dict[str, float] | None:
    """The poverty line that entered a figure of a survey; None where none did."""
    edition, percent = found.release.edition, computation.line_percent(found.version.computation)
    if edition is None or percent is None:
        return None
    amount_eur = float(edition.line_eur) * percent / computation.NATIONAL_PERCENT
    return {"amount_eur": amount_eur, "percent": percent}


def figure(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The passport of one figure: a permanent address, also when it is no longer in force."""
    region = region_of(request)
    found = queries.passport(public_id)
    if found is None or found.observation.series.region_id != region.pk:
        raise Http404
    page = reverse("indicators:indicator", args=[found.indicator.code])
    said = _cells(found.figure, found.indicator)
    missing = recomputing.missing(found.observation)
    heading = f"{found.version.name}, {found.figure.area.name}, {found.figure.period}"
    context = {
        "passport": found,
        "row": said,
        "unit": wording.unit_note(found.indicator),
        "is_counted": found.version.is_rate_of_a_count and not found.figure.is_modelled,
        "history": [
            (row, _told(row, found.indicator), row.pk == found.observation.pk) for row in found.history
        ],
        "page": page,
        "line": _poverty_line(found),
        "amounts": _amounts(found),
        "has_method": methods.has_page(found.version.method_page),
        "model": modelled.of_figure(found.version),
        "heading": heading,
        "citation": wording.citation(
            name=f"{found.version.name} ({said['label']})",
            area=found.figure.area.name,
            period=found.figure.period,
            source=found.release.source,
            url=links.absolute(region, request.path),
        ),
        "permalink": links.absolute(region, request.path),
        "taken_back": withdrawing.said_of(found.history),
        "again": queries.recomputation(found.observation),
        "missing": missing,
        "may_recompute": not missing and rules.may_prepare(request.user, region),
        "trail": _trail((found.version.name, page), (found.figure.area.name, "")),
    }
    return render(request, "indicators/figure.html", context)


def _amounts(found: queries.Passport) -> list[dict[str, Any]]:
    """What the benefit guarantees by the official texts that a figure was counted with, each text once."""
    if not counting.stands_on_amounts(found.version):
        return []
    told = {one["since"]: one for file in found.release.files for one in file.get("guaranteed", [])}
    return [told[since] | {"since": date.fromisoformat(since)} for since in sorted(told)]


def _told(row: Observation, indicator: Indicator) -> str:
    """A value as its history writes it, or why there is none."""
    return str(Reason(row.reason).label) if row.reason else wording.written(row.value, indicator)


def releases(request: HttpRequest) -> HttpResponse:
    """What was published, what will be and when."""
    region = region_of(request)
    context = {
        "announced": releases_of.announced(region),
        "releases": releases_of.public(region),
        "trail": _trail((_("Releases of figures"), "")),
    }
    return render(request, "indicators/releases.html", context)


def release(request: HttpRequest, pk: int) -> HttpResponse:
    """One release: what it holds, what it corrects, where it comes from."""
    region = region_of(request)
    found = next((one for one in releases_of.public(region) if one.pk == pk), None)
    if found is None:
        raise Http404
    permalink = links.absolute(region, request.path)
    former, later = releases_of.neighbours(found)
    context = {
        "release": found,
        "citation": wording.citation(
            name=found.title,
            area=region.name,
            period=date_format(localtime(found.published_at)) if found.published_at else "",
            source=found.source,
            url=permalink,
        ),
        "permalink": permalink,
        "series": found.series.select_related("indicator", "version").order_by(
            "indicator__order", "period"
        ),
        "corrected": former,
        "corrections": later,
        "trail": _trail((_("Releases of figures"), reverse("indicators:releases")), (found.title, "")),
    }
    return render(request, "indicators/release.html", context)


def _trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    trail = [
        {"title": _("Home"), "url": "/"},
        {"title": _("Indicators"), "url": reverse("indicators:index")},
    ]
    return [*trail, *({"title": title, "url": url} for title, url in steps)]
