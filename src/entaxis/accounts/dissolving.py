"""The end of a body: rights, invitations and requests end with it, what it published stays."""

import pghistory
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from entaxis.accounts import actions, endings, requesting
from entaxis.accounts.models import Body, User


@transaction.atomic
def dissolve(*, body: Body, by: User, host: str) -> None:
    """End a body: its people may nothing more for it from the next click on; who waits for it is told."""
    row = Body.objects.select_for_update(of=("self",)).get(pk=body.pk)
    if row.is_dissolved:
        return
    row.dissolved_on = timezone.localdate()
    row.save(update_fields=["dissolved_on", "last_modified"])
    row.invitations.waiting().update(withdrawn_at=timezone.now())
    requesting.close_of(body=row, by=by, host=host)
    with pghistory.context(user=str(by.pk)):
        for membership in row.memberships.filter(Q(until=None) | Q(until__gte=timezone.localdate())):
            actions.end_role(membership=membership)
        endings.body_ended(row)
