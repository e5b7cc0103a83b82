"""Small things that the views of the network share."""

from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from entaxis.accounts.doors import View, refusal
from entaxis.accounts.models import User
from entaxis.accounts.rules import Role, is_body_member, is_editor
from entaxis.directory.http import region_of
from entaxis.directory.rules import keeps_entries

A_PAGE = 20


def members(view: View) -> View:
    """For people of bodies, and for editors with their second step; whose object it is, the view asks."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        role = Role.EDITOR if is_editor(request.user, region_of(request)) else Role.BODY_MEMBER
        return refusal(request, role) or view(request, *args, **kwargs)

    return guarded


def asking(view: View) -> View:
    """The same, and for whoever keeps the entry of one structure: they ask for volunteers, no more."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user, region = request.user, region_of(request)
        if is_body_member(user, region) or kwargs.get("sort") != "requests":
            return members(view)(request, *args, **kwargs)
        refused = refusal(request, Role.SIGNED_IN)
        if refused is None and not keeps_entries(user, region):
            raise Http404
        return refused or view(request, *args, **kwargs)

    return guarded


def user_of(request: HttpRequest) -> User | None:
    """The signed-in person, or nobody."""
    return request.user if isinstance(request.user, User) else None


def posted(request: HttpRequest) -> Any:
    """What a form was given; an empty one that was sent is a mistake, not a first visit."""
    return request.POST if request.method == "POST" else None


def trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a public page of the network."""
    first = [(_("Home"), "/"), (_("Network"), reverse("network:index"))]
    return [{"title": title, "url": url} for title, url in (*first, *steps)]


def office_trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page where bodies work."""
    first = [(_("Home"), "/"), (_("My work"), reverse("accounts:desk"))]
    return [{"title": title, "url": url} for title, url in (*first, *steps)]


def page_with(
    request: HttpRequest, template: str, context: dict[str, Any], form: Any = None, status: int = 200
) -> HttpResponse:
    """A page of the network; 422 where its form was refused."""
    if form is not None:
        context = context | {"form": form}
        status = 422 if form.errors else status
    return render(request, f"directory/network/{template}.html", context, status=status)
