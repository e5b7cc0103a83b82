"""What happens to people and their memberships."""

from datetime import date

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from entaxis.accounts.models import Body, Membership, User
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
    """Let the role end with the day before ``on`` (today); a role that began today is removed."""
    day = on or timezone.localdate()
    if membership.since >= day:
        membership.delete()
        return membership
    membership.until = date.fromordinal(day.toordinal() - 1)
    membership.save(update_fields=["until"])
    return membership
