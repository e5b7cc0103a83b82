"""Forgetting: what was told is kept only as long as somebody may still ask for it."""

from datetime import timedelta
from typing import Final

from django.db.models import Exists, OuterRef
from django.utils import timezone

from entaxis.notifications.models import Delivery, Message, Subscription
from entaxis.notifications.subscribing import DAYS_TO_CONFIRM

WORDS_KEPT: Final = timedelta(days=30)  # what the mail said, and to whom without an account
MESSAGES_KEPT: Final = timedelta(days=365)  # titles in the centre


def sweep() -> None:
    """Forget words, addresses and messages that are old enough, and subscriptions nobody confirmed.

    What is still to be sent stays.
    """
    now = timezone.now()
    is_open = Exists(Delivery.objects.open().filter(message=OuterRef("pk")))
    done = Message.objects.filter(~is_open)
    done.filter(user=None, created__lt=now - WORDS_KEPT).delete()
    done.filter(created__lt=now - WORDS_KEPT).exclude(context={}).update(context={})
    done.filter(created__lt=now - MESSAGES_KEPT).delete()
    old = now - timedelta(days=DAYS_TO_CONFIRM)
    Subscription.objects.filter(confirmed_at=None, created__lt=old).delete()
