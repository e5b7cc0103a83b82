"""Every registered indicator has its page in docs/methods, under the headings that all of them share."""

import re
from functools import cache
from pathlib import Path

import polars as pl
import pytest

import socialstats as ss
from socialstats.concepts import SECTIONS
from socialstats.estimation import label_of
from socialstats.indicators import parse
from socialstats.lines import Line
from socialstats.variance.engine import BEFORE_TRANSFERS

METHODS = Path(__file__).parents[2] / "docs/methods"
HEADINGS = [
    "Formula",
    "Needs",
    "Unit",
    "Missing",
    "Ties and thresholds",
    "Error",
    "Checked against",
    "Source",
]
SERIES = {r"p\d+": "quantile", r"lorenz\d+": "lorenz", r"arope_[psl]+": "arope_parts"}
"""One formula with a parameter in its name: one page."""


@cache
def everything() -> ss.Survey:
    """Two persons who say yes, or 1, to all that a map can name: a survey with every condition there is."""
    answers = {
        f"{section}.{concept}": 1 if codes is None else codes.yes[0]
        for section, concepts in SECTIONS.items()
        for concept, codes in concepts.items()
    }
    frame = pl.DataFrame([{"household": home, "weight": 1.0, **answers} for home in (1, 2)])
    survey = ss.Survey.of(frame, weight="weight", household="household")
    columns = {
        section: {name: f"{section}.{name}" for name in named} for section, named in SECTIONS.items()
    }
    return ss.with_map(survey, columns)


def names() -> list[str]:
    """Keys of all indicators."""
    return ["arpt", BEFORE_TRANSFERS, *ss.INDICATORS, *everything().flags]


def page_of(name: str) -> str:
    """The name of an indicator's page."""
    return next((page for pattern, page in SERIES.items() if re.fullmatch(pattern, name)), name)


def sections(page: str) -> dict[str, str]:
    """What stands under each heading of a page, its title under the empty one."""
    text = (METHODS / f"{page}.md").read_text(encoding="utf-8")
    title, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    return {"": title, **dict(part.split("\n", 1) for part in parts)}


def test_every_indicator_has_a_page_under_the_same_headings() -> None:
    for name in names():
        found = sections(page_of(name))
        assert list(found) == ["", *HEADINGS], name
        assert [heading for heading, words in found.items() if len(words.split()) < 2] == [], name
        assert f"`{name}`" in found[""]


def test_a_page_bears_the_label_and_the_unit_that_are_printed() -> None:
    for name in names():
        found = sections(page_of(name))
        label, unit = label_of(everything(), parse(name, Line.of_sample()))
        if page_of(name) == name:
            assert found[""].strip() == f"# `{name}` – {label}"
        assert re.findall(r"\w+", found["Unit"])[0] == unit, name


@pytest.mark.parametrize("name", ["arpt", "arop", "gap", "fgt1", "fgt2", "sen"])
@pytest.mark.parametrize("percent", [40, 50, 60, 70])
def test_keys_with_a_line_of_their_own_stand_in_the_formula(name: str, percent: int) -> None:
    assert parse(f"{name}{percent}", Line.of_sample()).base == name
    assert f"`{name}{percent}`" in sections(name)["Formula"]


def test_no_page_is_left_behind_and_the_index_lists_all() -> None:
    index = (METHODS / "README.md").read_text(encoding="utf-8")
    pages = {path.stem for path in METHODS.glob("*.md")} - {"README"}
    formulas = {
        page for page in pages if "\n## Formula\n" in (METHODS / f"{page}.md").read_text(encoding="utf-8")
    }
    assert formulas == {page_of(name) for name in names()}
    assert sorted(page for page in pages if f"]({page}.md)" not in index) == []


def test_links_between_pages_lead_somewhere() -> None:
    lost = [
        (path.name, target)
        for path in METHODS.glob("*.md")
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
        if not (METHODS / target).exists()
    ]
    assert lost == []
