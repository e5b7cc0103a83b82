"""The room ``notifications``."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The room ``notifications``."""

    name = "entaxis.notifications"

    def ready(self) -> None:
        """The room's own kinds of message declare themselves."""
        from entaxis.notifications import own_kinds  # noqa: F401 – registers
