"""Sentences of figures claim no more than the figures bear."""

from dataclasses import replace

import pytest
from django.utils import translation

from entaxis.geography.models import Area
from entaxis.indicators import wording
from entaxis.indicators.models import Indicator, IndicatorVersion, Release
from entaxis.indicators.queries import MISSING, Figure, Figures, Period, Point

PERSONS = Indicator(code="helped", unit="persons", digits=0)


def count(value: float | None, *, reason: str = "", half: float | None = None) -> Figure:
    ends = (None, None) if half is None or value is None else (value - half, value + half)
    return Figure(
        *(Area(code="2201"), "2023", "total", value, None, *ends, None, None, "", False, reason, None)
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"A": 5, "B": 40, "C": 30, "D": 20}, "B (40), C (30), D (20)"),
        ({"A": 40, "B": 30}, "A (40), B (30)"),
        ({"A": 40, "B": 30, "C": 20, "D": 20}, "A (40), B (30)"),  # C and D tie for the last place
        ({"A": 9, "B": 9, "C": 9, "D": 9}, ""),
        ({"A": 40}, ""),
        ({"A": 0, "B": 0}, ""),
    ],
)
def test_the_largest_are_named_without_choosing_among_equals(values: dict[str, int], said: str) -> None:
    with translation.override("en"):
        found = wording.largest([(name, count(float(value))) for name, value in values.items()], PERSONS)
    assert found == (f"Largest of the published numbers: {said}." if said else "")


def test_estimates_have_no_order() -> None:
    assert wording.largest([("A", count(40.0, half=3.0)), ("B", count(20.0, half=3.0))], PERSONS) == ""


def test_a_sum_that_lacks_some_is_not_set_in_an_order() -> None:
    partial = replace(count(20.0), reported=3, reported_of=4)
    assert wording.largest([("A", count(40.0)), ("B", partial)], PERSONS) == ""


def test_withheld_is_not_small_and_untold_is_not_nobody() -> None:
    named = [
        *(("A", count(40.0)), ("B", count(20.0)), ("C", count(None, reason="small_count"))),
        *(("D", None), ("E", count(None, reason=MISSING))),
    ]
    with translation.override("en"):
        said = list(wording.of_counts(named, PERSONS))
    assert said == [
        "Largest of the published numbers: A (40), B (20).",
        "1 of 5 numbers is withheld: this does not mean that it is small.",
        "Of 2 of 5 this source tells nothing, which is not the same as nobody.",
    ]


def test_a_part_is_never_lower_than_the_sum_that_holds_it() -> None:
    areas = {"2201": count(40.0, half=3.0)}
    found = Figures(PERSONS, None, "total", "municipality", areas, count(400.0, half=9.0))  # type: ignore[arg-type]
    with translation.override("en"):
        assert list(wording.of_areas(found)) == []


def test_a_group_is_said_to_differ_only_where_it_does() -> None:
    with translation.override("en"):
        some = list(wording.of_group(["Poverty"], [], others=True))
        none = list(wording.of_group([], [], others=True))
        nothing = list(wording.of_group([], [], others=False))
    assert some == [
        "Certainly higher in this group than for everybody: Poverty.",
        "For the other indicators no difference from everybody can be claimed.",
    ]
    assert none == ["For no indicator can it be claimed that this group differs from everybody."]
    assert nothing == []


def points(broken: str, **values: float | None) -> list[Point]:
    """Figures of years with narrow intervals; the series breaks in a period."""
    version = IndicatorVersion(breaks=[{"period": broken, "note_el": "", "note_en": ""}])
    return [
        Point(
            Period(key[1:], None, version, Release(), 1),
            count(value, half=1.0, reason="" if value else "small_sample"),
        )
        for key, value in values.items()
    ]


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (points("2022", y2021=20.0, y2022=None, y2023=30.0), "2023 cannot be compared with 2021"),
        (points("2022", y2021=20.0, y2023=30.0), "2023 cannot be compared with 2021"),
        (points("2023", y2021=20.0, y2023=30.0), "2023 cannot be compared with 2021"),
        (points("2023-06", y2022=20.0, y2023=30.0), "2023 cannot be compared with 2022"),
        (points("2021", y2021=20.0, y2022=None, y2023=30.0), "That is more than in 2021"),
        (points("2024", y2022=20.0, y2023=30.0), "That is more than in 2022"),
    ],
)
def test_no_change_is_claimed_across_a_break(held: list[Point], said: str) -> None:
    with translation.override("en"):
        _first, last = wording.of_region(held, PERSONS, "Thessaly")
    assert said in last
