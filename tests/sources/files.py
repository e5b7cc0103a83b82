"""Makers of files of persons that never were: numbers with right check digits, in every shape."""

import csv
import random
from collections.abc import Iterable, Mapping
from pathlib import Path

HEADINGS = (
    "ΑΜΚΑ",
    "ΑΦΜ",
    "Αρ. αίτησης",
    "Φύλο",
    "Έτος γέννησης",
    "Δήμος",
    "Μήνας",
    "Ποσό",
    "Υποομάδες",
    "Παρατηρήσεις",
)
KEYS = ("amka", "afm", "household", "sex", "birth", "municipality", "month", "amount", "groups", "note")


def afm(number: int) -> str:
    """A right AFM that begins with the eight digits of ``number``."""
    digits = f"{number % 10**8:08}"
    return digits + str(sum(int(d) * 2 ** (8 - i) for i, d in enumerate(digits)) % 11 % 10)


def amka(number: int, *, born: str = "010180", sex: str = "f") -> str:
    """A right AMKA of somebody born on ``born`` (DDMMYY)."""
    tenth = number % 5 * 2 + (sex == "m")
    digits = f"{born}{number // 5 % 1000:03}{tenth}"
    total = 0
    for place, digit in enumerate(map(int, digits)):
        twice = digit * 2 if place % 2 else digit
        total += twice - 9 if twice > 9 else twice
    return digits + str(-total % 10)


def row(number: int, **cells: str) -> dict[str, str]:
    """A row of somebody, by the fields' keys."""
    return {
        "amka": amka(number),
        "afm": afm(37_481_000 + number * 13),
        "household": f"H{number}",
        "sex": "Γυναίκα",
        "birth": "1980",
        "municipality": "Βόλου",
        "month": "2024-03",
        "amount": "216,00",
        "groups": "",
        "note": "",
    } | cells


def write(
    path: Path,
    rows: Iterable[Mapping[str, str]],
    *,
    encoding: str = "utf-8-sig",
    keys: Iterable[str] = KEYS,
) -> Path:
    """A CSV as the local Excel writes it."""
    wanted = list(keys)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow([HEADINGS[KEYS.index(key)] for key in wanted])
        writer.writerows([each[key] for key in wanted] for each in rows)
    return path


def many(
    count: int, *, seed: int, municipalities: list[str], months: list[str]
) -> Iterable[dict[str, str]]:
    """Persons in households of one to four, each in some months in a row."""
    chance = random.Random(seed)
    number = 0
    household = 0
    while number < count:
        household += 1
        place = chance.choice(municipalities)
        first = chance.randrange(len(months))
        stay = months[first : first + chance.randint(1, 6)]
        for _ in range(chance.randint(1, 4)):
            if number >= count:
                return
            number += 1
            sex = chance.choice("fm")
            year = chance.randint(1935, 2022)
            who = amka(
                number, born=f"{chance.randint(1, 28):02}{chance.randint(1, 12):02}{year % 100:02}", sex=sex
            )
            for month in stay:
                yield row(
                    number,
                    amka=who,
                    household=f"H{household}",
                    sex={"f": "Γ", "m": "Α"}[sex],
                    birth=str(year),
                    municipality=place,
                    month=month,
                )
