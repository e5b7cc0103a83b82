"""What Wagtail keeps of who edits: gone with the account. What they published stays, unnamed."""

from typing import Final

from django.db.models import Model
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import APIToken, PageSubscription
from wagtail.users.models import UserProfile

from entaxis.accounts.models import User

OF_A_PERSON: Final[tuple[type[Model], ...]] = (EditingSession, FormState, APIToken, PageSubscription)


def erase(user: User) -> None:
    """The profile with its picture, unsaved forms, keys, and what they follow."""
    for profile in UserProfile.objects.filter(user=user):
        profile.avatar.delete(save=False)
        profile.delete()
    for model in OF_A_PERSON:
        model._default_manager.filter(user=user).delete()
