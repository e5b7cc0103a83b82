"""New documents of the library as an Atom feed."""

from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from entaxis.portal.context import brand
from entaxis.portal.http import region_of
from entaxis.portal.models import Study

LATEST = 30


class StudiesFeed(Feed):  # type: ignore[type-arg]  # not generic when it runs
    """The latest documents of the host's region, in the language of the address."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The region and how it presents itself."""
        return {"region": region_of(request), "brand": brand(request)}

    def title(self, source: dict[str, Any]) -> str:
        """Whose library it is."""
        return f"{_('Library')} – {source['brand']['name']}"

    def link(self) -> str:
        """The list that people read."""
        return reverse("library:index")

    def subtitle(self) -> str:
        """What comes here."""
        return _("New studies, strategies and reports")

    def items(self, source: dict[str, Any]) -> list[Study]:
        """The latest."""
        return list(Study.objects.of(source["region"]).published().order_by("-published_at", "pk")[:LATEST])

    def item_title(self, item: Study) -> str:
        """Its title."""
        return item.title

    def item_description(self, item: Study) -> str:
        """Its summary."""
        return item.summary

    def item_pubdate(self, item: Study) -> datetime | None:
        """When it was first published."""
        return item.published_at

    def item_updateddate(self, item: Study) -> datetime:
        """When it was last changed."""
        return item.last_modified
