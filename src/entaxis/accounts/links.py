"""Signed links of mails: each has a purpose, none is stored, none can be made without the secret key."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.core import signing

from entaxis.accounts.models import Invitation

INVITATION: Final = "accounts.invitation"
JOINING: Final = "accounts.joining"
JOINING_HOLDS: Final = timedelta(days=2)


class ForgedLinkError(Exception):
    """The link was cut, changed or made up."""


class OldLinkError(Exception):
    """The link was right once; it is too old."""


@dataclass(frozen=True)
class Joining:
    """Somebody who read a mail at this address, and wants an account."""

    email: str
    language: str


def of_invitation(invitation: Invitation) -> str:
    """The token of the invitation as it was sent last."""
    return signing.dumps([invitation.pk.hex, invitation.serial], salt=INVITATION)


def invitation_of(token: str) -> tuple[UUID, int]:
    """The id and the serial that a token names.

    Raises:
        ForgedLinkError: nobody of ours signed it.
    """
    pk, serial = _read(token, INVITATION)
    return UUID(hex=pk), serial


def of_joining(joining: Joining) -> str:
    """The token of a mail that opens an account."""
    return signing.dumps([joining.email, joining.language], salt=JOINING)


def joining_of(token: str) -> Joining:
    """Whose token it is.

    Raises:
        ForgedLinkError: nobody of ours signed it.
        OldLinkError: it was signed more than `JOINING_HOLDS` ago.
    """
    return Joining(*_read(token, JOINING, JOINING_HOLDS))


def _read(token: str, purpose: str, holds: timedelta | None = None) -> Any:
    try:
        return signing.loads(token, salt=purpose, max_age=holds)
    except signing.SignatureExpired:
        raise OldLinkError from None
    except (signing.BadSignature, ValueError):
        raise ForgedLinkError from None
