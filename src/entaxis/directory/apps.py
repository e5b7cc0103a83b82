"""The directory of social structures."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """The room ``directory``."""

    name = "entaxis.directory"

    def ready(self) -> None:
        """Its structures become a layer of the maps."""
        from entaxis.directory import tiles  # noqa: F401 - the module registers its layer
