"""The pages that editors write."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The room ``portal``."""

    name = "entaxis.portal"
