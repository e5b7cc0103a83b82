"""What this room holds about a person: told in their export, gone with their account."""

from typing import Any

from entaxis.accounts.models import User
from entaxis.notifications import subscribing
from entaxis.notifications.models import Message, Preference, Subscription


def export(user: User) -> dict[str, Any]:
    """What the person follows, how often they want mail, and what they were told."""
    follows = Subscription.objects.filter(user=user).select_related("municipality", "body", "region")
    return {
        "follows": [
            {"region": str(each.row.region), "what": each.what, "since": each.row.created}
            for each in subscribing.described(follows)
        ],
        "paces": dict(Preference.objects.filter(user=user).values_list("kind", "pace")),
        "told": [
            {"title": row.title, "at": row.created, "read": row.read_at}
            for row in Message.objects.filter(user=user, is_digest=False).order_by("created")
        ],
    }


def erase(user: User) -> None:
    """All of it, and with it whatever still waits to be sent."""
    Subscription.objects.filter(user=user).delete()
    Preference.objects.filter(user=user).delete()
    Message.objects.filter(user=user).delete()
