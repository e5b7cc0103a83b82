"""Requests for access: asked with text and evidence, decided by those who administer what is asked for."""

from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from entaxis.accounts import actions, queries, rules
from entaxis.accounts.models import AccessRequest, Body, Evidence, Membership, User
from entaxis.core.papers import Paper
from entaxis.geography.models import Area

State = AccessRequest.State
MOST_WAITING: Final = 3  # requests of one person that wait at a time
EVIDENCE_KEPT: Final = timedelta(days=90)  # after the decision


class RequestingError(Exception):
    """It cannot be done; the text is a sentence for the reader."""


@transaction.atomic
def ask(*, request: AccessRequest, paper: Paper | None, by: User, host: str) -> AccessRequest:
    """Store the request of ``by`` and tell those who decide.

    Raises:
        RequestingError: one like it waits, too many wait, or the person is there already.
    """
    if by.access_requests.filter(state=State.OPEN).count() >= MOST_WAITING:
        raise RequestingError(_("You have several requests waiting. Withdraw one, or wait for an answer."))
    if request.body and by.memberships.in_force().filter(body=request.body).exists():
        raise RequestingError(_("You belong to this body already."))
    request.user = by
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError:
        raise RequestingError(_("You have asked for this body already; the request waits.")) from None
    if paper:
        Evidence.objects.create(request=request, name=paper.name, kind=paper.kind, content=paper.content)
    _tell_deciders(request, host)
    return request


def may_decide(user: User, request: AccessRequest) -> bool:
    """Whoever administers what is asked for; never the person who asked.

    A body that nobody speaks for yet is given away by those above it.
    """
    if user == request.user:
        return False
    if request.body:
        return rules.may_administer_body(user, request.body)
    if request.is_municipal and request.municipality:
        return rules.may_administer_people(user, request.municipality)
    return rules.is_region_administrator(user, request.region)


def for_decider(user: User, region: Area) -> QuerySet[AccessRequest]:
    """The requests of the region that the person decides: `may_decide`, as a query."""
    rows = AccessRequest.objects.filter(region=region).exclude(user=user)
    rows = rows.select_related("user", "body", "municipality", "region")
    if rules.is_region_administrator(user, region):
        return rows
    held = rules.memberships(user)
    bodies = [m.body_id for m in held if m.role == Membership.Role.BODY_ADMINISTRATOR]
    municipalities = [m.municipality_id for m in held if m.role == Membership.Role.MUNICIPAL_ADMINISTRATOR]
    return rows.filter(
        Q(body__in=bodies)
        | Q(body__municipality__in=municipalities, body__kind__in=Body.MUNICIPAL_KINDS)
        | Q(body=None, municipality__in=municipalities, kind__in=Body.MUNICIPAL_KINDS)
    ).exclude(body__dissolved_on__isnull=False)


def role_for(request: AccessRequest) -> Membership.Role:
    """What an approval gives: the first person of a body administers it."""
    if request.body and queries.administrators_of(request.body).exists():
        return Membership.Role.BODY_MEMBER
    return Membership.Role.BODY_ADMINISTRATOR


@transaction.atomic
def approve(*, request: AccessRequest, by: User, host: str, reason: str = "") -> Membership:
    """Let the person in; a new body is registered with the same act.

    Raises:
        RequestingError: somebody decided meanwhile, or the body cannot be made.
    """
    row = _open(request, by)
    body = row.body or _registered(row)
    if body.is_dissolved:
        raise RequestingError(_("This body has been dissolved."))
    role = role_for(row) if row.body else Membership.Role.BODY_ADMINISTRATOR
    row.body = body
    _decide(row, State.APPROVED, by, reason, host)
    return actions.give_role(user=row.user, role=role, region=row.region, body=body)


@transaction.atomic
def refuse(*, request: AccessRequest, reason: str, by: User, host: str) -> None:
    """Say no, with the reason that the person will read.

    Raises:
        RequestingError: somebody decided meanwhile.
    """
    _decide(_open(request, by), State.REFUSED, by, reason, host)


@transaction.atomic
def withdraw(*, request: AccessRequest, by: User) -> None:
    """Take one's own request back, with the evidence.

    Raises:
        RequestingError: somebody decided meanwhile.
    """
    row = AccessRequest.objects.select_for_update(of=("self",)).get(pk=request.pk, user=by)
    _refuse_decided(row)
    row.state = State.WITHDRAWN
    row.save(update_fields=["state"])
    Evidence.objects.filter(request=row).delete()


@transaction.atomic
def close_of(*, body: Body, by: User, host: str) -> None:
    """The body is no more: who waits for it is told so, and may ask somewhere else."""
    rows = AccessRequest.objects.select_for_update(of=("self",)).filter(body=body, state=State.OPEN)
    for row in rows.select_related("user", "body"):
        with translation.override(row.user.language):
            reason = _("This body has been dissolved.")
        _decide(row, State.REFUSED, by, reason, host)


def forget_old_evidence() -> int:
    """Delete the papers of requests decided long ago; return how many."""
    return Evidence.objects.filter(request__decided_at__lt=timezone.now() - EVIDENCE_KEPT).delete()[0]


def _open(request: AccessRequest, by: User) -> AccessRequest:
    row = (
        AccessRequest.objects.select_for_update(of=("self",))
        .select_related("user", "body")
        .get(pk=request.pk)
    )
    _refuse_decided(row)
    if not may_decide(by, row):
        raise RequestingError(_("You may not decide this request."))
    return row


def _refuse_decided(row: AccessRequest) -> None:
    if row.state == State.WITHDRAWN:
        raise RequestingError(_("The person withdrew this request meanwhile."))
    if row.state != State.OPEN:
        raise RequestingError(
            _("%(who)s has decided this request meanwhile: %(state)s. %(reason)s")
            % {"who": row.decided_by, "state": row.get_state_display(), "reason": row.reason}
        )


def _registered(row: AccessRequest) -> Body:
    try:
        with transaction.atomic():
            return Body.objects.create(
                region=row.region, municipality=row.municipality, kind=row.kind, name_el=row.name_el
            )
    except IntegrityError:
        raise RequestingError(
            _("A body with this name is registered already. Refuse, and ask the person to join that one.")
        ) from None


def _decide(row: AccessRequest, state: State, by: User, reason: str, host: str) -> None:
    from entaxis.accounts import tasks

    row.state, row.decided_by, row.decided_at, row.reason = state, by, timezone.now(), reason
    row.save(update_fields=["state", "decided_by", "decided_at", "reason", "body"])
    tasks.send_request_decided.defer(request=str(row.pk), host=host)


def _tell_deciders(request: AccessRequest, host: str) -> None:
    from entaxis.accounts import tasks

    for decider in _deciders(request):
        tasks.send_request_received.defer(request=str(request.pk), to=str(decider.pk), host=host)


def _deciders(request: AccessRequest) -> QuerySet[User]:
    """Those nearest to the matter: of the body, else of its municipality, else of the region."""
    municipal = request.body.is_municipal if request.body else request.is_municipal
    municipality = request.body.municipality if request.body else request.municipality
    places: list[Body | Area | None] = [request.body, municipality if municipal else None]
    for place in places:
        people = queries.administrators_of(place).exclude(pk=request.user_id) if place else None
        if people is not None and people.exists():
            return people
    return queries.administrators_of(request.region).exclude(pk=request.user_id)
