"""Text that people type and read."""

import re
from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import pgettext

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def without_controls(text: str) -> str:
    """``text`` without signs that no page, feed or file may hold, and none that turn its direction."""
    return _CONTROLS.sub("", text)


def listed(parts: Iterable[str]) -> str:
    """``parts`` one after another, with the sign that the language has: in Greek a semicolon would ask."""
    return pgettext("between the parts of a list", "; ").join(parts)


class PlainText(forms.BaseForm):
    """A form whose texts hold text: no control character, nothing that turns what follows."""

    def clean(self) -> dict[str, Any]:
        """Take such signs away."""
        cleaned = super().clean() or self.cleaned_data
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = without_controls(value).strip()
        return cleaned
