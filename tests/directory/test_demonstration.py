import csv
from collections import Counter
from datetime import date
from pathlib import Path

import phonenumbers
import pytest
from django.core.management import call_command

from entaxis.accounts.models import Body
from entaxis.core import tabular
from entaxis.directory import demonstration
from entaxis.directory.choices import Aspect
from entaxis.directory.models import Eligibility, KindCompleteness, Structure
from entaxis.geography import queries
from entaxis.geography.models import Area
from tests import factories

TODAY = date(2026, 11, 22)
DOCUMENTED = {
    "community_centre": 25,
    "roma_annex": 8,
    "social_pharmacy": 6,
    "social_grocery": 9,
    "soup_kitchen": 2,
    "violence_women_support": 3,
    "homeless_support": 2,
    "open_care_elderly": 63,
    "day_care_elderly": 1,
    "nursery": 64,
    "health_centre": 3,
}


@pytest.mark.django_db
def test_both_regions_come_in_as_documented(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_geography")
    call_command("load_vocabularies", verbosity=0)
    for code in ("EL61", "EL65"):
        region = Area.objects.regions().get(code=code)
        person = factories.region_administrator(region, second_factor=False)
        path = tmp_path / f"{code}.csv"
        headings, rows = demonstration.table(region, today=TODAY)
        path.write_bytes(tabular.csv_bytes(headings, rows))
        _is_impersonal(path)
        call_command(
            "import_structures", path, region=code, source="demonstration", by=person.email, synthetic=True
        )
        assert "rejected=0" in capsys.readouterr().out
        assert demonstration.state_completeness(region=region, today=TODAY) > 100
    _thessaly_is_as_documented()
    _places_are_inside_their_municipality()
    _completeness_varies()
    _bodies_have_english_names()
    _who_may_come_is_said_once()


def _bodies_have_english_names() -> None:
    names = dict(Body.objects.filter(region__code="EL61").values_list("name_el", "name_en"))
    assert names["Δήμος Βόλου"] == "Municipality of Volos"
    assert names["Περιφέρεια Θεσσαλίας"] == "Region of Thessaly"


def _who_may_come_is_said_once() -> None:
    """A condition on where one lives and the area served do not contradict each other."""
    rules = Eligibility.objects.filter(aspect=Aspect.RESIDENCE, offer__structure__is_confidential=False)
    assert rules.count() > 100
    for rule in rules.select_related("offer__structure").prefetch_related("offer__structure__served_areas"):
        assert [area.level for area in rule.offer.structure.served_areas.all()] == rule.values


def _thessaly_is_as_documented() -> None:
    thessaly = Structure.objects.filter(region__code="EL61").published()
    assert Counter(thessaly.values_list("kind__key", flat=True)) == DOCUMENTED
    assert thessaly.count() == sum(DOCUMENTED.values()) == 186
    assert not Structure.objects.filter(is_synthetic=False).exists()
    centres = thessaly.filter(kind__key="community_centre").values_list("municipality__code", flat=True)
    assert len(set(centres)) == 25
    annexes = thessaly.filter(kind__key="roma_annex")
    assert all(annex.parent and annex.parent.kind.key == "community_centre" for annex in annexes)
    assert set(thessaly.filter(is_confidential=True).values_list("kind__key", "municipality", "point")) == {
        ("violence_women_support", None, None)
    }
    everywhere = Structure.objects.filter(
        kind__key__in=["open_care_elderly", "nursery"], region__code="EL61"
    )
    assert everywhere.values("municipality").distinct().count() == 25
    assert Structure.objects.filter(region__code="EL65").count() < 100
    assert thessaly.filter(kind__key="social_pharmacy", municipality__code="2401").exists()  # Volos


def _places_are_inside_their_municipality() -> None:
    placed = Structure.objects.filter(point__isnull=False).select_related("municipality")
    assert placed.count() > 240
    for structure in placed:
        assert structure.point is not None
        assert queries.municipality_at(structure.point) == structure.municipality


def _completeness_varies() -> None:
    states = Counter(KindCompleteness.objects.values_list("state", flat=True))
    assert all(states[state] >= 10 for state in KindCompleteness.State.values)
    assert not KindCompleteness.objects.filter(kind__is_confidential=True).exists()
    dates = set(Structure.objects.values_list("assured_date", flat=True))
    assert None in dates
    assert len(dates) >= 8


def _is_impersonal(path: Path) -> None:
    """No number that somebody has, no mail that arrives anywhere, no street that exists."""
    with path.open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    for row in rows:
        assert row["street"] in {"", "Οδός Επίδειξης"}
        assert row["email"] == "" or row["email"].endswith("@example.org")
        if row["telephone"] != "15900":
            number = phonenumbers.parse(row["telephone"], "GR")
            assert phonenumbers.is_possible_number(number)
            assert not phonenumbers.is_valid_number(number)
