"""Social maps."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MapsConfig(AppConfig):
    """The room ``maps``."""

    name = "entaxis.maps"

    def ready(self) -> None:
        """Its doors on the desk declare themselves."""
        from entaxis.accounts.desk import Group, Task, register
        from entaxis.accounts.rules import is_body_member, is_editor

        register(
            Task(Group.FIGURES, _("My place in figures"), "dashboard:page", is_body_member),
            Task(Group.FIGURES, _("Profiles as PDF"), "profiles:office", is_editor),
        )
