"""People, the bodies they belong to, and what they may do there."""

from entaxis.accounts.models.bodies import Body
from entaxis.accounts.models.memberships import Membership
from entaxis.accounts.models.people import User, UserManager

__all__ = ["Body", "Membership", "User", "UserManager"]
