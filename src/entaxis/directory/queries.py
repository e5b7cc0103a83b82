"""Reads of the back office: lists and queues."""

from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from entaxis.accounts.models import User
from entaxis.accounts.queries import bodies_of
from entaxis.core import greek
from entaxis.core.review import State
from entaxis.directory import rules
from entaxis.directory.choices import Status
from entaxis.directory.freshness import FRESH_DAYS
from entaxis.directory.models import Contact, ErrorReport, OpeningHours, Proposal, ServiceOffer, Structure
from entaxis.directory.models.structures import StructureQuerySet
from entaxis.directory.models.upkeep import OPEN_STATES
from entaxis.geography.models import Area

OPEN = Q(error_reports__state=ErrorReport.State.OPEN)


def structures_of(region: Area, wanted: dict[str, Any]) -> QuerySet[Structure]:
    """The structures of ``region`` for the list, narrowed as the form says."""
    rows = Structure.objects.of(region).entries()
    if wanted.get("kind"):
        rows = rows.filter(kind__key=wanted["kind"].key)
    if wanted.get("municipality"):
        rows = rows.filter(municipality=wanted["municipality"])
    if wanted.get("body"):
        rows = rows.filter(body=wanted["body"])
    if wanted.get("status"):
        rows = rows.filter(status=wanted["status"])
    else:
        rows = rows.exclude(status=Status.MERGED)
    folded = Func(F("name_el"), function="entaxis_fold", output_field=TextField())
    for word in greek.words(wanted.get("q") or ""):
        rows = rows.filter(GreaterThan(StrIndex(folded, Value(word)), 0))
    found = (
        _by_freshness(rows, wanted.get("freshness") or "")
        .select_related("kind", "municipality", "body")
        .annotate(open_reports=Count("error_reports", filter=OPEN))
    )
    if wanted.get("freshness") == "old":  # a list of work: what nobody looked at for the longest time
        return found.order_by(F("assured_date").asc(nulls_first=True), "name_el", "pk")
    return found.order_by("name_el", "pk")


def _by_freshness(rows: StructureQuerySet, freshness: str) -> QuerySet[Structure]:
    if freshness == "old":
        limit = timezone.localdate() - timedelta(days=FRESH_DAYS)
        return rows.published().filter(Q(assured_date=None) | Q(assured_date__lt=limit))
    if freshness == "reported":
        return rows.filter(Exists(ErrorReport.objects.filter(structure=OuterRef("pk"), state="open")))
    if freshness == "bare":
        lacks = Q()
        for part in (Contact, OpeningHours, ServiceOffer):
            lacks |= ~Q(Exists(part._default_manager.filter(structure=OuterRef("pk"))))
        return rows.filter(lacks)
    return rows


def reports_of(region: Area) -> QuerySet[ErrorReport]:
    """The reports of errors in ``region``, open ones first, oldest of them first."""
    return (
        ErrorReport.objects.filter(structure__region=region)
        .select_related("structure__kind", "structure__body", "handled_by")
        .annotate(is_done=Case(When(state=ErrorReport.State.OPEN, then=0), default=1))
        .order_by("is_done", "created_at")
    )


def kept_by(user: User, region: Area) -> QuerySet[Structure]:
    """The entries that the person keeps – `rules.tends`, as a query –, longest unconfirmed first."""
    mine = Q(body__in=bodies_of(user, region).values("pk")) | Q(pk__in=list(rules.granted(user)))
    still = Proposal.objects.filter(structure=OuterRef("pk"), state__in=OPEN_STATES)
    return (
        Structure.objects.of(region)
        .entries()
        .filter(mine)
        .exclude(status=Status.MERGED)
        .select_related("kind", "municipality", "body")
        .annotate(
            open_reports=Count("error_reports", filter=OPEN),
            review_state=Subquery(still.values("state")[:1]),
            copy_id=Subquery(still.values("copy")[:1]),
        )
        .order_by(F("assured_date").asc(nulls_first=True), "name_el", "pk")
    )


def proposals_of(region: Area) -> QuerySet[Proposal]:
    """What waits for the editors, the longest waiting first."""
    return (
        Proposal.objects.filter(structure__region=region, state=State.SUBMITTED)
        .select_related("structure__kind", "structure__body", "changed_by")
        .order_by("changed_at", "pk")
    )
