"""The room ``strategy``."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StrategyConfig(AppConfig):
    """The room ``strategy``."""

    name = "entaxis.strategy"

    def ready(self) -> None:
        """Kinds of message, tasks, what bodies do, the family of publications: all declare themselves."""
        from entaxis.strategy import (
            doings,  # noqa: F401 – registers
            kinds,  # noqa: F401 – registers
        )
        from entaxis.strategy.models import Action, ActionFile, ActionPicture
        from entaxis.strategy.publications import (
            desk,  # noqa: F401 – registers
            families,
        )

        families.register(
            families.Family(
                key="action",
                model=Action,
                form=_action_form,
                one=_("action"),
                new=_("New action"),
                item_template="strategy/_action.html",
                picture=ActionPicture,
                file=ActionFile,
            )
        )


def _action_form() -> type:
    from entaxis.strategy.forms import ActionForm

    return ActionForm
