"""Indicators: their catalogue, figures and releases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    """The room ``indicators``."""

    name = "entaxis.indicators"

    def ready(self) -> None:
        """Its door on the desk and its tasks declare themselves."""
        from entaxis.accounts.desk import Group, Task, register
        from entaxis.accounts.rules import is_editor
        from entaxis.indicators.queries import waiting

        register(
            Task(Group.FIGURES, _("Releases of figures"), "indicators:office-releases", is_editor, waiting)
        )
