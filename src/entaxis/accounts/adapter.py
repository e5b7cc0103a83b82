"""How allauth behaves here."""

import base64
from functools import lru_cache

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse

from entaxis.accounts import desk
from entaxis.accounts.gsis import realms


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs themselves up yet: people are invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed: accounts are made by a region's administrator."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Those who work here begin at their desk, others at the front."""
        works = desk.works_here(request.user, request.region)  # type: ignore[attr-defined]
        return resolve_url("accounts:desk" if works else settings.LOGIN_REDIRECT_URL)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Who came through GSIS is told that the browser is still signed in there."""
        records = get_authentication_records(request, request.user)
        doors = [realms.by_provider(record.get("provider", "")) for record in records]
        through = next((door for door in doors if door), None)
        return reverse("accounts:gsis-left", args=[through.slug]) if through else resolve_url("/")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps and recovery codes lie encrypted in the database."""

    def encrypt(self, text: str) -> str:
        """What is stored in place of ``text``."""
        return _cipher(_secrets()).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text; raises `InvalidToken` where SECRET_KEY is not the one it was stored with."""
        return _cipher(_secrets()).decrypt(encrypted_text.encode()).decode()


def _secrets() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=2)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    """The first key encrypts; older ones still open what they closed."""
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(secret: str) -> bytes:
    key = HKDF(SHA256(), length=32, salt=None, info=b"entaxis second factor").derive(secret.encode())
    return base64.urlsafe_b64encode(key)
