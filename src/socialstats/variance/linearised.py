"""Variance of weighted totals of influence values under a stratified multistage design."""

import numpy as np

from socialstats.arrays import FloatArray, IntArray, inner, sums
from socialstats.design import SurveyDesign


def psu_totals(design: SurveyDesign, members: IntArray, values: FloatArray) -> FloatArray:
    """Totals of weighted values by PSU, shape (m,).

    Args:
        design: of the whole sample.
        members: positions of the persons that have a value, shape (k,).
        values: influence times weight, shape (k,).
    """
    return sums(design.psu[members], values, design.psu_count)


def _deviations(design: SurveyDesign, totals: FloatArray) -> FloatArray:
    """PSU totals around the mean of their stratum; a lone PSU by the design's rule."""
    counts = np.maximum(design.psu_counts, 1)
    means = sums(design.stratum, totals, counts.size) / counts
    centred = totals - means[design.stratum]
    alone = counts[design.stratum] == 1
    if alone.any():
        centred[alone] = totals[alone] - totals.mean() if design.single_psu == "centre" else 0.0
    return centred


def factors(design: SurveyDesign) -> FloatArray:
    """(1 - f)·n/(n - 1) of each stratum, shape (H,); 1 - f where a stratum has one PSU."""
    counts = design.psu_counts.astype(np.float64)
    spread = np.where(counts > 1, counts / np.maximum(counts - 1, 1), 1.0)
    return (1 - design.fraction) * spread


def covariance(design: SurveyDesign, first: FloatArray, second: FloatArray) -> float:
    """First-stage covariance of two totals, from their PSU totals.

    Source: Σ_h (1 - f_h)·n_h/(n_h - 1)·Σ_j (u_hj - ū_h)(v_hj - v̄_h); Särndal, Swensson & Wretman 1992,
        4.3.

    Args:
        design: of the sample.
        first: PSU totals, shape (m,).
        second: PSU totals of the other, shape (m,).
    """
    centred = _deviations(design, first)
    products = centred * (centred if second is first else _deviations(design, second))
    by_stratum = sums(design.stratum, products, design.fraction.size)
    return inner(factors(design), by_stratum)


def variance(design: SurveyDesign, totals: FloatArray) -> float:
    """First-stage variance of a total, from its PSU totals, shape (m,)."""
    return covariance(design, totals, totals)


def second_stage(design: SurveyDesign, values: FloatArray) -> float:
    """What the second stage adds: Σ_h f_h Σ_j (1 - f_j)·k_j/(k_j - 1)·Σ_i (u_hji - ū_hj)².

    Nothing where PSUs were drawn with replacement (f_h = 0) or no second stage is declared.

    Args:
        design: of the sample.
        values: influence times weight of each person, shape (n,).
    """
    if design.second is None or design.second_fraction is None or not design.fraction.any():
        return 0.0
    units = int(design.second.max()) + 1
    totals = sums(design.second, values, units)
    psu_of = np.zeros(units, dtype=np.int64)
    psu_of[design.second] = design.psu
    counts = np.bincount(psu_of, minlength=design.psu_count)
    means = sums(psu_of, totals, counts.size) / counts
    squares = sums(psu_of, (totals - means[psu_of]) ** 2, counts.size)
    spread = np.where(counts > 1, counts / np.maximum(counts - 1, 1), 0.0)
    return inner(design.fraction[design.stratum], (1 - design.second_fraction) * spread * squares)
