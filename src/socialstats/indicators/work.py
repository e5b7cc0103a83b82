"""Work: low work intensity, in-work poverty, NEET, unemployment. One page each in docs/methods."""

import numpy as np

from socialstats.arrays import BoolArray, FloatArray, IntArray, sums
from socialstats.errors import CodeError, first_rows, numbered
from socialstats.frame import Flag

VERY_LOW = 0.20
FULL_TIME_HOURS = 40.0
CLASSES = ((0.20, "very low"), (0.45, "low"), (0.55, "medium"), (0.85, "high"), (np.inf, "very high"))


def full_time_months(
    months_full: FloatArray,
    months_part: FloatArray,
    weekly_hours: FloatArray,
    full_time: float = FULL_TIME_HOURS,
) -> FloatArray:
    """Months worked, those in part time by their hours: full + part·min(1, hours/full time), shape (n,).

    Args:
        months_full: in full time, 0–12.
        months_part: in part time, 0–12.
        weekly_hours: usual hours in part time.
        full_time: hours of full time.
    """
    share = np.minimum(np.nan_to_num(weekly_hours, nan=full_time / 2) / full_time, 1.0)
    return months_full + months_part * share


def counts_for_intensity(
    age: FloatArray,
    student: BoolArray,
    pensioner: BoolArray,
    inactive: BoolArray,
    pension_household: BoolArray,
) -> BoolArray:
    """Adults whose months count: 18–64 but students to 24, pensioners, inactive 60–64 of pension homes.

    Args:
        age: at the end of the income reference year, shape (n,).
        student: in education, shape (n,).
        pensioner: retired by own account or with any pension but a survivor's, shape (n,).
        inactive: not in the labour force, shape (n,).
        pension_household: the household's main income is pensions, shape (n,).
    """
    adult = (age >= 18) & (age <= 64)
    return adult & ~(student & (age <= 24)) & ~pensioner & ~(inactive & pension_household & (age >= 60))


def work_intensity(
    household: IntArray, counts: BoolArray, months_worked: FloatArray, months_workable: FloatArray
) -> tuple[FloatArray, BoolArray]:
    """Each person's household's work intensity (nan: nobody told), and whether it has anyone who counts.

    Args:
        household: codes, shape (n,).
        counts: whose months count, shape (n,).
        months_worked: full-time equivalent, nan unknown, shape (n,).
        months_workable: 12 or fewer, shape (n,).

    Raises:
        CodeError: months outside 0–12, or more worked than workable.
    """
    wrong = counts & (
        (months_worked < 0) | (months_workable > 12) | (months_worked > months_workable + 1e-9)
    )
    if wrong.any():
        rows = np.flatnonzero(wrong).tolist()
        message = (
            f"{len(rows)} persons worked fewer than 0 or more than their workable months "
            f"({first_rows(rows)})."
        )
        raise CodeError(message, fault="months", count=len(rows), rows=numbered(rows))
    told = counts & ~np.isnan(months_worked) & ~np.isnan(months_workable)
    size = int(household.max()) + 1
    workable = sums(household, np.where(told, months_workable, 0.0), size)
    months = np.where(told, months_worked, 0.0)
    # fractions of months: the same sum in whatever order the members come
    order = np.lexsort((months, household))
    worked = sums(household[order], months[order], size)
    intensity = np.divide(worked, workable, out=np.full(size, np.nan), where=workable > 0)
    anyone = sums(household, counts.astype(np.float64), size) > 0
    return intensity[household], anyone[household]


def intensity_class(intensity: FloatArray) -> list[str | None]:
    """Very low (to 0.20), low (0.45), medium (0.55), high (0.85), very high; None where unknown."""
    places = np.searchsorted([limit for limit, _ in CLASSES], intensity)
    return [
        None if np.isnan(value) else CLASSES[place][1]
        for value, place in zip(intensity, places, strict=True)
    ]


def low_work_intensity(age: FloatArray, intensity: FloatArray, anyone: BoolArray) -> Flag:
    """``lwi``: persons 0–64 of homes with an intensity of at most 0.20; where nobody counts: left out.

    Args:
        age: years, shape (n,).
        intensity: of the household, nan unknown, shape (n,).
        anyone: the household has somebody who counts, shape (n,).
    """
    with np.errstate(invalid="ignore"):
        # 2.4 months of 12 are 0.2, whatever the division's last digit
        yes = np.where(np.isnan(intensity), np.nan, (intensity <= VERY_LOW + 1e-9).astype(np.float64))
    return Flag.of(yes, (age <= 64) & anyone, "Very low work intensity")


def in_work_poverty(age: FloatArray, employed: FloatArray) -> Flag:
    """``iwp``: poor persons among those 18 or over employed in more than half of the income year.

    Args:
        age: years, shape (n,).
        employed: 1 employed for most of the year, 0 not, nan unknown, shape (n,).
    """
    about = (age >= 18) & (np.isnan(employed) | (employed > 0))
    return Flag(
        np.ones(age.size), np.zeros(age.size), about, ~np.isnan(employed), "In-work at-risk-of-poverty"
    )


def neet(age: FloatArray, employed: FloatArray, in_education: FloatArray) -> Flag:
    """``neet``: neither employed nor in education, persons 15–29; unknown education is left out.

    Args:
        age: years, shape (n,).
        employed: 1, 0, nan, shape (n,).
        in_education: formal or not, in the last four weeks: 1, 0, nan, shape (n,).
    """
    yes = (1 - employed) * (1 - in_education)
    # who works is no NEET whatever the answer on education, but stays out as Eurostat's denominator has it
    return Flag.of(
        yes, (age >= 15) & (age <= 29), "Neither in employment nor in education or training (15–29)"
    )


def unemployment_flags(
    age: FloatArray, employed: FloatArray, unemployed: FloatArray, months: FloatArray | None = None
) -> dict[str, Flag]:
    """``unemployment``, and with months ``ltu`` (rate) and ``ltu_share`` (of the jobless), ages 15–74.

    By self-declared status these are proxies of the labour force survey's, and labelled so.

    Args:
        age: years, shape (n,).
        employed: 1, 0, nan, shape (n,).
        unemployed: 1, 0, nan, shape (n,).
        months: of unemployment, the shorter of search and time since the last job, nan unknown, shape (n,).
    """
    of_age = (age >= 15) & (age <= 74)
    unknown = np.isnan(employed) | np.isnan(unemployed)
    active = of_age & (unknown | (employed > 0) | (unemployed > 0))
    out_of_work = np.where(unknown, np.nan, unemployed)
    flags = {"unemployment": Flag.of(out_of_work, active, "Unemployment rate (self-declared, 15–74)")}
    if months is not None:
        long = np.where(
            out_of_work == 0, 0.0, np.where(np.isnan(months), np.nan, (months >= 12) * 1.0) * out_of_work
        )
        flags["ltu"] = Flag.of(long, active, "Long-term unemployment rate (self-declared, 15–74)")
        jobless = of_age & ~(out_of_work == 0)
        flags["ltu_share"] = Flag.of(
            long, jobless, "Long-term share of the unemployed (self-declared, 15–74)"
        )
    return flags
