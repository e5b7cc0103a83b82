"""Text that people type."""

import re
from typing import Final

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def without_controls(text: str) -> str:
    """``text`` without signs that no page, feed or file may hold, and none that turn its direction."""
    return _CONTROLS.sub("", text)
