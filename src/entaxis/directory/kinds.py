"""What the directory tells people. Titles are neutral: others look over the shoulder of who reads."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from entaxis.notifications.choices import Pace
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
REPORTED: Final = register(
    Kind(
        "directory.reported",
        label=_("A reader found an error in an entry that you keep"),
        reason=_("you keep an entry of the directory"),
    )
)
CONFIRM: Final = register(
    Kind(
        "directory.confirm",
        label=_("Is your entry in the directory still right?"),
        reason=_("you keep an entry of the directory of structures, or its contact is this address"),
        template="directory/mail/confirm",
    )
)
UNCONFIRMED: Final = register(
    Kind(
        "directory.unconfirmed",
        label=_("An entry of the municipality that nobody confirms"),
        reason=_("you work for the municipality or for the Observatory"),
        pace=Pace.WEEKLY,
    )
)
MERGED: Final = register(
    Kind(
        "directory.merged",
        label=_("Two entries, one of them yours, were joined or taken apart"),
        reason=_("you keep an entry of the directory"),
    )
)
STOPPED: Final = register(
    Kind(
        "directory.stopped",
        label=_("An entry that you keep was suspended, closed or shown again on its day"),
        reason=_("you keep an entry of the directory"),
    )
)
CALL_ASKED: Final = register(
    Kind(
        "directory.call_asked",
        label=_("Somebody asks to be called"),
        reason=_("you work for the municipality or for the Observatory"),
    )
)
CLAIMED: Final = register(
    Kind(
        "directory.claimed",
        label=_("Somebody says that an entry is theirs"),
        reason=_("you review the entries of this region"),
    )
)
CLAIM_DECIDED: Final = register(
    Kind(
        "directory.claim_decided",
        label=_("Your request to keep an entry was answered"),
        reason=_("you asked to keep an entry of the directory"),
    )
)
REPORT_ANSWERED: Final = register(
    Kind(
        "directory.report_answered",
        label=_("The answer to what you reported"),
        reason=_("you wrote to the Observatory and left this address for an answer"),
        template="directory/mail/report_answered",
        is_for_accounts=False,
    )
)
