"""Rights on single structures: given, ended, and told on the page "what I may do"."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from entaxis.accounts.models import Body, Membership, User
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
    with transaction.atomic(), pghistory.context(user=str(by.pk)):
        _end(grant)


def end_with_role(membership: Membership) -> None:
    """Whoever leaves a body keeps its entries no more, nor by a right of their own.

    Who leaves a municipality loses those of its bodies.
    """
    place = Q(structure__body=membership.body_id)
    if membership.municipality_id:
        kinds = Body.MUNICIPAL_KINDS
        place = Q(structure__body__municipality=membership.municipality_id, structure__body__kind__in=kinds)
    elif membership.body_id is None:
        place = Q(structure__region=membership.region_id)
    _end_all(StructureGrant.objects.filter(place, user=membership.user_id))


def end_with_body(body: Body) -> None:
    """Nobody keeps the entries of a body that is no more, until the Observatory gives them to another."""
    _end_all(StructureGrant.objects.filter(structure__body=body))


def end_with_person(user: User) -> None:
    """An erased person keeps nothing, and asks for nothing."""
    _end_all(StructureGrant.objects.filter(user=user))
    user.structure_claims.all().delete()


def told(user: User) -> list[dict[str, Any]]:
    """The rights of a person, for the export of what is held about them."""
    rows = user.structure_grants.select_related("structure").order_by("since", "pk")
    return [{"structure": row.structure.name_el, "since": row.since, "until": row.until} for row in rows]


def _end_all(grants: QuerySet[StructureGrant]) -> None:
    today = timezone.localdate()
    for grant in grants.filter(Q(until=None) | Q(until__gte=today)).select_related("user"):
        _end(grant)


def _end(grant: StructureGrant) -> None:
    today = timezone.localdate()
    rules.forget(grant.user)
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
