"""What the bar of a signed-in person shows on every page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from entaxis.accounts.models import User
from entaxis.notifications import queries


def notifications(request: HttpRequest) -> dict[str, Any]:
    """Context processor; one query, only where a template shows the number to somebody signed in."""
    return {
        "messages_url": reverse("notifications:centre"),
        "unread_messages": SimpleLazyObject(lambda: _unread(request)),
    }


def _unread(request: HttpRequest) -> int:
    region = getattr(request, "region", None)
    user = getattr(request, "user", None)
    return queries.unread_count(user, region) if isinstance(user, User) and region else 0
