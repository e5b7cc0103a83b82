"""The news on the page of a body."""

from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import Body
from entaxis.directory.network.doings import Item, Part, day, register
from entaxis.portal.models import NewsItem
from entaxis.strategy.publications.models import PublicationQuerySet


def _news(body: Body) -> PublicationQuerySet:
    rows: PublicationQuerySet = NewsItem.objects.of(body.region).current().filter(body=body)
    return rows.order_by("-publish_at", "-pk")


def _item(row: NewsItem) -> Item:
    moment = row.event_start or row.publish_at
    return Item(row.title, row.get_absolute_url(), f"{row.get_kind_display()} · {day(moment)}")


register(Part("news", _("News"), _news, _item))
