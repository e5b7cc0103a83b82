"""Indicators: their catalogue, figures and releases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    """The room ``indicators``."""

    name = "entaxis.indicators"

    def ready(self) -> None:
        """Its door on the desk and its tasks declare themselves."""
        from entaxis.accounts.desk import Group, Task, register
        from entaxis.accounts.rules import is_body_member, is_editor, is_region_administrator
        from entaxis.indicators import kinds  # noqa: F401 – declares what is told
        from entaxis.indicators.harmonisation import pockets, tasks  # noqa: F401 – a worker must know them
        from entaxis.indicators.proposing import given_by, standing_on
        from entaxis.indicators.releases import waiting
        from entaxis.sources import offers

        register(
            Task(Group.FIGURES, _("Releases of figures"), "indicators:office-releases", is_editor, waiting)
        )
        offers.stands_on(standing_on)
        offers.register(
            offers.Offer(
                _("Propose its figures for publication"),
                "indicators:office-propose",
                is_editor,
                lambda edition: bool(given_by(edition)),
            )
        )
        register(
            Task(Group.FIGURES, _("Survey editions"), "indicators:office-editions", is_editor),
            Task(
                Group.FIGURES,
                _("Catalogue of indicators"),
                "indicators:office-catalogue",
                is_region_administrator,
            ),
            Task(
                Group.FIGURES,
                _("Values of the whole country"),
                "indicators:office-country",
                is_region_administrator,
            ),
            Task(Group.FIGURES, _("Common criteria"), "indicators:office-recipes", is_editor),
            Task(
                Group.FIGURES,
                _("Figures from reports of phenomena"),
                "indicators:office-phenomena",
                is_editor,
            ),
            Task(Group.FIGURES, _("Pockets"), "indicators:office-pockets", is_body_member, pockets.waiting),
        )
