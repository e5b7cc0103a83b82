"""Doors that close after too many failures: the password's, and the second step's.

A password is counted for one person from one address, so that nobody can lock a colleague out from
elsewhere. A code of the second step is counted for the person alone: who gets so far knows the
password, and may come from many addresses.
"""

from typing import Any

from allauth.core import ratelimit
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest

from entaxis.accounts.models import User

SECOND_STEP = "second-step:"
LINK = "link:"  # links of invitations and of new accounts, counted for a network address


def parameters(request_or_attempt: HttpRequest | AccessAttempt, credentials: Any = None) -> list[Any]:
    """By what failures are counted together (for AXES_LOCKOUT_PARAMETERS)."""
    who = getattr(request_or_attempt, "username", None) or (credentials or {}).get("username") or ""
    return ["username"] if who.startswith(SECOND_STEP) else [["username", "ip_address"]]


def username(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Whom an attempt is about, whatever the form called it and whatever its case."""
    given = credentials or {}
    name = given.get("username") or given.get("email") or request.POST.get("login") or ""
    return str(name).strip().lower().replace("\0", "")[:255]


def is_closed(request: HttpRequest, user: User) -> bool:
    """Too many wrong codes for this person in the last while."""
    return not AxesProxyHandler.is_allowed(request, _second_step(user))


def count_failure(request: HttpRequest, user: User) -> None:
    """One wrong code more; the last one that is allowed closes the door."""
    user_login_failed.send(sender=__name__, credentials=_second_step(user), request=request)


def forget_failures(user: User) -> None:
    """The right code came: the count begins again."""
    AccessAttempt.objects.filter(username=_second_step(user)["username"]).delete()


def _second_step(user: User) -> dict[str, str]:
    return {"username": f"{SECOND_STEP}{user.pk}"}


def is_link_closed(request: HttpRequest) -> bool:
    """Too many wrong links came from this network address in the last while."""
    return not AxesProxyHandler.is_allowed(request, {"username": LINK})


def count_link_failure(request: HttpRequest) -> None:
    """One wrong link more from this network address."""
    user_login_failed.send(sender=__name__, credentials={"username": LINK}, request=request)


def may_write_to(request: HttpRequest, email: str) -> bool:
    """Whether a mail may go out on this visitor's word: a few a network address and a few an address."""
    return bool(ratelimit.consume(request, action="joining", key=email.strip().lower()))
