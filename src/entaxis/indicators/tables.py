"""Figures in force as a table with filters, on a page and as files that say the same rows."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, Final

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.http import region_of
from entaxis.core import tabular
from entaxis.geography.models import Area, Level
from entaxis.indicators import breaking_down, queries, wording
from entaxis.indicators.models import Indicator, Observation, Reason
from entaxis.indicators.periods import span
from entaxis.indicators.queries import Period, Point
from entaxis.notifications import links

A_PAGE: Final = 50
MOST_ROWS: Final = 50_000  # of a file; the interface gives more, page after page
KINDS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
LEVELS: Final = (Level.REGION, Level.REGIONAL_UNIT, Level.MUNICIPALITY)


class TableForm(forms.Form):
    """What of an indicator is wanted; an empty field means all."""

    indicator = forms.ChoiceField(label=gettext_lazy("Indicator"))
    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("Areas"), required=False)
    breakdown = forms.ChoiceField(label=gettext_lazy("Who"), required=False)

    def __init__(self, data: QueryDict, *, entries: list[queries.Entry], region: Area) -> None:
        super().__init__(data)
        self.asked = data
        every = ("", _("all"))
        names = {entry.indicator.code: entry for entry in entries if entry.is_published}
        self.chosen = self._chosen(names, data.get("indicator") or "")
        self.periods = queries.periods(self.chosen.indicator, region) if self.chosen else []
        keys = [period.key for period in reversed(self.periods)]
        kinds = queries.breakdown_keys(self.periods)
        choices: dict[str, list[tuple[str, Any]]] = {
            "indicator": [(code, entry.name) for code, entry in names.items()],
            "period": [every, *((key, key) for key in keys)],
            "level": [every, *((level.value, level.label) for level in LEVELS)],
            "breakdown": [every, *((key, breaking_down.label(key)) for key in kinds)],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        self.fields["indicator"].required = False
        self.region = region

    def give_way(self) -> list[str]:
        """Take back what other indicators have and the chosen one has not; says of what."""
        known: dict[str, Callable[[str], bool]] = {
            "period": lambda key: queries.has_period(self.region, key),
            "breakdown": breaking_down.is_known,
        }
        given = [name for name in self.errors if name in known and known[name](self.asked.get(name, ""))]
        labels = [breaking_down.label(self.asked.get(name, "")) for name in given]
        for name in given:
            self.asked[name] = ""
        self.full_clean()
        return labels

    @staticmethod
    def _chosen(names: dict[str, queries.Entry], code: str) -> queries.Entry | None:
        return names.get(code) if code else next(iter(names.values()), None)

    def rows(self) -> "QuerySet[Observation]":
        """The figures asked for, by period, area and breakdown."""
        said = self.cleaned_data
        held = [one.series_id for one in self.periods if said["period"] in ("", one.key)]
        rows = Observation.objects.filter(series__in=held)
        if said["level"]:
            rows = rows.filter(area__level=said["level"])
        if said["breakdown"]:
            rows = rows.filter(breakdown=said["breakdown"])
        return rows.select_related("area").order_by("-series__period", "area__code", "breakdown")


def table(request: HttpRequest) -> HttpResponse:
    """The filters, a page of rows, and the files of all of them."""
    form, gave_way = _form(request)
    page = Paginator(form.rows(), A_PAGE).get_page(request.GET.get("page"))
    by_series = {period.series_id: period for period in form.periods}
    asked = form.asked.copy()
    asked.pop("page", None)
    context = _cited(form) | {
        "form": form,
        "page": page,
        "chosen": form.chosen,
        "gave_way": gave_way,
        "rows": [
            _shown(row, by_series[row.series_id], form.chosen.indicator) for row in page if form.chosen
        ],
        "sentences": list(_sentences(form)),
        "has_asked": any(row.n is not None for row in page),
        "is_synthetic": any(period.is_synthetic for period in form.periods),
        "files": [
            (kind.upper(), f"{reverse('indicators:table-file', args=[kind])}?{asked.urlencode()}")
            for kind in KINDS
        ],
        "most": MOST_ROWS,
        "is_cut": page.paginator.count > MOST_ROWS,
        "trail": [
            {"title": _("Home"), "url": "/"},
            {"title": _("Indicators"), "url": reverse("indicators:index")},
            {"title": _("Tables"), "url": ""},
        ],
    }
    return render(request, "indicators/table.html", context)


def _cited(form: TableForm) -> dict[str, Any]:
    """How to cite the rows that are asked for, and the address that asks for them again."""
    if form.chosen is None:
        return {}
    said = {name: value for name, value in form.cleaned_data.items() if value}
    asked = urlencode(said | {"indicator": form.chosen.indicator.code})
    permalink = links.absolute(form.region, f"{reverse('indicators:table')}?{asked}")
    held = [one for one in form.periods if said.get("period") in (None, one.key)]
    who = said.get("breakdown")
    citation = wording.citation(
        name=f"{form.chosen.name} ({breaking_down.label(who)})" if who else form.chosen.name,
        area=form.region.name,
        period=span(one.key for one in held),
        source=wording.sources(held),
        url=permalink,
    )
    return {"citation": citation, "permalink": permalink}


def _sentences(form: TableForm) -> Iterator[str]:
    """What the rows say together, and how many say less than a number. At most four queries."""
    if form.chosen is None:
        return
    indicator, said = form.chosen.indicator, form.cleaned_data
    who, level = said["breakdown"] or breaking_down.TOTAL, said["level"]
    held = [one for one in form.periods if said["period"] in ("", one.key)]
    if level in ("", Level.REGION):
        whole = queries.over_periods(indicator, form.region, breakdown=who, level=Level.REGION, known=held)
        points = [Point(one.period, one.region) for one in whole]
        of = [form.region.name, *([] if who == breaking_down.TOTAL else [breaking_down.label(who)])]
        yield from wording.of_region(points, indicator, ", ".join(of))
    is_one_view = level not in ("", Level.REGION) and len(held) == 1 and bool(said["breakdown"])
    if is_one_view:
        found = queries.over_periods(indicator, form.region, breakdown=who, level=level, known=held)
        yield from wording.of_areas(found[0])
    told = form.rows().aggregate(
        hidden=Count("pk", filter=~Q(reason="")),
        unreliable=Count("pk", filter=Q(flag="u")),
        modelled=Count("pk", filter=Q(is_modelled=True)),
    )
    if is_one_view:
        told["hidden"] = 0  # the sentences of areas have counted them
    yield from wording.of_rows(**told)
    yield breaking_down.overlap(who)


def table_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same rows as CSV for the local Excel, as a workbook, or as JSON."""
    form, gave_way = _form(request)
    if gave_way:
        raise Http404
    if kind not in KINDS or form.chosen is None:
        raise Http404
    by_series = {period.series_id: period for period in form.periods}
    rows = (
        _told(form.region, row, by_series[row.series_id], form.chosen) for row in form.rows()[:MOST_ROWS]
    )
    if kind == "json":
        answer: HttpResponse = JsonResponse(
            {"results": list(rows)}, json_dumps_params={"ensure_ascii": False}
        )
    else:
        answer = HttpResponse(_written(kind, rows), content_type=KINDS[kind])
    answer["Content-Disposition"] = f'attachment; filename="{form.chosen.indicator.code}.{kind}"'
    return answer


def _form(request: HttpRequest) -> tuple[TableForm, list[str]]:
    """The filters, and of what the chosen indicator has nothing.

    Raises:
        Http404: asked for something that no indicator has.
    """
    region = region_of(request)
    form = TableForm(request.GET.copy(), entries=queries.catalogue(region), region=region)
    gave_way = [] if form.is_valid() else form.give_way()
    if not form.is_valid():
        raise Http404
    return form, gave_way


def _written(kind: str, rows: Iterator[dict[str, Any]]) -> bytes:
    headings = [str(heading) for heading in HEADINGS.values()]
    cells = ([row[name] for name in HEADINGS] for row in rows)
    if kind == "csv":
        return tabular.csv_bytes(headings, cells, tabular.EXCEL)
    stream = BytesIO()
    tabular.write_workbook(stream, [tabular.Sheet(_("Figures"), headings, cells)])
    return stream.getvalue()


HEADINGS: Final = {
    "indicator": gettext_lazy("Code of the indicator"),
    "indicator_name": gettext_lazy("Indicator"),
    "unit": gettext_lazy("Unit"),
    "period": gettext_lazy("Period"),
    "area": gettext_lazy("Code of the area"),
    "area_name": gettext_lazy("Area"),
    "level": gettext_lazy("Level"),
    "who": gettext_lazy("Who"),
    "value": gettext_lazy("Figure"),
    "standard_error": gettext_lazy("Standard error"),
    "ci_low": gettext_lazy("95 % interval, from"),
    "ci_high": gettext_lazy("95 % interval, to"),
    "n": gettext_lazy("Persons asked"),
    "n_effective": gettext_lazy("Effective number"),
    "flag": gettext_lazy("Flag"),
    "is_modelled": gettext_lazy("From a model"),
    "reason": gettext_lazy("Why there is no figure"),
    "note": gettext_lazy("Note"),
    "source": gettext_lazy("Source"),
    "release": gettext_lazy("Release"),
    "passport": gettext_lazy("Passport"),
}


def _told(region: Area, row: Observation, period: Period, entry: queries.Entry) -> dict[str, Any]:
    """A row of a file."""
    return {
        "indicator": entry.indicator.code,
        "indicator_name": period.version.name,
        "unit": str(entry.indicator.get_unit_display()),
        "period": period.key,
        "area": row.area.code,
        "area_name": row.area.name,
        "level": str(row.area.get_level_display()),
        "who": breaking_down.label(row.breakdown),
        "value": row.value,
        "standard_error": row.standard_error,
        "ci_low": row.ci_low,
        "ci_high": row.ci_high,
        "n": row.n,
        "n_effective": queries.effective(row.n_effective),
        "flag": row.flag,
        "is_modelled": row.is_modelled,
        "reason": str(Reason(row.reason).label) if row.reason else "",
        "note": _note(row, period),
        "source": period.release.source,
        "release": period.release.title,
        "passport": links.absolute(region, reverse("indicators:figure", args=[row.public_id])),
    }


def _note(row: Observation, period: Period) -> str:
    notes = [
        _("modelled") if row.is_modelled else "",
        _("low reliability") if row.flag == "u" else "",
        str(Reason(row.reason).label) if row.reason else "",
        queries.figure_of(row, period.key).at_least,
        _("synthetic data") if period.is_synthetic else "",
    ]
    said = ", ".join(note for note in notes if note)
    return ". ".join(text for text in (said, breaking_down.overlap(row.breakdown)) if text)


def _shown(row: Observation, period: Period, indicator: Indicator) -> dict[str, Any]:
    """A row of the page."""
    figure = queries.figure_of(row, period.key)
    return {
        "figure": figure,
        "value": wording.written(figure.value, indicator),
        "interval": wording.interval(figure, indicator),
        "label": breaking_down.label(row.breakdown),
        "url": reverse("indicators:figure", args=[row.public_id]),
    }
