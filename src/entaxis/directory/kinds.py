"""What the directory tells people. Titles are neutral: others look over the shoulder of who reads."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from entaxis.notifications.kinds import Kind, register

REVIEW_ASKED: Final = register(
    Kind(
        "directory.review_asked",
        label=_("An entry waits for review"),
        reason=_("you review the entries of this region"),
    )
)
REVIEWED: Final = register(
    Kind(
        "directory.reviewed",
        label=_("An entry that you wrote was published or asked back"),
        reason=_("you wrote on an entry of the directory"),
    )
)
