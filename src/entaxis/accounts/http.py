"""Small things that the room's views share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts import rules
from entaxis.accounts.doors import has_second_factor
from entaxis.accounts.models import User
from entaxis.geography.models import Area

View = Callable[..., HttpResponseBase]


def region_of(request: HttpRequest) -> Area:
    """The region of the request's host."""
    region: Area = request.region  # type: ignore[attr-defined]  # set by RegionMiddleware
    return region


def person_of(request: HttpRequest) -> User:
    """The signed-in person; the matrix of access lets nobody else through.

    Raises:
        PermissionError: nobody is signed in.
    """
    if not isinstance(request.user, User):
        raise PermissionError("nobody is signed in")
    return request.user


def administrators_only(view: View) -> View:
    """For those who decide over others somewhere; their second step is compulsory."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not rules.administers_people(request.user):
            raise Http404
        if not has_second_factor(person_of(request)):
            messages.warning(request, _("Set up a second step for signing in first; then you can go on."))
            return redirect("mfa_index")
        return view(request, *args, **kwargs)

    return guarded


def prove_again(request: HttpRequest) -> None:
    """For delicate acts: whoever signed in a while ago is asked once more; what was written is not lost.

    Called once it is certain that the object is there: a foreign one is not told by a question.

    Raises:
        ReauthenticationRequired: allauth's middleware answers it with the question.
    """
    raise_if_reauthentication_required(request, app="account")


def form_page(
    request: HttpRequest,
    form: Form | None,
    *,
    title: str,
    lead: str,
    button: str,
    back: str,
    is_danger: bool = False,
    **more: Any,
) -> HttpResponse:
    """A page with one form: what will happen, and the button that does it."""
    context = {"form": form, "title": title, "lead": lead, "button": button, "back": back}
    status = 422 if form is not None and form.errors else 200
    return render(request, "accounts/form.html", context | {"is_danger": is_danger} | more, status=status)


def sentence_page(request: HttpRequest, title: str, text: str, *, status: int = 200) -> HttpResponse:
    """A page that says one thing, and how to go on."""
    return render(request, "accounts/sentence.html", {"title": title, "text": text}, status=status)


def trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page of the room's office."""
    first = [(_("Home"), "/"), (_("People and bodies"), reverse("accounts:places"))]
    return [{"title": title, "url": url} for title, url in (*first, *steps)]
