"""Memberships, groups, demonstration people."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.utils import timezone

from entaxis.accounts import actions, checks, demonstration, groups, rules
from entaxis.accounts.models import Membership, User
from entaxis.accounts.rules import Role
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_role_opens_the_editing_pages_of_its_region_only() -> None:
    home, away = factories.region("EL61"), factories.region("EL65", name_el="Πελοπόννησος")
    person = factories.editor(home)
    person.refresh_from_db()
    assert person.is_staff
    assert [group.name for group in person.groups.all()] == ["entaxis:editor:EL61"]
    assert rules.is_editor(person, home)
    assert not rules.is_editor(person, away)


def test_a_role_that_ends_closes_them() -> None:
    person = factories.editor()
    membership = person.memberships.get()
    membership.since -= timedelta(days=30)
    membership.save()
    actions.end_role(membership=membership)
    person = User.objects.get(pk=person.pk)
    assert not person.is_staff
    assert not person.groups.exists()
    assert not rules.is_editor(person, factories.region())


def test_a_role_that_ended_by_itself_is_noticed_at_the_next_sign_in(client) -> None:
    person = factories.editor()
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.update(since=yesterday, until=yesterday)
    client.force_login(person)
    person.refresh_from_db()
    assert not person.is_staff
    assert not person.groups.exists()


def test_groups_that_others_gave_stay() -> None:
    person = factories.editor()
    other = groups.Group.objects.create(name="Translators")
    person.groups.add(other)
    groups.renew(person)
    assert other in person.groups.all()


def test_the_ladder_of_roles() -> None:
    home = factories.region()
    climbing = [
        factories.user(),
        factories.body_member(home),
        factories.editor(home),
        factories.region_administrator(home),
        factories.administrator(),
    ]
    for height, person in enumerate(climbing, start=1):
        held = [role for role in Role if rules.holds(person, home, role)]
        assert held == list(Role)[: height + 1]


def test_an_inactive_person_holds_nothing() -> None:
    person = factories.editor(is_active=False)
    assert [role for role in Role if rules.holds(person, factories.region(), role)] == [Role.VISITOR]


def test_demonstration_people_stand_for_every_role_in_each_region() -> None:
    factories.region("EL61")
    factories.region("EL65", name_el="Πελοπόννησος")
    first = demonstration.create_people()
    assert [person.pk for person in demonstration.create_people()] == [person.pk for person in first]
    assert all(person.is_synthetic and person.email.endswith("@example.org") for person in first)
    editor = User.objects.get(email="editor.thessaly@example.org")
    assert editor.is_staff
    assert editor.check_password(demonstration.PASSWORD)
    code = demonstration.current_code(editor)
    assert code
    assert len(code) == 6


def test_production_refuses_demonstration_people(settings) -> None:
    factories.region("EL61")
    demonstration.create_people()
    settings.MODE = "production"
    with pytest.raises(RuntimeError):
        demonstration.create_people()
    assert not checks.no_demonstration_people()
    found = {message.id for message in run_checks(tags=["database"], databases=["default"])}
    assert {"entaxis.E001", "entaxis.E002"} <= found


def test_production_is_content_without_them(settings) -> None:
    settings.MODE = "production"
    found = {message.id for message in run_checks(tags=["database"], databases=["default"])}
    assert not {name for name in found if name and name.startswith("entaxis")}


def test_a_person_is_added_from_the_command_line() -> None:
    home = factories.region()
    arguments = ["add_person", "Eleni@example.org", "--name", "Ελένη"]
    call_command(*arguments, "--role", "editor", "--region", "EL61", stdout=StringIO())
    call_command(*arguments, "--role", "editor", "--region", "EL61", stdout=StringIO())
    person = User.objects.get(email="eleni@example.org")
    assert rules.is_editor(person, home)
    assert not person.has_usable_password()
    assert person.memberships.count() == 1
    with pytest.raises(CommandError, match="belong together"):
        call_command(*arguments, "--role", "editor", stdout=StringIO())
    with pytest.raises(CommandError, match="no region EL99"):
        call_command(*arguments, "--role", "editor", "--region", "EL99", stdout=StringIO())


def test_the_present_code_is_told_for_demonstration_people_only() -> None:
    factories.region()
    demonstration.create_people()
    out = StringIO()
    call_command("sign_in_code", "editor.thessaly@example.org", stdout=out)
    assert out.getvalue().strip().isdigit()
    real = factories.editor()
    with pytest.raises(CommandError):
        call_command("sign_in_code", real.email, stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("sign_in_code", "newcomer.thessaly@example.org", stdout=StringIO())


def test_a_person_can_be_removed_with_their_roles() -> None:
    person = factories.editor()
    person.delete()
    assert not Membership.objects.exists()
