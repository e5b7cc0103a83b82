"""How sure a figure is, judged by its error beside its value."""

from enum import StrEnum

from entaxis.indicators import precision
from entaxis.indicators.queries import Figure


def error(figure: Figure) -> float | None:
    """The error that a figure is judged by; None for one without an error and without an interval."""
    return precision.error(figure.value, figure.standard_error, figure.ci_low, figure.ci_high)


class Surety(StrEnum):
    """How large a figure's standard error is beside the figure itself."""

    SURE = "sure"
    LESS_SURE = "less_sure"
    UNSURE = "unsure"


def is_unsure(figure: Figure) -> bool:
    """Flagged as unreliable, or with an error beyond a third of it: hatched wherever it is drawn."""
    return figure.is_unreliable or surety(figure) == Surety.UNSURE


def surety(figure: Figure) -> Surety:
    """How sure a published figure is; one without an error (a register's count) is sure unless flagged."""
    relative = precision.relative(figure.value, figure.standard_error, figure.ci_low, figure.ci_high)
    if relative > precision.LARGE_FROM:
        return Surety.UNSURE
    is_notable = relative > precision.NOTABLE_FROM
    return Surety.LESS_SURE if is_notable or figure.is_unreliable else Surety.SURE
