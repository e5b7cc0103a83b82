"""The two doors of GSIS: whom each serves, and its addresses."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Realm:
    """A door of GSIS, with codes of its own."""

    slug: str  # in our addresses
    path: str  # in theirs
    name: str | Promise  # as a heading
    means: str | Promise  # «with …»: a case of its own in Greek

    @property
    def provider(self) -> str:
        """Its name in allauth's tables."""
        return f"gsis-{self.slug}"

    def address(self, part: str) -> str:
        """An address of the door, on the host that the environment names."""
        return f"{settings.GSIS_URL}/{self.path}/{part}"

    def logout_address(self, back: str) -> str:
        """Where a person signs out of GSIS itself; it leads to ``back`` afterwards."""
        client_id, _secret = settings.GSIS_CLIENTS[self.provider]
        return self.address(f"logout/{client_id}/?{urlencode({'url': back})}")


CITIZENS: Final = Realm(
    "citizen", "oauth2server", _("TAXISnet codes"), pgettext_lazy("with", "TAXISnet codes")
)
CIVIL_SERVANTS: Final = Realm(
    "civil-servant",
    "oauth2servergov",
    _("Codes of the public administration"),
    pgettext_lazy("with", "codes of the public administration"),
)


def offered() -> list[Realm]:
    """The doors for which the environment has a client of GSIS."""
    return [realm for realm in (CITIZENS, CIVIL_SERVANTS) if realm.provider in settings.GSIS_CLIENTS]


def by_slug(slug: str) -> Realm | None:
    """The offered door with this name; None where it is not offered."""
    return next((realm for realm in offered() if realm.slug == slug), None)


def by_provider(provider: str) -> Realm | None:
    """The offered door that allauth knows by this name; None where it is not offered."""
    return next((realm for realm in offered() if realm.provider == provider), None)
