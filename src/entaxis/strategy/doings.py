"""The actions on the page of a body."""

from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import Body
from entaxis.directory.network.doings import Item, Part, day, register
from entaxis.strategy import queries
from entaxis.strategy.models import Action
from entaxis.strategy.publications.models import PublicationQuerySet


def _actions(body: Body) -> PublicationQuerySet:
    return queries.actions_of(body.region).filter(body=body)


def _item(row: Action) -> Item:
    said = [row.get_status_display(), day(row.starts_on)]
    return Item(row.title, row.get_absolute_url(), " · ".join(filter(None, said)))


register(Part("actions", _("Actions"), _actions, _item))
