"""The directory of social structures."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """The room ``directory``."""

    name = "entaxis.directory"

    def ready(self) -> None:
        """Its structures become a layer of the maps; its messages and rights are known to all."""
        from entaxis.accounts import rights
        from entaxis.directory import grants, kinds, tiles  # noqa: F401 - kinds and tiles register themselves
        from entaxis.directory.office import desk  # noqa: F401 - registers itself

        rights.register(grants.rights)
