"""What the pages of the region's office share."""

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

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


def note(row: Model, action: str, *, by: User) -> None:
    """Keep who did it in Wagtail's own log, beside what platform administrators do there."""
    log(instance=row, action=f"wagtail.{action}", user=by)


def trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page of the region's office."""
    first = [(_("Home"), "/"), (_("Settings of the region"), reverse("office-brand"))]
    return [{"title": title, "url": url} for title, url in (*first, *steps)]
