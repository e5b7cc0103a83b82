"""Housing and debt: cost overburden, overcrowding, arrears. One page each in docs/methods."""

from collections.abc import Mapping

import numpy as np

from socialstats.arrays import BoolArray, FloatArray, IntArray, sums
from socialstats.errors import NotComputableError
from socialstats.frame import Flag

OVERBURDEN_PERCENT = 40.0


def cost_burden_percent(monthly_cost: FloatArray, allowance: FloatArray, income: FloatArray) -> FloatArray:
    """Housing cost as percent of disposable income, both net of housing allowances, shape (n,).

    100·(12·cost - allowance)/(income - allowance); a cost of nothing or less is 0; an income of nothing
    or less, or less than the cost, is 100; missing stays missing. Source: Eurostat's lvho07.

    Args:
        monthly_cost: HH070, euro a month.
        allowance: HY070, euro a year.
        income: HY020, total disposable household income, euro a year.
    """
    cost, left = 12 * monthly_cost - allowance, income - allowance
    ratio = np.divide(100 * cost, left, out=np.full(cost.size, 100.0), where=left > 0)
    burden = np.where(cost <= 0, 0.0, np.where((left <= 0) | (left < cost), 100.0, ratio))
    return np.where(np.isnan(cost) | np.isnan(left), np.nan, burden)


def overburden(monthly_cost: FloatArray, allowance: FloatArray, income: FloatArray) -> Flag:
    """``housing_overburden``: households whose burden is above 40 %; arguments as of it."""
    burden = cost_burden_percent(monthly_cost, allowance, income)
    yes = np.where(np.isnan(burden), np.nan, (burden > OVERBURDEN_PERCENT).astype(np.float64))
    return Flag.of(yes, label="Housing cost overburden")


def rooms_needed(household: IntArray, age: FloatArray, sex: FloatArray, partner: BoolArray) -> FloatArray:
    """Rooms that each person's household needs, shape (n,).

    One for the household, each couple, each other adult; one for two of the same sex aged 12–17 and for
    each left over; one for two children under 12. Source: Eurostat, tessi172.

    Args:
        household: codes, shape (n,).
        age: years, shape (n,).
        sex: any two codes, shape (n,).
        partner: lives in the household with a partner, shape (n,).
    """
    size = int(household.max()) + 1

    def count(who: BoolArray) -> FloatArray:
        return sums(household, who.astype(np.float64), size)

    single = ~partner
    teen = single & (age >= 12) & (age < 18)
    first_sex = sex == np.nanmin(sex)
    needed = (
        1
        + np.ceil(count(partner) / 2)
        + count(single & (age >= 18))
        + np.ceil(count(teen & first_sex) / 2)
        + np.ceil(count(teen & ~first_sex) / 2)
        + np.ceil(count(single & (age < 12)) / 2)
    )
    return needed[household]


def overcrowding(rooms: FloatArray, needed: FloatArray) -> Flag:
    """``overcrowding``: households with fewer rooms than needed, shapes (n,); nan is unknown."""
    yes = np.where(np.isnan(rooms), np.nan, (rooms < needed).astype(np.float64))
    return Flag.of(yes, label="Overcrowding")


def severe_housing_deprivation(overcrowded: Flag, faults: Mapping[str, FloatArray]) -> Flag:
    """``housing_deprivation``: overcrowded and a leaking roof, no bath, no toilet, or too dark.

    Args:
        overcrowded: as above.
        faults: each 1 has the fault, 0 has not, nan unknown, shape (n,).

    Raises:
        NotComputableError: no fault is given.
    """
    if not faults:
        message = (
            "Severe housing deprivation needs at least one fault: leaking, no_bath, no_toilet or dark."
        )
        raise NotComputableError(message)
    table = np.column_stack(list(faults.values()))
    any_fault = np.where((table == 1).any(axis=1), 1.0, np.where(np.isnan(table).any(axis=1), np.nan, 0.0))
    crowded = np.where(overcrowded.known, overcrowded.otherwise, np.nan)
    yes = np.where((any_fault == 0) | (crowded == 0), 0.0, any_fault * crowded)
    return Flag.of(yes, label="Severe housing deprivation")


def any_arrears(arrears: Mapping[str, FloatArray]) -> FloatArray:
    """In arrears of any kind, the item of deprivation; nan where a missing answer decides."""
    table = np.column_stack(list(arrears.values()))
    return np.where((table == 1).any(axis=1), 1.0, np.where(np.isnan(table).any(axis=1), np.nan, 0.0))


def debt_flags(arrears: Mapping[str, FloatArray]) -> dict[str, Flag]:
    """``arrears`` (any), one flag a kind, ``over_indebted`` (two or more): proxies of over-indebtedness.

    Args:
        arrears: ``arrears_rent``, ``arrears_utilities``, ``arrears_loans``: 1, 0, nan, shape (n,) each.
    """
    table = np.column_stack(list(arrears.values()))
    low, unknown = np.nansum(table, axis=1), np.isnan(table).sum(axis=1)
    two = np.where(low >= 2, 1.0, np.where(low + unknown < 2, 0.0, np.nan))
    flags = {
        name: Flag.of(values, label=f"In arrears: {name.removeprefix('arrears_')}")
        for name, values in arrears.items()
    }
    flags["arrears"] = Flag.of(any_arrears(arrears), label="In arrears of any kind")
    flags["over_indebted"] = Flag.of(
        two, label="In arrears of two or more kinds (proxy of over-indebtedness)"
    )
    return flags
