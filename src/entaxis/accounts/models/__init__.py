"""People, the bodies they belong to, and what they may do there."""

from entaxis.accounts.models.bodies import Body
from entaxis.accounts.models.cache import CacheRow
from entaxis.accounts.models.joining import AccessRequest, Evidence, Invitation
from entaxis.accounts.models.memberships import Membership
from entaxis.accounts.models.people import User, UserManager
from entaxis.accounts.models.recovery import Recovery

__all__ = [
    "AccessRequest",
    "Body",
    "CacheRow",
    "Evidence",
    "Invitation",
    "Membership",
    "Recovery",
    "User",
    "UserManager",
]
