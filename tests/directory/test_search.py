"""Searching: what is understood, who is found, in which order, and how many there are."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from entaxis.core import greek
from entaxis.directory.choices import Status
from entaxis.directory.models import SearchDocument, Structure
from entaxis.directory.schedule import ATHENS
from entaxis.directory.search import Found, nearest_centres, search, search_text, words
from entaxis.directory.search.retrieval import PAGE_SIZE, Wish, _runs
from entaxis.directory.search.understanding import Understanding, understand
from entaxis.geography.models import Area, PlaceName
from entaxis.vocabularies import actions, queries, source
from entaxis.vocabularies.models import Synonym
from tests import factories

pytestmark = pytest.mark.django_db

VOLOS = Point(22.944, 39.366, srid=4326)
LARISA = Point(22.413, 39.638, srid=4326)
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ATHENS)


@pytest.fixture(autouse=True)
def _code_lists(db: None) -> None:
    factories.code_lists()


@pytest.fixture
def volos() -> Area:
    area = factories.municipality()
    name_place(area, "Βόλος", "seat", VOLOS)
    return area


@pytest.fixture
def larisa() -> Area:
    unit = factories.regional_unit("22", name_el="Λάρισα", name_en="Larissa")
    area = factories.municipality(
        "2201", unit=unit, name_el="Λάρισα", name_en="Larissa", seat_el="Λάρισα", seat=LARISA
    )
    name_place(area, "Λάρισα", "seat", LARISA)
    name_place(unit, "Λάρισα", "regional_unit", LARISA)
    return area


def name_place(area: Area, name: str, kind: str, point: Point) -> None:
    PlaceName.objects.create(
        area=area,
        region=area.region,
        kind=kind,
        name=name,
        sound=greek.sound(name),
        stem=greek.stem(name),
        point=point,
    )


def structure(kind: str, **fields: Any) -> Structure:
    return factories.structure(queries.by_key("structure_kinds")[kind], **fields)


def find(text: str = "", **filters: Any) -> Found:
    return search_text(text, region=factories.region(), at=MONDAY, **filters)


def names(found: Found) -> list[str]:
    return [hit.document.name_el for hit in found.hits]


def heard(text: str) -> Understanding:
    known = words()
    return understand(text, known.lexicon, known.places, region="EL61")


# --- understanding ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "texts",
    [
        (
            "meal",
            "πεινάω",
            "ΠΕΙΝΑΩ",
            "peinaw",
            "πινάω",
            "πειναμε",
            "I am hungry",
            "мне нечего есть",
            "أنا جوعان",
        ),
        ("medicines", "φάρμακα", "farmaka", "φαρμακα", "φάρμκα", "pharmaka", "ilaçe", "лекарства", "دواء"),
        (
            "shelter",
            "άστεγος",
            "αστεγη",
            "astegos",
            "homeless",
            "i pastrehë",
            "бездомный",
            "бездомна людина",
        ),
        (
            "job",
            "ψάχνω δουλειά",
            "psaxno douleia",
            "ψαχνο δουλια",
            "looking for a job",
            "ищу работу",
            "шукаю роботу",
        ),
        ("bills", "μου κόψανε το ρεύμα", "mou kopsane to reuma", "they cut my power", "нет света"),
    ],
    ids=lambda texts: texts[0],
)
def test_one_need_in_many_spellings_and_languages(texts: tuple[str, ...]) -> None:
    need, *said = texts
    assert {text: heard(text).needs[0].target.key for text in said} == dict.fromkeys(said, need)


def test_northern_speech_is_heard() -> None:
    assert heard("πνάου").needs[0].target.key == "meal"
    assert heard("φαρμακάκια για τ' κουρίτσ'").needs[0].target.key == "medicines"


def test_place_kind_and_moment_are_taken_out_of_the_text(volos: Area, larisa: Area) -> None:
    understood = heard("ανοιχτό κοινωνικό φαρμακείο στον Βόλο τώρα")
    assert understood.place is not None
    assert (understood.place.municipality, understood.place.kind) == (volos.code, "seat")
    assert understood.structure_kinds[0].target.key == "social_pharmacy"
    assert understood.open_now
    assert understood.rest == ()
    for text in ("farmaka Larissa", "Лариса лекарства", "دواء في لاريسا", "φάρμακα λαρισσα"):
        place = heard(text).place
        assert place is not None, text
        assert place.code == larisa.code, text


@pytest.mark.parametrize(
    ("text", "is_now"),
    [
        ("I need a doctor, I have no papers", False),
        ("no money for food", False),
        ("den exo no", False),
        ("pharmacy open now", True),
        ("food now", True),
        ("anoixto farmakeio", True),
        ("где открыто", True),
        ("hapur tani", True),
    ],
)
def test_no_is_not_now(text: str, is_now: bool) -> None:
    assert heard(text).open_now is is_now


def test_a_place_that_nobody_knows_is_told_and_not_passed_over(volos: Area) -> None:
    structure("soup_kitchen", name_el="Συσσίτιο Βόλου")
    assert find("δεν έχω να φάω κοντά στην Τσαριτσάνη").unheard == ("τσαριτσανη",)
    assert find("δεν έχω να φάω κοντά στον Βόλο").unheard == ()
    structure("soup_kitchen", name_el="Συσσίτιο Τσαριτσάνης")
    assert find("δεν έχω να φάω στην Τσαριτσάνη").unheard == ()


def test_what_means_nothing_is_left_over() -> None:
    understood = heard("ξενοδοχειακή αβλεψία")
    assert understood.is_empty
    assert [token.word for token in understood.rest] == ["ξενοδοχειακη", "αβλεψια"]
    assert heard("") == Understanding()
    assert heard("και το ;;; στο").is_empty


def test_a_phrase_that_an_editor_adds_is_heard_at_once() -> None:
    assert heard("μπιρμπιλόνι").is_empty
    Synonym.objects.create(term=queries.by_key("needs")["meal"], language="el", phrase="μπιρμπιλόνι")
    assert heard("μπιρμπιλονια").needs[0].target.key == "meal"


def test_sensitive_queries_are_known_also_when_they_are_only_hinted_at() -> None:
    assert find("ο άντρας μου με χτυπάει").is_sensitive
    assert find("psixologos").is_sensitive
    assert find("άνεργος και ο άντρας μου με χτυπάει").is_sensitive
    assert find(need="addiction").is_sensitive
    assert not find("χρειάζομαι φάρμακα").is_sensitive


# --- documents ----------------------------------------------------------------------------------------


def test_documents_follow_everything_they_are_made_of() -> None:
    made = structure("social_pharmacy", name_el="Φαρμακείο Αλληλεγγύης")
    document = SearchDocument.objects.get(pk=made.pk)
    assert (document.kind, document.municipality) == ("social_pharmacy", "2401")
    assert {"medicines", "health", "uninsured"} <= set(document.answers)
    assert "doctor" in document.related

    offer = factories.offer(made)
    offer.service = queries.by_key("services")["night_shelter"]
    offer.save()
    offer.target_groups.add(queries.by_key("target_groups")["refugees"])
    made.served_areas.add(factories.municipality())
    factories.contact(made)
    document.refresh_from_db()
    assert document.services == ["night_shelter"]
    assert "shelter" in document.answers
    assert set(document.target_groups) == {"refugees", "migrants"}
    assert (document.served, document.telephone) == (["2401"], "+302421000001")

    offer.delete()
    Structure.objects.filter(pk=made.pk).update(name_el="Άλλο όνομα")
    document.refresh_from_db()
    assert (document.services, document.name_el) == ([], "Άλλο όνομα")
    made.refresh_from_db()
    made.status = Status.SUSPENDED
    made.save()
    assert not SearchDocument.objects.exists()


def test_a_new_version_of_a_list_reaches_the_documents() -> None:
    made = structure("social_pharmacy")
    lists = source.read()
    needs = next(one for one in lists if one.name == "needs")
    changed = type(needs)(needs.name, needs.terms, needs.phrases[1:], needs.links)
    actions.publish(lists=[changed if one is needs else one for one in lists])
    assert "medicines" in SearchDocument.objects.get(pk=made.pk).answers
    assert find("φάρμακα").count == 1


# --- retrieving ---------------------------------------------------------------------------------------


def test_the_need_decides_then_the_distance(volos: Area, larisa: Area) -> None:
    structure("social_pharmacy", name_el="Λάρισας", municipality=larisa, point=LARISA)
    structure("social_pharmacy", name_el="Βόλου")
    structure("nursery", name_el="Σταθμός")
    structure("community_centre", name_el="Κέντρο")
    found = find("χρειάζομαι φάρμακα Βόλος")
    assert names(found) == ["Βόλου", "Λάρισας", "Κέντρο"]
    assert found.count == 3
    assert found.from_place
    distances = [hit.distance_m or 0 for hit in found.hits]
    assert distances[0] < 100
    assert 50_000 < distances[1] < 60_000
    assert names(find("χρειάζομαι φάρμακα", near=LARISA))[:2] == ["Λάρισας", "Βόλου"]


def test_without_a_place_kinds_take_turns() -> None:
    for number in range(4):
        structure("soup_kitchen", name_el=f"Συσσίτιο {number}")
        structure("social_grocery", name_el=f"Παντοπωλείο {number}")
    structure("community_centre", name_el="Κέντρο")
    assert names(find("δεν έχω να φάω"))[:5] == [
        *("Συσσίτιο 0", "Παντοπωλείο 0", "Συσσίτιο 1", "Κέντρο", "Παντοπωλείο 1")
    ]


def test_filters(volos: Area, larisa: Area) -> None:
    near = structure("social_pharmacy", name_el="Βόλου", languages=["el", "ar"])
    far = structure("social_pharmacy", name_el="Λάρισας", municipality=larisa, point=LARISA)
    factories.hours(near, 0, "09:00", "14:00")
    factories.hours(far, 0, "15:00", "20:00")
    offer = factories.offer(near)
    offer.target_groups.add(queries.by_key("target_groups")["uninsured"])
    for filters, expected in (
        ({"need": "medicines"}, {"Βόλου", "Λάρισας"}),
        ({"kind": "social_pharmacy", "municipality": volos.code}, {"Βόλου"}),
        ({"regional_unit": "22"}, {"Λάρισας"}),
        ({"language": "ar"}, {"Βόλου"}),
        ({"service": "medicines"}, {"Βόλου"}),
        ({"target_group": "uninsured"}, {"Βόλου"}),
        ({"open_now": True}, {"Βόλου"}),
        ({"kind": "nursery"}, set()),
        ({"need": "no-such-need"}, set()),
        ({"municipality": "9999"}, set()),
    ):
        assert set(names(find(**filters))) == expected, filters
    far.served_areas.add(volos)
    assert set(names(find(municipality=volos.code))) == {"Βόλου", "Λάρισας"}
    assert names(find("φάρμακα", municipality=larisa.code)) == ["Λάρισας"]


def test_another_region_is_never_found() -> None:
    other = factories.region("EL65", name_el="Πελοπόννησος", name_en="Peloponnese")
    structure("social_pharmacy", region=other, municipality=None, body=factories.body(other))
    assert find("φάρμακα").count == 0
    assert find().count == 0


def test_names_are_found_in_any_spelling() -> None:
    structure("open_care_elderly", name_el="ΚΑΠΗ Νέας Ιωνίας")
    structure("open_care_elderly", name_el="ΚΑΠΗ Αγριάς")
    structure("nursery", name_el="Παιδικός Σταθμός «Ηλιαχτίδα»")
    assert names(find("καπη νεας ιωνιας"))[0] == "ΚΑΠΗ Νέας Ιωνίας"
    assert names(find("kapi agrias"))[0] == "ΚΑΠΗ Αγριάς"
    assert names(find("ηλιαχτιδα")) == ["Παιδικός Σταθμός «Ηλιαχτίδα»"]
    assert names(find("iliaxtida")) == ["Παιδικός Σταθμός «Ηλιαχτίδα»"]
    assert find("ακατανόητο").count == 0


def test_a_stale_entry_comes_lower_and_is_not_hidden() -> None:
    today = timezone.localdate(MONDAY)
    structure("social_pharmacy", name_el="Παλιό", assured_date=today - timedelta(days=800))
    structure("social_pharmacy", name_el="Άγνωστο", assured_date=None)
    structure("social_pharmacy", name_el="Φρέσκο", point=Point(22.95, 39.37), assured_date=today)
    assert names(find("φάρμακα", near=VOLOS))[0] == "Φρέσκο"
    assert set(names(find("φάρμακα", near=VOLOS))) == {"Παλιό", "Άγνωστο", "Φρέσκο"}
    assert names(find("φάρμακα"))[0] == "Φρέσκο"


def test_a_confidential_place_takes_no_part_in_the_order_by_place(volos: Area, larisa: Area) -> None:
    hidden = factories.confidential_structure(name_el="Ξενώνας")
    structure("counselling_centre", name_el="Συμβουλευτικό Βόλου")
    structure("counselling_centre", name_el="Συμβουλευτικό Λάρισας", municipality=larisa, point=LARISA)
    orders = []
    for point in (None, VOLOS, LARISA, Point(22.0, 39.0, srid=4326)):
        found = find("με χτυπάει ο άντρας μου", near=point)
        orders.append(names(found).index("Ξενώνας"))
        hit = found.hits[orders[-1]]
        assert (hit.document.pk, hit.distance_m) == (hidden.pk, None)
    assert set(orders) == {0}
    for place in ({"municipality": volos.code}, {"regional_unit": "22"}):
        assert "Ξενώνας" in names(find(need="violence", **place))
    document = SearchDocument.objects.get(pk=hidden.pk)
    assert (document.point, document.municipality, document.locality) == (None, "", "")


def test_nothing_found_leaves_the_nearest_community_centre(larisa: Area) -> None:
    structure("community_centre", name_el="Βόλου")
    structure("community_centre", name_el="Λάρισας", municipality=larisa, point=LARISA)
    wish = Wish(region=factories.region(), text="ακατανόητο", near=LARISA)
    assert search(wish, at=MONDAY).count == 0
    assert [hit.document.name_el for hit in nearest_centres(wish, MONDAY)] == ["Λάρισας", "Βόλου"]


@pytest.mark.parametrize("place", [{"municipality": "2401"}, {"regional_unit": "24"}])
def test_nothing_found_in_a_place_leaves_the_community_centre_of_that_place(
    larisa: Area, place: dict[str, str]
) -> None:
    structure("community_centre", name_el="Αγιάς", municipality=larisa, point=LARISA)
    structure("community_centre", name_el="Βόλου")
    wish = Wish(region=factories.region(), text="ακατανόητο", **place)
    assert [hit.document.name_el for hit in nearest_centres(wish, MONDAY)] == ["Βόλου", "Αγιάς"]


def test_pages_hold_every_structure_once() -> None:
    body = factories.body()
    for number in range(PAGE_SIZE + 7):
        structure(
            "social_pharmacy", name_el=f"Φ{number:02}", body=body, point=Point(22.9, 39.3 + number / 1000)
        )
    for number in range(4):
        structure("community_centre", name_el=f"Κ{number}", body=body)
    for near in (None, VOLOS):
        pages = [find("φάρμακα", near=near, page=page) for page in (1, 2, 3)]
        assert [page.count for page in pages] == [PAGE_SIZE + 11] * 3
        assert [page.pages for page in pages] == [2] * 3
        everything = [hit.document.pk for page in pages for hit in page.hits]
        assert len(everything) == len(set(everything)) == PAGE_SIZE + 11
        assert [hit.document.kind for hit in pages[0].hits].index("community_centre") == 3
        assert not pages[2].hits


def test_the_parts_of_a_list_are_laid_end_to_end() -> None:
    assert list(_runs([2, 3, 4], 2, 0, 9)) == [(0, 0, 2), (1, 0, 1), (2, 0, 2), (1, 1, 3), (2, 2, 4)]
    assert list(_runs([2, 3, 4], 2, 4, 6)) == [(2, 1, 2), (1, 1, 2)]
    assert list(_runs([0, 0, 3], 2, 0, 3)) == [(2, 0, 2), (2, 2, 3)]
    assert list(_runs([1], 1, 5, 9)) == []


def test_a_search_costs_few_queries_however_many_structures() -> None:
    body = factories.body()
    for number in range(30):
        structure("social_pharmacy", body=body, name_el=f"Φ{number}")
    wish = Wish(region=factories.region(), text="φάρμακα", near=VOLOS)
    search(wish, at=MONDAY)
    with CaptureQueriesContext(connection) as taken:
        search(wish, at=MONDAY)
    assert len(taken) <= 3


@pytest.mark.parametrize(
    "text", ["\0", "'; DROP TABLE", "α" * 5000, "& | ! <-> :*", "\\", "ﷺ" * 50, "🏠", "((", "' & '", "%_"]
)
def test_no_text_is_too_strange(text: str) -> None:
    structure("social_pharmacy")
    assert find(text).pages == 1
