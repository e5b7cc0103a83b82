"""Cells for the indicators: held against a plain count over the file itself."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

import polars as pl
import pytest
from django.db import connection

from entaxis.geography.models import Area
from entaxis.sources import aggregates
from entaxis.sources.importing import actions
from entaxis.sources.models import Source, SourceEdition
from tests import factories
from tests.sources import files
from tests.sources.files import row

pytestmark = pytest.mark.django_db
Bring = Callable[..., SourceEdition]
MONTHS = [f"2024-{month:02}" for month in range(1, 13)]
AGES = {"0-17": 17, "18-29": 29, "30-44": 44, "45-54": 54, "55-64": 64, "65+": 999}
CODES = ["2201", "2401", "2601"]


def in_force(bring: Bring, rows: list[dict[str, str]], **facts) -> SourceEdition:
    edition = bring(rows, **facts)
    actions.make_current(edition=edition, by=None)
    return edition


def test_cells_are_what_a_plain_count_gives(gmi: Source, bring: Bring) -> None:
    rows = list(files.many(300, seed=3, municipalities=CODES, months=MONTHS))
    in_force(bring, rows)
    persons, households, euro = defaultdict(set), defaultdict(set), defaultdict(float)
    for each in rows:
        age = 2024 - int(each["birth"])
        group = next(key for key, most in AGES.items() if age <= most)
        cell = (
            date.fromisoformat(each["month"] + "-01"),
            each["municipality"],
            {"Γ": "f", "Α": "m"}[each["sex"]],
            group,
        )
        persons[cell].add(each["amka"])
        households[cell].add(each["household"])
        euro[cell] += 216.0
    found = aggregates.beneficiaries(gmi.region, "gmi", by=("sex", "age_group"))
    assert found.columns == [
        "month",
        "municipality",
        "sex",
        "age_group",
        "persons",
        "households",
        "amount_euro",
    ]
    assert {each[:4]: each[4:] for each in found.iter_rows()} == {
        cell: (len(persons[cell]), len(households[cell]), euro[cell]) for cell in persons
    }
    whole = aggregates.totals(gmi.region, "gmi").filter(pl.col("level") == "region")
    assert dict(whole.select("month", "persons").iter_rows()) == {
        month: len({p for cell, some in persons.items() if cell[0] == month for p in some})
        for month in {cell[0] for cell in persons}
    }


def test_who_belongs_to_several_groups_counts_in_each(gmi: Source, bring: Bring) -> None:
    in_force(bring, [row(1, groups="roma; homeless"), row(2, groups="roma"), row(3)])
    found = aggregates.beneficiaries(gmi.region, "gmi", by=("subgroup",))
    assert dict(found.select("subgroup", "persons").iter_rows()) == {"roma": 2, "homeless": 1, "none": 1}


def test_entries_returns_and_exits(gmi: Source, bring: Bring) -> None:
    stays = {1: (1, 2, 3, 4), 2: (2, 3), 3: (1, 3), 4: (1,), 5: (4,)}
    in_force(bring, [row(who, month=f"2024-{m:02}") for who, months in stays.items() for m in months])
    found = aggregates.flows(gmi.region, "gmi")
    assert {each[0].month: each[2:] for each in found.iter_rows()} == {
        2: (1, 0, 2),  # 2 came; 3 and 4 went
        3: (0, 1, 0),  # 3 came back
        4: (1, 0, 2),  # 5 came; 2 and 3 went
    }


def test_a_month_that_nobody_tells_ends_nothing(gmi: Source, bring: Bring) -> None:
    in_force(bring, [row(1, month="2024-01"), row(1, month="2024-03"), row(2, month="2024-01")])
    assert aggregates.flows(gmi.region, "gmi").is_empty()


def test_who_has_it_for_over_a_year_had_it_in_each_of_twelve_months_before(
    gmi: Source, bring: Bring
) -> None:
    year = [f"2023-{month:02}" for month in range(1, 13)]
    stays = {1: year, 2: year[1:], 3: year[:5] + year[6:], 4: []}
    months = {who: [*held, "2024-01"] for who, held in stays.items()} | {5: year}
    in_force(bring, [row(who, month=month) for who, held in months.items() for month in held])
    found = aggregates.by_duration(gmi.region, "gmi", date(2024, 1, 1))
    assert found.drop("municipality").rows() == [(date(2024, 1, 1), 4, 1)], "a gap begins anew"
    assert aggregates.by_duration(gmi.region, "gmi", date(2023, 12, 1)).is_empty(), "2022-12 is not told"


def test_who_moved_within_the_year_has_it_for_over_a_year_where_they_live_now(
    gmi: Source, bring: Bring
) -> None:
    year = [f"2023-{month:02}" for month in range(1, 13)]
    rows = [row(1, month=month) for month in year] + [row(1, month="2024-01", municipality="Λαρισαίων")]
    in_force(bring, rows)
    town = Area.objects.municipalities().get(name_el_genitive="Λαρισαίων")
    found = aggregates.by_duration(gmi.region, "gmi", date(2024, 1, 1))
    assert found.rows() == [(date(2024, 1, 1), town.code, 1, 1)]


def test_a_month_that_no_file_tells_leaves_durations_unknown(gmi: Source, bring: Bring) -> None:
    months = [f"2023-{month:02}" for month in range(1, 13) if month != 6]
    in_force(bring, [row(1, month=month) for month in [*months, "2024-01"]])
    assert aggregates.by_duration(gmi.region, "gmi", date(2024, 1, 1)).is_empty()


def test_a_person_is_the_same_in_two_sources_of_a_region(gmi: Source, bring: Bring) -> None:
    fead = factories.source("fead")
    in_force(bring, [row(1), row(2)])
    in_force(bring, [row(1, household="X9")], of=fead)
    with aggregates.sealed.role(aggregates.sealed.SOURCES), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT person), count(DISTINCT household) FROM sources_sealed.benefit_month"
        )
        assert cursor.fetchone() == (2, 3)


def test_nothing_in_force_gives_empty_frames_of_the_same_shape(gmi: Source) -> None:
    empty = aggregates.beneficiaries(gmi.region, "gmi", by=("sex",))
    assert empty.columns == ["month", "municipality", "sex", "persons", "households", "amount_euro"]
    assert aggregates.flows(gmi.region, "gmi").is_empty()
    assert aggregates.by_duration(gmi.region, "gmi", date(2024, 1, 1)).is_empty()
    assert aggregates.totals(gmi.region, "gmi").is_empty()
    assert aggregates.latest_month(gmi.region, "gmi") is None
    with pytest.raises(ValueError, match="no breakdown"):
        aggregates.beneficiaries(gmi.region, "gmi", by=("religion",))


def test_a_passport_is_told_the_files(gmi: Source, bring: Bring) -> None:
    edition = in_force(bring, [row(1)])
    facts = aggregates.editions(gmi.region, "gmi")
    assert [(each.id, each.checksum, each.rows) for each in facts] == [(edition.pk, edition.checksum, 1)]
