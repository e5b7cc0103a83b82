"""Editors of a region in Wagtail's own terms: its groups follow our memberships."""

from typing import Any

from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from entaxis.accounts.models import Membership, User

EDITING_ROLES = (Membership.Role.EDITOR, Membership.Role.REGION_ADMINISTRATOR)
PREFIX = "editors "


def group_name(region_code: str) -> str:
    """Name of the group of a region's editors."""
    return f"{PREFIX}{region_code}"


def follow_memberships(user: User) -> None:
    """Put the person into the groups of the regions they edit today, and out of all others."""
    held = user.memberships.in_force().filter(role__in=EDITING_ROLES)
    names = {group_name(code) for code in held.values_list("region__code", flat=True)}
    wanted = Group.objects.filter(name__in=names)
    user.groups.remove(*user.groups.filter(name__startswith=PREFIX).exclude(name__in=names))
    user.groups.add(*wanted)


@receiver([post_save, post_delete], sender=Membership)
def membership_changed(sender: type[Membership], instance: Membership, **_: Any) -> None:
    """A membership began, changed or ended."""
    if User.objects.filter(pk=instance.user_id).exists():
        follow_memberships(instance.user)


@receiver(user_logged_in)
def signed_in(sender: type[User], user: User, **_: Any) -> None:
    """A membership that ended with its date ends here at the latest."""
    follow_memberships(user)
