"""What happens to people, their memberships and their bodies."""

from datetime import date

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from entaxis.accounts import endings, personal, rules
from entaxis.accounts.models import Body, Invitation, Membership, User
from entaxis.geography.models import Area


@transaction.atomic
def add_person(
    *,
    email: str,
    display_name: str,
    password: str | None = None,
    language: str = "el",
    is_synthetic: bool = False,
) -> User:
    """Store a person whose address is known to be theirs; without a password they ask for one by mail."""
    user = User.objects.create_user(
        email, password, display_name=display_name, language=language, is_synthetic=is_synthetic
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@transaction.atomic
def give_role(
    *,
    user: User,
    role: Membership.Role,
    region: Area,
    municipality: Area | None = None,
    body: Body | None = None,
    since: date | None = None,
) -> Membership:
    """Let the person work as ``role`` in its scope from ``since`` (today) on; once is enough."""
    open_now = {"user": user, "role": role, "region": region, "until": None}
    open_now |= {"municipality": municipality, "body": body}
    found = Membership.objects.filter(**open_now).first()
    return found or Membership.objects.create(**open_now, since=since or timezone.localdate())


@transaction.atomic
def end_role(*, membership: Membership, on: date | None = None) -> Membership:
    """Let the role end with the day before ``on`` (today); a role that began today is removed.

    What hangs on it in other rooms ends now.
    """
    endings.role_ended(membership)
    return _end(membership, on)


def _end(membership: Membership, on: date | None = None) -> Membership:
    day = on or timezone.localdate()
    if membership.since >= day:
        membership.delete()
        return membership
    membership.until = date.fromordinal(day.toordinal() - 1)
    membership.save(update_fields=["until"])
    return membership


class LastAdministratorError(Exception):
    """Nobody would be left who decides in that place."""


@transaction.atomic
def change_role(*, membership: Membership, role: Membership.Role) -> Membership:
    """Let the person work as ``role`` in the same place from now on.

    Raises:
        LastAdministratorError: the place would be left without an administrator.
    """
    if role not in rules.ADMINISTRATORS:
        refuse_last(membership)
    _end(membership)  # in the same place: nothing else ends
    return give_role(
        user=membership.user,
        role=role,
        region=membership.region,
        municipality=membership.municipality,
        body=membership.body,
    )


@transaction.atomic
def leave(*, membership: Membership, successor: Membership | None = None) -> None:
    """Give one's own role back; the last administrator names the next in the same act.

    Raises:
        LastAdministratorError: nobody would be left who decides there.
    """
    if successor:
        change_role(membership=successor, role=_administrator_of(membership))
    refuse_last(membership)
    end_role(membership=membership)


@transaction.atomic
def dismiss(*, membership: Membership, leaves_nobody: bool = False) -> None:
    """End somebody else's role. ``leaves_nobody``: of a body or municipality, those above decide then.

    Raises:
        LastAdministratorError: nobody would be left who decides there, and that was not said to be meant.
    """
    if not (leaves_nobody and (membership.body_id or membership.municipality_id)):
        refuse_last(membership)
    end_role(membership=membership)


def refuse_last(membership: Membership) -> None:
    """Raise `LastAdministratorError` where nobody else decides in the place; others wait meanwhile."""
    if membership.role in rules.ADMINISTRATORS and is_last(membership):
        raise LastAdministratorError


def is_last(membership: Membership) -> bool:
    """Nobody else decides in this place. Locks its administrators: two cannot leave at once."""
    others = (
        Membership.objects.in_force()
        .select_for_update(of=("self",))
        .filter(
            region=membership.region_id,
            municipality=membership.municipality_id,
            body=membership.body_id,
            role__in=rules.ADMINISTRATORS,
            user__is_active=True,
        )
    )
    return all(other.user_id == membership.user_id for other in others)


def _administrator_of(membership: Membership) -> Membership.Role:
    return rules.roles_of(membership.scope)[0]


@transaction.atomic
def erase(*, user: User) -> None:
    """Take everything away that says who the person is; what they wrote stays, without a name.

    Raises:
        LastAdministratorError: somewhere nobody would be left who decides.
    """
    for membership in user.memberships.in_force():
        refuse_last(membership)
    user.memberships.all().delete()
    user.access_requests.all().delete()
    Invitation.objects.filter(Q(accepted_by=user) | Q(email=user.email)).delete()
    user.invitations_sent.waiting().update(withdrawn_at=timezone.now())
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
    user.recoveries.update(reason="")  # who asked for what stays; what was told of the person does not
    personal.erase_in_rooms(user)
    user.groups.clear()
    user.email, user.display_name = f"{user.pk}@erased.invalid", ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.erased_at, user.last_login = timezone.now(), None
    user.set_unusable_password()
    user.save()
    end_sessions(user=user)


def end_sessions(*, user: User) -> None:
    """Sign the person out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()
