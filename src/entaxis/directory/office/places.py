"""The confidential place of a structure: for region administrators, with a purpose that is kept."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from entaxis.accounts.doors import require
from entaxis.accounts.rules import Role
from entaxis.core.traces import leaves_no_trace
from entaxis.directory import confidential
from entaxis.directory.choices import Status
from entaxis.directory.http import person_of, region_of
from entaxis.directory.models import Structure
from entaxis.directory.office.doors import of_region
from entaxis.directory.office.forms import PlaceForm, PurposeForm, initial_of
from entaxis.directory.office.views import office_address, trail


@leaves_no_trace
@require(Role.REGION_ADMINISTRATOR)
def place(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """First the purpose, then the place: a form that is filled in only after a reason was given."""
    row = _confidential(request, pk)
    form: PurposeForm = PurposeForm()
    if request.POST.get("step") == "read":
        form = PurposeForm(request.POST)
        if form.is_valid():
            return _page(request, row, _filled(request, row, form.cleaned_data["purpose"]))
    elif request.POST.get("step") == "write":
        form = PlaceForm(request.POST, region=region_of(request))
        if form.is_valid():
            confidential.write_place(
                structure=row,
                place=form.place(),
                purpose=form.cleaned_data["purpose"],
                by=person_of(request),
            )
            messages.success(request, _("Stored under seal."))
            return redirect("directory:office-structure", pk=pk)
    return _page(request, row, form)


def _filled(request: HttpRequest, row: Structure, purpose: str) -> PlaceForm:
    known = confidential.read_place(structure=row, purpose=purpose, by=person_of(request))
    initial: dict[str, Any] = initial_of(known) | {"purpose": purpose}
    return PlaceForm(initial=initial, region=region_of(request))


def _page(request: HttpRequest, row: Structure, form: PurposeForm) -> HttpResponse:
    context = {
        "structure": row,
        "form": form,
        "is_place": isinstance(form, PlaceForm),
        "readings": confidential.readings(row),
        "trail": trail((row.name, office_address(row)), (_("Confidential place"), "")),
    }
    return render(request, "directory/office/place.html", context, status=422 if form.errors else 200)


@leaves_no_trace
@require(Role.REGION_ADMINISTRATOR)
def hide(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Make an open structure confidential; there is no way back."""
    row = of_region(request, pk)
    if row.is_confidential or row.changes_id or row.status == Status.MERGED:
        raise Http404
    form = PurposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            confidential.hide(structure=row, purpose=form.cleaned_data["purpose"], by=person_of(request))
        except confidential.CannotHideError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The place is now confidential, and its history is forgotten."))
            return redirect("directory:office-structure", pk=pk)
    context = {
        "structure": row,
        "form": form,
        "trail": trail((row.name, office_address(row)), (_("Make confidential"), "")),
    }
    return render(request, "directory/office/hide.html", context, status=422 if form.errors else 200)


def _confidential(request: HttpRequest, pk: UUID) -> Structure:
    row = of_region(request, pk)
    if not row.is_confidential or row.changes_id:
        raise Http404
    return row
