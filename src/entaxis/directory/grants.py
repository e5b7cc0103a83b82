"""Rights on single structures: given, ended, and told on the page "what I may do"."""

from collections.abc import Iterator
from datetime import date

import pghistory
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from entaxis.accounts.models import User
from entaxis.accounts.rights import Right
from entaxis.directory import rules
from entaxis.directory.models import Structure, StructureGrant
from entaxis.geography.models import Area


def give(*, user: User, structure: Structure, by: User | None) -> StructureGrant:
    """Let the person keep this entry from today on; once is enough."""
    with transaction.atomic(), pghistory.context(user=str(by.pk) if by else ""):
        rules.forget(user)
        return StructureGrant.objects.get_or_create(
            user=user, structure=structure, until=None, defaults={"given_by": by}
        )[0]


def end(*, grant: StructureGrant, by: User) -> None:
    """Let the right end with yesterday; one that began today is removed."""
    today = timezone.localdate()
    with transaction.atomic(), pghistory.context(user=str(by.pk)):
        if grant.since >= today:
            grant.delete()
            return
        grant.until = date.fromordinal(today.toordinal() - 1)
        grant.save(update_fields=["until"])


def rights(user: User, region: Area) -> Iterator[Right]:
    """The rights on single structures of this region."""
    rows = StructureGrant.objects.in_force().filter(user=user, structure__region=region)
    for row in rows.select_related("structure").order_by("structure__name_el", "pk"):
        yield Right(
            _("Keep the entry of this structure"),
            row.structure.name,
            _("Right on one structure"),
            row.until,
        )
