"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The region of the host, and whether what is shown is a demonstration."""
    return {
        "region": getattr(request, "region", None),
        "demonstration": settings.MODE != "production",
        "complete_languages": settings.COMPLETE_LANGUAGES,
    }
