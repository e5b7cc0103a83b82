"""The figures of a release that waits for its approval, for those who approve: a page, and files of all."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, Final

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.http import region_of
from entaxis.core import tabular
from entaxis.geography.models import Area, Level
from entaxis.indicators import adding_up, breaking_down, periods, previewing, store, wording
from entaxis.indicators.checking import Contradiction, Finding
from entaxis.indicators.models import IndicatorVersion, Reason, Release
from entaxis.indicators.previewing import Row, Told
from entaxis.indicators.tables import KINDS, LEVELS

A_PAGE: Final = 50
CONTRARY: Final = "contradictions"
FOUND: Final = {
    "jumps": gettext_lazy("jump beyond what both errors allow"),
    "leaps": gettext_lazy("grew or shrank beyond chance"),
    "sums": gettext_lazy("parts do not add up"),
    "missing": gettext_lazy("in the former release and not in this one"),
}


class FiguresForm(forms.Form):
    """What of a release is wanted; an empty field means all."""

    indicator = forms.ChoiceField(label=gettext_lazy("Indicator"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("Areas"), required=False)

    def __init__(self, data: QueryDict, *, told: Told) -> None:
        super().__init__(data)
        every = ("", _("all"))
        names = [(one.indicator.code, one.name) for one in told.versions.values()]
        levels = [(level.value, level.label) for level in LEVELS]
        choices: dict[str, list[tuple[str, Any]]] = {"indicator": names, "level": levels}
        for name, offered in choices.items():
            self.fields[name].choices = [every, *offered]  # type: ignore[attr-defined]


def office_figures(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures as they will be published, a page at a time, beside what is public."""
    release, told, form = _asked(request, pk)
    asked = told.asked(**form.cleaned_data)
    page = Paginator(range(store.count_outcomes(release, asked)), A_PAGE).get_page(request.GET.get("page"))
    start = max(page.start_index() - 1, 0)
    outcomes = store.some_outcomes(release, asked, start=start, most=A_PAGE)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "release": release,
        "form": form,
        "page": page,
        "rows": [_shown(row) for row in previewing.rows(release, outcomes, told)],
        "file": f"{reverse('indicators:office-figures-file', args=[pk])}?{query.urlencode()}",
        "trail": [
            {"title": _("My work"), "url": reverse("accounts:desk")},
            {"title": _("Releases of figures"), "url": reverse("indicators:office-releases")},
            {"title": release.title, "url": reverse("indicators:office-release", args=[pk])},
            {"title": _("Its figures"), "url": ""},
        ],
    }
    return render(request, "indicators/office_figures.html", context)


def office_figures_file(request: HttpRequest, pk: int) -> HttpResponse:
    """All figures that the filters ask for, as CSV for the local Excel."""
    release, told, form = _asked(request, pk)
    outcomes = store.some_outcomes(release, told.asked(**form.cleaned_data))
    rows = (_written(row) for row in previewing.rows(release, outcomes, told))
    return _file(f"release-{pk}", list(HEADINGS), rows)


def office_findings_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Every place that the checks found, with both numbers, as CSV."""
    release = _open(request, pk)
    found, contrary = previewing.findings(release)
    listed = named([one for name in FOUND for one in found[name]])
    kinds = [str(FOUND[name]) for name in FOUND for _one in found[name]]
    rows = (
        [kind, *(one[column] for column in FINDING_COLUMNS)]
        for kind, one in zip(kinds, listed, strict=True)
    )
    against = (
        [_("contradicts another figure"), one["indicator"], one["period"], one["area"], one["breakdown"],
         f"{one['value']} ({one['made']})", one["whole"], f"{one['other']} ({one['other_made']})"]
        for one in opposed(contrary)
    )  # fmt: skip
    return _file(f"release-{pk}-checks", list(FINDING_HEADINGS), chain(rows, against))


HEADINGS: Final = (
    gettext_lazy("Indicator"),
    gettext_lazy("Unit"),
    gettext_lazy("Period"),
    gettext_lazy("Code of the area"),
    gettext_lazy("Area"),
    gettext_lazy("Level"),
    gettext_lazy("Who"),
    gettext_lazy("Figure"),
    gettext_lazy("95 % interval, from"),
    gettext_lazy("95 % interval, to"),
    gettext_lazy("Note"),
    gettext_lazy("Value in force"),
    gettext_lazy("The period before"),
)
FINDING_COLUMNS: Final = ("indicator", "period", "area", "breakdown", "value", "more", "other")
FINDING_HEADINGS: Final = (
    gettext_lazy("What was found"),
    gettext_lazy("Indicator"),
    gettext_lazy("Period"),
    gettext_lazy("Area"),
    gettext_lazy("Who"),
    gettext_lazy("Figure"),
    gettext_lazy("Held against"),
    gettext_lazy("Its number"),
)


PARTED: Final = {
    adding_up.AREAS: gettext_lazy("the areas in it"),
    "sex": gettext_lazy("women and men"),
    "age": gettext_lazy("its ages"),
    adding_up.OVERLAPPING: gettext_lazy("a sub-group is larger than the whole"),
}


def named(found: Sequence[Finding]) -> list[dict[str, Any]]:
    """Places in words, with both numbers where they are told; two queries."""
    versions = IndicatorVersion.objects.select_related("indicator").in_bulk({one.version for one in found})
    areas = Area.objects.in_bulk({one.area for one in found})
    return [
        {
            "indicator": versions[one.version].name,
            "period": periods.name(one.period),
            "area": place(areas[one.area]),
            "breakdown": breaking_down.label(one.breakdown),
            "more": _against(one.against),
            "value": _number(one.value, versions[one.version]),
            "other": _number(one.other, versions[one.version]),
        }
        for one in found
    ]


def opposed(found: Sequence[Contradiction]) -> list[dict[str, Any]]:
    """Shares that contradict each other, in words: both, and how each was made; two queries."""
    asked = {pk for one in found for pk in (one.version, one.whole)}
    versions = IndicatorVersion.objects.select_related("indicator").in_bulk(asked)
    areas = Area.objects.in_bulk({one.area for one in found})
    return [
        {
            "indicator": versions[one.version].name,
            "whole": versions[one.whole].name,
            "period": periods.name(one.period),
            "area": place(areas[one.area]),
            "breakdown": breaking_down.label(one.breakdown),
            "value": _number(one.value, versions[one.version]),
            "other": _number(one.other, versions[one.whole]),
            "made": _made(is_modelled=one.is_modelled),
            "other_made": _made(is_modelled=one.is_whole_modelled),
        }
        for one in found
    ]


def _made(*, is_modelled: bool) -> str:
    return _("modelled") if is_modelled else _("direct estimate")


def _against(word: str) -> str:
    """By what a whole is parted, or the period that is compared."""
    return periods.name(word) if word[:1].isdigit() else str(PARTED.get(word, word))


def _number(value: float | None, version: IndicatorVersion) -> str:
    return "" if value is None else wording.written(value, version.indicator)


def _open(request: HttpRequest, pk: int) -> Release:
    """A release of the region that waits for its approval or its hour; of others nothing is read here."""
    release = get_object_or_404(Release.objects.select_related("region"), pk=pk, region=region_of(request))
    if not previewing.is_open(release):
        raise Http404
    return release


def _asked(request: HttpRequest, pk: int) -> tuple[Release, Told, FiguresForm]:
    release = _open(request, pk)
    told = previewing.told(release)
    form = FiguresForm(request.GET, told=told)
    if not form.is_valid():
        raise Http404
    return release, told, form


def _file(name: str, headings: list[Any], rows: Iterable[list[Any]]) -> HttpResponse:
    content = tabular.csv_bytes([str(one) for one in headings], rows, tabular.EXCEL)
    answer = HttpResponse(content, content_type=KINDS["csv"])
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def place(area: Area) -> str:
    """An area with its level: a regional unit and a municipality may share a name."""
    return area.name if area.level == Level.REGION else f"{area.name} ({area.get_level_display()})"


def _note(row: Row) -> str:
    figure = row.figure
    notes = [
        _("modelled") if figure.is_modelled else "",
        _("low reliability") if figure.flag == "u" else "",
        str(Reason(figure.reason).label) if figure.reason else "",
        figure.at_least,
    ]
    return ", ".join(note for note in notes if note)


def _shown(row: Row) -> dict[str, Any]:
    """A row of the page."""
    figure, indicator = row.figure, row.version.indicator
    public = row.public
    return {
        "name": row.version.name,
        "figure": figure,
        "area": place(figure.area),
        "period": periods.name(figure.period),
        "who": breaking_down.label(figure.breakdown),
        "value": wording.written(figure.value, indicator),
        "interval": wording.interval(figure, indicator),
        "public": wording.written(public.value, indicator) if public and public.is_shown else "",
        "was_withheld": public is not None and not public.is_shown,
        "former": wording.written(row.former, indicator) if row.former is not None else "",
        "note": _note(row),
    }


def _written(row: Row) -> list[Any]:
    """A row of the file."""
    figure, version = row.figure, row.version
    return [
        version.name,
        str(version.indicator.get_unit_display()),
        figure.period,
        figure.area.code,
        figure.area.name,
        str(figure.area.get_level_display()),
        breaking_down.label(figure.breakdown),
        figure.value,
        figure.ci_low,
        figure.ci_high,
        _note(row),
        row.public.value if row.public else None,
        row.former,
    ]
