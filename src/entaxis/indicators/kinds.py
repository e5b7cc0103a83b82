"""What the room tells people."""

from django.utils.translation import gettext_lazy as _

from entaxis.notifications.kinds import Kind, register

WITHDRAWN = register(
    Kind(
        "indicators.withdrawn",
        label=_("Figures of an indicator taken back"),
        reason=_("you follow an indicator or everything in the region"),
    )
)
RELEASED = register(
    Kind(
        "indicators.released",
        label=_("New figures of an indicator"),
        reason=_("you follow an indicator or everything in the region"),
    )
)
POCKETS_SHOWN = register(
    Kind(
        "indicators.pockets_shown",
        label=_("A study of pockets waits for your municipality's comment"),
        reason=_("you write for a municipality that the study speaks of"),
    )
)
