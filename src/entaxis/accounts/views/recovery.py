"""A lost second step: asking another administrator, and confirming."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts import recovering
from entaxis.accounts.http import administrators_only, form_page, person_of, prove_again, region_of, trail
from entaxis.accounts.models import Membership, Recovery
from entaxis.accounts.office_forms import RecoveryForm, SureForm


@administrators_only
def ask(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask that the second step of the person of this membership be taken away."""
    rows = Membership.objects.in_force().select_related("user")
    person = get_object_or_404(rows, pk=pk, region=region_of(request)).user
    if not recovering.may_recover(person_of(request), person):
        raise Http404
    prove_again(request)
    form = RecoveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            recovering.ask(
                person=person,
                reason=form.cleaned_data["reason"],
                by=person_of(request),
                host=request.get_host(),
            )
        except recovering.RecoveringError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Asked. Another administrator must confirm; the person was told."))
            return redirect("accounts:places")
    return form_page(
        request,
        form,
        title=_("Lost second step: %(name)s") % {"name": person},
        lead=_("Speak with the person first, face to face or by a telephone you know. Two of you decide."),
        button=_("Ask another administrator"),
        back=reverse("accounts:places"),
        trail=trail((str(person), "")),
    )


@administrators_only
def decide(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Confirm or refuse what another administrator asked for."""
    by = person_of(request)
    row = get_object_or_404(Recovery.objects.select_related("user", "asked_by"), pk=pk)
    if not recovering.may_recover(by, row.user) or not _here(request, row):
        raise Http404
    prove_again(request)
    is_refused = request.POST.get("act") == "refuse"
    form = SureForm(
        None if is_refused else request.POST or None, label=_("I have made sure that it is this person")
    )
    if request.method == "POST" and (is_refused or form.is_valid()):
        act = recovering.refuse if is_refused else recovering.confirm
        try:
            act(recovery=row, by=by, host=request.get_host())
        except recovering.RecoveringError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Done; the person was told by mail."))
        return redirect("accounts:places")
    return form_page(
        request,
        form,
        title=_("Lost second step: %(name)s") % {"name": row.user},
        lead=_("%(who)s asks for it: %(reason)s") % {"who": row.asked_by, "reason": row.reason},
        button=_("Take the second step away"),
        back=reverse("accounts:places"),
        is_danger=True,
        may_refuse=True,
        trail=trail((str(row.user), "")),
    )


def _here(request: HttpRequest, row: Recovery) -> bool:
    """The person works in the region of this host, or nowhere."""
    held = row.user.memberships.in_force()
    return held.filter(region=region_of(request)).exists() or not held.exists()
