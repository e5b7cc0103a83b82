"""The import as pages of the back office: upload, look, mend, confirm, result, take back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.gis.geos import Point as GeosPoint
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from entaxis.accounts.doors import require
from entaxis.accounts.rules import Role, is_region_administrator
from entaxis.directory import tasks
from entaxis.directory.http import address_of, person_of, region_of
from entaxis.directory.importing import actions, runs, template, vault
from entaxis.directory.importing.columns import BY_KEY
from entaxis.directory.importing.content import Point
from entaxis.directory.importing.drawing import MunicipalityPicture
from entaxis.directory.importing.forms import HeadingsForm, PointForm, UploadForm
from entaxis.directory.importing.problems import ImportRefusedError, RowProblem
from entaxis.directory.models import ImportRun
from entaxis.directory.models.hours import Weekday
from entaxis.geography.models import Area
from entaxis.geography.queries import may_lie_in
from entaxis.vocabularies import queries
from entaxis.vocabularies.models import Vocabulary

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
A_PAGE = 20
SHOWN = 200
LOOK_AGAIN_SECONDS = 3
State = ImportRun.State


@require(Role.EDITOR)
def imports(request: HttpRequest) -> HttpResponseBase:
    """The tables that came in, and the form for another one."""
    region = region_of(request)
    form = UploadForm(request.POST or None, request.FILES or None, region=region)
    if request.method == "POST" and form.is_valid():
        table = form.cleaned_data["table"]
        run = runs.begin(
            region=region,
            source=actions.source_named(region=region, name=form.cleaned_data["source"]),
            name=table.name or "",
            content=table.read(),
            by=person_of(request),
            encoding=form.cleaned_data["encoding"],
            sheet=form.cleaned_data["sheet"],
        )
        _look(request, run)
        return redirect("directory:import-run", pk=run.pk)
    found = Paginator(ImportRun.objects.filter(region=region).select_related("source", "person"), A_PAGE)
    context = {"form": form, "page": found.get_page(request.GET.get("page")), "trail": _trail()}
    return _render(request, "imports", context, status=422 if form.errors else 200)


@require(Role.EDITOR)
@require_GET
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """The table to fill in."""
    content = template.workbook(region_of(request)) if kind == "xlsx" else template.csv(region_of(request))
    return _file(content, XLSX if kind == "xlsx" else CSV, f"structures.{kind}")


@require(Role.EDITOR)
@require_GET
def import_run(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far a table is, what it would do, or what it did."""
    run = _run(request, pk)
    response = _run_page(request, run)
    if run.is_waiting:
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


@require(Role.EDITOR)
@require_POST
def import_headings(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Say what the headings mean, and look again."""
    run = _run(request, pk, State.UPLOADED, State.CHECKED)
    if not _may_read(request, run):
        raise Http404  # a street read as a name would stand in the preview
    form = HeadingsForm(request.POST, run=run)
    if not form.is_valid():
        return _run_page(request, run, form, status=422)
    try:
        runs.read_headings_as(run=run, mapping=form.mapping)
    except ImportRefusedError as refusal:
        form.add_error(None, str(refusal))
        return _run_page(request, run, form, status=422)
    _look(request, run)
    return redirect("directory:import-run", pk=pk)


@require(Role.EDITOR)
@require_POST
def import_forget(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Forget what the headings of this source were said to mean, and look again."""
    run = _run(request, pk, State.UPLOADED, State.CHECKED)
    if not _may_read(request, run):
        raise Http404
    runs.forget_headings(run=run)
    messages.success(request, _("What the headings of this source mean is forgotten."))
    _look(request, run)
    return redirect("directory:import-run", pk=pk)


@require(Role.EDITOR)
@require_POST
def import_look(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look at the table again: points were chosen, or the directory changed."""
    _look(request, _run(request, pk, State.UPLOADED, State.CHECKED))
    return redirect("directory:import-run", pk=pk)


@require(Role.EDITOR)
@require_POST
def import_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Bring in what was shown."""
    run = _run(request, pk)
    if runs.confirm(run=run, accepts_valid="accept_valid" in request.POST):
        run.refresh_from_db()
        person = person_of(request)
        if runs.is_small(run):
            runs.finish(run=run, by=person)
        else:
            tasks.bring_table_in.defer(run=str(run.pk), by=str(person.pk))
    return redirect("directory:import-run", pk=pk)


@require(Role.EDITOR)
@require_POST
def import_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Throw the table away."""
    runs.discard(run=_run(request, pk))
    messages.success(request, _("The table was thrown away. Nothing was changed."))
    return redirect("directory:import")


@require(Role.EDITOR)
def import_undo(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Take an import back, after a page that shows what that means."""
    run = _run(request, pk, State.DONE)
    refusal = ""
    if request.method == "POST":
        try:
            staying = actions.take_back(run=run, by=person_of(request))
        except actions.UndoRefusedError as error:
            refusal = str(error)
        else:
            messages.success(request, _("The import was taken back."))
            if staying:
                text = _("These bodies stay, for people belong to them or ask to: %(names)s")
                messages.info(request, text % {"names": ", ".join(body.name for body in staying)})
            return redirect("directory:import-run", pk=pk)
    context = {"run": run, "refusal": refusal, "trail": _trail(run, _("Take back"))}
    return _render(request, "import_undo", context, status=409 if refusal else 200)


@require(Role.EDITOR)
@require_GET
def import_rejected(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The rejected rows with their reasons, as a table to mend."""
    run = _run(request, pk, State.DONE)
    content = vault.kept(run.pk, vault.REJECTED)
    if content is None or not _may_read(request, run):
        raise Http404
    return _file(content, CSV, "rejected.csv")


@require(Role.EDITOR)
def import_place(request: HttpRequest, pk: UUID, line: int) -> HttpResponseBase:
    """Choose the place of a row: on the picture of its municipality, or by coordinates."""
    run = _run(request, pk, State.CHECKED)
    row = next((row for row in run.report.get("places", []) if row["line"] == line), None)
    area = Area.objects.municipalities().of(run.region).filter(code=(row or {}).get("municipality")).first()
    if row is None or area is None:
        raise Http404
    picture = MunicipalityPicture(area)
    form, point = PointForm(), None
    if request.method == "POST":
        form, point = _chosen(request, picture)
        if point is not None and may_lie_in(GeosPoint(*point, srid=4326), area) is False:
            form.add_error(None, _("This point does not lie in %(area)s.") % {"area": area.name})
        elif point is not None:
            runs.place(run=run, line=line, point=point)
            messages.success(request, _("The place of line %(line)s is noted.") % {"line": line})
            following = _next_place(run, line)
            if following is None or runs.is_small(run):
                _look(request, run)
            return redirect(following or reverse("directory:import-run", args=[run.pk]))
    context = {
        "run": run,
        "row": row,
        "area": area,
        "picture": picture,
        "form": form,
        "trail": _trail(run, _("Line %(line)s") % {"line": line}),
    }
    return _render(request, "import_place", context, status=422 if form.errors else 200)


@require(Role.EDITOR)
@require_GET
def import_picture(request: HttpRequest, pk: UUID, line: int) -> HttpResponse:
    """The picture of a row's municipality, with the point that was chosen."""
    run = _run(request, pk, State.CHECKED)
    row = next((row for row in run.report.get("places", []) if row["line"] == line), None)
    area = Area.objects.municipalities().of(run.region).filter(code=(row or {}).get("municipality")).first()
    if row is None or area is None:
        raise Http404
    chosen = run.picks.get(str(line)) or row["point"]
    marked = (chosen[0], chosen[1]) if chosen else None
    return HttpResponse(MunicipalityPicture(area).svg(marked), content_type="image/svg+xml")


# --- helpers ----------------------------------------------------------------------------------------


def _run(request: HttpRequest, pk: UUID, *states: "ImportRun.State") -> ImportRun:
    """The run, of this region and in one of the states; anything else is not there."""
    run = get_object_or_404(
        ImportRun.objects.select_related("region", "source", "person"), pk=pk, region=region_of(request)
    )
    if states and run.state not in states:
        raise Http404
    return run


def _may_read(request: HttpRequest, run: ImportRun) -> bool:
    """Whose table it is, or an administrator: its cells may name a confidential place."""
    person = person_of(request)
    return run.person_id == person.pk or is_region_administrator(person, run.region)


def _look(request: HttpRequest, run: ImportRun) -> None:
    person = person_of(request)
    if runs.is_small(run):
        runs.look(run=run, by=person)
        return
    ImportRun.objects.filter(pk=run.pk).update(state=State.QUEUED, done=0)
    tasks.look_at_table.defer(run=str(run.pk), by=str(person.pk))


def _run_page(
    request: HttpRequest, run: ImportRun, form: HeadingsForm | None = None, status: int = 200
) -> HttpResponse:
    report = run.report
    is_open = run.state in {State.UPLOADED, State.CHECKED}
    context = {
        "run": run,
        "refusal": _told(report["refusal"]) if "refusal" in report and run.state != State.CHECKED else None,
        "notes": [_told(note) for note in report.get("notes", [])],
        "problems": [_told(problem) for problem in report.get("problems", [])[:SHOWN]],
        "warnings": [_told(problem) for problem in report.get("warnings", [])[:SHOWN]],
        "rows": [_row(row) for row in report.get("first_rows", [])],
        "places": [
            row | {"is_chosen": str(row["line"]) in run.picks} for row in report.get("places", [])[:SHOWN]
        ],
        "form": form or (HeadingsForm(run=run) if is_open and run.headings else None),
        "has_rejected": run.state == State.DONE and run.rejected_count,
        "good": run.created_count + run.changed_count + run.unchanged_count,
        "trail": _trail(run),
    }
    return _render(request, "import_run", context, status=status)


def _told(stored: dict[str, Any]) -> dict[str, Any]:
    problem = RowProblem.from_json(stored)
    column = BY_KEY.get(problem.column)
    return {
        "line": problem.line,
        "column": str(column.heading) if column else "",
        "value": problem.value,
        "text": str(problem),
    }


def _row(stored: dict[str, Any]) -> dict[str, Any]:
    """A row of the preview in the reader's words."""
    kinds, services = (
        queries.by_key(name) for name in (Vocabulary.Name.STRUCTURE_KINDS, Vocabulary.Name.SERVICES)
    )
    area = Area.objects.municipalities().filter(code=stored["municipality"]).first()
    hours = [
        f"{Weekday(one['weekday']).label} {one['opens']}–{one['closes']}" for one in stored.get("hours", [])
    ]
    return stored | {
        "kind": kinds.get(stored["kind"], stored["kind"]),
        "municipality": area.name if area else "",
        "hours": hours,
        "services": [str(services.get(key, key)) for key in stored.get("services", [])],
    }


def _chosen(request: HttpRequest, picture: MunicipalityPicture) -> tuple[PointForm, Point | None]:
    """What was pressed on the picture, or typed."""
    pressed = [request.POST.get(f"picture.{axis}", "") for axis in "xy"]
    if all(number.isascii() and number.isdigit() for number in pressed) and picture.width:
        return PointForm(), picture.pressed(float(pressed[0]), float(pressed[1]))
    form = PointForm(request.POST)
    return form, form.cleaned_data.get("point") if form.is_valid() else None


def _next_place(run: ImportRun, line: int) -> str | None:
    """The page of the next row without a place."""
    waiting = [row["line"] for row in run.report.get("places", []) if str(row["line"]) not in run.picks]
    later = [number for number in waiting if number > line] or waiting
    return reverse("directory:import-place", args=[run.pk, later[0]]) if later else None


def _trail(run: ImportRun | None = None, last: str = "") -> list[dict[str, str]]:
    office = address_of("directory:office-structures")
    steps = [{"title": _("Structures"), "url": office}] if office else []
    steps.append({"title": _("Imports"), "url": reverse("directory:import")})
    if run is not None:
        steps.append({"title": str(run.source), "url": reverse("directory:import-run", args=[run.pk])})
    return [*steps, {"title": last, "url": ""}] if last else steps


def _render(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, f"directory/importing/{name}.html", context, status=status)
    add_never_cache_headers(response)
    return response


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    add_never_cache_headers(response)
    return response
