"""Who may do what with which object: the whole table, role by object by predicate."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from entaxis.accounts import actions, queries, rights, rules
from entaxis.accounts.models import Body, Membership, User
from tests import factories

pytestmark = pytest.mark.django_db
Role = Membership.Role

# What each role may do with each object: "own" (the body, the municipality's own body, one of a region's),
# "other" of the same region, "society" with its seat in the municipality, "away" in another
# region, "dissolved". a: act for it, m: administer it, d: dissolve it.
TABLE = {
    "nobody": {},
    "no role": {},
    "region_administrator": {"own": "amd", "other": "amd", "society": "amd"},
    "editor": {"own": "a", "other": "a", "society": "a"},
    "municipal_administrator": {"own": "amd"},
    "municipal_editor": {"own": "a"},
    "body_administrator": {"own": "am"},
    "body_member": {"own": "a"},
    "administrator": {"own": "amd", "other": "amd", "society": "amd", "away": "amd"},
}
OBJECTS = ("own", "other", "society", "away", "dissolved")
PREDICATES = {"a": rules.may_act_for, "m": rules.may_administer_body, "d": rules.may_dissolve}
HELD = [role.value for role in Role]


@pytest.fixture
def places() -> dict:
    home, away = factories.region(), factories.region("EL65", name_el="Πελοπόννησος")
    volos = factories.municipality()
    elsewhere = factories.municipality("2402", name_el="Αλμυρός")
    social = {"kind": Body.Kind.MUNICIPAL_SOCIAL_SERVICE}
    own = factories.body(home, municipality=volos, **social)
    return {
        "region": home,
        "other region": away,
        "municipality": volos,
        "other municipality": elsewhere,
        "own": own,
        "other": factories.body(home, municipality=elsewhere, **social),
        "society": factories.body(home, municipality=volos, kind=Body.Kind.NGO),
        "away": factories.body(away),
        "dissolved": factories.body(home, municipality=volos, dissolved_on=timezone.localdate(), **social),
    }


def _place(role: str, places: dict):
    if role in Membership.OF_REGION:
        return places["region"]
    return places["municipality"] if role in Membership.OF_MUNICIPALITY else places["own"]


def _person(role: str, places: dict, **fields) -> User | rules.AnonymousUser:
    if role == "nobody":
        return rules.AnonymousUser()
    if role == "administrator":
        return factories.user(is_superuser=True, **fields)
    person = factories.user(**fields)
    if role != "no role":
        factories.membership(person, Role(role), _place(role, places))
        if role in Membership.OF_BODY:  # of the dissolved one, too
            factories.membership(person, Role(role), places["dissolved"])
    return person


def _allowed(person, thing) -> str:
    return "".join(letter for letter, may in PREDICATES.items() if may(person, thing))


@pytest.mark.parametrize("thing", OBJECTS)
@pytest.mark.parametrize("role", TABLE)
def test_what_a_role_may_do_with_a_body(role: str, thing: str, places: dict) -> None:
    assert _allowed(_person(role, places), places[thing]) == TABLE[role].get(thing, "")


@pytest.mark.parametrize("role", HELD)
@pytest.mark.parametrize("how", ["inactive", "ended", "not yet", "until yesterday"])
def test_a_right_that_does_not_hold_opens_nothing(role: str, how: str, places: dict) -> None:
    person = _person(role, places)
    today, day = timezone.localdate(), timedelta(days=1)
    dates = {
        "ended": {"since": today - 9 * day, "until": today - 2 * day},
        "until yesterday": {"since": today - 9 * day, "until": today - day},
        "not yet": {"since": today + day},
    }
    if how == "inactive":
        User.objects.update(is_active=False)
    else:
        Membership.objects.update(**dates[how])
    person = User.objects.get(pk=person.pk)
    assert [_allowed(person, places[thing]) for thing in OBJECTS] == [""] * len(OBJECTS)
    assert not queries.bodies_of(person, places["region"]).exists()
    assert not rules.is_body_member(person, places["region"])
    assert not rules.may_write_for(person, places["municipality"])
    assert not rules.administers_people(person)
    assert queries.rights_of(person, places["region"]) == []


@pytest.mark.parametrize("role", HELD)
def test_a_right_that_ends_today_holds_today(role: str, places: dict) -> None:
    person = _person(role, places)
    Membership.objects.update(until=timezone.localdate())
    assert _allowed(User.objects.get(pk=person.pk), places["own"]) == TABLE[role]["own"]


@pytest.mark.parametrize("role", [role for role in TABLE if role != "nobody"])
def test_the_list_of_bodies_says_what_the_predicate_says(role: str, places: dict) -> None:
    person = _person(role, places)
    for region in ("region", "other region"):
        allowed = [
            places[thing]
            for thing in OBJECTS
            if rules.may_act_for(person, places[thing]) and places[thing].region == places[region]
        ]
        assert set(queries.bodies_of(person, places[region])) == set(allowed)


PEOPLE = {  # whose people each may administer
    "region_administrator": {"region", "municipality", "other municipality", "own", "other", "society"},
    "municipal_administrator": {"municipality", "own"},
    "body_administrator": {"own"},
    "administrator": {"region", "other region", "municipality", "other municipality"}
    | {"own", "other", "society", "away"},
}


@pytest.mark.parametrize("role", TABLE)
def test_whose_people_a_role_administers(role: str, places: dict) -> None:
    person = _person(role, places)
    found = {name for name, place in places.items() if rules.may_administer_people(person, place)}
    assert found == PEOPLE.get(role, set())
    for place in places.values():
        given = {given for given in Role if rules.may_give(person, given, place)}
        expected = set(rules.roles_of(place)) if rules.may_administer_people(person, place) else set()
        assert given == expected


WRITES = {
    "region_administrator": {"municipality", "other municipality"},
    "editor": {"municipality", "other municipality"},
    "municipal_administrator": {"municipality"},
    "municipal_editor": {"municipality"},
    "administrator": {"municipality", "other municipality"},
}


@pytest.mark.parametrize("role", TABLE)
def test_for_which_municipality_a_role_writes(role: str, places: dict) -> None:
    person = _person(role, places)
    names = ("municipality", "other municipality")
    assert {n for n in names if rules.may_write_for(person, places[n])} == WRITES.get(role, set())
    assert set(queries.municipalities_of(person, places["region"])) == {
        places[name] for name in WRITES.get(role, set())
    }


def test_everything_is_asked_with_one_query(places: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rights, "_providers", [])  # other rooms ask for what is theirs
    person = _person("municipal_administrator", places)
    person = User.objects.get(pk=person.pk)
    with CaptureQueriesContext(connection) as context:
        for thing in OBJECTS:
            _allowed(person, places[thing])
        rules.is_editor(person, places["region"])
        rules.administers_people(person)
        queries.rights_of(person, places["region"])
    assert len(context.captured_queries) == 1


def test_rights_are_gone_in_the_same_moment_the_membership_ends(places: dict) -> None:
    person = _person("body_member", places)
    assert rules.may_act_for(person, places["own"])
    actions.end_role(membership=person.memberships.get(body=places["own"]))
    assert not rules.may_act_for(person, places["own"])


def test_no_role_is_held_in_a_regional_unit() -> None:
    with pytest.raises(ValueError, match="regional_unit"):
        rules.Scope.of(factories.regional_unit())


@pytest.mark.parametrize("role", HELD)
def test_a_role_has_its_own_scope_and_no_other(role: str, places: dict) -> None:
    person = factories.user()
    for place in (places["region"], places["municipality"], places["own"]):
        fits = place is _place(role, places)
        with transaction.atomic():
            if fits:
                factories.membership(person, Role(role), place)
            else:
                with (
                    pytest.raises(IntegrityError, match="membership_scope_fits_role"),
                    transaction.atomic(),
                ):
                    factories.membership(person, Role(role), place)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"role": "municipal_editor", "municipality": "municipality"}, "membership_municipality"),
        ({"role": "body_member", "body": "own"}, "membership_body"),
    ],
)
def test_a_scope_lies_in_its_region(fields: dict, constraint: str, places: dict) -> None:
    values = {key: places.get(value, value) for key, value in fields.items()}
    with pytest.raises(IntegrityError, match=r"of the region"), transaction.atomic():
        Membership.objects.create(user=factories.user(), region=places["other region"], **values)


def test_a_body_lies_in_its_region_with_all_that_it_names(places: dict) -> None:
    for name, values in {
        "municipality of the region": {"municipality": places["municipality"]},
        "body of the region above": {"parent": places["own"]},
    }.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            factories.body(places["other region"], **values)
    with pytest.raises(IntegrityError, match="no region"), transaction.atomic():
        factories.body(places["municipality"])


def test_the_history_of_bodies_and_memberships_is_kept(places: dict) -> None:
    person = _person("body_administrator", places)
    person.memberships.get(body=places["own"]).delete()
    events = Membership.pgh_event_model.objects.filter(user=person.pk, body=places["own"].pk)
    assert [event.pgh_label for event in events.order_by("pgh_id")] == ["insert", "delete"]
    Body.objects.filter(pk=places["own"].pk).update(name_el="Νέο όνομα")
    latest = Body.pgh_event_model.objects.filter(pgh_obj=places["own"].pk).latest("pgh_id")
    assert (latest.pgh_label, latest.name_el) == ("update", "Νέο όνομα")


def test_rooms_above_add_their_rights(places: dict, monkeypatch) -> None:
    monkeypatch.setattr(rights, "_providers", [])
    person = _person("body_member", places)
    rights.register(lambda user, region: [rights.Right("Keep the entry", "Δομή", "Grant")])
    rows = queries.rights_of(person, places["region"])
    assert [row.where for row in rows] == [str(places["own"]), "Δομή"]


def test_people_of_a_place_stand_administrators_first(places: dict) -> None:
    body = places["own"]
    factories.membership(factories.user(display_name="Α"), Role.BODY_MEMBER, body)
    factories.membership(factories.user(display_name="Β"), Role.BODY_ADMINISTRATOR, body)
    factories.membership(factories.user(display_name="Γ"), Role.MUNICIPAL_EDITOR, places["municipality"])
    assert [str(row.user) for row in queries.people_of(body)] == ["Β", "Α"]
    assert [str(person) for person in queries.administrators_of(body)] == ["Β"]
    assert [str(row.user) for row in queries.people_of(places["municipality"])] == ["Γ"]
