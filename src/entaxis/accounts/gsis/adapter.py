"""What happens with somebody whom GSIS names, and what is said when it names nobody."""

from typing import Any, Never

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from entaxis.accounts.gsis import asking
from entaxis.accounts.http import sentence_page
from entaxis.accounts.models import User

NOT_OURS = 400  # the address was not begun here, or a second time
NOBODY = 403
THEIR_FAULT = 502


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Opens accounts that their owners have tied to a door of the state, and makes none."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The clients of the environment; no row of the database opens a door."""
        return [
            SocialApp(provider=name, client_id=client, secret=secret)
            for name, (client, secret) in settings.GSIS_CLIENTS.items()
            if provider in {None, name} and client_id in {None, client}
        ]

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        """Nothing is taken over from the state."""
        user: User = sociallogin.user
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in whom we know; tie a door to an account only where none of its kind is tied yet."""
        _speak(sociallogin.state)
        sociallogin.token = None  # it would open the person's data at GSIS; the session is stored
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            _refuse_another(request, sociallogin)
        elif not sociallogin.is_existing:
            response = render(request, "accounts/gsis/unknown.html", status=NOBODY)
            raise ImmediateHttpResponse(response)

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        """Back to where the ties are shown."""
        return reverse("accounts:gsis-links")

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> Never:
        """Say what happened; nobody is let in."""
        _speak((extra_context or {}).get("state") or {})
        text, status = _what_happened(error, exception)
        page = sentence_page(request, _("You are not signed in"), text, status=status)
        raise ImmediateHttpResponse(page)


def _what_happened(error: str | None, exception: Exception | None) -> tuple[str, int]:
    if error == AuthError.CANCELLED:
        return _("You stopped at GSIS, and nothing was passed on. You can begin again."), 200
    if isinstance(exception, asking.SilentError):
        text = _("GSIS does not answer at the moment. Try again in a while, or sign in with your password.")
        return text, THEIR_FAULT
    if isinstance(exception, asking.NonsenseError):
        text = _("GSIS answered something we do not understand. Try again, or sign in with your password.")
        return text, THEIR_FAULT
    if isinstance(exception, asking.RefusedError):
        return _("GSIS did not accept the sign-in: it was too old or used before. Begin again."), NOT_OURS
    return _("This sign-in did not begin here, was used before or is too old. Begin again."), NOT_OURS


def _speak(state: dict[str, Any]) -> None:
    """In the language in which the person set out: the address of the way back has none."""
    language = state.get("language")
    if language in settings.COMPLETE_LANGUAGES:
        translation.activate(language)


def _refuse_another(request: HttpRequest, sociallogin: SocialLogin) -> None:
    """One tie a door: with another tax number the first must be taken off before."""
    account = sociallogin.account
    mine = SocialAccount.objects.filter(user=request.user.pk, provider=account.provider)
    if mine.exclude(uid=account.uid).exists():
        text = _("Your account is tied to other codes of this kind. Take that tie off first.")
        raise ImmediateHttpResponse(sentence_page(request, _("Nothing was changed"), text, status=409))
