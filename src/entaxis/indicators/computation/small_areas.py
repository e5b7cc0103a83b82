"""Municipalities where few were asked, by the models of `socialstats`."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

import socialstats as ss
from entaxis.indicators.computation.cells import PLACE, Cell, Floats, Places
from socialstats.errors import SocialStatsError
from socialstats.publication import ModelledRule

Z95: Final = 1.959963984540054


def modelled(
    direct: Mapping[tuple[str, str], Cell],
    covariates: Mapping[str, Sequence[float]],
    sizes: Mapping[str, float],
    places: Places,
    *,
    deff: float,
) -> Iterator[Cell]:
    """Municipalities of a share of persons by the model of Fay and Herriot, adding up to the region's.

    The direct variances of so few persons are themselves unsure: each is replaced by that of the
    region's share in a simple sample of its size, times the region's design effect. Weights of the
    benchmark are ``sizes``, the persons whom the share is about. Without enough sampled municipalities
    there is no model.
    """
    whole = direct[places.region, "total"]
    codes = sorted(places.units)
    if whole.value is None or not 0 < whole.value < 100:
        return
    persons = np.array([direct[code, "total"].members for code in codes], dtype=float)
    values = np.array([_number(direct[code, "total"].value) for code in codes])
    values[persons == 0] = np.nan
    spread = deff * whole.value * (100 - whole.value)
    variances = np.where(persons > 0, spread / np.maximum(persons, 1), np.nan)
    try:
        model = ss.smallarea.fay_herriot(values, variances, _known(covariates, codes), areas=codes)
        weights = [sizes[code] for code in codes]
        moved = ss.smallarea.benchmark(
            model.estimates, model.mse, weights, whole.value, method="difference"
        )
    except SocialStatsError:
        return
    error = Z95 * np.sqrt(moved.mse)
    ends = np.maximum(moved.estimates - error, 0.0), np.minimum(moved.estimates + error, 100.0)
    yield from _of_model(direct, whole.computation, codes, moved.estimates, moved.mse, ends, most=100.0)


def modelled_incomes(
    direct: Mapping[tuple[str, str], Cell],
    survey: ss.Survey,
    base: str,
    covariates: Mapping[str, Sequence[float]],
    places: Places,
    *,
    line: float,
) -> Iterator[Cell]:
    """Municipalities of an indicator of income by `socialstats`' model for them.

    The region's median, ratio or coefficient is no mean of its municipalities': nothing is benchmarked.
    """
    whole = direct[places.region, "total"]
    codes = sorted(places.units)
    cells = [direct[code, "total"] for code in codes]
    try:
        model = ss.smallarea.model_incomes(
            base,
            [_number(cell.value) for cell in cells],
            [_number(cell.standard_error) for cell in cells],
            ss.smallarea.Homes.of(survey, PLACE, codes),
            _known(covariates, codes),
            areas=codes,
            line=line,
        )
    except SocialStatsError:
        return
    most = 100.0 if ss.smallarea.KINDS[base].scale == "logit" else math.inf
    ends = model.low, model.high
    yield from _of_model(direct, whole.computation, codes, model.estimates, model.mse, ends, most=most)


def _of_model(  # noqa: PLR0917
    direct: Mapping[tuple[str, str], Cell],
    computation: str,
    codes: Sequence[str],
    estimates: Floats,
    mse: Floats,
    ends: tuple[Floats, Floats],
    *,
    most: float,
) -> Iterator[Cell]:
    """A cell an area; what lies beyond what is possible, 0 to ``most``, is not to be shown."""
    flags = ModelledRule().judge(estimates, mse)
    for at, code in enumerate(codes):
        persons = direct[code, "total"].members
        value = float(estimates[at])
        yield Cell(
            computation,
            code,
            "total",
            "modelled",
            value,
            math.sqrt(float(mse[at])),
            float(ends[0][at]),
            float(ends[1][at]),
            persons,
            None,
            persons,
            ("", "u", ":u")[int(flags[at]) if 0 <= value <= most else 2],
        )


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _known(covariates: Mapping[str, Sequence[float]], codes: Sequence[str]) -> Floats:
    """What a model knows of every area: 1, and covariates where all areas have them.

    They are brought to one scale, so that euros and shares weigh alike.
    """
    given = covariates if all(code in covariates for code in codes) else {}
    x = np.array([[1.0, *given.get(code, ())] for code in codes])
    if x.shape[1] == 1:
        return x
    inside = x[:, 1:]
    spread = inside.std(axis=0)
    return np.column_stack([x[:, 0], (inside - inside.mean(axis=0)) / np.where(spread > 0, spread, 1.0)])
