"""The doors of GSIS as allauth's providers."""

from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.http import HttpRequest
from django.urls import reverse

from entaxis.accounts.gsis import asking, identity
from entaxis.accounts.gsis.realms import CITIZENS, CIVIL_SERVANTS, Realm


class Client(OAuth2Client):  # type: ignore[misc]
    """Fetches the token within bounds."""

    def get_access_token(
        self, code: str, pkce_code_verifier: str | None = None, extra_data: dict[str, str] | None = None
    ) -> dict[str, str]:
        """The token for a code.

        Raises:
            GsisError: there is none.
        """
        answer = asking.ask(
            "POST",
            self.access_token_url,
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self.callback_url,
                "client_id": self.consumer_key,
                "client_secret": self.consumer_secret,
            },
            headers={"Accept": "application/json"},
        )
        return {"access_token": asking.token_of(answer)}


class Adapter(OAuth2Adapter):  # type: ignore[misc]
    """How a door is spoken with."""

    client_class = Client
    realm: Realm

    @property
    def provider_id(self) -> str:
        """Its name in allauth's tables."""
        return self.realm.provider

    @property
    def authorize_url(self) -> str:
        """Where the person signs in."""
        return self.realm.address("oauth/authorize")

    @property
    def access_token_url(self) -> str:
        """Where a code becomes a token."""
        return self.realm.address("oauth/token")

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Where GSIS sends the person back: one address a host, whatever the language."""
        return request.build_absolute_uri(reverse("gsis-callback", args=[self.realm.slug]))

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """Who it is, by pseudonym.

        Raises:
            GsisError: nobody.
        """
        answer = asking.ask(
            "GET",
            self.realm.address("userinfo?format=xml"),
            headers={"Authorization": f"Bearer {token.token}", "Accept": "application/xml"},
        )
        present, *older = identity.pseudonyms(self.realm.provider, identity.tax_number_of(answer))
        accounts = SocialAccount.objects.filter(provider=self.realm.provider)
        if older and not accounts.filter(uid=present).exists():
            # a new SECRET_KEY: who comes back is written under the new key
            accounts.filter(uid__in=older).update(uid=present)
        return self.get_provider().sociallogin_from_response(request, present)


class CitizenAdapter(Adapter):
    """TAXISnet."""

    realm = CITIZENS


class CivilServantAdapter(Adapter):
    """The codes of the public administration."""

    realm = CIVIL_SERVANTS


class Provider(OAuth2Provider):  # type: ignore[misc]
    """A door, to allauth; ``data`` is always the pseudonym alone."""

    def extract_uid(self, data: str) -> str:
        """What names the account."""
        return data

    def extract_extra_data(self, data: str) -> dict[str, str]:
        """Nothing more is kept."""
        return {}

    def get_default_scope(self) -> list[str]:
        """What GSIS calls it."""
        return ["read"]


class CitizenProvider(Provider):
    """TAXISnet."""

    id = CITIZENS.provider
    name = CITIZENS.means
    oauth2_adapter_class = CitizenAdapter


class CivilServantProvider(Provider):
    """The codes of the public administration."""

    id = CIVIL_SERVANTS.provider
    name = CIVIL_SERVANTS.means
    oauth2_adapter_class = CivilServantAdapter


PROVIDERS = (CitizenProvider, CivilServantProvider)
ADAPTERS = {adapter.realm.slug: adapter for adapter in (CitizenAdapter, CivilServantAdapter)}
