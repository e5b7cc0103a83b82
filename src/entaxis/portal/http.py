"""Small things that the views of the portal's own pages share."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from entaxis.accounts.http import person_of, region_of
from entaxis.portal import languages, queries
from entaxis.portal.context import brand_row

__all__ = ["Step", "person_of", "region_of", "section_step", "trail"]

Step = tuple[str, str]


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
