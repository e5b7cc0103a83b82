"""The directory of social structures."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """The room ``directory``."""

    name = "entaxis.directory"

    def ready(self) -> None:
        """Its structures become a layer of the maps; its messages and rights are known to all."""
        from entaxis.accounts import endings, personal, rights
        from entaxis.directory import claiming, grants, kinds, tiles  # noqa: F401 - kinds and tiles register themselves
        from entaxis.directory.network import desk as _desk  # noqa: F401 - registers itself
        from entaxis.directory.network import kinds as _kinds  # noqa: F401 - they register themselves
        from entaxis.directory.network import writings
        from entaxis.directory.office import desk  # noqa: F401 - registers itself

        endings.register(of_role=grants.end_with_role, of_body=grants.end_with_body)
        rights.register(grants.rights)
        personal.register("network", writings.export)
        personal.register_erasure(writings.erase)
        personal.register("claims_of_structures", claiming.told)
        personal.register("rights_on_structures", grants.told)
        personal.register_erasure(grants.end_with_person)
