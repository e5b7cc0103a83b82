"""Small things that the room's views share."""

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, override

from entaxis.accounts.http import person_of, region_of

__all__ = ["address_of", "call_back_url", "person_of", "region_of"]


def address_of(name: str) -> str:
    """The address of another room's page, or nothing where that room does not serve it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def call_back_url() -> str:
    """Where one asks to be called: in the reader's language, or in English where the page is not in it."""
    here = (get_language() or "").split("-")[0]
    with override(here if here in settings.COMPLETE_LANGUAGES else "en"):
        return reverse("directory:callback")
