from collections.abc import Callable

import pytest

from entaxis.directory.choices import PointQuality
from entaxis.directory.importing.content import Content, Rule
from entaxis.directory.importing.planning import Plan
from entaxis.directory.importing.problems import SENTENCES, ImportRefusedError
from tests import factories

Planned = Callable[..., Plan]
GOOD = {"name": "Κοινωνικό Φαρμακείο Βόλου", "kind": "social_pharmacy", "municipality": "Βόλος"}


def _content(plan: Planned, **cells: str) -> Content:
    found = plan(GOOD | cells)
    (draft,) = found.drafts
    assert draft.problems == []
    assert draft.content is not None
    return draft.content


def _problems(plan: Planned, **cells: str) -> list[tuple[str, str]]:
    (draft,) = plan(GOOD | cells).drafts
    assert all("%(" not in str(problem) for problem in [*draft.problems, *draft.warnings])
    return [(problem.column, problem.key) for problem in draft.problems]


def _warnings(plan: Planned, **cells: str) -> list[str]:
    (draft,) = plan(GOOD | cells).drafts
    return [problem.key for problem in draft.warnings]


@pytest.mark.parametrize(
    "text",
    [
        "2401",
        "9120",
        "Βόλος",
        "ΒΟΛΟΣ",
        "Βόλου",
        "Δήμος Βόλου",
        "Δ. ΒΟΛΟΥ",
        "δημου βολου",
        "Volos",
        "bolos",
        "Municipality of Volos",
    ],
)
def test_a_municipality_is_known_by_code_name_case_and_greeklish(plan: Planned, text: str) -> None:
    assert _content(plan, municipality=text).municipality == "2401"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Τρίπολη", "municipality_elsewhere"),
        ("4001", "municipality_elsewhere"),
        ("Ατλαντίς", "municipality_unknown"),
    ],
)
def test_an_unknown_or_foreign_municipality_is_told(plan: Planned, text: str, key: str) -> None:
    assert _problems(plan, municipality=text) == [("municipality", key)]


def test_a_likely_name_is_asked_about(plan: Planned) -> None:
    (draft,) = plan(GOOD | {"municipality": "Λάρουσα"}).drafts
    assert "Λάρισα" in str(draft.problems[0])


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        ({"latitude": "39.366", "longitude": "23.3"}, "point_sea"),
        ({"latitude": "37.5", "longitude": "22.4"}, "point_sea"),
        ({"latitude": "39.64", "longitude": "22.41"}, "point_other"),
        ({"latitude": "22.944", "longitude": "39.366"}, "point_swapped"),
        ({"latitude": "0", "longitude": "0"}, "point_outside"),
        ({"latitude": "nan", "longitude": "22.9"}, "point_number"),
        ({"latitude": "39.3a", "longitude": "22.9"}, "point_number"),
        ({"latitude": "39.366"}, "point_half"),
    ],
)
def test_a_point_that_cannot_be_is_told(plan: Planned, cells: dict[str, str], key: str) -> None:
    assert [found for _, found in _problems(plan, **cells)] == [key]


def test_a_point_gives_the_municipality_and_greek_grid_is_understood(plan: Planned) -> None:
    content = _content(plan, municipality="", latitude="39,366", longitude="22,944")
    assert (content.municipality, content.point_quality) == ("2401", PointQuality.EXACT)
    grid = _content(plan, latitude="4357900", longitude="409200")
    assert grid.point == pytest.approx((22.944, 39.366), abs=0.05)


def test_without_a_point_the_village_is_taken_and_else_the_seat(plan: Planned) -> None:
    village = _content(plan, locality="ΝΕΑ ΙΩΝΙΑ")
    assert (village.point, village.point_quality) == ((22.93, 39.38), PointQuality.LOCALITY)
    assert _content(plan).point_quality == PointQuality.SEAT
    assert _warnings(plan) == ["place_seat"]
    assert _warnings(plan, locality="Πουθενά") == ["locality_unknown"]


def test_a_point_chosen_on_the_map_wins(plan: Planned) -> None:
    (draft,) = plan(GOOD, picks={2: (22.95, 39.36)}).drafts
    assert draft.content is not None
    assert (draft.content.point, draft.content.point_quality) == ((22.95, 39.36), PointQuality.EXACT)
    assert draft.warnings == []


@pytest.mark.parametrize(
    "kind", ["social_pharmacy", "Κοινωνικό φαρμακείο", "ΚΟΙΝΩΝΙΚΑ ΦΑΡΜΑΚΕΙΑ", "social pharmacy"]
)
def test_a_kind_is_known_by_key_and_label(plan: Planned, kind: str) -> None:
    assert _content(plan, kind=kind).kind == "social_pharmacy"


def test_services_needs_and_groups_are_lists_whose_labels_may_hold_commas(plan: Planned) -> None:
    content = _content(
        plan,
        services="Γάλα, πάνες, ρούχα; medicine_supply",
        needs="χρειαζομαι φαρμακα",
        target_groups="Ανασφάλιστοι",
        age="18-65",
        income_source="Χωρίς εισόδημα, pension",
        capacity_persons="1.200",
        free_places="7",
        capacity_date="22/11/2025",
        documents="Ταυτότητα; Εκκαθαριστικό",
    )
    first, second = content.offers
    assert (first.service, second.service) == ("baby_supplies", "medicine_supply")
    assert (first.needs, first.target_groups) == (("medicines",), ("uninsured",))
    assert first.rules == (
        Rule("age", "required", 18, 65),
        Rule("income_source", "required", values=("none", "pension")),
    )
    assert (first.capacity_persons, first.free_places, first.capacity_date) == (1200, 7, "2025-11-22")
    assert (second.capacity_persons, second.capacity_date) == (None, "")
    assert first.documents_el == "Ταυτότητα\nΕκκαθαριστικό"


def test_ways_to_reach_it(plan: Planned) -> None:
    content = _content(
        plan, telephone="2421 012345 / +30 24210 12346, 197", email="A@Example.ORG", website="example.org/x"
    )
    ways = [(way.telephone, way.email, way.website) for way in content.contacts]
    assert ways == [
        ("+302421012345", "A@example.org", "https://example.org/x"),
        ("+302421012346", "", ""),
        ("197", "", ""),
    ]


@pytest.mark.parametrize(
    ("column", "raw", "key"),
    [
        ("name", "", "required"),
        ("name", "x" * 201, "too_long"),
        ("name", "α\u202eβ", "control"),
        ("kind", "", "required"),
        ("kind", "Καφενείο", "term_unknown"),
        ("services", "medicine_supply; μαγεία", "term_unknown"),
        ("status", "μάλλον", "choice_unknown"),
        ("languages", "el, κλίνγκον", "choice_unknown"),
        ("hours", "Δε 14:00-08:00", "hours_order"),
        ("hours", "όποτε να 'ναι", "hours_word"),
        ("closed_on_public_holidays", "ίσως", "yes_no"),
        ("telephone", "12-34-56-78-90-12-34-56", "telephone"),
        ("telephone", "τηλέφωνο", "telephone"),
        ("email", "όχι", "email"),
        ("website", "javascript:alert(1)", "website"),
        ("website", "http://127.0.0.1/", "website"),
        ("postal_code", "123", "postal_code"),
        ("age", "65-18", "ages"),
        ("age", "18-200", "ages"),
        ("capacity_persons", "πολλά", "not_a_number"),
        ("capacity_persons", "-3", "number_range"),
        ("assured_date", "31/02/2026", "not_a_date"),
        ("assured_date", "2999-01-01", "date_in_future"),
        ("served_areas", "Ατλαντίς", "area_unknown"),
        ("parent", "Άγνωστο Κέντρο", "parent_unknown"),
    ],
)
def test_a_bad_cell_is_told_by_column_and_reason(plan: Planned, column: str, raw: str, key: str) -> None:
    assert _problems(
        plan, **{column: raw}, **({"capacity_date": "2025-01-01"} if "cap" in column else {})
    ) == [(column, key)]


def test_places_need_a_date_and_an_order(plan: Planned) -> None:
    assert _problems(plan, capacity_persons="5") == [("capacity_date", "capacity_date")]
    problems = _problems(plan, capacity_persons="5", free_places="6", capacity_date="2025-01-01")
    assert problems == [("free_places", "places_order")]


def test_twins_in_the_file_are_told_and_the_first_one_stays(plan: Planned) -> None:
    found = plan(
        GOOD | {"code": "1"},
        GOOD | {"code": "1", "name": "Άλλο"},
        GOOD | {"code": "2", "name": GOOD["name"].upper()},
    )
    keys = [[problem.key for problem in draft.problems] for draft in found.drafts]
    assert keys == [[], ["code_twice"], ["row_twice"]]
    assert found.counts == {"created": 1, "changed": 0, "unchanged": 0, "rejected": 2}


def test_twins_in_the_directory_are_told(plan: Planned) -> None:
    factories.structure(name_el=GOOD["name"])
    factories.structure(name_el="2ο Κοινωνικό Φαρμακείο")
    assert _problems(plan) == [("name", "in_directory")]
    assert "like_in_directory" in _warnings(plan, name="Κοινωνικό Φαρμακείο του Βόλου")
    assert "like_in_directory" not in _warnings(plan, name="3ο Κοινωνικό Φαρμακείο")


def test_an_annex_finds_its_parent_in_the_file_or_the_directory(plan: Planned) -> None:
    centre = {"code": "C", "name": "Κέντρο", "kind": "Κ.Κ.", "municipality": "2401"}
    annex = {"code": "A", "name": "Παράρτημα", "kind": "roma_annex", "municipality": "2401", "parent": "C"}
    found = plan(annex, centre)
    assert found.counts["created"] == 2
    ids = {draft.code: str(pk) for pk, draft in found.created.items()}
    child = next(draft for draft in found.created.values() if draft.code == "A")
    assert child.content is not None
    assert child.content.parent == ids["C"]
    known = factories.structure("community_centre", name_el="Γνωστό Κέντρο")
    (draft,) = plan(annex | {"parent": "γνωστο κεντρο"}).drafts
    assert draft.content is not None
    assert draft.content.parent == str(known.pk)
    assert "parent_missing" in [w.key for w in plan(annex | {"parent": ""}).drafts[0].warnings]


def test_a_row_falls_with_the_row_it_belongs_to(plan: Planned) -> None:
    rows = [
        GOOD | {"code": code, "name": f"Δομή {code}", "parent": above} for code, above in ("AB", "BC", "C ")
    ]
    rows[2]["hours"] = "λάθος"
    found = plan(*rows)
    assert [[problem.key for problem in draft.problems] for draft in found.drafts] == [
        ["parent_rejected"],
        ["parent_rejected"],
        ["hours_word"],
    ]


def test_greek_and_english_headings_are_recognised_and_others_left_out(plan: Planned) -> None:
    row = {
        "Ονομασία": "Α",
        "Κατηγορία Δομής": "Κ.Κ.",
        "ΔΗΜΟΣ": "Βόλος",
        "Ωράριο": "Δε 8-14",
        "Αριθμός φακέλου": "7",
    }
    found = plan(row)
    assert set(found.mapping.values()) == {"name", "kind", "municipality", "hours"}
    assert [note.key for note in found.notes] == ["columns_unknown"]
    assert found.counts["created"] == 1


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("Πλάτος", "Μήκος"),
        ("ΓΕΩΓΡΑΦΙΚΟ ΠΛΑΤΟΣ", "Γεωγραφικό μήκος (WGS84)"),
        ("γ. πλάτος", "γ. μήκος"),
        ("lat", "lon"),
        ("LAT", "LNG"),
        ("Lat.", "Long."),
        ("geo_lat", "geo_lng"),
        ("latitude_wgs84", "longitude_wgs84"),
        ("Latitude", "Longitude"),
        ("Y", "X"),
        ("northing", "easting"),
    ],
)
def test_coordinates_are_recognised_by_any_usual_heading(
    plan: Planned, latitude: str, longitude: str
) -> None:
    row = {name: value for name, value in GOOD.items() if name not in {"latitude", "longitude"}}
    found = plan(row | {latitude: "39.366", longitude: "22.944"})
    assert found.notes == []
    (draft,) = found.drafts
    assert draft.content is not None
    assert draft.content.point == (22.944, 39.366)


def test_needed_columns_and_double_headings(plan: Planned) -> None:
    with pytest.raises(ImportRefusedError) as missing:
        plan({"Ονομασία": "Α"})
    assert missing.value.problem.key == "columns_missing"
    with pytest.raises(ImportRefusedError) as twice:
        plan(GOOD | {"Όνομα": "Β"})
    assert twice.value.problem.key == "mapping_twice"
    with pytest.raises(ImportRefusedError) as unknown:
        plan(GOOD | {"Χ1": "Β"}, mapping={"Χ1": "drop table"})
    assert unknown.value.problem.key == "mapping_unknown"


def test_a_remembered_mapping_wins(plan: Planned) -> None:
    found = plan(GOOD | {"Σχόλια": "Κείμενο", "Φ": "Δε 8-14"}, mapping={"Σχόλια": "", "Φ": "hours"})
    (draft,) = found.drafts
    assert draft.content is not None
    assert draft.content.description_el == ""
    assert len(draft.content.hours) == 1


def test_no_rows_is_a_sentence(plan: Planned) -> None:
    with pytest.raises(ImportRefusedError) as caught:
        plan(dict.fromkeys(GOOD, ""))
    assert caught.value.problem.key == "nothing"


def test_every_problem_has_its_sentence_in_greek() -> None:
    import re

    from django.utils import translation

    for sentence in SENTENCES.values():
        with translation.override("en"):
            english = str(sentence)
        with translation.override("el"):
            greek = str(sentence)
        assert greek != english
        assert sorted(re.findall(r"%\(\w+\)s", greek)) == sorted(re.findall(r"%\(\w+\)s", english))
