from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from entaxis.accounts.models import User
from entaxis.core import greek, tabular
from entaxis.directory.importing import actions, planning
from entaxis.directory.importing.planning import Plan, Request
from entaxis.directory.models import ImportRun
from entaxis.geography.models import Area, BoundarySet, Outline, PlaceName
from entaxis.vocabularies.models import Vocabulary
from tests import factories

Rows = list[dict[str, str]]


@pytest.fixture
def thessaly(db: None) -> Area:
    """Volos and Larissa as squares of 0.2 degrees, and Tripoli in another region."""
    region = factories.region(name_official_el="Περιφέρεια Θεσσαλίας", name_el_genitive="Θεσσαλίας")
    volos = factories.municipality(ypes_code="9120")
    larissa = factories.municipality(
        "2201",
        unit=factories.regional_unit("22", name_el="Λάρισα", name_en="Larissa"),
        name_el="Λάρισα",
        name_el_genitive="Λαρισαίων",
        name_official_el="Δήμος Λαρισαίων",
        name_elot743="Larisa",
        name_en="Larissa",
        seat=Point(22.41, 39.64),
    )
    south = factories.region("EL65", name_el="Πελοπόννησος")
    factories.municipality(
        "4001",
        unit=factories.regional_unit("40", inside=south, name_el="Αρκαδία"),
        name_el="Τρίπολη",
        name_el_genitive="Τρίπολης",
        name_official_el="Δήμος Τρίπολης",
        name_elot743="Tripoli",
        name_en="Tripoli",
    )
    boundaries = BoundarySet.objects.create(
        region=region,
        is_active=True,
        year=2021,
        source="test",
        licence="test",
        checksum="0" * 64,
        accuracy_m=200,
    )
    for area in (volos, larissa):
        assert area.seat is not None
        x, y = area.seat.coords
        square = MultiPolygon(Polygon.from_bbox((x - 0.1, y - 0.1, x + 0.1, y + 0.1)), srid=4326)
        Outline.objects.create(boundary_set=boundaries, area=area, geometry=square, display=square)
    PlaceName.objects.create(
        area=volos,
        region=region,
        kind=PlaceName.Kind.SEAT,
        name="Νέα Ιωνία",
        sound=greek.sound("Νέα Ιωνία"),
        stem=greek.stem("Νέα Ιωνία"),
        point=Point(22.93, 39.38),
    )
    _terms()
    return region


def _terms() -> None:
    names = Vocabulary.Name
    pharmacy = {
        "label_el": "Κοινωνικό Φαρμακείο",
        "label_en": "Social Pharmacy",
        "plural_el": "Κοινωνικά Φαρμακεία",
    }
    factories.term("social_pharmacy", **pharmacy)
    centre = factories.term("community_centre", label_el="Κέντρο Κοινότητας", abbreviation_el="Κ.Κ.")
    factories.term("roma_annex", label_el="Παράρτημα Ρομά", parent=centre)
    factories.term("violence_women_support", label_el="Ξενώνας", is_confidential=True)
    medicine = {"label_el": "Χορήγηση φαρμάκων", "label_en": "Supply of medicines"}
    factories.term("medicine_supply", inside=names.SERVICES, **medicine)
    factories.term("baby_supplies", inside=names.SERVICES, label_el="Γάλα, πάνες, ρούχα")
    factories.term("medicines", inside=names.NEEDS, label_el="Χρειάζομαι φάρμακα")
    factories.term("uninsured", inside=names.TARGET_GROUPS, label_el="Ανασφάλιστοι")


@pytest.fixture
def administrator(thessaly: Area) -> User:
    return factories.region_administrator(thessaly)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Rows], Path]:
    """Writes rows by heading into a CSV."""

    def into(rows: Rows, name: str = "table.csv") -> Path:
        headings = list(dict.fromkeys(heading for row in rows for heading in row))
        path = tmp_path / name
        path.write_bytes(tabular.csv_bytes(headings, [[row.get(h, "") for h in headings] for row in rows]))
        return path

    return into


@pytest.fixture
def plan(thessaly: Area, write: Callable[[Rows], Path]) -> Callable[..., Plan]:
    """What an import of rows would do."""

    def of(*rows: dict[str, str], **options: object) -> Plan:
        return planning.plan(Request(write(list(rows)), thessaly, "test", **options))  # type: ignore[arg-type]

    return of


@pytest.fixture
def bring_in(thessaly: Area, write: Callable[[Rows], Path]) -> Callable[..., tuple[ImportRun, Plan]]:
    """Imports rows."""

    def of(
        *rows: dict[str, str], by: User | None = None, accepts_valid: bool = False
    ) -> tuple[ImportRun, Plan]:
        source = actions.source_named(region=thessaly, name="test")
        run = ImportRun(region=thessaly, source=source, person=by, accepts_valid=accepts_valid)
        request = Request(write(list(rows)), thessaly, "test", may_seal=by is not None)
        return run, actions.bring_in(run=run, request=request, by=by)

    return of
