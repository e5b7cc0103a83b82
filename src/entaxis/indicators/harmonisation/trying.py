"""What a recipe would give today: computed as a run computes it, stored nowhere."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from entaxis.geography.models import Area
from entaxis.indicators.harmonisation import computing, queries
from entaxis.indicators.harmonisation.steps import Steps


@dataclass(frozen=True)
class Tried:
    """What came of it."""

    period: str = ""
    """The newest for which every input is published; empty: there is none."""
    unpublished: Sequence[str] = ()
    """Names of inputs of which the region has no figure at all."""
    newest: Sequence[tuple[str, str]] = ()
    """Where no period is possible: the name and the newest period of the inputs that are published."""
    number: int = 0
    """Areas of the recipe's level that would get a value."""
    of: int = 0
    """Areas of this level."""
    lacking: Sequence[tuple[str, int]] = ()
    """Names of inputs that are withheld or missing somewhere, with the number of areas."""
    failure: str = ""
    """Why it cannot be computed, a plain sentence."""


def tried(steps: Steps, region: Area) -> Tried:
    """How many areas would get a value for the newest possible period, and what is missing."""
    held = queries.periods_held(region)
    names = queries.names_of([one.indicator for one in steps.inputs])
    possible = queries.possible_periods(steps, held)
    if possible:
        return _of(steps, region, possible[0], names)
    codes = [one.indicator for one in steps.inputs]
    return Tried(
        unpublished=[names[code] for code in codes if code not in held],
        newest=[(names[code], max(held[code])) for code in codes if code in held],
    )


def _of(steps: Steps, region: Area, period: str, names: dict[str, str]) -> Tried:
    try:
        gathered = queries.gather(steps, region, period)
    except computing.CannotComputeError as error:
        return Tried(period, failure=str(error))
    here = gathered.columns[0].figures
    lacking = [(names[code], n) for code, n in Counter(one.indicator for one in gathered.left_out).items()]
    try:
        made, _result = computing.compute(steps, gathered.table)
    except computing.CannotComputeError as error:
        return Tried(period, of=len(here), lacking=lacking, failure=str(error))
    number = sum(one.code in here and not one.is_unsure for one in made)
    return Tried(period, number=number, of=len(here), lacking=lacking)
