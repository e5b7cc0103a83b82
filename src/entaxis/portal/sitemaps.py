"""What crawlers may find: the live public pages of one region, in every language."""

from typing import Any

from django.db.models import Q
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page


class RegionSitemap(Sitemap):  # type: ignore[misc]
    """Wagtail's own holds the pages of the site's first language alone."""

    def items(self) -> Any:
        """Live public pages below the first page and below its translations."""
        root = self.get_wagtail_site().root_page
        trees = Q()
        for home in root.get_translations(inclusive=True).live():
            trees |= Q(path__startswith=home.path)
        return Page.objects.filter(trees).live().public().order_by("path").specific()
