"""What the room tells people. Titles name no municipality and no phenomenon."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from entaxis.notifications.kinds import Kind, register

SUBMITTED: Final = register(
    Kind(
        "sources.phenomenon_submitted",
        label=_("A report of a phenomenon waits for validation"),
        reason=_("you validate what municipalities report"),
    )
)
DECIDED: Final = register(
    Kind(
        "sources.phenomenon_decided",
        label=_("A report of yours was validated, asked back or withdrawn"),
        reason=_("you reported a phenomenon for your municipality"),
    )
)
