"""What a recipe does, as it is stored: checked on the way in, read back as these classes."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, Literal, LiteralString, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Kind = Literal["rate", "shrunk_rate", "score", "rank", "composite", "take_up"]
MOST_INPUTS: Final = 20
FEWEST: Final[Mapping[Kind, int]] = MappingProxyType(
    {"rate": 1, "shrunk_rate": 1, "score": 1, "rank": 1, "composite": 2, "take_up": 2}
)
"""Inputs that a kind needs; only a composite index takes more."""


class Ingredient(BaseModel):
    """One published indicator that goes in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    indicator: str
    breakdown: str = "total"
    period: str = Field(default="", pattern=r"^((\d{4}|\{year\}|\{before\})(-(\d{2}|Q[1-4]))?)?$")
    """Of its own; empty: the period for which the recipe is run; ``{before}-12``: December of the year
    before it, ``{year}`` its own."""
    higher_is: Literal["worse", "better"] = "worse"
    weight: float = Field(default=1.0, ge=0)

    def at(self, period: str) -> str:
        """The period of it that goes into a run for ``period``."""
        if not self.period:
            return period
        year = int(period[:4])
        return self.period.format(year=year, before=year - 1)


class Steps(BaseModel):
    """From ingredients to one figure an area."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    inputs: list[Ingredient] = Field(min_length=1, max_length=MOST_INPUTS)
    level: Literal["municipality", "regional_unit"] = "municipality"
    per: int = Field(default=1000, gt=0)
    counted: Literal["share", "events"] = "share"
    normalisation: Literal["z", "minmax", "robust"] = "z"
    weighting: Literal["equal", "pca", "expert"] = "equal"
    aggregation: Literal["arithmetic", "geometric"] = "arithmetic"
    correlation: float = Field(default=0.0, ge=0, le=1)
    """Between the errors of an area's inputs: an assumption, so it is written down."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        for name, sentence in self._faults():
            raise PydanticCustomError(name, sentence)
        return self

    def _faults(self) -> Iterator[tuple[LiteralString, LiteralString]]:
        """What does not hold together: a name, by which a form finds its field, and a sentence."""
        names = [one.indicator for one in self.inputs]
        fewest = FEWEST[self.kind]
        most = MOST_INPUTS if self.kind == "composite" else fewest
        if len(set(names)) < len(names):
            yield "twice", "an indicator stands twice among the inputs"
        if len(names) < fewest:
            yield "few_inputs", "a composite index and a take-up need at least two inputs"
        if len(names) > most:
            yield "many_inputs", "a take-up has two inputs; a rate, a score and a place have one input"
        if any("{" in one.period for one in self.inputs) and all(one.period for one in self.inputs):
            yield "no_period", "one input is of the period for which the recipe is run"
        if self.is_rate and self.per not in {100, 1000}:
            yield "per", "a rate is told per 100 or per 1000"
        if self.weighting == "expert" and not sum(one.weight for one in self.inputs):
            yield "no_weight", "the experts' weights are all zero"

    @property
    def is_rate(self) -> bool:
        """Cases per residents."""
        return self.kind in {"rate", "shrunk_rate"}

    @property
    def needs_residents(self) -> bool:
        """Counts are held against the residents of the last census."""
        return self.is_rate or self.kind == "take_up"

    @property
    def unit(self) -> str:
        """Of its figures, a key of the catalogue's units."""
        if self.kind == "take_up":
            return "per_100_poor"
        if self.is_rate:
            return "per_1000" if self.per == 1000 else "percent"
        if self.kind == "rank":
            return "rank"
        is_points = self.kind == "composite" and (
            self.normalisation == "minmax" or self.aggregation == "geometric"
        )
        return "index" if is_points else "score"

    @property
    def points(self) -> float:
        """What a mean of scores is multiplied with to be told in its unit."""
        is_share = self.normalisation == "minmax" and self.aggregation == "arithmetic"
        return 100.0 if self.kind == "composite" and is_share else 1.0

    @property
    def expert_weights(self) -> dict[str, float]:
        """By code of indicator."""
        return {one.indicator: one.weight for one in self.inputs}
