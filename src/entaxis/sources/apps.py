"""Administrative and statistical sources."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """The room ``sources``."""

    name = "entaxis.sources"
