"""Counts by sub-group from the questionnaires of services to the pages of vulnerable groups."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions, breaking_down, groups, proposing, store
from entaxis.indicators.groups import Part
from entaxis.indicators.models import Candidate, IndicatorVersion, Observation, Release
from entaxis.sources.importing import actions as importing
from entaxis.sources.models import Measure, Source, SourceEdition
from tests import factories
from tests.indicators.conftest import SIZES, Publish

pytestmark = pytest.mark.django_db
LONGEST = "long_term_unemployed"
HERE = {"2201": 80, "2202": 60, "2203": 50, "2301": 40, "2302": 12, "2303": 30}
"""Women of working age of each municipality; men are as many and one more, the old a third."""


@pytest.fixture
def bring(region: Area, lists: None, tmp_path: Path) -> Callable[[list[str]], SourceEdition]:
    Measure.objects.create(
        key="beneficiaries", name_el="Ωφελούμενοι", name_en="Beneficiaries", unit="persons"
    )

    def bring(lines: list[str]) -> SourceEdition:
        path = tmp_path / "counts.csv"
        path.write_text("\n".join(["Δήμος;Έτος;Υποομάδα;Φύλο;Ηλικία;Άτομα", *lines]), encoding="utf-8")
        edition = importing.bring_in(
            source=Source.objects.filter(region=region).first()
            or factories.source("subgroup_counts", home=region),
            path=path,
            by=None,
            columns={"Άτομα": "measure:beneficiaries"},
        )
        importing.make_current(edition=edition, by=None)
        edition.refresh_from_db()
        return edition

    return bring


def lines(here: dict[str, int] = HERE, group: str = LONGEST) -> list[str]:
    """Every municipality by sex and age, with the sums of both."""
    found = []
    for code, women in here.items():
        older = {("Γ", "65+"): women // 3, ("Α", "65+"): 7}
        cells = {("Γ", "18-64"): women, ("Α", "18-64"): women + 1} | older
        for sex in ("", "Γ", "Α"):
            for age in ("", "18-64", "65+"):
                told = sum(n for key, n in cells.items() if sex in ("", key[0]) and age in ("", key[1]))
                found.append(f"{code};2023;{group};{sex};{age};{told}")
    return found


@pytest.fixture
def published(bring: Callable[[list[str]], SourceEdition], maker: User, approver: User) -> Release:
    release = proposing.begin(edition=bring(lines()), by=maker)
    proposing.count(release=release)
    actions.approve(release=release, by=approver)
    release.refresh_from_db()
    return release


def test_a_year_that_is_new_corrects_nothing_and_leaves_the_year_before(
    published: Release, bring: Callable[[list[str]], SourceEdition], maker: User
) -> None:
    """Both years' files are in force; the release of the second tells the second alone."""
    edition = bring([line.replace(";2023;", ";2024;") for line in lines()])
    made = proposing.begin(edition=edition, by=maker)
    assert made.supersedes is None
    proposing.count(release=made)
    assert {row.period for row in store.candidates(made)} == {"2024"}


@pytest.fixture
def reader() -> Client:
    return Client(headers={"host": "thessaly.localhost"})


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_group_by_sex_and_age_has_room_for_its_key(published: Release) -> None:
    """The key of the longest sub-group by sex and age is longer than 48 characters."""
    cell = f"subgroup={LONGEST};age=65plus;sex=female"
    assert len(cell) > 48
    assert Observation.objects.get(breakdown=cell, area__code="2201").value == 26


def test_sums_are_told_where_every_municipality_is(
    bring: Callable[[list[str]], SourceEdition], maker: User
) -> None:
    edition = bring([line for line in lines() if not line.startswith("2303")])
    release = proposing.begin(edition=edition, by=maker)
    proposing.count(release=release)
    cell = f"subgroup={LONGEST};age=18-64;sex=male"
    told = {row.area_id for row in store.candidates(release) if row.breakdown == cell}
    codes = {area.code for area in Area.objects.filter(pk__in=told)}
    assert codes == {"2201", "2202", "2203", "2301", "2302", "22"}


def test_a_breakdown_is_read_whatever_its_order() -> None:
    part = Part("roma", "female", "65plus")
    assert Part.of("subgroup=roma;sex=female;age=65plus") == part
    assert Part.of("age=65plus;sex=female;subgroup=roma") == part
    assert part.who == "age=65plus;sex=female"
    assert Part.of("sex=female") is None
    assert Part.of("subgroup=roma;housing=tent") is None


def test_the_list_shows_every_group_and_warns(published: Release, reader: Client) -> None:
    page = text_of(reader.get("/el/vulnerable-groups/"))
    assert "Μακροχρόνια άνεργοι" in page
    assert "οι αριθμοί τους δεν αθροίζονται" in page
    # everybody of the region, and of a group that nobody told nothing
    whole = sum(2 * women + 1 + women // 3 + 7 for women in HERE.values())
    assert f">{whole}<" in page
    assert "δεν το λέει αυτή η πηγή" in page
    assert "η πηγή δεν λέει τίποτα, και αυτό δεν σημαίνει ότι δεν υπάρχει κανείς" in page


def test_a_group_stands_per_municipality_and_by_sex_and_age(published: Release, reader: Client) -> None:
    page = text_of(reader.get(f"/el/vulnerable-groups/{LONGEST}/"))
    assert "Δήμος 2201" in page
    assert ">194<" in page  # 80 + 81 + 26 + 7
    assert re.search(r"δημοσιεύονται: Δήμος 2201 \(194\), Δήμος 2202 \(148\), Δήμος 2203 \(124\)\.", page)
    women = text_of(reader.get(f"/en/vulnerable-groups/{LONGEST}/?who=age=18-64;sex=female"))
    assert ">80<" in women
    assert "aged 65 or over" in women
    assert reader.get("/el/vulnerable-groups/vulnerable/").status_code == 404
    assert reader.get("/el/vulnerable-groups/nobody/").status_code == 404
    assert reader.get(f"/el/vulnerable-groups/{LONGEST}/?source=nothing").status_code == 404


def test_what_is_withheld_has_its_sign_and_no_number(
    bring: Callable[[list[str]], SourceEdition], maker: User, approver: User, reader: Client
) -> None:
    release = proposing.begin(edition=bring(lines(HERE | {"2302": 3})), by=maker)
    proposing.count(release=release)
    actions.approve(release=release, by=approver)
    tiny = Observation.objects.get(breakdown=f"subgroup={LONGEST};age=18-64;sex=female", area__code="2302")
    assert tiny.value is None
    page = text_of(reader.get(f"/el/vulnerable-groups/{LONGEST}/?who=age=18-64;sex=female"))
    assert re.search(rf'href="/el/figures/{tiny.public_id}/" class="is-unknown">✱', page)
    assert "πολύ λίγα άτομα" in page
    assert re.search(r"\d από τους 6 αριθμούς δεν δημοσιεύ", page)


def test_what_a_survey_says_of_a_group_stands_beside_everybody(
    lists: None, region: Area, publish: Publish, reader: Client
) -> None:
    version = IndicatorVersion.objects.get(indicator__code="arop", number=1)
    named: dict[str, Any] = {
        "version": version, "period": "2023", "area_id": region.pk, "kind": Candidate.DIRECT,
        "standard_error": 1.0, "n_effective": 50.0, "flag": "", "note": "",
    }  # fmt: skip
    publish(
        [
            Candidate(
                breakdown="total", value=20.0, ci_low=18.0, ci_high=22.0, n=900, members=900, **named
            ),
            Candidate(
                breakdown=f"subgroup={LONGEST}", value=41.0, ci_low=35.0, ci_high=47.0, n=90, members=90,
                **named,
            ),
        ]
    )  # fmt: skip
    page = text_of(reader.get(f"/en/vulnerable-groups/{LONGEST}/"))
    assert "41.0 %" in page
    assert "20.0 %" in page
    assert "higher with certainty" in page
    assert "Certainly higher in this group than for everybody: " in page
    assert "41.0 %" not in text_of(reader.get("/en/vulnerable-groups/roma/"))


def test_without_counts_the_pages_say_so(lists: None, reader: Client) -> None:
    assert "δεν έχει δημοσιευτεί μέτρηση" in text_of(reader.get("/el/vulnerable-groups/"))
    assert "δεν έχει δημοσιευτεί μέτρηση" in text_of(reader.get(f"/el/vulnerable-groups/{LONGEST}/"))


def test_the_pages_ask_as_much_for_thirty(
    lists: None, region: Area, publish: Publish, reader: Client, queries_stay: Any
) -> None:
    version = IndicatorVersion.objects.get(indicator__code="municipal_beneficiaries", number=1)
    keys = iter(one.key for _group, inside in groups.terms() for one in inside)
    areas = {area.code: area.pk for area in Area.objects.of(region)} | {region.code: region.pk}
    rows: list[Candidate] = []

    def grow(more: int) -> None:
        for _ in range(min(more, 24)):
            rows.extend(_counts(version, next(keys), areas))
        released = Release.objects.order_by("-pk").first()
        publish(
            [_again(row) for row in rows],
            **({"supersedes": released, "notes": {"el": "Περισσότερες."}} if released else {}),
        )

    addresses = ("/el/vulnerable-groups/", "/el/vulnerable-groups/physical_disability/")
    assert queries_stay(grow=grow, read=lambda: [reader.get(address) for address in addresses]) < 40


def _counts(version: IndicatorVersion, key: str, areas: dict[str, int]) -> list[Candidate]:
    told = {code: 20 + number for number, code in enumerate(SIZES)}
    told |= {unit: sum(n for code, n in told.items() if code[:2] == unit) for unit in ("22", "23")}
    told["EL61"] = told["22"] + told["23"]
    return [
        Candidate(
            version=version, period="2023", area_id=areas[code], breakdown=f"subgroup={key}",
            kind=Candidate.COUNT, value=float(n), members=n, flag="", note="",
        )
        for code, n in told.items()
    ]  # fmt: skip


def _again(row: Candidate) -> Candidate:
    row.pk = None
    return row


def test_ages_of_a_source_are_named_and_in_order() -> None:
    keys = ["age=65plus", "age=5-14", "sex=female", "total", "age=15-24"]
    assert sorted(keys, key=breaking_down.order) == [
        "total", "sex=female", "age=5-14", "age=15-24", "age=65plus",
    ]  # fmt: skip
    assert breaking_down.label("age=15-24") == "15–24 ετών"
