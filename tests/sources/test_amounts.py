"""What households are guaranteed, and payments above it: doubts that a person decides."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from entaxis.sources.guaranteed import amounts, guaranteed
from entaxis.sources.importing import actions
from entaxis.sources.importing.problems import SourceRefusedError, read_back
from entaxis.sources.models import BenefitParameters, Source, SourceEdition
from entaxis.sources.reports import rejected_csv
from tests import factories
from tests.sources import files
from tests.sources.files import row

pytestmark = pytest.mark.django_db
Bring = Callable[..., SourceEdition]
State = SourceEdition.State


def in_force(since: date = date(2023, 12, 1), **facts: Any) -> BenefitParameters:
    """Amounts of the benefit from a day on."""
    euros = {"first_adult_euro": "216", "further_adult_euro": "108", "minor_euro": "54"}
    told = {"kind": "gmi", "valid_from": since, "citation": "Απόφαση δοκιμής 1/2023"} | euros | facts
    return BenefitParameters.objects.get(pk=BenefitParameters.objects.create(**told).pk)


def family(*births: str, amount: str, first: int = 1, **cells: str) -> list[dict[str, str]]:
    """A household of which the first member's row bears the amount."""
    return [
        row(first + at, household=f"F{first}", birth=born, amount=amount if not at else "0,00", **cells)
        for at, born in enumerate(births)
    ]


def doubts(edition: SourceEdition) -> list[tuple[str, int, str]]:
    """Key, first line and lines of each doubt, sayable in both languages."""
    found = read_back(edition.report, "doubts")
    for language in ("el", "en"):
        with translation.override(language):
            assert all(str(one) for one in found)
    return [(one.key, one.line or 0, one.facts["lines"]) for one in found]


def notes(edition: SourceEdition) -> dict[str, Any]:
    """The facts of each note."""
    return {one.key: one.facts for one in read_back(edition.report, "notes")}


@pytest.mark.parametrize(
    ("adults", "minors", "euros"),
    [
        *[(1, 0, 216), (2, 0, 324), (2, 1, 378), (3, 2, 540)],
        *[(1, 1, 324), (1, 3, 432)],  # a parent alone: the eldest minor counts as an adult
        *[(0, 1, 216), (0, 2, 324)],  # children without an adult count as adults
    ],
)
def test_a_household_is_guaranteed_by_its_composition(adults: int, minors: int, euros: int) -> None:
    one = pl.DataFrame({"month": [date(2024, 3, 1)], "adults": [adults], "minors": [minors]})
    assert guaranteed(one, [in_force()])["guaranteed"].to_list() == [euros * 100]


def test_amounts_hold_from_their_day_until_the_next() -> None:
    told = [in_force(), in_force(date(2024, 3, 15), first_adult_euro="300.50")]
    months = [date(2023, 11, 1), date(2024, 2, 1), date(2024, 3, 1)]
    alone = pl.DataFrame({"month": months, "adults": [1] * 3, "minors": [0] * 3})
    assert guaranteed(alone, told)["guaranteed"].to_list() == [None, 21_600, 30_050]


def test_amounts_of_the_demonstration_judge_its_own_files_alone() -> None:
    made_up = in_force(is_synthetic=True)
    assert amounts("gmi", is_synthetic=False) == []
    assert amounts("gmi", is_synthetic=True) == [made_up]


def test_a_household_paid_more_than_guaranteed_is_a_doubt_and_no_refusal(bring: Bring) -> None:
    in_force()
    edition = bring(
        [
            *family("1980", "1982", "2015", amount="378,00"),
            *family("1980", "1982", "2015", amount="378,01", first=10),
            *family("1980", "2015", amount="325,00", first=20),
            *family("1980", amount="500,00", first=30),
        ]
    )
    assert edition.state == State.STAGED
    assert doubts(edition) == [
        ("amount_over", 5, "5, 6, 7"), ("amount_over", 8, "8, 9"), ("amount_over", 10, "10"),
    ]  # fmt: skip
    assert notes(edition)["amounts_compared"] == {"compared": 4, "payments": 4}
    assert notes(edition)["amounts_text"] == {"text": "Απόφαση δοκιμής 1/2023", "since": "2023-12-01"}
    told = f"{edition.report} {rejected_csv(read_back(edition.report, 'doubts')).decode()}"
    assert not any(secret in told for secret in ("378", "325", "500", files.amka(10), files.afm(10)))


def test_who_reaches_eighteen_in_the_year_is_an_adult(bring: Bring) -> None:
    in_force()
    assert doubts(bring(family("1980", "1981", "2006", amount="432,00"))) == []
    assert len(doubts(bring(family("1980", "1981", "2007", amount="432,00")))) == 1


def test_nothing_is_said_of_a_household_that_is_not_known(bring: Bring) -> None:
    in_force()
    unborn = family("1980", "", amount="900,00")
    unbound = [row(50, household="", amount="900,00")]
    edition = bring([*unborn, *unbound, *family("1980", "1981", amount="324,00", first=60)])
    assert doubts(edition) == []
    assert notes(edition)["amounts_compared"] == {"compared": 1, "payments": 3}


def test_an_amount_that_each_member_repeats_is_the_household_s(bring: Bring) -> None:
    in_force()
    both = [row(1, household="F", amount="324,00"), row(2, household="F", amount="324,00")]
    assert len(doubts(bring(both))) == 1
    other = [{**each, "month": "2024-04"} for each in both]
    assert doubts(bring(other, options={"amount_of_household": True})) == []


def test_a_file_of_recipients_alone_tells_no_composition(bring: Bring) -> None:
    in_force()
    edition = bring([row(1, amount="900,00"), row(2, amount="900,00")])
    assert doubts(edition) == []
    assert "amounts_of_recipients" in notes(edition)
    assert "amounts_compared" not in notes(edition)


def test_months_without_amounts_in_force_are_named(bring: Bring) -> None:
    in_force(date(2024, 4, 1))
    march, april = (family("1980", "1981", amount="900,00", month=f"2024-0{at}") for at in (3, 4))
    edition = bring([*march, *april])
    assert doubts(edition) == [("amount_over", 4, "4, 5")]
    assert notes(edition)["amounts_unknown"] == {"months": "2024-03"}
    with translation.override("el"):
        said = [str(one) for one in read_back(edition.report, "notes") if one.key == "amounts_unknown"]
    assert "Ποσά παροχών" in said[0]


def test_a_file_without_amounts_is_not_compared(gmi: Source, tmp_path: Path) -> None:
    keys = [key for key in files.KEYS if key != "amount"]
    path = files.write(tmp_path / "kind.csv", family("1980", "1981", amount=""), keys=keys)
    edition = actions.bring_in(source=gmi, path=path, by=None)
    assert not [key for key in notes(edition) if key.startswith("amounts")]


def test_what_is_refused_for_a_row_is_not_compared(bring: Bring) -> None:
    """Beside a refused row a household would miss a member."""
    in_force()
    with pytest.raises(SourceRefusedError):
        bring([*family("1980", "1981", amount="900,00"), row(9, month="κάποτε")])
    assert SourceEdition.objects.get().report["doubt_count"] == 0


# --- a person decides -------------------------------------------------------------------------------


def test_it_is_in_force_once_a_person_lets_the_amounts_stand(bring: Bring) -> None:
    in_force()
    person = factories.user()
    edition = bring(family("1980", "1981", amount="900,00"))
    with pytest.raises(SourceRefusedError, match="1"):
        actions.make_current(edition=edition, by=person)
    actions.make_current(edition=edition, by=person, amounts_stand=True)
    edition.refresh_from_db()
    assert edition.state == State.CURRENT
    assert edition.report["amounts_stand"] == {"by": str(person.pk)}


def test_the_page_names_the_payments_and_asks(gmi: Source, bring: Bring) -> None:
    in_force()
    chief = Client(headers={"host": "thessaly.localhost"})
    chief.force_login(factories.region_administrator(gmi.region))
    page = f"/el/office/sources/files/{bring(family('1980', '1981', amount='900,00')).pk}/"
    assert "των γραμμών 2, 3" in chief.get(page).content.decode()
    assert "2, 3" in chief.get(f"{page}problems.csv").content.decode("utf-8-sig")
    refused = chief.post(f"{page}in-force/", follow=True).content.decode()
    assert "Δηλώστε ότι είναι σωστές" in refused
    assert SourceEdition.objects.get().state == State.STAGED
    chief.post(f"{page}in-force/", {"amounts_stand": "on"})
    assert SourceEdition.objects.get().state == State.CURRENT
    assert "Κρίθηκαν σωστές" in chief.get(page).content.decode()


def test_the_page_leads_to_where_amounts_are_entered(gmi: Source, bring: Bring) -> None:
    chief = Client(headers={"host": "thessaly.localhost"})
    chief.force_login(factories.region_administrator(gmi.region))
    page = chief.get(f"/el/office/sources/files/{bring([row(1)]).pk}/").content.decode()
    assert page.count("/el/office/sources/amounts/") == 1


def test_the_command_waits_for_a_person(
    gmi: Source, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    in_force()
    path = files.write(tmp_path / "a.csv", family("1980", "1981", amount="900,00"))
    with pytest.raises(SystemExit) as stopped:
        call_command("import_benefits", path, source=gmi.key)
    assert stopped.value.code == 3
    assert "2, 3" in capfd.readouterr().err
    held = SourceEdition.objects.get()
    assert held.state == State.STAGED
    actions.discard(edition=held)
    call_command("import_benefits", path, source=gmi.key, amounts_stand=True)
    assert SourceEdition.objects.filter(state=State.CURRENT).exists()
