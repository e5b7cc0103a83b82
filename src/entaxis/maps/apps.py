"""Social maps."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MapsConfig(AppConfig):
    """The room ``maps``."""

    name = "entaxis.maps"

    def ready(self) -> None:
        """Its doors on the desk declare themselves, and the ways from an indicator to its maps."""
        from entaxis.accounts.desk import Group, Task, register
        from entaxis.accounts.rules import is_body_member, is_editor
        from entaxis.indicators import elsewhere
        from entaxis.indicators.elsewhere import View

        register(
            Task(Group.FIGURES, _("My place in figures"), "dashboard:page", is_body_member),
            Task(Group.FIGURES, _("Profiles as PDF"), "profiles:office", is_editor),
        )
        elsewhere.register(
            View(_("On the map"), "maps:indicators"),
            View(_("The areas in a row, with the places that are possible"), "maps:ranking"),
            View(_("Compare areas"), "maps:comparison"),
        )
