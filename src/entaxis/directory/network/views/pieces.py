"""Where bodies write for readers, and the Observatory reviews it."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from entaxis.accounts.doors import require
from entaxis.accounts.rules import Role
from entaxis.core import review
from entaxis.core.review import Step
from entaxis.directory.http import person_of, region_of
from entaxis.directory.network import choices, pieces, rules
from entaxis.directory.network.http import A_PAGE, asking, office_trail, page_with, posted
from entaxis.directory.network.piece_forms import FORMS, PieceForm, StepForm
from entaxis.directory.network.pieces import SORTS, Sort

SILENT = {"id", "region", "state", "version", "created_at", "changed_at", "created_by", "changed_by"}
SILENT |= {"published_at", "is_synthetic"}


@asking
def listed(request: HttpRequest, sort: str) -> HttpResponseBase:
    """What the person's bodies wrote; for editors all of it."""
    kind = _sort(sort)
    user, region = person_of(request), region_of(request)
    rows = pieces.seen_by(user, region, kind)
    context = {
        "sort": kind,
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "trail": office_trail((str(kind.plural), "")),
    }
    return page_with(request, "office_pieces", context)


@require(Role.EDITOR)
def waiting(request: HttpRequest) -> HttpResponseBase:
    """What bodies sent and the editors have not decided yet, the longest waiting first."""
    user, region = person_of(request), region_of(request)
    rows = [
        (kind, row)
        for kind in SORTS.values()
        for row in pieces.seen_by(user, region, kind).filter(state=review.State.SUBMITTED)[:A_PAGE]
    ]
    rows.sort(key=lambda pair: pair[1].changed_at)
    context = {"rows": rows, "trail": office_trail((_("Texts of bodies for review"), ""))}
    return page_with(request, "office_review", context)


@asking
def new(request: HttpRequest, sort: str) -> HttpResponseBase:
    """Begin a piece; it is a draft."""
    kind = _sort(sort)
    form = FORMS[sort](posted(request), region=region_of(request), user=person_of(request))
    if (row := _saved(request, form)) is not None:
        return redirect("network:office-piece", sort=sort, pk=row.pk)
    context = {"title": kind.new, "trail": office_trail(_step(kind), (str(kind.new), ""))}
    return page_with(request, "office_piece_form", context, form)


@asking
def edit(request: HttpRequest, sort: str, pk: UUID) -> HttpResponseBase:
    """Write on a piece that is a draft or was asked back; two writers at once lose nothing."""
    kind, row = _sort(sort), _piece(request, sort, pk)
    if not rules.may_write(request.user, row):
        raise Http404
    form = FORMS[sort](posted(request), instance=row, region=row.region, user=person_of(request))
    if _saved(request, form) is not None:
        return redirect("network:office-piece", sort=sort, pk=pk)
    steps = (_step(kind), (row.title, reverse("network:office-piece", args=[sort, pk])))
    context = {"title": row.title, "trail": office_trail(*steps, (_("Write"), ""))}
    return page_with(request, "office_piece_form", context, form)


def _saved(request: HttpRequest, form: PieceForm) -> Any:
    if not form.is_valid():
        return None
    try:
        row = pieces.save(
            piece=form.save(commit=False), seen=form.cleaned_data["seen"] or 0, by=person_of(request)
        )
    except review.ReviewError as error:
        form.add_error(None, str(error))
        if not form.instance._state.adding:
            form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
            stored = type(form.instance)._default_manager.get(pk=form.instance.pk)
            form.data["seen"] = stored.version  # type: ignore[index]
        return None
    messages.success(request, _("Stored."))
    return row


@asking
def piece(request: HttpRequest, sort: str, pk: UUID) -> HttpResponseBase:
    """One piece with all it says, what was decided, and what can be done with it."""
    kind, row, user = _sort(sort), _piece(request, sort, pk), person_of(request)
    form = StepForm(posted(request), steps=pieces.steps(row, user), initial={"seen": row.version})
    if form.is_valid():
        said = form.cleaned_data
        try:
            pieces.take(
                piece=row, step=Step(said["step"]), by=user, version=said["seen"], reason=said["reason"]
            )
        except review.ReasonMissingError as error:
            form.add_error("reason", str(error))
        except review.ReviewError as error:
            form.add_error(None, str(error))
            row = _piece(request, sort, pk)
            form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
            form.data["seen"] = row.version  # type: ignore[index]
        else:
            messages.success(request, _("Done."))
            return redirect("network:office-piece", sort=sort, pk=pk)
    return _page(request, kind, row, form)


def _page(request: HttpRequest, kind: Sort, row: Any, form: StepForm) -> HttpResponse:
    user = person_of(request)
    is_published = row.state == review.State.PUBLISHED
    context = {
        "sort": kind,
        "piece": row,
        "facts": _facts(row),
        "passings": row.passings.select_related("by"),
        "steps": pieces.steps(row, user),
        "may_write": row.is_written_on and rules.may_write(user, row),
        "public_url": reverse(kind.route, args=[row.pk]) if is_published else "",
        "matches_url": _matches_url(request, kind, row) if is_published else "",
        "members_url": reverse("network:office-members", args=[row.pk])
        if is_published and kind.name == "networks" and rules.may_write(user, row)
        else "",
        "trail": office_trail(_step(kind), (row.title, "")),
    }
    return page_with(request, "office_piece", context, form)


def _matches_url(request: HttpRequest, kind: Sort, row: Any) -> str:
    is_own = kind.name == "requests" and rules.belongs_to(request.user, row.body) and not row.is_over
    return reverse("network:office-matches", args=[row.pk]) if is_own else ""


def _facts(row: Any) -> list[tuple[str, str]]:
    """Every field that somebody wrote, with its label, in both languages."""
    found = []
    for column in row._meta.concrete_fields:
        if column.name in SILENT:
            continue
        if value := _said(column.name, getattr(row, column.name)):
            found.append((str(capfirst(column.verbose_name)), value))
    return found


def _said(name: str, value: Any) -> str:
    """A value as a reader would write it; codes of a list by their labels."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return date_format(value)
    if isinstance(value, list):
        listed = {"themes": choices.themes, "target_groups": choices.groups}.get(name)
        return ", ".join(choices.labels(listed(), value) if listed else value)
    return str(value or "")


def _sort(name: str) -> Sort:
    try:
        return SORTS[name]
    except KeyError:
        raise Http404 from None


def _piece(request: HttpRequest, sort: str, pk: UUID) -> Any:
    rows = pieces.seen_by(person_of(request), region_of(request), _sort(sort))
    return get_object_or_404(rows, pk=pk)


def _step(kind: Sort) -> tuple[str, str]:
    return (str(kind.plural), reverse(f"network:office-{kind.name}"))
