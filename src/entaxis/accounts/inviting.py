"""Invitations: sent by those who may give the role, accepted by the person at that address."""

from typing import Final

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from entaxis.accounts import actions, links, rules
from entaxis.accounts.models import Body, Invitation, Membership, User
from entaxis.accounts.models.joining import INVITATION_HOLDS
from entaxis.geography.models import Area

MOST_SENT: Final = 5  # times that one invitation goes out


class InvitingError(Exception):
    """It cannot be done; the text is a sentence for the reader."""


@transaction.atomic
def invite(
    *, email: str, role: Membership.Role, place: Area | Body, language: str, by: User, host: str
) -> Invitation:
    """Offer ``role`` in ``place`` to the person at ``email``, and send the mail.

    Raises:
        InvitingError: the person has the role already, an invitation waits, or ``by`` may not give it.
    """
    address = email.strip().lower()
    if not rules.may_give(by, role, place):
        raise InvitingError(_("You may not give this role there."))
    scope = rules.Scope.of(place)
    where = {"region_id": scope.region_id, "municipality_id": scope.municipality_id, "body": scope.body}
    if Membership.objects.in_force().filter(user__email=address, role=role, **where).exists():
        raise InvitingError(_("This person has this role already."))
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=address,
                role=role,
                language=language,
                invited_by=by,
                expires_at=timezone.now() + INVITATION_HOLDS,
                **where,
            )
    except IntegrityError:
        raise InvitingError(
            _("An invitation for this address and role waits already: send that one again, or withdraw it.")
        ) from None
    _send(invitation, host)
    return invitation


@transaction.atomic
def send_again(*, invitation: Invitation, by: User, host: str) -> None:
    """Send a new link, with new time; older links open nothing from now on.

    Raises:
        InvitingError: it was answered meanwhile, sent too often, or ``by`` may not give the role.
    """
    row = _waiting(invitation)
    if not rules.may_give(by, Membership.Role(row.role), row.scope):
        raise InvitingError(_("You may not give this role there."))
    if row.serial >= MOST_SENT:
        raise InvitingError(
            _("It was sent %(number)s times; speak with the person first.") % {"number": row.serial}
        )
    row.serial += 1
    row.invited_by = by
    row.expires_at = timezone.now() + INVITATION_HOLDS
    row.save(update_fields=["serial", "invited_by", "expires_at"])
    _send(row, host)


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User) -> None:
    """Take the invitation back; its link opens nothing from now on.

    Raises:
        InvitingError: it was answered meanwhile.
    """
    row = _waiting(invitation)
    row.withdrawn_at = timezone.now()
    row.save(update_fields=["withdrawn_at"])


def found(token: str) -> Invitation:
    """The invitation that a link leads to, as long as it may be accepted.

    Raises:
        InvitingError: a sentence that says why it may not.
    """
    try:
        pk, serial = links.invitation_of(token)
    except links.ForgedLinkError:
        raise InvitingError(
            _("This link is not one of ours, or a part of it is missing. Copy it whole.")
        ) from None
    rows = Invitation.objects.select_related("region", "municipality", "body", "invited_by")
    invitation = rows.filter(pk=pk).first()
    fault = _("This invitation is no longer there.") if invitation is None else _why_not(invitation, serial)
    if fault or invitation is None:
        raise InvitingError(fault)
    return invitation


def _why_not(invitation: Invitation, serial: int) -> str:
    if invitation.accepted_at:
        return _("This invitation has been accepted already. Sign in to go on.")
    if invitation.withdrawn_at:
        return _("This invitation was withdrawn. Ask the person who invited you.")
    if invitation.serial != serial:
        return _("A newer mail with this invitation was sent. Use the link of the latest one.")
    if invitation.has_expired:
        return _("This invitation has expired. Ask the person who invited you to send it again.")
    if not rules.may_give(invitation.invited_by, Membership.Role(invitation.role), invitation.scope):
        return _("The person who invited you may no longer give this role. Ask for a new invitation.")
    return ""


def is_for(invitation: Invitation, user: User) -> bool:
    """The invitation went to an address that is proven to be this person's."""
    proven = EmailAddress.objects.filter(user=user, email__iexact=invitation.email, verified=True)
    return bool(proven.exists())


def has_account(invitation: Invitation) -> bool:
    """Somebody signs in with the address already."""
    return is_taken(invitation.email)


def is_taken(email: str) -> bool:
    """The address is somebody's first one, or one that they have proved besides."""
    proven = EmailAddress.objects.filter(email__iexact=email, verified=True)
    return User.objects.filter(email=email).exists() or bool(proven.exists())


@transaction.atomic
def accept(*, token: str, by: User) -> Membership:
    """Let the person work in the role from today.

    Raises:
        InvitingError: the link does not hold, or it is for somebody else.
    """
    Invitation.objects.select_for_update().filter(pk=found(token).pk).first()
    invitation = found(token)  # once more: two clicks, or two people with one link
    if not is_for(invitation, by):
        raise InvitingError(_("This invitation is for another address. Sign in with that one."))
    invitation.accepted_at, invitation.accepted_by = timezone.now(), by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return actions.give_role(
        user=by,
        role=Membership.Role(invitation.role),
        region=invitation.region,
        municipality=invitation.municipality,
        body=invitation.body,
    )


@transaction.atomic
def accept_as_new(*, token: str, display_name: str, password: str) -> Membership:
    """Make the account that goes with the invitation, and accept it: the mail proved the address.

    Raises:
        InvitingError: the link does not hold, or somebody has this address already.
    """
    invitation = found(token)
    if has_account(invitation):
        raise InvitingError(_("There is an account with this address. Sign in, then open the link again."))
    person = actions.add_person(
        email=invitation.email, display_name=display_name, password=password, language=invitation.language
    )
    return accept(token=token, by=person)


def _waiting(invitation: Invitation) -> Invitation:
    row = Invitation.objects.select_for_update(of=("self",)).waiting().filter(pk=invitation.pk).first()
    if row is None:
        raise InvitingError(_("Somebody answered or withdrew this invitation meanwhile."))
    return row


def _send(invitation: Invitation, host: str) -> None:
    from entaxis.accounts import tasks

    tasks.send_invitation.defer(invitation=str(invitation.pk), serial=invitation.serial, host=host)
