"""The help lines, for rooms below the one whose editors keep them (R7b); the settings name who answers."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Line:
    """One line as ``components/help_lines.html`` takes it; empty hours are not known."""

    number: str
    name: str
    text: str = ""
    hours: str = ""
    is_urgent: bool = False


def lines(region: Any) -> list[Line]:
    """National lines and those of ``region``, in the reader's language, in the editors' order."""
    found: list[Line] = import_string(settings.HELP_LINES)(region)
    return found
