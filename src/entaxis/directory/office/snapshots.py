"""What a form showed when it was opened, kept in the form itself and signed.

Two editors may open the same page. Comparing what each of them saw, wrote and finds now tells who
changed what, so that nothing is lost without anybody noticing.
"""

from typing import Any, Final

from django.core import signing

SALT: Final = "directory.office"
OLDEST_SECONDS: Final = 7 * 24 * 3600


class SnapshotError(ValueError):
    """The form does not say what it showed: it is forged or a week old."""


def taken(shown: Any) -> str:
    """``shown`` (plain values only) as a field of a form."""
    return signing.dumps(shown, salt=SALT, compress=True)


def read(text: str) -> Any:
    """What `taken` was given.

    Raises:
        SnapshotError: the text is forged or too old.
    """
    try:
        return signing.loads(text, salt=SALT, max_age=OLDEST_SECONDS)
    except signing.BadSignature as error:
        raise SnapshotError from error
