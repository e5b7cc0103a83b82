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
CONFIRM: Final = register(
    Kind(
        "network.confirm",
        label=_("Confirm what you wrote"),
        reason=_("this address was given in a form of this site"),
        template="directory/network/mail/confirm",
        is_for_accounts=False,
    )
)
VETTING: Final = register(
    Kind(
        "network.vetting",
        label=_("A volunteer waits to be checked"),
        reason=_("you check volunteers for a body or for the Observatory"),
        is_sensitive=True,
    )
)
VOLUNTEER: Final = register(
    Kind(
        "network.volunteer",
        label=_("A volunteer wrote to your body"),
        reason=_("you read what is written to a body"),
        is_sensitive=True,
    )
)
TO_VOLUNTEER: Final = register(
    Kind(
        "network.to_volunteer",
        label=_("News of your offer of help"),
        reason=_("you offered to help through this site"),
        template="directory/network/mail/to_volunteer",
        may_wait=False,
    )
)
REVIEW_ASKED: Final = register(
    Kind(
        "network.review_asked",
        label=_("A text of a body waits for review"),
        reason=_("you review what bodies write"),
    )
)
ASKED: Final = register(
    Kind(
        "network.asked",
        label=_("A structure of your body asks for volunteers"),
        reason=_("you belong to the body"),
    )
)
REVIEWED: Final = register(
    Kind(
        "network.reviewed",
        label=_("A text of your body was published or asked back"),
        reason=_("you wrote it for a body"),
    )
)
MEMBERSHIP: Final = register(
    Kind(
        "network.membership",
        label=_("A network of bodies invites, or a body asks to join"),
        reason=_("you act for a body"),
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
