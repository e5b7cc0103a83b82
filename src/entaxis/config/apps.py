"""The roof: settings, addresses, and the commands that need every room."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The room ``config``."""

    name = "entaxis.config"
