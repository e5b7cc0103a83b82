"""How bodies come into a network: invited by the one that coordinates, or asking; both must agree."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.accounts.models import Body, User
from entaxis.directory.network import kinds, queries, rules
from entaxis.directory.network.models import Network, NetworkMember
from entaxis.notifications.actions import notify
from entaxis.notifications.kinds import Words

State = NetworkMember.State


class JoiningError(Exception):
    """It cannot be done. Its text is a sentence for the user."""


@transaction.atomic
def invite(*, network: Network, body: Body, by: User) -> NetworkMember:
    """The body that coordinates invites another.

    Raises:
        JoiningError: it is there already, or not of this region.
    """
    if not rules.may_write(by, network) or body.region_id != network.region_id or body.is_dissolved:
        raise JoiningError(_("This body cannot be invited."))
    row = _new(network, body, State.INVITED)
    _tell(row, queries.readers_of(body), gettext_lazy("A network of bodies invites your body"))
    return row


@transaction.atomic
def ask(*, network: Network, body: Body, by: User) -> NetworkMember:
    """A body asks to join.

    Raises:
        JoiningError: it is there already, or not this person's.
    """
    if not rules.may_describe(by, body) or body.region_id != network.region_id:
        raise JoiningError(_("You may not ask for this body."))
    row = _new(network, body, State.ASKED)
    _tell(row, queries.readers_of(network.body), gettext_lazy("A body asks to join your network"))
    return row


def may_accept(user: User, row: NetworkMember) -> bool:
    """The side that was asked: the body that is invited, or the one that coordinates."""
    if row.state == State.INVITED:
        return rules.may_describe(user, row.body)
    return row.state == State.ASKED and rules.may_write(user, row.network)


def may_end(user: User, row: NetworkMember) -> bool:
    """Either side, at any time."""
    return rules.may_describe(user, row.body) or rules.may_write(user, row.network)


@transaction.atomic
def accept(*, row: NetworkMember, by: User) -> None:
    """The other side agrees.

    Raises:
        JoiningError: it is not this person's to agree.
    """
    held = NetworkMember.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not may_accept(by, held):
        raise JoiningError(_("You may not do this."))
    held.state, held.since = State.MEMBER, timezone.localdate()
    held.save(update_fields=["state", "since"])


def end(*, row: NetworkMember, by: User) -> None:
    """Decline, withdraw or leave: the row goes.

    Raises:
        JoiningError: it is not this person's to end.
    """
    if not may_end(by, row):
        raise JoiningError(_("You may not do this."))
    row.delete()


def _new(network: Network, body: Body, state: str) -> NetworkMember:
    try:
        with transaction.atomic():
            return NetworkMember.objects.create(network=network, body=body, state=state)
    except IntegrityError:
        raise JoiningError(_("This body is there already, or has been asked.")) from None


def _tell(row: NetworkMember, people: QuerySet[User], about: Words) -> None:
    notify(
        kind=kinds.MEMBERSHIP,
        to=people,
        region=row.network.region,
        about=about,
        url=reverse_lazy("network:office-joining"),
        occasion=f"network member:{row.pk}:{row.state}",
    )
