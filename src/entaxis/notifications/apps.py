"""The room ``notifications``."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The room ``notifications``."""

    name = "entaxis.notifications"

    def ready(self) -> None:
        """The room's own kinds of message and its task declare themselves; its personal data are known."""
        from entaxis.accounts import personal
        from entaxis.notifications import own_data, own_desk, own_kinds  # noqa: F401 – register themselves

        personal.register("messages", own_data.export)
        personal.register_erasure(own_data.erase)
