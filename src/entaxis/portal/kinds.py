"""The kinds of message that the portal speaks."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from entaxis.notifications.kinds import Kind, register

NEW_STUDY: Final = register(
    Kind(
        "portal.new_study",
        label=_("A new document about groups that your structures serve"),
        reason=_("you keep a structure whose services are for a group that the document is about"),
    )
)
