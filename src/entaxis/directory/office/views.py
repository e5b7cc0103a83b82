"""Structures in the back office: the list, one entry with what may be done to it, its facts and status."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts.doors import require
from entaxis.accounts.rules import Role, is_editor, is_region_administrator
from entaxis.core import review
from entaxis.directory import actions, history, pages, proposals, queries, rules
from entaxis.directory.choices import Status
from entaxis.directory.duplicates import merging
from entaxis.directory.http import person_of, region_of
from entaxis.directory.models import ErrorReport, Merge, Resemblance, Structure
from entaxis.directory.office import snapshots
from entaxis.directory.office.doors import keepers, of_region, writers
from entaxis.directory.office.facts import FIELD_OF, FactsForm, plain
from entaxis.directory.office.forms import ListForm, StatusForm

A_PAGE = 30


@require(Role.SIGNED_IN)
def structures(request: HttpRequest) -> HttpResponseBase:
    """The structures of the region; others than editors see those that they keep."""
    if not is_editor(request.user, region_of(request)):
        return redirect("directory:office-mine")
    return _structures(request)


@require(Role.EDITOR)
def _structures(request: HttpRequest) -> HttpResponseBase:
    """The structures of the region, filtered, with their freshness."""
    region = region_of(request)
    form = ListForm(request.GET or None, region=region)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = Paginator(queries.structures_of(region, wanted), A_PAGE)
    context = {
        "form": form,
        "page": found.get_page(request.GET.get("page")),
        "trail": trail(),
    }
    return render(request, "directory/office/structures.html", context)


@keepers
def structure(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One entry or working copy: what it says, what it lacks, what may be done."""
    row = of_region(request, pk)
    initial = {
        "status": row.stops_next or row.status,
        "since": row.status_from,
        "until": row.status_until,
        "note_el": row.status_note_el,
        "note_en": row.status_note_en,
    }
    return _entry(request, row, StatusForm(initial=initial, structure=row))


def _entry(request: HttpRequest, row: Structure, form: StatusForm, status: int = 200) -> HttpResponse:
    user, region = person_of(request), region_of(request)
    proposal = rules.proposal_of(row)
    context = {
        "structure": row,
        "is_editor": is_editor(user, region),
        "may_write": rules.may_write(user, row),
        "may_confirm": row.status == Status.PUBLISHED and rules.may_see(user, row),
        "may_propose": proposal is None and rules.may_propose(user, row),
        "proposal": proposal,
        "steps": [step.value for step in proposals.steps(proposal, user)] if proposal else [],
        "passings": proposal.passings.select_related("by") if proposal else [],
        "stamp": proposals.stamp(proposal) if proposal else "",
        "lines": proposals.lines(proposal) if proposal and row.changes_id else [],
        "status_form": form,
        "lacking": actions.lacking(row),
        "contacts": row.contacts.all(),
        "hours": row.hours.all(),
        "exceptions": row.hours_exceptions.all(),
        "offers": row.offers.select_related("service"),
        "open_reports": row.error_reports.filter(state=ErrorReport.State.OPEN),
        "alike": _alike(request, row),
        "merges": _merges(row) if is_editor(user, region) else [],
        "gone_into": merging.successor(region, row.pk) if row.status == Status.MERGED else None,
        "is_public": row.status in pages.SEEN,
        "may_see_place": is_region_administrator(user, region),
        "trail": trail((row.name, "")),
    }
    return render(request, "directory/office/structure.html", context, status=status)


def _alike(request: HttpRequest, row: Structure) -> list[Resemblance]:
    """Other entries that look like this one and wait for somebody to say so; for editors only."""
    if row.changes_id or not is_editor(request.user, row.region):
        return []
    knows_all = is_region_administrator(request.user, row.region)
    return merging.waiting_for(row, to_administrator=knows_all)


def _merges(row: Structure) -> list[Merge]:
    """The entries that went into this one, or the one that this went into."""
    standing = Merge.objects.filter(Q(survivor=row) | Q(gone=row), undone_at=None)
    return list(standing.select_related("gone", "survivor", "merged_by"))


@require(Role.SIGNED_IN)
def new(request: HttpRequest) -> HttpResponseBase:
    """A new entry; it begins as a draft."""
    region, user = region_of(request), person_of(request)
    if not rules.may_register(user, region):
        raise Http404
    if not is_editor(user, region):
        return _new(request)
    return require(Role.EDITOR)(_new)(request)


def _new(request: HttpRequest) -> HttpResponseBase:
    region, user = region_of(request), person_of(request)
    form = FactsForm(request.POST or None, region=region, by=user)
    if request.method == "POST" and form.is_valid():
        row = form.store(by=user)
        if not form.is_editor:
            proposals.register(structure=row, by=user)
            messages.success(
                request, _("Stored as a draft. Add contacts, hours and services, then send it.")
            )
            return redirect("directory:office-structure", pk=row.pk)
        messages.success(
            request, _("Stored as a draft. Add contacts, hours and services, then publish it.")
        )
        return redirect("directory:office-structure", pk=row.pk)
    return _facts_page(request, form, _("New structure"))


@writers
def facts(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The facts of an entry; two editors at once lose nothing."""
    row = of_region(request, pk)
    form = FactsForm(request.POST or None, instance=row, region=region_of(request), by=person_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            form.store(by=person_of(request))
        except actions.ConflictError as conflict:
            _tell_conflict(form, row, conflict)
        except snapshots.SnapshotError:
            form.add_error(None, _("The form was open for too long. Check what you wrote and save again."))
            _renew(form, row)
        else:
            messages.success(request, _("Stored."))
            return redirect("directory:office-structure", pk=pk)
    return _facts_page(request, form, row.name, row)


def _tell_conflict(form: FactsForm, row: Structure, conflict: actions.ConflictError) -> None:
    """Say what somebody else wrote, beside what this person wrote; saving again keeps the latter."""
    now = Structure.objects.get(pk=row.pk)
    form.add_error(
        None, _("Somebody else changed the same fields meanwhile. Compare, then save again to keep yours.")
    )
    for name in conflict.theirs:
        field = FIELD_OF.get(name, "latitude" if name == "point" else name)
        value = getattr(now, field, None) if field != "latitude" else now.point and now.point.coords
        if field in form.fields:
            form.add_error(field, _("It now says: %(value)s") % {"value": value or "–"})
    _renew(form, now)


def _renew(form: FactsForm, now: Structure) -> None:
    form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    form.data["base"] = snapshots.taken(plain(now))  # type: ignore[index]


def _facts_page(
    request: HttpRequest, form: FactsForm, title: str, row: Structure | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "title": title, "structure": row, "trail": trail((title, ""))}
    if row:
        context["trail"] = trail((row.name, office_address(row)), (_("Facts"), ""))
    return render(request, "directory/office/facts.html", context, status=422 if form.errors else 200)


@require(Role.EDITOR)
def status(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Publish, suspend, close, take back."""
    row = of_region(request, pk)
    if row.changes_id or row.status == Status.MERGED:
        raise Http404  # a working copy is published by its review, and never shown by itself
    form = StatusForm(request.POST, structure=row)
    if not form.is_valid():
        return _entry(request, row, form, status=422)
    data = form.cleaned_data
    try:
        proposals.set_status(
            structure=row,
            status=Status(data["status"]),
            note_el=data["note_el"],
            note_en=data["note_en"],
            since=data["since"],
            until=data["until"],
            by=person_of(request),
        )
    except actions.NotReadyError as error:
        for sentence in error.lacking:
            form.add_error("status", sentence)
        return _entry(request, row, form, status=422)
    except review.ReviewError as error:
        form.add_error("status", str(error))
        return _entry(request, of_region(request, pk), form, status=409)
    row.refresh_from_db()
    if row.stops_next:
        messages.success(request, _("Stored: it holds from its day on, by itself."))
    else:
        messages.success(request, _("The status is now: %(status)s") % {"status": row.get_status_display()})
    return redirect("directory:office-structure", pk=pk)


@keepers
def confirm(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """All of it is right today."""
    row = of_region(request, pk)
    if row.changes_id or row.status == Status.MERGED:
        raise Http404
    if row.status != Status.PUBLISHED and not is_editor(request.user, row.region):
        raise Http404
    actions.confirm(structure=row, by=person_of(request))
    messages.success(request, _("Confirmed today."))
    return redirect("directory:office-structure", pk=pk)


@require(Role.EDITOR)
def changes(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Who changed what, and when."""
    row = of_region(request, pk)
    context = {
        "title": row.name,
        "changes": history.changes(row),
        "trail": trail((row.name, office_address(row)), (_("History"), "")),
    }
    return render(request, "directory/office/history.html", context)


def office_address(row: Structure) -> str:
    """Where an entry is in the back office."""
    return reverse("directory:office-structure", kwargs={"pk": row.pk})


def trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page of the back office."""
    first = [(_("Home"), "/"), (_("Structures: back office"), reverse("directory:office-structures"))]
    return [{"title": title, "url": url} for title, url in (*first, *steps)]
