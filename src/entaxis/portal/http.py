"""Small things that the views of the portal's own pages share."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.portal import languages, queries
from entaxis.portal.context import brand_row

Step = tuple[str, str]


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


def trail(*steps: Step) -> list[dict[str, str]]:
    """The way from the first page to this one."""
    first = [(_("Home"), languages.home_url(languages.here()))]
    return [{"title": title, "url": url} for title, url in (*first, *steps)]


def section_step(request: HttpRequest, slug: str) -> list[Step]:
    """The section of this name as a step of the way, where the region has it."""
    brand = brand_row(request)
    if brand is None:
        return []
    home = queries.home_in_language(brand.site)
    page = Page.objects.child_of(home).live().filter(slug=slug).only("title", "url_path", "path").first()
    return [(page.title, reverse("wagtail_serve", args=[f"{slug}/"]))] if page else []
