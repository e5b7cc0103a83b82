"""People of a body, a municipality or the region: who is there, inviting, roles, ends."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts import actions, dissolving, inviting, queries, recovering, requesting, rules
from entaxis.accounts.http import (
    administrators_only,
    form_page,
    person_of,
    prove_again,
    region_of,
    trail,
)
from entaxis.accounts.models import AccessRequest, Body, Invitation, Membership
from entaxis.accounts.office_forms import InviteForm, RoleForm, SureForm
from entaxis.geography.models import Area, Level

A_PAGE = 30
Place = Area | Body


@administrators_only
def places(request: HttpRequest) -> HttpResponseBase:
    """Where this person decides over people, and what waits for them."""
    person, region = person_of(request), region_of(request)
    bodies = Paginator(queries.bodies_administered_by(person, region), A_PAGE)
    context = {
        "region_url": address_of(region) if rules.is_region_administrator(person, region) else "",
        "municipalities": queries.municipalities_administered_by(person, region),
        "page": bodies.get_page(request.GET.get("page")),
        "requests": requesting.for_decider(person, region).filter(state=AccessRequest.State.OPEN).count(),
        "recoveries": recovering.waiting_for(person),
        "trail": trail(),
    }
    return render(request, "accounts/places.html", context)


@administrators_only
def people(request: HttpRequest, code: str = "", pk: UUID | None = None) -> HttpResponseBase:
    """Who has a role in this place, and who is invited."""
    place = place_of(request, code, pk)
    scope = rules.Scope.of(place)
    waiting = Invitation.objects.waiting().filter(
        region=scope.region_id, municipality=scope.municipality_id, body=scope.body
    )
    context = {
        "place": place,
        "page": Paginator(queries.people_of(place), A_PAGE).get_page(request.GET.get("page")),
        "invitations": waiting.select_related("invited_by"),
        "invite_url": address_of(place, "invite"),
        "body": place if isinstance(place, Body) else None,
        "may_dissolve": isinstance(place, Body) and rules.may_dissolve(person_of(request), place),
        "trail": trail((str(place), "")),
    }
    return render(request, "accounts/people.html", context)


@administrators_only
def invite(request: HttpRequest, code: str = "", pk: UUID | None = None) -> HttpResponseBase:
    """Offer somebody a role in this place."""
    place = place_of(request, code, pk)
    form = InviteForm(request.POST or None, roles=rules.roles_of(place), initial={"language": "el"})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if data["role"] in rules.ADMINISTRATORS:
            prove_again(request)
        try:
            inviting.invite(
                email=data["email"],
                role=Membership.Role(data["role"]),
                place=place,
                language=data["language"],
                by=person_of(request),
                host=request.get_host(),
            )
        except inviting.InvitingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % data)
            return redirect(address_of(place))
    return form_page(
        request,
        form,
        title=_("Invite somebody"),
        lead=str(place),
        button=_("Send the invitation"),
        back=address_of(place),
        trail=trail((str(place), address_of(place)), (_("Invite somebody"), "")),
    )


@administrators_only
def invitation_again(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send a new link."""
    invitation = _invitation(request, pk)
    try:
        inviting.send_again(invitation=invitation, by=person_of(request), host=request.get_host())
    except inviting.InvitingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Sent again; the older link opens nothing any more."))
    return redirect(address_of(invitation.scope))


@administrators_only
def invitation_withdraw(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Take an invitation back."""
    invitation = _invitation(request, pk)
    try:
        inviting.withdraw(invitation=invitation, by=person_of(request))
    except inviting.InvitingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Withdrawn; the link opens nothing any more."))
    return redirect(address_of(invitation.scope))


@administrators_only
def role(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One person's role in one place: change it."""
    membership = _membership(request, pk)
    back = address_of(membership.scope)
    form = RoleForm(
        request.POST or None, roles=rules.roles_of(membership.scope), initial={"role": membership.role}
    )
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["role"] in rules.ADMINISTRATORS:
            prove_again(request)
        try:
            actions.change_role(membership=membership, role=Membership.Role(form.cleaned_data["role"]))
        except actions.LastAdministratorError:
            form.add_error("role", _("Nobody else administers this place: name somebody else first."))
        else:
            messages.success(request, _("Changed; it holds from now on."))
            return redirect(back)
    return form_page(
        request,
        form,
        title=str(membership.user),
        lead=str(membership.scope),
        button=_("Change the role"),
        back=back,
        membership=membership,
        may_recover=recovering.may_recover(person_of(request), membership.user),
        trail=trail((str(membership.scope), back), (str(membership.user), "")),
    )


@administrators_only
def end(request: HttpRequest, pk: int) -> HttpResponseBase:
    """End a role at once; that of the last administrator only where who acts says that they know it."""
    membership = _membership(request, pk)
    back = address_of(membership.scope)
    form = None
    if request.method == "POST":
        if membership.user_id == person_of(request).pk:
            return redirect("accounts:leave", pk=membership.pk)
        try:
            actions.dismiss(membership=membership, leaves_nobody="sure" in request.POST)
        except actions.LastAdministratorError:
            form = _nobody_left(membership)
        else:
            messages.success(request, _("Ended: from now on this person may do nothing here."))
            return redirect(back)
    return form_page(
        request,
        form,
        title=_("End the role of %(name)s") % {"name": membership.user},
        lead=f"{membership}: {membership.scope}",
        button=_("End the role"),
        back=back,
        is_danger=True,
        trail=trail((str(membership.scope), back), (str(membership.user), "")),
    )


def _nobody_left(membership: Membership) -> Form:
    """What to do first; where somebody stands above the place, they may take it over knowingly."""
    is_of_region = membership.body is None and membership.municipality is None
    form = Form({}) if is_of_region else SureForm({}, label=_("Nobody is left here; I decide from now on"))
    form.errors.clear()
    form.add_error(None, _("Nobody else administers this place: name somebody else first."))
    return form


@administrators_only
def dissolve(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """End a body."""
    body = get_object_or_404(Body.objects.standing(), pk=pk, region=region_of(request))
    if not rules.may_dissolve(person_of(request), body):
        raise Http404
    prove_again(request)
    form = SureForm(request.POST or None, label=_("The body exists no more"))
    if request.method == "POST" and form.is_valid():
        dissolving.dissolve(body=body, by=person_of(request), host=request.get_host())
        messages.success(request, _("Dissolved. What it published stays."))
        return redirect("accounts:places")
    return form_page(
        request,
        form,
        title=_("Dissolve %(name)s") % {"name": body},
        lead=_("Its people may do nothing for it from the next click on. What it published stays."),
        button=_("Dissolve the body"),
        back=address_of(body),
        is_danger=True,
        trail=trail((str(body), address_of(body)), (_("Dissolve"), "")),
    )


def place_of(request: HttpRequest, code: str, pk: UUID | None) -> Place:
    """The place of the address, where this person administers people; others do not exist."""
    region = region_of(request)
    place: Place = region
    if pk:
        place = get_object_or_404(Body.objects.select_related("municipality"), pk=pk, region=region)
    elif code:
        inside = Area.objects.current().of(region).filter(level=Level.MUNICIPALITY)
        place = get_object_or_404(inside, code=code)
    if not rules.may_administer_people(person_of(request), place):
        raise Http404
    return place


def address_of(place: Place, page: str = "people") -> str:
    """Where the people of a place are kept; ``page`` "invite" for inviting."""
    if isinstance(place, Body):
        return reverse(f"accounts:body-{page}", kwargs={"pk": place.pk})
    if place.level == Level.REGION:
        return reverse(f"accounts:region-{page}")
    return reverse(f"accounts:municipality-{page}", kwargs={"code": place.code})


def _membership(request: HttpRequest, pk: int) -> Membership:
    rows = Membership.objects.in_force().select_related("user", "region", "municipality", "body")
    row = get_object_or_404(rows, pk=pk, region=region_of(request))
    _refuse_foreign(request, row.scope)
    return row


def _invitation(request: HttpRequest, pk: UUID) -> Invitation:
    rows = Invitation.objects.waiting().select_related("region", "municipality", "body")
    row = get_object_or_404(rows, pk=pk, region=region_of(request))
    _refuse_foreign(request, row.scope)
    return row


def _refuse_foreign(request: HttpRequest, place: Place) -> None:
    if not rules.may_administer_people(person_of(request), place):
        raise Http404
