"""The reference table: laeken, convey, survey and Eurostat's own code on the synthetic Austrian EU-SILC."""

import pytest

import socialstats as ss
from tests.socialstats.data import needs_reference, reference

pytestmark = needs_reference

POINTS = [
    ("arpt", {}, 10859.236),
    ("arop", {}, 14.444218167534),
    ("gap", {}, 18.928596818413),
    ("gini", {}, 26.489619211323),
    ("gini", {"gini": "convey"}, 26.4965166028716),
    ("s80s20", {}, 3.978429472354),
    ("s80s20", {"tails": "inclusive"}, 3.970004326037),
]


@pytest.mark.parametrize(("indicator", "options", "value"), POINTS)
def test_points(indicator: str, options: dict[str, str], value: float) -> None:
    assert ss.estimate(reference(), indicator, **options).one(indicator).value == pytest.approx(
        value, rel=1e-10
    )


ERRORS = [
    ("arop", {"density": "convey"}, 0.4759542832, 1e-8),
    ("gini", {"gini": "convey"}, 0.30824560, 1e-8),
    ("gini", {}, 0.308235, 1e-6),  # quoted with six digits
    ("s80s20", {"tails": "inclusive", "density": "convey"}, 0.0681840611, 1e-8),
    ("arop", {"line": ss.Line.given(10859.236)}, 0.4981780652, 1e-8),
]


@pytest.mark.parametrize(("indicator", "options", "se", "within"), ERRORS)
def test_linearised_errors(indicator: str, options: dict[str, object], se: float, within: float) -> None:
    assert ss.estimate(reference(), indicator, **options).one(indicator).se == pytest.approx(se, rel=within)


def test_the_default_density_moves_the_error_by_less_than_one_percent() -> None:
    ours = ss.estimate(reference(), "arop").one("arop").se
    assert ours == pytest.approx(0.4772103098, rel=1e-8)
    assert ours == pytest.approx(0.4759542832, rel=0.01)


REGIONS = [
    ("Burgenland", 19.539836508278),
    ("Carinthia", 13.086267749888),
    ("Lower Austria", 13.843622813660),
]


@pytest.mark.parametrize(("region", "value"), REGIONS)
def test_regions_keep_the_line_of_all(region: str, value: float) -> None:
    found = ss.estimate(reference(), "arop", by="db040").one("arop", db040=region)
    assert found.value == pytest.approx(value, rel=1e-10)


def test_the_tails_matter_where_households_tie() -> None:
    strict = ss.estimate(reference(), "s80s20", by="db040").one("s80s20", db040="Vorarlberg")
    loose = ss.estimate(reference(), "s80s20", by="db040", tails="inclusive").one(
        "s80s20", db040="Vorarlberg"
    )
    assert strict.value == pytest.approx(4.6599, abs=5e-5)
    assert loose.value == pytest.approx(4.3665, abs=5e-5)


def test_the_unborn_are_named() -> None:
    assert any("64 persons aged -1" in note for note in reference().notes)
