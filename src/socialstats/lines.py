"""Which poverty line: of the sample, of each domain, given, or anchored in an earlier year."""

from dataclasses import dataclass
from typing import Literal, Self

from socialstats.errors import OptionError


@dataclass(frozen=True)
class Line:
    """A poverty line.

    Attributes:
        of: ``sample`` (one line from all persons), ``domain`` (each domain its own) or ``given`` (an
            amount).
        percent: of the median, for the first two.
        amount: euro a year, for ``given``; it has no variance.
        label: as written into every result.
    """

    of: Literal["sample", "domain", "given"]
    percent: float = 60.0
    amount: float = 0.0
    label: str = ""

    @classmethod
    def of_sample(cls, percent: float = 60.0) -> Self:
        """A share of the median of the whole sample: the national line where the sample is national.

        Raises:
            OptionError: the percentage is not above 0 and at most 100.
        """
        return cls("sample", _checked(percent), label=f"{percent:g} % of the sample's median")

    @classmethod
    def of_domain(cls, percent: float = 60.0) -> Self:
        """A share of each domain's own median (a regional line): another indicator, labelled so.

        Raises:
            OptionError: the percentage is not above 0 and at most 100.
        """
        return cls("domain", _checked(percent), label=f"{percent:g} % of the domain's own median")

    @classmethod
    def given(cls, amount: float, label: str = "") -> Self:
        """An amount from elsewhere, euro a year: the nation's line of an edition, or an extreme one.

        Raises:
            OptionError: the amount is not above 0.
        """
        if not 0 < amount < float("inf"):
            message = f"A given poverty line is an amount above 0 euro; this one is {amount}."
            raise OptionError(message)
        return cls("given", amount=amount, label=label or f"given line of {amount:,.2f} euro")

    @classmethod
    def anchored(cls, amount: float, index_then: float, index_now: float) -> Self:
        """An earlier year's line carried to this year's prices: amount · HICP now / HICP then.

        Raises:
            OptionError: an index or the amount is not above 0.
        """
        if index_then <= 0 or index_now <= 0:
            message = "A price index is above 0."
            raise OptionError(message)
        return cls.given(
            amount * index_now / index_then,
            f"anchored line: {amount:,.2f} euro · {index_now:g} / {index_then:g}",
        )


def _checked(percent: float) -> float:
    if not 0 < percent <= 100:
        message = (
            f"A poverty line is a percentage of the median above 0 and up to 100; this one is {percent:g}."
        )
        raise OptionError(message)
    return percent
