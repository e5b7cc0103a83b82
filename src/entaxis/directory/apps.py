"""The directory of social structures."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """The room ``directory``."""

    name = "entaxis.directory"
