"""Areas come in whole or not at all; a year has one vintage; names are found however written."""

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from entaxis.geography import actions, queries
from entaxis.geography.importing.areas import parse
from entaxis.geography.importing.problems import ImportRefusedError
from entaxis.geography.importing.tables import read_table
from entaxis.geography.models import Area, AreaCrosswalk, BoundarySet, Level, PlaceName, Population
from tests import factories

HEAD = "level;code;parent;name_el;population_2021_provisional\n"
EPIRUS = HEAD + (
    "region;EL54;;Ήπειρος;120\n"
    "regional_unit;19;EL54;Άρτα;120\n"
    "municipality;1901;19;Αρταίοι;70\n"
    "municipality;1902;19;Τζουμέρκα;50\n"
)


@pytest.fixture
def loaded(db: None) -> None:
    factories.geography()


def table(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "areas.csv"
    path.write_bytes(text.encode(encoding))
    return path


def bring(path: Path, **options: object) -> actions.AreasImported:
    return actions.import_areas(path=path, source="ELSTAT", by="a test", **options)  # type: ignore[arg-type]


def refused(path: Path) -> list[str]:
    before = (Area.objects.count(), Population.objects.count())
    with pytest.raises(ImportRefusedError) as caught:
        bring(path)
    assert (Area.objects.count(), Population.objects.count()) == before
    return [problem.key for problem in caught.value.problems]


# --- the reference data ---------------------------------------------------------------------------


@pytest.mark.usefixtures("loaded")
def test_the_register_in_force_is_whole() -> None:
    current = Area.objects.current()
    assert current.filter(level=Level.REGION).count() == 13
    assert current.filter(level=Level.REGIONAL_UNIT).count() == 74
    assert current.municipalities().of(Area.objects.get(code="EL61")).count() == 25
    assert current.municipalities().of(Area.objects.get(code="EL65")).count() == 26
    assert AreaCrosswalk.objects.filter(source__register_year=2011).count() == 51


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("code", "in_2011", "in_2021"), [("EL61", 732_762, 687_527), ("EL65", 577_903, 538_366)]
)
def test_municipalities_add_up_to_the_official_total(code: str, in_2011: int, in_2021: int) -> None:
    region = Area.objects.get(code=code)
    for year, vintage, total in ((2011, "final", in_2011), (2021, "provisional", in_2021)):
        held = Population.objects.filter(area__region=region, area__level="municipality", year=year)
        assert set(held.values_list("vintage", flat=True)) == {vintage}
        assert held.aggregate(total=Sum("persons"))["total"] == total
        assert Population.objects.get(area=region, year=year).persons == total


@pytest.mark.usefixtures("loaded")
def test_loading_again_changes_nothing() -> None:
    before = (list(Area.objects.values()), list(BoundarySet.objects.values()), PlaceName.objects.count())
    call_command("load_geography", verbosity=0)
    after = (list(Area.objects.values()), list(BoundarySet.objects.values()), PlaceName.objects.count())
    assert after == before


@pytest.mark.usefixtures("loaded")
def test_a_renamed_municipality_is_known_by_both_registers() -> None:
    pair = AreaCrosswalk.objects.get(target__code="2602")
    assert (pair.source.name_el, pair.target.name_el) == ("Καλαμπάκα", "Μετέωρα")
    assert pair.area_share == 1


@pytest.mark.usefixtures("loaded")
def test_residents_are_of_one_census_and_vintage() -> None:
    thessaly = Area.objects.get(code="EL61")
    latest, earlier = queries.residents(thessaly), queries.residents(thessaly, 2011)
    assert latest is not None
    assert earlier is not None
    assert (latest.year, latest.vintage, latest.is_provisional) == (2021, "provisional", True)
    assert (earlier.year, earlier.vintage) == (2011, "final")
    assert latest.persons["2201"] == 164_381
    assert queries.residents(Area.objects.get(code="EL54")) is None


# --- tables from outside --------------------------------------------------------------------------


@pytest.mark.parametrize(("encoding", "separator"), [("utf-8-sig", ";"), ("cp1253", ";"), ("utf-8", ",")])
def test_another_region_comes_in(db: None, tmp_path: Path, encoding: str, separator: str) -> None:
    done = bring(table(tmp_path, EPIRUS.replace(";", separator), encoding))
    assert (done.areas, done.populations) == (4, 4)
    area = Area.objects.get(code="1901")
    assert area.name_el == "Αρταίοι"
    assert area.region == Area.objects.get(code="EL54")
    assert area.parent == Area.objects.get(code="19")


def test_a_dry_run_changes_nothing(db: None, tmp_path: Path) -> None:
    assert bring(table(tmp_path, EPIRUS), dry_run=True).areas == 4
    assert not Area.objects.exists()


def test_communities_come_below_municipalities(db: None, tmp_path: Path) -> None:
    factories.municipality("2401")
    row = "community;24010101;2401;Βόλος;\ncommunity;24010201;2401;Άγιος Ονούφριος;\n"
    assert bring(table(tmp_path, HEAD + row)).areas == 2
    found = queries.places_like("agios onoufrios", factories.region())
    assert found[0].area.code == "24010201"
    assert found[0].municipality == factories.municipality("2401")


def test_zeros_that_a_spreadsheet_dropped_come_back(db: None, tmp_path: Path) -> None:
    rows = "region;EL51;;Ανατολική Μακεδονία;\nregional_unit;1;EL51;Ροδόπη;\nmunicipality;101;1;Κομοτηνή;\n"
    bring(table(tmp_path, HEAD + rows))
    assert Area.objects.get(name_el="Κομοτηνή").code == "0101"


@pytest.mark.parametrize(
    ("rows", "keys"),
    [
        ("municipality;2401;24;;\n", ["required"]),
        ("municipality;2401;;Βόλος;\n", ["required"]),
        ("village;2401;24;Βόλος;\n", ["choice"]),
        ("municipality;24O1;24;Βόλος;\n", ["code_shape"]),
        ("municipality;2401;99;Βόλος;\n", ["parent_unknown"]),
        ("municipality;2401;24;Βόλος;πολλοί\n", ["not_a_number"]),
        ("municipality;2401;24;Βόλος;-5\n", ["not_a_number"]),
        ("municipality;2401;24;Βόλος;999999999\n", ["out_of_range"]),
        (f"municipality;2401;24;{'Β' * 130};\n", ["too_long"]),
        ("municipality;2401;24;Βόλος;\nmunicipality;2401;24;Αλμυρός;\n", ["duplicate"]),
        ("municipality;2401;24;Βόλος;5\nmunicipality;2402;24;Αλμυρός;\n", ["population_part"]),
        ("regional_unit;24;EL61;Μαγνησία;9\nmunicipality;2401;24;Βόλος;5\n", ["population_sum"]),
    ],
)
def test_a_bad_row_refuses_the_table_and_says_why(
    db: None, tmp_path: Path, rows: str, keys: list[str]
) -> None:
    factories.regional_unit("24")
    assert refused(table(tmp_path, HEAD + rows)) == keys


def test_every_bad_row_is_reported_at_once(db: None, tmp_path: Path) -> None:
    factories.regional_unit("24")
    rows = "municipality;2401;24;;\nvillage;2402;24;Β;\nmunicipality;2403;24;Γ;x\n"
    assert refused(table(tmp_path, HEAD + rows)) == ["required", "choice", "not_a_number"]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "empty"),
        (b"level;code;name_el\n", "no_rows"),
        (b"level;code\nregion;EL61\n", "columns"),
        (b"level;code;name_el;colour\nregion;EL61;A;red\n", "column_unknown"),
        (b"level;code;name_el\nregion;\0;A\n", "null_byte"),
        (b"level;code;name_el\nregion;EL61;\xaa\xd2\xff\n", "encoding"),
        (b"level;code;name_el;population_2021_final;population_2021_provisional\nregion;EL61;A;1;1\n",
         "two_vintages"),
    ],
)  # fmt: skip
def test_a_bad_table_is_refused_with_a_sentence(db: None, tmp_path: Path, content: bytes, key: str) -> None:
    path = tmp_path / "areas.csv"
    path.write_bytes(content)
    assert refused(path) == [key]


@pytest.mark.parametrize(
    ("latitude", "longitude", "key"),
    [("39.6", "", "half_seat"), ("22.4", "39.6", "seat_outside"), ("NaN", "22.4", "out_of_range")],
)
def test_a_seat_must_lie_in_greece(
    db: None, tmp_path: Path, latitude: str, longitude: str, key: str
) -> None:
    text = f"level;code;name_el;seat_lat;seat_lon\nregion;EL61;Θεσσαλία;{latitude};{longitude}\n"
    assert key in refused(table(tmp_path, text))


@pytest.mark.usefixtures("loaded")
def test_a_part_of_another_vintage_is_never_mixed_in(tmp_path: Path) -> None:
    text = "level;code;parent;name_el;population_2021_final\nmunicipality;2201;22;Λάρισα;164095\n"
    assert refused(table(tmp_path, text)) == ["vintage_mixed"]


def test_a_whole_new_vintage_replaces_the_old_one(db: None, tmp_path: Path) -> None:
    bring(table(tmp_path, EPIRUS))
    bring(table(tmp_path, EPIRUS.replace("provisional", "final")))
    assert set(Population.objects.values_list("vintage", flat=True)) == {"final"}


@pytest.mark.parametrize(("language", "word"), [("el", "τιμή"), ("en", "value")])
def test_the_command_reports_in_the_readers_language(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, word: str
) -> None:
    path = table(tmp_path, HEAD + "region;EL54;;;\n")
    with pytest.raises(CommandError):
        call_command("import_areas", str(path), source="x", language=language)
    assert word in capsys.readouterr().err


def test_our_own_table_is_read_without_a_problem() -> None:
    path = Path(actions.__file__).parent / "data" / "areas.csv"
    rows = parse(read_table(path))
    assert len(rows) == len(list(csv.reader(path.read_text(encoding="utf-8").splitlines()))) - 1


# --- place names ----------------------------------------------------------------------------------


TYPED = {
    "2401": ["Βόλος", "ΒΟΛΟΥ", "volos", "Bolos", "Βλόος", "  βόλο "],
    "2201": ["Λαρησα", "larissa", "λαρίσης", "Δήμος Λαρισαίων"],
    "2602": ["Kalampaka", "καλαμπάκα", "Μετέωρα", "meteora"],
    "2601": ["τρικαλα", "Τρικκαίων"],
    "2501": ["skiathos", "Σκιαθο"],
    "2404": ["South Pelion", "notio phlio", "Αργαλαστή"],
    "2301": ["karditsa", "Καρδιτσας"],
}


@pytest.mark.usefixtures("loaded")
def test_a_place_is_found_however_it_is_written() -> None:
    region = Area.objects.get(code="EL61")
    for code, names in TYPED.items():
        for typed in names:
            found = queries.places_like(typed, region)
            assert found, typed
            assert found[0].municipality == Area.objects.municipalities().get(code=code), typed


@pytest.mark.usefixtures("loaded")
def test_what_is_no_place_finds_none() -> None:
    region = Area.objects.get(code="EL61")
    for typed in ("", " ", "α", "\0", "ξξξξξξ", "χρειάζομαι φάρμακα", "Βόλος" * 200, "%", "'"):
        assert queries.places_like(typed, region) == [], typed


@pytest.mark.usefixtures("loaded")
def test_places_of_another_region_are_not_found() -> None:
    assert queries.places_like("Σπάρτη", Area.objects.get(code="EL61")) == []
    found = queries.places_like("Σπάρτη", Area.objects.get(code="EL65"))
    assert [place.area.code for place in found][:1] == ["4301"]


@pytest.mark.usefixtures("loaded")
def test_finding_a_place_asks_the_database_once(django_assert_num_queries: object) -> None:
    region = Area.objects.get(code="EL61")
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert [place.municipality for place in queries.places_like("volos", region)]
