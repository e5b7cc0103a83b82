"""What crawlers may find: the live public pages of one region, in every language."""

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page

from entaxis.portal.news.queries import FAMILIES


class RegionSitemap(Sitemap):  # type: ignore[misc]
    """Wagtail's own holds the pages of the site's first language alone."""

    def items(self) -> Any:
        """Live public pages below the first page and below its translations."""
        root = self.get_wagtail_site().root_page
        trees = Q()
        for home in root.get_translations(inclusive=True).live():
            trees |= Q(path__startswith=home.path)
        return Page.objects.filter(trees).live().public().order_by("path").specific()


class PublicationSitemap(Sitemap):  # type: ignore[misc]
    """Public news and actions of the region, in the languages of the interface that are complete."""

    def items(self) -> list[Any]:
        """What is public and not in the archive, the latest first."""
        region = self.request.region
        rows = (model.objects.of(region).current().only("slug", "changed_at") for model in FAMILIES)
        return [row for family in rows for row in family.order_by("-publish_at", "-pk")]

    def _urls(self, page: int, protocol: str, domain: str) -> list[dict[str, Any]]:
        return [
            self._entry(row, code)
            for row in self.paginator.page(page).object_list
            for code in settings.COMPLETE_LANGUAGES
        ]

    def _entry(self, row: Any, language: str) -> dict[str, Any]:
        with translation.override(language):
            address = self.request.build_absolute_uri(row.get_absolute_url())
        return {"location": address, "lastmod": row.changed_at}
