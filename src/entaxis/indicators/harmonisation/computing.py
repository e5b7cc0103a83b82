"""What a recipe makes of numbers: arrays in, numbers out; the only door to `socialstats` here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from entaxis.indicators.harmonisation.steps import Steps
from socialstats import harmonise
from socialstats.errors import SocialStatsError

FEWEST_AREAS: Final = 3
Z95: Final = 1.959963984540054
DRAWS: Final = 500
SCALE: Final = (0.0, 100.0)
"""Of an index in points: the best and the worst that an area can have."""
WIDE: Final = 0.5
"""An interval over more than this part of the scale: low reliability. Over all of it: nothing is told."""
Numbers = NDArray[np.float64]


class CannotComputeError(ValueError):
    """The figures do not bear the recipe; the message is a plain sentence."""


@dataclass(frozen=True)
class Table:
    """Published figures that go in: the areas that are compared, and others that are put on their scale.

    Attributes:
        codes: of the areas that are compared.
        values: shape (m, k).
        errors: standard errors, 0 where a figure has none, shape (m, k).
        flagged: whether an input of the area is of low reliability, shape (m,).
        modelled: whether an input of the area comes from a model, shape (m,).
        others: codes of the areas above them, with values, errors and flags of the same kind.
        residents: by code, for rates and take-up.
    """

    codes: Sequence[str]
    values: Numbers
    errors: Numbers
    flagged: Sequence[bool]
    modelled: Sequence[bool]
    others: "Table | None" = None
    residents: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """One figure that a recipe made."""

    code: str
    value: float
    standard_error: float | None
    low: float | None
    high: float | None
    is_unreliable: bool
    is_modelled: bool
    is_unsure: bool = False
    """Its interval holds every value that it could have."""


def compute(steps: Steps, table: Table) -> tuple[list[Made], dict[str, Any]]:
    """The figures, and what else must be kept of the computation.

    Raises:
        CannotComputeError: too few areas, an input without differences, counts that are none.
    """
    if len(table.codes) < FEWEST_AREAS:
        raise CannotComputeError(
            _("Only %(number)s areas have every figure that goes in; at least %(fewest)s are needed.")
            % {"number": len(table.codes), "fewest": FEWEST_AREAS}
        )
    for at, ingredient in enumerate(steps.inputs):
        if not steps.needs_residents and np.ptp(table.values[:, at]) == 0:
            raise CannotComputeError(
                _("Every area has the same figure of “%(code)s”: it tells nothing apart.")
                % {"code": ingredient.indicator}
            )
    try:
        if steps.kind == "take_up":
            return _take_up(table)
        if steps.is_rate:
            return _rates(steps, table)
        return _ranks(steps, table) if steps.kind == "rank" else _index(steps, table)
    except SocialStatsError as error:
        raise CannotComputeError(str(error)) from error


def _rates(steps: Steps, table: Table) -> tuple[list[Made], dict[str, Any]]:
    shrunk = steps.kind == "shrunk_rate"
    found = _rate(steps, table, shrink=shrunk)
    made = _of_rates(table, found, shrunk=shrunk)
    if table.others and table.others.codes:
        # the whole is no sample of itself: its own rate, not one that is drawn to others
        above = table.others
        whole = replace(above, others=None, residents=table.residents)
        made += _of_rates(whole, _rate(steps, whole, shrink=False))
    return made, {"method": found.method, "prior": list(found.prior)}


def _rate(steps: Steps, table: Table, *, shrink: bool) -> harmonise.Rates:
    population = [table.residents[code] for code in table.codes]
    return harmonise.rates(
        table.values[:, 0], population, per=float(steps.per), kind=steps.counted, shrink=shrink
    )


def _of_rates(table: Table, found: harmonise.Rates, *, shrunk: bool = False) -> list[Made]:
    """``shrunk``: no rate is what was counted in its area, so all are modelled."""
    rows = zip(table.codes, found.values, found.low, found.high, table.flagged, table.modelled, strict=True)
    return [
        Made(code, float(value), None, float(low), float(high), flagged, modelled or shrunk)
        for code, value, low, high, flagged, modelled in rows
    ]


def _take_up(table: Table) -> tuple[list[Made], dict[str, Any]]:
    """Counted persons per 100 whom the survey's share and the residents of the area make.

    Where the share is nought there is nobody to reach, and no figure.
    """
    made = _reached(table) + (_reached(table.others) if table.others else [])
    return made, {
        "method": "100 · cases / (residents · share); delta method, interval of the logarithm",
        "areas": list(table.codes),
        "values": table.values.tolist(),
        "errors": table.errors.tolist(),
    }


def _reached(table: Table) -> list[Made]:
    kept = [at for at in range(len(table.codes)) if table.values[at, 1] > 0]
    if not kept:
        return []
    found = harmonise.coverage(
        table.values[kept, 0],
        [table.residents[table.codes[at]] for at in kept],
        table.values[kept, 1] / 100,
        table.errors[kept, 1] / 100,
    )
    return [
        Made(
            table.codes[at],
            float(found.values[place]),
            float(found.standard_errors[place]),
            float(found.low[place]),
            float(found.high[place]),
            table.flagged[at],
            table.modelled[at],
        )
        for place, at in enumerate(kept)
    ]


def _ranks(steps: Steps, table: Table) -> tuple[list[Made], dict[str, Any]]:
    turn = 1.0 if steps.inputs[0].higher_is == "worse" else -1.0
    found = harmonise.ranks(turn * table.values[:, 0], table.errors[:, 0])
    # a place is told from every other area's figure: one from a model makes all places modelled
    modelled = any(table.modelled)
    rows = zip(table.codes, found.ranks, found.low, found.high, table.flagged, strict=True)
    made = [
        Made(code, float(rank), None, float(low), float(high), flagged, modelled)
        for code, rank, low, high, flagged in rows
    ]
    return made, {"method": f"joint rank intervals, {found.level}"}


def composite_of(steps: Steps, values: Numbers) -> harmonise.Composite:
    """The index of a recipe; a single score is an index of one.

    Raises:
        SocialStatsError: an input whose values are all equal.
    """
    names = [one.indicator for one in steps.inputs]
    return harmonise.composite(
        values,
        names,
        higher_is=[one.higher_is for one in steps.inputs],
        normalisation=steps.normalisation,
        weights=steps.expert_weights if steps.weighting == "expert" else steps.weighting,
        aggregation=steps.aggregation,
    )


def _index(steps: Steps, table: Table) -> tuple[list[Made], dict[str, Any]]:
    found = composite_of(steps, table.values)
    error = found.standard_errors(table.errors, correlation=steps.correlation)
    made = _of_index(table, found.index, error, steps)
    if table.others and table.others.codes and steps.aggregation == "arithmetic":
        above = table.others
        spread = found.standard_errors(above.errors, correlation=steps.correlation)
        made += _of_index(above, found.placed(above.values), spread, steps)
    return made, {
        "method": f"{found.normalisation} scores, {found.weighting} weights, {found.aggregation} mean",
        "areas": list(table.codes),
        "values": table.values.tolist(),
        "errors": table.errors.tolist(),
        "weights": found.weights.tolist(),
        "alpha": None if np.isnan(found.alpha) else found.alpha,
        "explained": found.explained,
        "against": list(found.against),
        **places(found, error, draws=DRAWS if steps.kind == "composite" else 0),
    }


def _of_index(table: Table, index: Numbers, error: Numbers, steps: Steps) -> list[Made]:
    rows = zip(table.codes, index.tolist(), error.tolist(), table.flagged, table.modelled, strict=True)
    return [
        _within(SCALE, made) if steps.unit == "index" else made
        for made in (
            Made(
                code,
                steps.points * value,
                steps.points * se,
                steps.points * (value - Z95 * se),
                steps.points * (value + Z95 * se),
                flagged,
                modelled,
            )
            for code, value, se, flagged, modelled in rows
        )
    ]


def _within(scale: tuple[float, float], made: Made) -> Made:
    """The same with its interval kept on the scale; the value of a whole may lie beyond its parts'."""
    least, most = scale
    low = max(made.low or 0.0, min(least, made.value))
    high = min(made.high or 0.0, max(most, made.value))
    is_wide = high - low > WIDE * (most - least)
    return replace(
        made,
        low=low,
        high=high,
        is_unreliable=made.is_unreliable or is_wide,
        is_unsure=low <= least and high >= most,
    )


def places(found: harmonise.Composite, error: Numbers, *, draws: int = 0) -> dict[str, Any]:
    """Places by the index, those that its error allows together, and – with draws – under other choices."""
    ranked = harmonise.ranks(found.index, error)
    said: dict[str, Any] = {
        "places": ranked.ranks.tolist(),
        "best": ranked.low.tolist(),
        "worst": ranked.high.tolist(),
    }
    if draws:
        other = found.sensitivity(draws=draws)
        low, high = np.quantile(other.ranks, (0.05, 0.95), axis=0)
        said |= {
            "choices": len(other.choices),
            "choice_low": low.tolist(),
            "choice_high": high.tolist(),
            "mean_shift": other.mean_shift,
        }
    return said


@dataclass(frozen=True)
class Trial:
    """An index with other weights than the recipe's: never published, computed while the reader waits."""

    index: Numbers
    errors: Numbers
    weights: Numbers
    places: Numbers
    best: Numbers
    worst: Numbers
    shift: Numbers
    """Places that each area moves against the published index; positive is towards worse."""


def trial(steps: Steps, result: Mapping[str, Any]) -> Trial:
    """The stored inputs of a run under other steps.

    Raises:
        CannotComputeError: the steps do not hold.
    """
    values = np.array(result["values"], dtype=np.float64)
    try:
        found = composite_of(steps, values)
        error = found.standard_errors(result["errors"], correlation=steps.correlation)
        ranked = harmonise.ranks(found.index, error)
    except SocialStatsError as failure:
        raise CannotComputeError(str(failure)) from failure
    return Trial(
        steps.points * found.index,
        steps.points * error,
        found.weights,
        ranked.ranks,
        ranked.low,
        ranked.high,
        np.array(result["places"]) - ranked.ranks,
    )


def unsure(steps: Steps, tried: Trial) -> NDArray[np.bool_]:
    """Areas of whose value under these steps nothing can be told, shape (m,): as in what is published."""
    if steps.unit != "index":
        return np.zeros(len(tried.index), dtype=bool)
    least, most = SCALE
    low, high = tried.index - Z95 * tried.errors, tried.index + Z95 * tried.errors
    return np.asarray((low <= least) & (high >= most))
