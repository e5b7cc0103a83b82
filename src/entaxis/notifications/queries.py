"""Reading messages, deliveries and subscriptions."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.notifications import kinds
from entaxis.notifications.choices import Channel, Pace
from entaxis.notifications.kinds import Kind
from entaxis.notifications.models import Delivery, Message, Preference, Subscription


def messages_of(user: User, region: Area) -> QuerySet[Message]:
    """What the centre shows, the newest first, with what became of the mail (``mails``)."""
    mails = Prefetch("deliveries", Delivery.objects.filter(channel=Channel.MAIL), to_attr="mails")
    return Message.objects.in_portal_of(user, region).prefetch_related(mails)


def unread_count(user: User, region: Area) -> int:
    """How many of them are new."""
    return Message.objects.in_portal_of(user, region).unread().count()


def paces_of(user: User) -> list[tuple[Kind, Pace]]:
    """Every kind that a person may get, and how often they get mail of it."""
    wishes = dict(Preference.objects.filter(user=user).values_list("kind", "pace"))
    return [(kind, kind.pace_for(wishes.get(kind.key))) for kind in kinds.every() if kind.is_for_accounts]


def subscriptions_of(user: User, region: Area) -> QuerySet[Subscription]:
    """What a person follows here."""
    return Subscription.objects.filter(user=user, region=region).select_related("municipality", "body")


def in_trouble(region: Area) -> QuerySet[Delivery]:
    """Mail of this region that failed or came back, the latest first."""
    return Delivery.objects.in_trouble(region).select_related("message__user")


@dataclass(frozen=True)
class Trouble:
    """A mail that did not arrive, with as much of its reader as is needed to know which it is."""

    delivery: Delivery
    kind: str
    reader: str


def described(delivery: Delivery) -> Trouble:
    """A row of the list of mail in trouble."""
    message = delivery.message
    try:
        label = str(kinds.get(message.kind).label)
    except kinds.UnknownKindError:
        label = message.kind
    return Trouble(delivery, label, _veiled(message.recipient))


def _veiled(address: str) -> str:
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"
