"""Which entries look like one structure, and which only share a door."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.exceptions import AlreadyEnqueued

from entaxis.directory import actions, proposals, tasks
from entaxis.directory.choices import PointQuality, Status
from entaxis.directory.duplicates import finding
from entaxis.directory.models import Resemblance, Structure
from entaxis.geography.models import Area
from tests import factories

pytestmark = pytest.mark.django_db
NOWHERE_NEAR = iter(range(1, 1000))


def entry(kind: str = "nursery", **fields: Any) -> Structure:
    """An entry that has nothing in common with any other, unless told so."""
    number = next(NOWHERE_NEAR)
    point = Point(22.5 + number / 500, 39.3)
    digits = str(hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest())
    name = digits.translate(str.maketrans("0123456789abcdef", "αβγδεζηθικλμνξοπ"))
    return factories.structure(kind, **({"name_el": name, "point": point} | fields))


def found(region: Area | None = None) -> list[tuple[set[str], list[str]]]:
    rows = finding.pairs(region or factories.region())
    names = dict(Structure.objects.values_list("pk", "name_el"))
    return [({names[row.first], names[row.second]}, sorted(row.reasons)) for row in rows]


def reasons() -> list[list[str]]:
    return [why for _names, why in found()]


def test_names_of_one_kind_in_one_municipality_are_compared_without_accents_and_endings() -> None:
    one = entry(name_el="Κοινωνικό Παντοπωλείο Δήμου Βόλου")
    two = entry(name_el="ΚΟΙΝΩΝΙΚΟ ΠΑΝΤΟΠΩΛΕΙΟ ΒΟΛΟΥ")
    assert found() == [({one.name_el, two.name_el}, ["name"])]


def test_names_are_compared_by_what_they_say_beside_their_kind() -> None:
    label = "Κέντρο Ημερήσιας Φροντίδας Ηλικιωμένων"
    kind = factories.term("day_care_elderly", label_el=label)
    here = factories.structure(kind, name_el=f"{label} Νεάπολης", point=Point(22.1, 39.1))
    short = "Κέντρο Ημερ. Φροντίδας Ηλικιωμένων Νεάπολης"
    again = factories.structure(kind, name_el=short, point=Point(22.2, 39.2))
    factories.structure(kind, name_el=f"{label} Σαρακηνού", point=Point(22.3, 39.3))
    assert found() == [({here.name_el, again.name_el}, ["name"])]


def test_two_names_that_say_only_the_kind_are_asked_about() -> None:
    factories.term("nursery", label_el="Παιδικός Σταθμός")
    one = entry(name_el="Παιδικός Σταθμός")
    two = entry(name_el="Παιδικός  σταθμός.")
    assert found() == [({one.name_el, two.name_el}, ["name"])]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name_el": "1ος Παιδικός Σταθμός Βόλου"}, {"name_el": "2ος Παιδικός Σταθμός Βόλου"}),
        ({"name_el": "Α΄ ΚΑΠΗ Νέας Ιωνίας"}, {"name_el": "Β΄ ΚΑΠΗ Νέας Ιωνίας"}),
        ({"name_el": "Ήλιος"}, {"name_el": "Ήλιος", "kind": "soup_kitchen"}),
        ({"name_el": "Ήλιος"}, {"name_el": "Ήλιος", "status": Status.CLOSED}),
    ],
)
def test_what_is_two_is_not_asked_about(one: dict[str, Any], other: dict[str, Any]) -> None:
    entry(**one)
    entry(**other)
    assert found() == []


def test_a_telephone_and_an_address_tell_but_a_switchboard_does_not() -> None:
    three = [entry() for _ in range(3)]
    for row in three[:2]:
        factories.contact(row, telephone="+302421000009", email="Info@Example.org")
    assert reasons() == [["email", "telephone"]]
    factories.contact(three[2], telephone="+302421000009", email="info@example.org")
    factories.contact(entry(), telephone="+302421000009", email="info@example.org")
    assert found() == []


def test_a_short_number_is_everybodys() -> None:
    for _ in range(2):
        factories.contact(entry(), telephone="197")
    assert found() == []


def test_a_point_tells_within_some_metres_unless_it_was_guessed() -> None:
    place = Point(22.9440, 39.3660)
    entry(point=place)
    near = entry(point=Point(22.9441, 39.3661))  # 14 m
    assert reasons() == [["point"]]
    Structure.objects.filter(pk=near.pk).update(point=Point(22.9443, 39.3663))  # 42 m
    assert found() == []
    Structure.objects.update(point=place, point_quality=PointQuality.SEAT)
    assert found() == []


def test_two_kinds_in_one_building_are_two_unless_they_bear_one_name() -> None:
    place = Point(22.9440, 39.3660)
    grocery, pharmacy = entry("grocery", point=place), entry("pharmacy", point=place)
    for row in (grocery, pharmacy):
        factories.contact(row)
    assert found() == []
    Structure.objects.update(name_el="Κοινωνικό Παντοπωλείο")
    assert reasons() == [["point", "telephone"]]


def test_an_annex_is_not_the_twin_of_what_it_belongs_to() -> None:
    centre = entry(name_el="Κέντρο Κοινότητας")
    entry(name_el="Κέντρο Κοινότητας", parent=centre)
    assert found() == []


def test_other_regions_and_working_copies_do_not_enter() -> None:
    entry(name_el="Ήλιος")
    elsewhere = factories.region("EL65", name_el="Πελοπόννησος")
    town = factories.municipality("4101", unit=factories.regional_unit("41", inside=elsewhere))
    entry(name_el="Ήλιος", municipality=town)
    assert found() == []


def test_a_shelter_is_compared_by_what_is_known_of_it_alone() -> None:
    for _ in range(2):
        shelter = factories.confidential_structure(name_el=f"Ξενώνας {'αβγδ'[_] * 5}")
        factories.contact(shelter, telephone="", email="help@example.org")
    assert reasons() == [["email"]]


# --- what is remembered -----------------------------------------------------------------------------


def twins() -> tuple[Structure, Structure]:
    return entry(name_el="Ήλιος"), entry(name_el="Ήλιος")


def test_a_pair_is_asked_about_once_and_forgotten_when_it_no_longer_looks_alike() -> None:
    one, _two = twins()
    assert [finding.find(one.region) for _ in range(2)] == [1, 1]
    Structure.objects.filter(pk=one.pk).update(name_el="Σελήνη")
    assert finding.find(one.region) == 0
    assert not Resemblance.objects.exists()


def test_what_was_decided_stays_decided() -> None:
    one, _two = twins()
    finding.find(one.region)
    Resemblance.objects.update(state=Resemblance.State.DIFFERENT, decided_at="2026-01-01T00:00Z")
    assert finding.find(one.region) == 0
    assert Resemblance.objects.get().state == Resemblance.State.DIFFERENT


def test_the_search_costs_as_much_for_thirty_as_for_one(queries_stay: Any) -> None:
    home = factories.region()
    queries_stay(grow=lambda n: [twins() for _ in range(n)], read=lambda: finding.find(home))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The regions that a worker was asked to look at."""
    found: list[int] = []
    monkeypatch.setattr(tasks, "find_duplicates_of", found.append)
    return found


def test_entering_sending_and_publishing_let_a_worker_look(
    asked: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    made = entry(status=Status.DRAFT)
    factories.contact(made)
    author, editor = factories.body_member(of=made.body), factories.editor()
    proposal = proposals.register(structure=made, by=author)
    acts: list[Callable[[], object]] = [
        lambda: proposals.submit(proposal=proposal, by=author, seen=proposals.stamp(proposal)),
        lambda: actions.set_status(structure=made, status=Status.PUBLISHED, by=editor),
        lambda: actions.create_structure(
            structure=Structure(region=made.region, kind=made.kind, body=made.body, name_el="Νέα"),
            served_areas=[],
            by=editor,
        ),
    ]
    for number, act in enumerate(acts, 1):
        with django_capture_on_commit_callbacks(execute=True):
            act()
        assert asked == [made.region_id] * number


def test_a_region_that_waits_for_a_worker_is_not_queued_again(monkeypatch: pytest.MonkeyPatch) -> None:
    locks: list[str] = []

    def configure(*, queueing_lock: str) -> Any:
        if queueing_lock in locks:
            raise AlreadyEnqueued
        locks.append(queueing_lock)
        return type("Job", (), {"defer": lambda _self, **said: None})()

    monkeypatch.setattr(tasks.find_duplicates, "configure", configure)
    for region in (7, 7, 8):
        tasks.find_duplicates_of(region)
    assert locks == ["directory.duplicates.7", "directory.duplicates.8"]


def test_the_nightly_task_looks_in_every_region() -> None:
    one, _two = twins()
    tasks.find_all_duplicates(timestamp=0)
    assert Resemblance.objects.get().first.region == one.region


def test_the_search_locks_its_own_rows_and_no_entry() -> None:
    """It runs while people write on entries: neither waits for the other, nor both for each other."""
    twins()
    with CaptureQueriesContext(connection) as asked_of:
        finding.find(factories.region())
    [lock] = [query["sql"] for query in asked_of if "FOR UPDATE" in query["sql"]]
    assert lock.endswith('FOR UPDATE OF "directory_resemblance"')
