"""What the room tells people."""

from django.utils.translation import gettext_lazy as _

from entaxis.notifications.kinds import Kind, register

RELEASED = register(
    Kind(
        "indicators.released",
        label=_("New figures of an indicator"),
        reason=_("you follow an indicator or everything in the region"),
    )
)
