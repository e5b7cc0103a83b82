"""Which pages speak which language.

Greek and English are complete. The other languages carry the pages that a newcomer needs first (R7b);
everything else leads to English.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language, override

SHORT = {"el": "ΕΛ", "en": "EN", "sq": "SQ", "ar": "AR", "ru": "RU", "uk": "UK"}

# view names of the pages that exist in every language, by the part that a translator checks
EVERY_LANGUAGE = {
    "emergency": "emergency",
    "rights": "rights",
    "wagtail_serve": "search",
    "directory:search": "search",
    "directory:structure": "structure",
}


def is_complete(language: str) -> bool:
    """Whether every page exists in this language."""
    return language in settings.COMPLETE_LANGUAGES


def here() -> str:
    """The reader's language, one of those we speak."""
    language = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return language if language in dict(settings.LANGUAGES) else str(settings.LANGUAGE_CODE)


def part_of(request: HttpRequest) -> str | None:
    """The part of the translations that this page belongs to; none for Greek and English only."""
    match = getattr(request, "resolver_match", None)
    return EVERY_LANGUAGE.get(match.view_name) if match else None


def home_url(language: str) -> str:
    """First page in this language."""
    with override(language):
        return reverse("wagtail_serve", args=[""])


def choices(request: HttpRequest, urls: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Every language with this page and what it asks, or the first page where it has none.

    `urls` are the addresses of an edited page's translations; other pages are found by their route.
    """
    path = request.path if getattr(request, "resolver_match", None) else home_url(here())
    is_everywhere = urls is None and part_of(request) is not None
    asked = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    found = []
    for code, name in settings.LANGUAGES:
        query = ""
        if urls is not None:
            url, is_content = urls.get(code) or home_url(code), code in urls
        elif is_complete(code) or is_everywhere:
            url, is_content, query = translate_url(path, code), True, asked
        else:
            url, is_content = home_url(code), False
        found.append(
            {
                "code": code,
                "name_local": name,
                "short": SHORT[code],
                "url": url + query,
                "absolute_url": request.build_absolute_uri(url),
                "is_current": code == here(),
                "is_content": is_content,
                "is_complete": is_complete(code),
            }
        )
    return found
