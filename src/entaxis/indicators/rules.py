"""Who may do what with figures."""

from entaxis.accounts.models import User
from entaxis.accounts.rules import Somebody, is_editor
from entaxis.geography.models import Area
from entaxis.indicators.models import Release


def may_prepare(user: Somebody, region: Area) -> bool:
    """May import editions, compute and check releases."""
    return is_editor(user, region)


def may_approve(user: Somebody, release: Release) -> bool:
    """May approve a release: somebody of the Observatory who did not make it."""
    return isinstance(user, User) and user.pk != release.created_by_id and is_editor(user, release.region)
