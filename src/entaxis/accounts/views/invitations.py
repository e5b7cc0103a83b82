"""Coming in: by an invitation, or by asking for an account in order to ask for access."""

import uuid

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from entaxis.accounts import actions, inviting, links, locks, rules, tasks
from entaxis.accounts.http import form_page, sentence_page
from entaxis.accounts.models import Invitation, Membership, User
from entaxis.accounts.office_forms import EmailForm, NewPersonForm

GONE = 410


@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show what the invitation offers; the button accepts it."""
    if locks.is_link_closed(request):
        return _closed(request)
    try:
        found = inviting.found(token)
    except inviting.InvitingError as error:
        locks.count_link_failure(request)
        return sentence_page(request, _("Invitation"), str(error), status=GONE)
    user = request.user
    if isinstance(user, User):
        return _for_signed_in(request, token, found, user)
    if inviting.has_account(found):
        login = f"{reverse('account_login')}?next={request.path}"
        return render(request, "accounts/invitation.html", {"invitation": found, "login_url": login})
    return _for_new(request, token, found)


def _for_signed_in(request: HttpRequest, token: str, found: Invitation, user: User) -> HttpResponseBase:
    if not inviting.is_for(found, user):
        text = _("This invitation is for another address. Sign out, then open the link again.")
        return sentence_page(request, _("Invitation"), text, status=403)
    if request.method != "POST":
        return render(request, "accounts/invitation.html", {"invitation": found, "may_accept": True})
    try:
        membership = inviting.accept(token=token, by=user)
    except inviting.InvitingError as error:
        return sentence_page(request, _("Invitation"), str(error), status=GONE)
    return _welcome(request, membership)


def _for_new(request: HttpRequest, token: str, found: Invitation) -> HttpResponseBase:
    form = NewPersonForm(request.POST or None, email=found.email)
    if request.method == "POST" and form.is_valid():
        try:
            membership = inviting.accept_as_new(
                token=token,
                display_name=form.cleaned_data["display_name"],
                password=form.cleaned_data["password"],
            )
        except inviting.InvitingError as error:
            return sentence_page(request, _("Invitation"), str(error), status=GONE)
        perform_login(request, Login(user=membership.user, email=found.email))
        return _welcome(request, membership)
    status = 422 if form.errors else 200
    context = {"invitation": found, "form": form}
    return render(request, "accounts/invitation.html", context, status=status)


def _welcome(request: HttpRequest, membership: Membership) -> HttpResponseBase:
    messages.success(
        request,
        _("Welcome. You are now: %(role)s, %(place)s.") % {"role": membership, "place": membership.scope},
    )
    decides = membership.role in (*rules.ADMINISTRATORS, Membership.Role.EDITOR)
    return redirect("mfa_index" if decides else "accounts:me")


def join(request: HttpRequest) -> HttpResponseBase:
    """Ask for an account by e-mail; the answer is the same whoever asks."""
    if locks.is_link_closed(request):
        return _closed(request)
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not locks.may_write_to(request, form.cleaned_data["email"]):
            return _closed(request)
        tasks.send_joining.defer(
            email=form.cleaned_data["email"].strip().lower(),
            language="en" if get_language() == "en" else "el",
            reference=uuid.uuid4().hex,
            host=request.get_host(),
        )
        text = _("A mail is on its way to the address you gave. Open the link in it; it holds two days.")
        return sentence_page(request, _("Look into your mail"), text)
    return form_page(
        request,
        form,
        title=_("Work with the Observatory"),
        lead=_(
            "For people of bodies and structures. First we make sure of your address; then you say which "
            "body you belong to, and somebody answers."
        ),
        button=_("Send me a link"),
        back="/",
    )


@never_cache
def join_with(request: HttpRequest, token: str) -> HttpResponseBase:
    """Open the account that a mail's link promised."""
    if locks.is_link_closed(request):
        return _closed(request)
    try:
        joining = links.joining_of(token)
    except links.OldLinkError:
        return sentence_page(
            request, _("Link"), _("This link has expired. Ask for a new one."), status=GONE
        )
    except links.ForgedLinkError:
        locks.count_link_failure(request)
        text = _("This link is not one of ours, or a part of it is missing. Copy it whole.")
        return sentence_page(request, _("Link"), text, status=GONE)
    if inviting.is_taken(joining.email):
        return _there_already(request)
    return _open_account(request, joining)


def _open_account(request: HttpRequest, joining: links.Joining) -> HttpResponseBase:
    form = NewPersonForm(request.POST or None, email=joining.email)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.add_person(
                email=joining.email,
                display_name=form.cleaned_data["display_name"],
                password=form.cleaned_data["password"],
                language=joining.language,
            )
        except IntegrityError:  # the same link, a moment ago, in another window
            return _there_already(request)
        perform_login(request, Login(user=person, email=person.email))
        return redirect("accounts:ask")
    return form_page(
        request,
        form,
        title=_("Your account"),
        lead=joining.email,
        button=_("Open the account"),
        back="/",
    )


def _there_already(request: HttpRequest) -> HttpResponseBase:
    text = _("The account is there already. Sign in with your address and password.")
    return sentence_page(request, _("Link"), text, status=GONE)


def _closed(request: HttpRequest) -> HttpResponseBase:
    text = _("Too many attempts from your network. Try again in half an hour; nothing was lost.")
    return sentence_page(request, _("Too many attempts"), text, status=429)
