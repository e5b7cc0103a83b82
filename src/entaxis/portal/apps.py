"""The pages that editors write."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The room ``portal``."""

    name = "entaxis.portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Connect the signals; declare the kinds of message and the tasks of the desk."""
        from entaxis.portal import kinds, signals  # noqa: F401
        from entaxis.portal.office import desk  # noqa: F401
