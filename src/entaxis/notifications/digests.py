"""Summaries: what waits for a person is joined into one mail."""

from itertools import groupby

from django.db import transaction
from django.utils import timezone

from entaxis.notifications import own_kinds, writing
from entaxis.notifications.choices import State
from entaxis.notifications.models import Delivery, Message


@transaction.atomic
def join_due() -> int:
    """Join every held mail whose time has come, one summary a person and region; returns how many.

    One alone is sent as it is. Another worker that joins at the same time finds the rows locked.
    """
    held = (
        Delivery.objects.filter(state=State.HELD, joined_in=None, due_at__lte=timezone.now())
        .select_related("message__user", "message__region")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("message__user_id", "message__region_id", "message__created")
    )
    made = 0
    for _reader, group in groupby(held, lambda row: (row.message.user_id, row.message.region_id)):
        made += _join(list(group))
    writing.wake_on_commit()
    return made


def _join(rows: list[Delivery]) -> int:
    pks = [row.pk for row in rows]
    if len(rows) == 1:
        Delivery.objects.filter(pk__in=pks).update(state=State.QUEUED, due_at=timezone.now())
        return 0
    first = rows[0].message
    if first.user is None:
        raise ValueError("only people with an account have summaries")
    summary: Message = writing.message(
        own_kinds.DIGEST,
        first.region,
        first.user.language,
        about=own_kinds.DIGEST.label,
        url="",
        context=None,
        user=first.user,
    )
    summary.is_digest = True
    mail = writing.mail(summary)
    writing.store([summary], [mail])
    Delivery.objects.filter(pk__in=pks).update(joined_in=mail)
    return 1
