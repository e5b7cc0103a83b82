"""What “modelled” means of an indicator's figures: a sentence for its passport, one for many of them."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.indicators import computation
from entaxis.indicators.models import IndicatorVersion

BY_SCALE: Final = {
    "log": gettext_lazy(
        "Modelled: the direct figures of all municipalities joined by the model of Fay and Herriot on a "
        "logarithmic scale; the region's figure is not their mean; judged by its error."
    ),
    "logit": gettext_lazy(
        "Modelled: the direct figures of all municipalities joined by the model of Fay and Herriot on a "
        "logit scale; the region's figure is not their mean; judged by its error."
    ),
    "": gettext_lazy(
        "Modelled: the direct figures of all municipalities joined by the model of Fay and Herriot, moved "
        "so that together they give the region's figure; judged by its error."
    ),
}


def of_figure(version: IndicatorVersion) -> str:
    """How a modelled figure was made."""
    if version.is_shrunk:
        return of_shrunk()
    if version.method_page == "harmonise":
        return _("Modelled: some of them come from a model.")
    return str(BY_SCALE[computation.model_scale(version.computation)])


def of_shrunk() -> str:
    """Of rates of which no single one is what was counted for its area."""
    return _(
        "Modelled: the rate of every area is drawn towards the mean of all, the more the fewer its "
        "residents are (empirical Bayes); those of larger areas above them are as counted."
    )


def of_figures(version: IndicatorVersion) -> str:
    """Beside many figures of which some are modelled."""
    if version.is_shrunk:
        return of_shrunk()
    return _("Figures from a model are estimates for areas where few people were asked.")
