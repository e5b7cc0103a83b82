"""The directory's public pages: a structure, and the counts."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext as _

from entaxis.accounts.rules import is_editor
from entaxis.core import tabular
from entaxis.core.addresses import place_of
from entaxis.core.tabular.writing import Value
from entaxis.directory import actions, pages
from entaxis.directory import counts as counting
from entaxis.directory.duplicates import merging
from entaxis.directory.forms import ErrorReportForm
from entaxis.directory.freshness import Age
from entaxis.directory.freshness import freshness as freshness_of
from entaxis.directory.http import address_of, region_of

WIDTHS = (26, 48, 10, 22, 10, 26, 14, 16, 14)  # of the columns of `_headings`, in characters
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def structure(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Everything one needs to go there."""
    try:
        page = pages.structure_page(region_of(request), pk, at=timezone.now())
    except Http404:
        return _moved(request, pk)
    return _without_trace(page, _structure(request, page, ErrorReportForm(structure=page.structure)))


def _moved(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The old address of an entry that was joined with another leads there for good."""
    entry = merging.successor(region_of(request), pk)
    if entry is None:
        raise Http404
    page = pages.structure_page(region_of(request), entry.pk, at=timezone.now())
    response = redirect("directory:structure", pk=entry.pk, permanent=True)
    patch_cache_control(response, max_age=3600)  # joined by mistake, they are taken apart again
    return _without_trace(page, response)


def report_error(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Somebody says what is wrong on the page; nobody asks who they are."""
    page = pages.structure_page(region_of(request), pk, at=timezone.now())
    form = ErrorReportForm(request.POST, structure=page.structure, sender=place_of(request))
    if not form.is_valid():
        return _without_trace(page, _structure(request, page, form))
    actions.receive_report(report=form.save(commit=False))
    messages.success(request, _("Thank you. The editors will check it."))
    return _without_trace(page, redirect("directory:structure", pk=pk))


def _structure(request: HttpRequest, page: "pages.StructurePage", form: ErrorReportForm) -> HttpResponse:
    context = {"page": page, "form": form, "trail": _trail(page.title)}
    status = 422 if form.errors else 200
    return render(request, "directory/structure.html", context, status=status)


def _without_trace(page: "pages.StructurePage", response: HttpResponse) -> HttpResponse:
    """A page that could betray somebody is kept nowhere and names itself to nobody (R12)."""
    if page.is_sensitive:
        add_never_cache_headers(response)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = "same-origin"  # its form has to come through: core.traces
        response["X-Robots-Tag"] = "noindex"
    return response


def counts(request: HttpRequest) -> HttpResponse:
    """Structures by kind and place, and bodies, live."""
    found = counting.counts(region_of(request))
    unit = next((area for area in found.units if area.code == request.GET.get("unit")), None)
    areas = found.inside(unit) if unit else found.units
    context: dict[str, Any] = {
        "counts": found,
        "unit": unit,
        "areas": areas,
        "rows": found.table(areas),
        "bodies": counting.bodies(found.region),
        "least_told": counting.LEAST_TOLD,
        "map_url": address_of("maps:structures"),
        "now": timezone.now(),
        "trail": _trail(_("Structures in numbers")),
    }
    return render(request, "directory/counts.html", context)


def counts_csv(request: HttpRequest) -> HttpResponse:
    """The counts as a table that the local Excel opens: UTF-8 with a mark, semicolons."""
    found = counting.counts(region_of(request))
    response = HttpResponse(
        tabular.csv_bytes(_headings(), _rows(found)), content_type="text/csv; charset=utf-8"
    )
    return _as_file(response, f"structures-{found.region.code}", "csv")


def counts_xlsx(request: HttpRequest) -> HttpResponse:
    """The counts as a workbook."""
    found = counting.counts(region_of(request))
    stream = BytesIO()
    sheet = tabular.Sheet(
        _("Structures"), _headings(), _rows(found), widths=(26, 48, 10, 22, 10, 26, 14, 16)
    )
    of_bodies = [(row.name, row.count) for row in counting.bodies(found.region)]
    bodies = tabular.Sheet(_("Bodies"), [_("Kind of body"), _("Registered")], of_bodies, widths=(48, 14))
    tabular.write_workbook(stream, [sheet, bodies])
    answer = HttpResponse(stream.getvalue(), content_type=XLSX)
    return _as_file(answer, f"structures-{found.region.code}", "xlsx")


def freshness(request: HttpRequest) -> HttpResponse:
    """How many entries were confirmed lately: the region, its municipalities, its bodies."""
    context: dict[str, Any] = {
        "report": freshness_of(region_of(request), timezone.localdate()),
        "ages": list(Age),
        "is_editor": is_editor(request.user, region_of(request)),
        "now": timezone.now(),
        "trail": _trail(_("How fresh the directory is")),
    }
    return render(request, "directory/freshness.html", context)


def freshness_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table."""
    report = freshness_of(region_of(request), timezone.localdate())
    headings = [_("Code"), _("Municipality or body"), _("Entries"), *(str(age.label) for age in Age)]
    rows: list[list[Value]] = [
        [row.code, row.name, row.entries, *(number for _age, number in row.parts)]
        for row in (report.region, *report.municipalities, *report.bodies)
    ]
    response = HttpResponse(tabular.csv_bytes(headings, rows), content_type="text/csv; charset=utf-8")
    return _as_file(response, f"freshness-{report.region.code}", "csv")


def _as_file(response: HttpResponse, what: str, ending: str) -> HttpResponse:
    name = f"{what}-{timezone.localdate():%Y-%m-%d}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _headings() -> list[str]:
    return [
        _("Key of the kind"),
        _("Kind of structure"),
        _("Code of the regional unit"),
        _("Regional unit"),
        _("Code of the municipality"),
        _("Municipality"),
        _("Registered"),
        _("Completeness"),
        _("Completeness as of"),
    ]


def _rows(found: counting.Counts) -> Iterator[list[Value]]:
    for line in found.lines():
        town, cell = line.municipality, line.cell
        unit = town.parent if town else None
        # A number that is not told, and an unknown one, are empty: a zero would say that there is none.
        number: Value = _("fewer than three") if cell.is_withheld else cell.count
        yield [
            line.kind.key,
            line.kind.plural,
            unit.code if unit else "",
            unit.name if unit else "",
            town.code if town else "",
            town.name if town else _("In the region, without a municipality"),
            number,
            cell.state_name,
            cell.as_of,
        ]


def _trail(title: str) -> list[dict[str, str]]:
    search = address_of("directory:search")
    trail = [{"title": _("Home"), "url": "/"}, {"title": title, "url": ""}]
    if search:
        trail.insert(1, {"title": _("Structures"), "url": search})
    return trail
