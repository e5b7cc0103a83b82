"""What the network tells people. Titles are neutral: others look over the shoulder of who reads."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from entaxis.notifications.kinds import Kind, register

LETTER: Final = register(
    Kind(
        "network.letter",
        label=_("Somebody wrote to your body"),
        reason=_("you read what is written to a body"),
        is_sensitive=True,
    )
)
ANSWER: Final = register(
    Kind(
        "network.answer",
        label=_("A body answered what you wrote"),
        reason=_("you wrote to a body through this site"),
        template="directory/network/mail/answer",
        may_wait=False,
    )
)
