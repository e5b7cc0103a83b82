"""Sources in the office: what they are, how they are read, what came in, what waits for a decision."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from entaxis.accounts.doors import require
from entaxis.accounts.http import person_of, region_of
from entaxis.accounts.models import User
from entaxis.accounts.rules import Role
from entaxis.core import tabular
from entaxis.geography.models import Area
from entaxis.sources import memory, offers
from entaxis.sources.forms import AmountsForm, PlaceForm, ReadingForm, SourceForm, UploadForm
from entaxis.sources.importing import actions
from entaxis.sources.importing.problems import RejectedError, SourceRefusedError, read_back
from entaxis.sources.models import BenefitParameters, Source, SourceEdition
from entaxis.sources.reports import rejected_csv

A_PAGE = 20
SHOWN = 100


@require(Role.REGION_ADMINISTRATOR)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The sources of the region, with what is in force and what waits."""
    in_force = Q(editions__state=SourceEdition.State.CURRENT)
    waiting = Q(editions__state__in=[SourceEdition.State.WAITING, SourceEdition.State.STAGED])
    sources = _sources(request).annotate(
        in_force=Count("editions", filter=in_force), waiting=Count("editions", filter=waiting)
    )
    return _render(request, "index", {"sources": sources, "trail": trail()})


@require(Role.REGION_ADMINISTRATOR)
def new(request: HttpRequest) -> HttpResponseBase:
    """Another source."""
    form = SourceForm(request.POST or None, region=region_of(request))
    form.instance.is_synthetic = _is_demonstration()
    if request.method == "POST" and form.is_valid():
        row = form.save()
        messages.success(request, _("Stored."))
        return redirect("sources:office-source", pk=row.pk)
    context = {"form": form, "title": _("A new source"), "trail": trail((_("A new source"), ""))}
    return _render(request, "form", context, status=422 if form.errors else 200)


@require(Role.REGION_ADMINISTRATOR)
@require_GET
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """One source: its files, and the form for another one."""
    return _source_page(request, _source(request, pk), UploadForm())


@require(Role.REGION_ADMINISTRATOR)
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What is said of a source."""
    row = _source(request, pk)
    form = SourceForm(request.POST or None, instance=row, region=region_of(request))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Stored."))
        return redirect("sources:office-source", pk=pk)
    context = {"form": form, "title": str(_source(request, pk)), "trail": _trail_of(row, _("Facts"))}
    return _render(request, "form", context, status=422 if form.errors else 200)


@require(Role.REGION_ADMINISTRATOR)
def reading(request: HttpRequest, pk: int) -> HttpResponseBase:
    """How the files of a source are read from now on; earlier readings stay."""
    row = _source(request, pk)
    form = ReadingForm(request.POST or None, source=row, latest=row.mappings.first())
    if request.method == "POST" and form.is_valid():
        actions.read_as(
            source=row, columns=form.cleaned_data["columns"], options=form.options, by=person_of(request)
        )
        messages.success(request, _("Stored. Files that come in from now on are read so."))
        return redirect("sources:office-source", pk=pk)
    context = {
        "form": form,
        "source": row,
        "versions": row.mappings.all(),
        "trail": _trail_of(row, _("Reading")),
    }
    return _render(request, "reading", context, status=422 if form.errors else 200)


@memory.kept_in_memory
@require(Role.REGION_ADMINISTRATOR)
def upload(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Bring a file in while its reader waits; whoever opens the address again comes to the source."""
    row = _source(request, pk)
    if request.method != "POST":
        return redirect("sources:office-source", pk=pk)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _source_page(request, row, form, status=422)
    table = form.cleaned_data["table"]
    try:
        with memory.path_of(table) as path:
            edition = actions.bring_in(
                source=row,
                path=path,
                file_name=table.name or "",
                by=person_of(request),
                period=form.period,
                is_synthetic=_is_demonstration(),
            )
    except RejectedError:
        refused = row.editions.filter(state=SourceEdition.State.REFUSED)[0]
        return redirect("sources:office-edition", pk=refused.pk)
    except (tabular.TableRefusedError, SourceRefusedError) as refusal:
        form.add_error(None, str(refusal))
        return _source_page(request, row, form, status=422)
    return redirect("sources:office-edition", pk=edition.pk)


@require(Role.REGION_ADMINISTRATOR)
@require_GET
def edition(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One file: what was found in it, what waits for a decision."""
    return _edition_page(request, _edition(request, pk))


@require(Role.REGION_ADMINISTRATOR)
@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Say which municipalities are meant."""
    row = _edition(request, pk)
    forms = _questions(row, request.POST)
    if not all([form.is_valid() for form in forms]):  # noqa: C419 – each shall say what is wrong with it
        return _edition_page(request, row, forms, status=422)
    try:
        for form in forms:
            if form.has_changed():
                actions.decide(question=form.question, area=form.area, by=person_of(request))
    except SourceRefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect("sources:office-edition", pk=pk)


@require(Role.REGION_ADMINISTRATOR)
@require_POST
def put_in_force(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Let the file speak, in place of those it covers."""
    try:
        actions.make_current(
            edition=_edition(request, pk),
            by=person_of(request),
            amounts_stand="amounts_stand" in request.POST,
        )
    except SourceRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The file is in force."))
    return redirect("sources:office-edition", pk=pk)


@require(Role.REGION_ADMINISTRATOR)
def discard(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Throw a file away with its rows, after a page that says so."""
    row = _edition(request, pk)
    if request.method == "POST":
        try:
            actions.discard(edition=row)
        except SourceRefusedError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The file was thrown away with all its rows."))
        return redirect("sources:office-source", pk=row.source_id)
    context = {
        "edition": row,
        "standing": offers.standing(row),
        "trail": _trail_of(row.source, _("Throw the file away")),
    }
    return _render(request, "discard", context)


@require(Role.REGION_ADMINISTRATOR)
@require_GET
def rejected(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The problems of a file, or its places and doubts, as a table; no number of anybody stands in it."""
    row = _edition(request, pk)
    content = rejected_csv(
        [each for part in ("problems", "places", "doubts") for each in read_back(row.report, part)]
    )
    headers = {"Content-Disposition": f'attachment; filename="problems-{row.source.key}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@require(Role.REGION_ADMINISTRATOR)
def amounts(request: HttpRequest) -> HttpResponseBase:
    """The amounts of benefits, each with its text; a later text takes the place of none."""
    form = AmountsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Stored."))
        return redirect("sources:office-amounts")
    context = {
        "form": form,
        "rows": BenefitParameters.objects.all(),
        "trail": trail((_("Amounts of benefits"), "")),
    }
    return _render(request, "amounts", context, status=422 if form.errors else 200)


# --- what the pages share ---------------------------------------------------------------------------


def _is_demonstration() -> bool:
    """Whoever tries the platform out may bring anything in: none of it makes figures that count as real."""
    return settings.MODE == "demo"


def _sources(request: HttpRequest) -> Any:
    return Source.objects.filter(region=region_of(request))


def _source(request: HttpRequest, pk: int) -> Source:
    found: Source = get_object_or_404(_sources(request), pk=pk)
    return found


def _edition(request: HttpRequest, pk: UUID) -> SourceEdition:
    rows = SourceEdition.objects.filter(source__region=region_of(request))
    return get_object_or_404(rows.select_related("source", "mapping", "person"), pk=pk)


def _source_page(request: HttpRequest, row: Source, form: UploadForm, status: int = 200) -> HttpResponse:
    found = Paginator(row.editions.select_related("mapping"), A_PAGE)
    context = {
        "source": row,
        "form": form,
        "page": found.get_page(request.GET.get("page")),
        "mapping": row.mappings.first(),
        "trail": _trail_of(row),
    }
    return _render(request, "source", context, status=status)


def _edition_page(
    request: HttpRequest, row: SourceEdition, forms: list[PlaceForm] | None = None, status: int = 200
) -> HttpResponse:
    problems = read_back(row.report, "problems")
    context = {
        "edition": row,
        "problems": problems[:SHOWN],
        "problem_count": sum(row.report.get("counts", {}).values()),
        "notes": read_back(row.report, "notes"),
        "doubts": read_back(row.report, "doubts")[:SHOWN],
        "places": read_back(row.report, "places")[:SHOWN],
        "let_stand_by": _let_stand_by(row),
        "questions": _questions(row) if forms is None else forms,
        "offers": offers.of(row, request.user, region_of(request)),
        "decided": [] if row.is_open else row.questions.select_related("area", "decided_by"),
        "trail": _trail_of(row.source, row.file_name),
    }
    return _render(request, "edition", context, status=status)


def _let_stand_by(row: SourceEdition) -> User | None:
    """Who let payments above what is guaranteed stand."""
    decided = row.report.get("amounts_stand")
    return User.objects.filter(pk=decided["by"]).first() if decided else None


def _questions(row: SourceEdition, data: Any = None) -> list[PlaceForm]:
    if row.state not in {SourceEdition.State.WAITING, SourceEdition.State.STAGED}:
        return []
    municipalities = list(
        Area.objects.municipalities().filter(region=row.source.region_id).order_by("name_el")
    )
    rows = row.questions.order_by(F("decided_at").asc(nulls_first=True), "-rows", "text")
    rows = rows.select_related("decided_by").prefetch_related("candidates")
    return [PlaceForm(data, question=question, municipalities=municipalities) for question in rows]


def trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page of the room's office."""
    first = [(_("Home"), "/"), (_("Sources of figures"), reverse("sources:office"))]
    return [{"title": title, "url": url} for title, url in (*first, *steps)]


def _trail_of(row: Source, *titles: str) -> list[dict[str, str]]:
    return trail((row.name, reverse("sources:office-source", args=[row.pk])), *((t, "") for t in titles))


def _render(request: HttpRequest, page: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, f"sources/{page}.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
