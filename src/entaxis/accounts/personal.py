"""What the platform holds about a person: rooms add their parts to the export, and to what is erased."""

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from entaxis.accounts.models import User

Part = Callable[[User], Any]
_parts: dict[str, Part] = {}
_erasures: list[Callable[[User], None]] = []


def register_erasure(erase: Callable[[User], None]) -> None:
    """Let a room delete what it holds about a person when their account is deleted."""
    if erase not in _erasures:
        _erasures.append(erase)


def erase_in_rooms(user: User) -> None:
    """Delete what the rooms above hold about the person."""
    for erase in _erasures:
        erase(user)


def register(name: str, part: Part) -> None:
    """Let a room add its part, under ``name``; it returns what JSON can hold."""
    _parts[name] = part


def export(user: User) -> dict[str, Any]:
    """Everything that is held about the person, ready for JSON."""
    return {
        "account": {
            "email": user.email,
            "name": user.display_name,
            "language": user.language,
            "joined": user.date_joined,
            "last_sign_in": user.last_login,
            "addresses": [
                {"email": row.email, "proved": row.verified}
                for row in EmailAddress.objects.filter(user=user)
            ],
        },
        "memberships": [
            {"role": row.role, "place": str(row.scope), "since": row.since, "until": row.until}
            for row in user.memberships.select_related("region", "municipality", "body").order_by("since")
        ],
        "requests": [
            {
                "body": str(row),
                "text": row.text,
                "asked": row.created_at,
                "state": row.state,
                "reason": row.reason,
            }
            for row in user.access_requests.select_related("body")
        ],
        "second_step": [
            {"kind": row.type, "since": row.created_at} for row in Authenticator.objects.filter(user=user)
        ],
        "state_sign_in": [
            {"door": row.provider, "pseudonym": row.uid, "since": row.date_joined, "last": row.last_login}
            for row in SocialAccount.objects.filter(user=user)
        ],
        "recoveries": [
            {"asked": row.asked_at, "confirmed": row.is_confirmed, "decided": row.decided_at}
            for row in user.recoveries.all()
        ],
        "sessions": [
            {"browser": row.user_agent, "since": row.created_at, "last": row.last_seen_at}
            for row in UserSession.objects.filter(user=user)
        ],
        **{name: part(user) for name, part in _parts.items()},
    }
