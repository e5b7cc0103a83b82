"""Text that stands in two languages."""

from typing import Any

from django.utils.translation import get_language


def in_language(row: Any, field: str) -> str:
    """``field`` of ``row`` in the reader's language: Greek for Greeks, else English, else Greek."""
    greek: str = getattr(row, f"{field}_el")
    if (get_language() or "el").startswith("el"):
        return greek
    return getattr(row, f"{field}_en") or greek
