"""One's own account: what one may do and why, requests, export, leaving, deleting."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts import actions, personal, queries, rules
from entaxis.accounts.http import form_page, person_of, prove_again, region_of, sentence_page
from entaxis.accounts.models import AccessRequest, Membership
from entaxis.accounts.office_forms import LeaveForm, SureForm


def me(request: HttpRequest) -> HttpResponseBase:
    """What one may do here, and why."""
    person, region = person_of(request), region_of(request)
    context = {
        "memberships": rules.memberships(person),
        "rights": queries.rights_of(person, region),
        "requests": person.access_requests.filter(region=region).select_related("body", "decided_by"),
        "waiting": AccessRequest.State.OPEN,
        "decides": rules.administers_people(person),
    }
    return render(request, "accounts/me.html", context)


def export(request: HttpRequest) -> HttpResponseBase:
    """Everything that is held about oneself, as a file."""
    response = JsonResponse(
        personal.export(person_of(request)), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = 'attachment; filename="entaxis-account.json"'
    response["Cache-Control"] = "no-store"
    return response


def leave(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give one's own role back; the last administrator hands over in the same act."""
    rows = (
        person_of(request).memberships.in_force().select_related("user", "region", "municipality", "body")
    )
    membership: Membership = get_object_or_404(rows, pk=pk, region=region_of(request))
    back = reverse("accounts:me")
    others = queries.people_of(membership.scope).exclude(user=membership.user)
    form = None
    if (
        membership.role in rules.ADMINISTRATORS
        and not others.filter(role__in=rules.ADMINISTRATORS).exists()
    ):
        if not others.exists():
            return sentence_page(
                request,
                _("Leave %(place)s") % {"place": membership.scope},
                _(
                    "You are the last person here. Invite somebody first, so that the entries are kept; "
                    "or ask your region's administrator to end the role or to dissolve the body."
                ),
                status=409,
            )
        form = LeaveForm(request.POST if request.method == "POST" else None, others=others)
    if request.method == "POST" and (form is None or form.is_valid()):
        successor = form.cleaned_data["successor"] if form else None
        try:
            actions.leave(membership=membership, successor=successor)
        except actions.LastAdministratorError:  # the other one left a moment ago
            return redirect("accounts:leave", pk=pk)
        messages.success(request, _("You have left. From now on you may do nothing here."))
        return redirect(back)
    return form_page(
        request,
        form,
        title=_("Leave %(place)s") % {"place": membership.scope},
        lead=_("Your role ends at once: %(role)s. What you published stays.") % {"role": membership},
        button=_("Leave"),
        back=back,
        is_danger=True,
    )


def delete(request: HttpRequest) -> HttpResponseBase:
    """Delete one's account: what was published stays, unnamed."""
    person = person_of(request)
    prove_again(request)
    form = SureForm(request.POST or None, label=_("I want my account to be deleted"))
    if request.method == "POST" and form.is_valid():
        try:
            actions.erase(user=person)
        except actions.LastAdministratorError:
            form.add_error(
                None,
                _(
                    "You are the last administrator of a place. Leave it first, naming who comes after "
                    "you: the links are on the page of your account."
                ),
            )
        else:
            logout(request)
            text = _("Your account was deleted. What you had published stays, without your name.")
            return sentence_page(request, _("Deleted"), text)
    return form_page(
        request,
        form,
        title=_("Delete my account"),
        lead=_(
            "Your name, address, passwords, roles and requests are deleted at once and cannot be "
            "brought back. What you published stays, without your name."
        ),
        button=_("Delete my account"),
        back=reverse("accounts:me"),
        is_danger=True,
    )
