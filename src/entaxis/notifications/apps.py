"""The room ``notifications``."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The room ``notifications``."""

    name = "entaxis.notifications"

    def ready(self) -> None:
        """The room's own kinds of message and its task declare themselves."""
        from entaxis.notifications import own_desk, own_kinds  # noqa: F401 – register themselves
