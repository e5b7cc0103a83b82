"""What else ends with a role or with a body: rooms above say it, nothing here imports them.

Each is called in the transaction of the ending itself, so that no right outlives its reason by a click.
"""

from collections.abc import Callable

from entaxis.accounts.models import Body, Membership

OfRole = Callable[[Membership], None]
OfBody = Callable[[Body], None]
_of_role: list[OfRole] = []
_of_body: list[OfBody] = []


def register(*, of_role: OfRole, of_body: OfBody) -> None:
    """Let a room end what hangs on a role and on a body."""
    _of_role.append(of_role)
    _of_body.append(of_body)


def role_ended(membership: Membership) -> None:
    """The person no longer works there."""
    for end in _of_role:
        end(membership)


def body_ended(body: Body) -> None:
    """The body has been dissolved."""
    for end in _of_body:
        end(body)
