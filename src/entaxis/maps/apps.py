"""Social maps."""

from django.apps import AppConfig


class MapsConfig(AppConfig):
    """The room ``maps``."""

    name = "entaxis.maps"
