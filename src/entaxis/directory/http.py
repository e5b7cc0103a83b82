"""Small things that the room's views share."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, override

from entaxis.accounts.models import User
from entaxis.geography.models import Area


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


def address_of(name: str) -> str:
    """The address of another room's page, or nothing where that room does not serve it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def call_back_url() -> str:
    """Where one asks to be called: in the reader's language, or in English where the page is not in it."""
    here = (get_language() or "").split("-")[0]
    with override(here if here in settings.COMPLETE_LANGUAGES else "en"):
        return reverse("directory:callback")
