"""Doors: what happens to somebody who may not come in.

A visitor is sent to sign in. A person who lacks the role, or has it in another region, is told that
there is nothing here (404): an answer of 403 would tell that there is. Staff without a second factor
are led to set one up first.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entaxis.accounts import rules
from entaxis.accounts.models import User
from entaxis.accounts.rules import Role

View = Callable[..., HttpResponseBase]


def has_second_factor(user: User) -> bool:
    """Has set up an authenticator app, a security key or a passkey."""
    return bool(get_adapter().is_mfa_enabled(user))


def refusal(request: HttpRequest, role: Role) -> HttpResponse | None:
    """The answer for somebody who may not pass as ``role``; None where they may.

    Raises:
        Http404: a signed-in person lacks the role in the region of this host.
    """
    if role is Role.VISITOR:
        return None
    user = request.user
    if not isinstance(user, User):
        return redirect_to_login(request.get_full_path() if request.method in {"GET", "HEAD"} else "/")
    region = request.region  # type: ignore[attr-defined]  # set by RegionMiddleware
    if not rules.holds(user, region, role):
        raise Http404
    if role.is_staff and not has_second_factor(user):
        messages.warning(request, _("Set up a second step for signing in first; then you can go on."))
        return redirect("mfa_index")
    return None


def require(role: Role) -> Callable[[View], View]:
    """Let a view be reached by people of ``role`` in this host's region only.

    The matrix of `config.access` already holds every address; this says it beside the view as well,
    for views whose code would do harm if the matrix were changed by mistake.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return refusal(request, role) or view(request, *args, **kwargs)

        return guarded

    return decorate
