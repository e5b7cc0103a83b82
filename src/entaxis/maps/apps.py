"""Social maps."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MapsConfig(AppConfig):
    """The room ``maps``."""

    name = "entaxis.maps"

    def ready(self) -> None:
        """Its door on the desk declares itself."""
        from entaxis.accounts.desk import Group, Task, register
        from entaxis.accounts.rules import is_editor

        register(Task(Group.FIGURES, _("Profiles as PDF"), "profiles:office", is_editor))
