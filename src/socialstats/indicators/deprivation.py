"""Material and social deprivation by the rules since 2021, and AROPE with its parts.

Source: Eurostat, Glossary: Severe material and social deprivation rate; Child deprivation; At risk of
poverty or social exclusion. Formulas and the treatment of missing answers: docs/methods, one page each.
"""

from collections.abc import Mapping

import numpy as np

from socialstats.arrays import BoolArray, FloatArray, IntArray, sums
from socialstats.errors import NotComputableError
from socialstats.frame import Flag

HOUSEHOLD_ITEMS = ("unexpected_expenses", "holiday", "arrears", "meal", "warm", "car", "furniture")
PERSON_ITEMS = ("internet", "clothes", "shoes", "pocket_money", "leisure", "friends")
ADULT = 16
SEVERE, MATERIAL = 7, 5
HOUSEHOLD_LACKS_OF_CHILDREN = 3


def children_take_their_adults(lack: FloatArray, household: IntArray, age: FloatArray) -> FloatArray:
    """A personal item for everyone: children lack it where at least half of the adults with an answer do.

    Args:
        lack: 1 lacks, 0 does not, nan unknown; of persons 16 or over, shape (n,).
        household: codes, shape (n,).
        age: years, shape (n,).
    """
    told = (age >= ADULT) & ~np.isnan(lack)
    size = int(household.max()) + 1
    adults = sums(household, told.astype(np.float64), size)
    lacking = sums(household, np.where(told, lack, 0.0), size)
    with np.errstate(invalid="ignore", divide="ignore"):
        of_home = np.where(adults > 0, (2 * lacking >= adults).astype(np.float64), np.nan)
    return np.where(age < ADULT, of_home[household], lack)


def _at_least(low: FloatArray, high: FloatArray, limit: int) -> FloatArray:
    """1 where the count reaches the limit whatever is missing, 0 where it cannot, nan between."""
    return np.where(low >= limit, 1.0, np.where(high < limit, 0.0, np.nan))


def deprived(
    household_items: Mapping[str, FloatArray],
    person_items: Mapping[str, FloatArray],
    household: IntArray,
    age: FloatArray,
    least: int,
) -> FloatArray:
    """Who lacks at least so many of the 13 items: 1, 0, or nan where answers leave it open, shape (n,).

    Args:
        household_items: the seven, each 1 lacks, 0 does not, nan unknown, shape (n,).
        person_items: the six, of persons 16 or over; children's entries are not read.
        household: codes, shape (n,).
        age: years, shape (n,).
        least: 7 severe, 5 deprived.

    Raises:
        NotComputableError: an item is not given.
    """
    lost = [name for name in HOUSEHOLD_ITEMS if name not in household_items]
    lost += [name for name in PERSON_ITEMS if name not in person_items]
    if lost:
        message = f"Deprivation needs all 13 items; not given: {', '.join(lost)}."
        raise NotComputableError(message, fault="needs", name=", ".join(lost))
    shared = np.column_stack([household_items[name] for name in HOUSEHOLD_ITEMS])
    own = np.column_stack(
        [children_take_their_adults(person_items[name], household, age) for name in PERSON_ITEMS]
    )
    low_shared, open_shared = np.nansum(shared, axis=1), np.isnan(shared).sum(axis=1)
    low = low_shared + np.nansum(own, axis=1)
    high = low + open_shared + np.isnan(own).sum(axis=1)
    counted = _at_least(low, high, least)
    of_home = _at_least(low_shared, low_shared + open_shared, HOUSEHOLD_LACKS_OF_CHILDREN)
    # both conditions: a known no of either decides, else both must be known
    both = np.where((counted == 0) | (of_home == 0), 0.0, counted * of_home)
    return np.where(age < ADULT, both, counted)


def deprivation_flags(
    household_items: Mapping[str, FloatArray],
    person_items: Mapping[str, FloatArray],
    household: IntArray,
    age: FloatArray,
) -> dict[str, Flag]:
    """``smsd`` (7 of 13) and ``msd`` (5 of 13) of all persons; arguments as of ``deprived``."""
    levels = (("smsd", SEVERE, "Severe material and social"), ("msd", MATERIAL, "Material and social"))
    return {
        name: Flag.of(
            deprived(household_items, person_items, household, age, least), label=f"{words} deprivation"
        )
        for name, least, words in levels
    }


def _components(smsd: Flag, lwi: Flag) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Severely deprived; of low work intensity (no where it does not apply); both known."""
    works = lwi.population & (lwi.otherwise > 0) & lwi.known
    return smsd.otherwise > 0, works, smsd.known & (lwi.known | ~lwi.population)


def arope_flags(smsd: Flag, lwi: Flag) -> dict[str, Flag]:
    """AROPE and the seven parts it is made of, each person in one part alone.

    ``arope_p``, ``arope_s``, ``arope_l``: only poor, only deprived, only of low work intensity;
    ``arope_ps``, ``arope_pl``, ``arope_sl``: two of them; ``arope_psl``: all three. Persons with an
    unknown component are left out.

    Args:
        smsd: severe deprivation.
        lwi: low work intensity; outside its population it counts as no.
    """
    deprived_, idle, known = _components(smsd, lwi)
    everyone = smsd.population
    nobody = np.zeros(deprived_.size)
    parts = {
        "s": deprived_ & ~idle,
        "l": ~deprived_ & idle,
        "sl": deprived_ & idle,
        "": ~deprived_ & ~idle,
    }
    words = {"p": "poor", "s": "severely deprived", "l": "of low work intensity"}
    flags = {
        "arope": Flag(
            np.ones(deprived_.size),
            (deprived_ | idle).astype(np.float64),
            everyone,
            known,
            "At risk of poverty or social exclusion",
        )
    }
    for part, holds in parts.items():
        inside = holds.astype(np.float64)
        for poor in (True, False):
            letters = ("p" if poor else "") + part
            if letters:
                label = "Only " + " and ".join(words[letter] for letter in letters)
                both = (inside, nobody) if poor else (nobody, inside)
                flags[f"arope_{letters}"] = Flag(both[0], both[1], everyone, known, label)
    return flags
