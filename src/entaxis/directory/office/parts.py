"""The parts of an entry in the back office: hours, contacts, services."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from entaxis.directory import actions
from entaxis.directory.http import person_of
from entaxis.directory.models import ServiceOffer, Structure
from entaxis.directory.office import snapshots
from entaxis.directory.office.contacts import ContactForm
from entaxis.directory.office.doors import of_region, writers
from entaxis.directory.office.hours import ExceptionForm, HoursForm, WeekForm
from entaxis.directory.office.rows import RowsFormSet
from entaxis.directory.office.services import OfferForm, plain, week_of
from entaxis.directory.office.views import office_address, trail

ExceptionRows: Any = forms.formset_factory(ExceptionForm, formset=RowsFormSet, extra=2, max_num=60)
ContactRows: Any = forms.formset_factory(ContactForm, formset=RowsFormSet, extra=2, max_num=12)


def _hours_now(row: Structure) -> list[Any]:
    week = sorted(str(hours.key) for hours in week_of(row.hours.all()))
    days = sorted(str(values) for values in row.hours_exceptions.values_list(*actions.EXCEPTION))
    return [week, days, row.closed_on_public_holidays]


def _contacts_now(row: Structure) -> list[Any]:
    return [list(values) for values in row.contacts.values_list(*actions.CONTACT)]


def _is_stale(form_base: str, now: list[Any]) -> bool:
    """Whether somebody changed this part since the form was opened, or the form is too old to tell."""
    try:
        return bool(snapshots.read(form_base) != now)
    except snapshots.SnapshotError:
        return True


@writers
def hours(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The week, and the days that differ."""
    row = of_region(request, pk)
    now = _hours_now(row)
    initial = {"closed_on_public_holidays": row.closed_on_public_holidays, "base": snapshots.taken(now)}
    days = [dict(zip(actions.EXCEPTION, values, strict=True)) for values in _exceptions(row)]
    form = HoursForm(request.POST or None, rows=week_of(row.hours.all()), initial=initial)
    form_kwargs = {"structure": row}
    rows = ExceptionRows(request.POST or None, initial=days, prefix="days", form_kwargs=form_kwargs)
    stale = False
    if request.method == "POST" and form.is_valid() & rows.is_valid():
        stale = _is_stale(form.cleaned_data["base"], now)
        if not stale:
            actions.save_hours(
                structure=row,
                hours=form.rows,
                exceptions=[each.row() for each in rows.said],
                closed_on_public_holidays=form.cleaned_data["closed_on_public_holidays"],
                by=person_of(request),
            )
            messages.success(request, _("Stored."))
            return redirect("directory:office-structure", pk=pk)
    context = {
        "structure": row,
        "form": form,
        "rows": rows,
        "stale": stale,
        "base": snapshots.taken(now),
        "theirs": [*row.hours.all(), *row.hours_exceptions.all()],
        "trail": trail((row.name, office_address(row)), (_("Opening hours"), "")),
    }
    return render(request, "directory/office/hours.html", context, status=_status(form, rows, stale))


def _exceptions(row: Structure) -> list[tuple[Any, ...]]:
    return list(row.hours_exceptions.values_list(*actions.EXCEPTION))


def _status(form: forms.BaseForm | None, rows: Any, stale: bool) -> int:
    if stale:
        return 409
    wrong = (form is not None and form.errors) or (
        rows is not None and rows.is_bound and not rows.is_valid()
    )
    return 422 if wrong else 200


@writers
def contacts(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Telephones, e-mails, sites."""
    row = of_region(request, pk)
    now = _contacts_now(row)
    initial = [dict(zip(actions.CONTACT, values, strict=True)) for values in now]
    rows = ContactRows(request.POST or None, initial=initial, form_kwargs={"structure": row})
    stale = False
    if request.method == "POST" and rows.is_valid():
        stale = _is_stale(request.POST.get("base", ""), now)
        if not stale:
            said = [each.cleaned_data for each in rows.said]
            actions.save_contacts(structure=row, contacts=said, by=person_of(request))
            messages.success(request, _("Stored."))
            return redirect("directory:office-structure", pk=pk)
    context = {
        "structure": row,
        "rows": rows,
        "stale": stale,
        "base": snapshots.taken(now),
        "theirs": row.contacts.all(),
        "trail": trail((row.name, office_address(row)), (_("Contacts"), "")),
    }
    return render(request, "directory/office/contacts.html", context, status=_status(None, rows, stale))


@writers
def new_offer(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A service more."""
    row = of_region(request, pk)
    return _offer(request, row, ServiceOffer(structure=row))


@writers
def offer(request: HttpRequest, pk: UUID, offer_pk: UUID) -> HttpResponseBase:
    """One service with its conditions and hours."""
    row = of_region(request, pk)
    return _offer(request, row, get_object_or_404(ServiceOffer, pk=offer_pk, structure=row))


def _offer(request: HttpRequest, row: Structure, found: ServiceOffer) -> HttpResponseBase:
    form = OfferForm(request.POST or None, instance=found)
    known = week_of(found.hours.all()) if not form.is_new else []
    week = WeekForm(request.POST or None, rows=known)
    stale = False
    if request.method == "POST" and form.is_valid() & week.is_valid():
        try:
            form.store(hours=week.rows, by=person_of(request))
        except (actions.ConflictError, snapshots.SnapshotError) as error:
            stale = True
            _tell_offer_conflict(form, found, error)
        else:
            messages.success(request, _("Stored."))
            return redirect("directory:office-structure", pk=row.pk)
    title = _("New service") if form.is_new else str(found)
    context = {
        "structure": row,
        "offer": found,
        "form": form,
        "week": week,
        "title": title,
        "trail": trail((row.name, office_address(row)), (title, "")),
    }
    return render(request, "directory/office/offer.html", context, status=_status(form, week, stale))


def _tell_offer_conflict(form: OfferForm, found: ServiceOffer, error: Exception) -> None:
    now = ServiceOffer.objects.get(pk=found.pk)
    form.add_error(
        None, _("Somebody else changed this service meanwhile. Compare, then save again to keep yours.")
    )
    theirs = error.theirs if isinstance(error, actions.ConflictError) else {}
    for name in theirs:
        if name in form.fields:
            form.add_error(name, _("Somebody else changed this field meanwhile."))
    form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    form.data["base"] = snapshots.taken(plain(now))  # type: ignore[index]


@writers
def remove_offer(request: HttpRequest, pk: UUID, offer_pk: UUID) -> HttpResponseBase:
    """Take a service away; history keeps what it was."""
    row = of_region(request, pk)
    found = get_object_or_404(ServiceOffer, pk=offer_pk, structure=row)
    actions.remove_offer(offer=found, by=person_of(request))
    messages.success(request, _("The service was taken away."))
    return redirect("directory:office-structure", pk=pk)
