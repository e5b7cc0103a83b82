"""Two entries that nothing told of: an editor finds the other, and both stand side by side."""

import pytest
from django.contrib.gis.geos import Point
from django.test import Client

from entaxis.directory.duplicates import finding
from entaxis.directory.models import Resemblance, Structure
from tests import factories
from tests.accounts.signing import signed_in

pytestmark = pytest.mark.django_db
State = Resemblance.State


@pytest.fixture
def two() -> tuple[Structure, Structure]:
    """Nothing in common but the region."""
    away = Point(22.5, 39.5)
    return factories.structure(name_el="Στέγη ημέρας"), factories.structure(
        name_el="Κέντρο αστέγων", point=away
    )


def path(row: Structure) -> str:
    return f"/en/office/structures/{row.pk}/compare/"


def test_an_editor_finds_the_other_by_words_or_address_and_joins_them(
    two: tuple[Structure, Structure],
) -> None:
    one, other = two
    finding.find(one.region)
    assert not Resemblance.objects.exists()
    editor = signed_in(factories.editor(one.region))
    assert path(one) in editor.get(f"/en/office/structures/{one.pk}/").content.decode()
    for words in ("αστεγων", f"https://thessaly.example.org/el/structures/{other.pk}/"):
        said = editor.get(path(one), {"q": words}).content.decode()
        assert "Κέντρο αστέγων" in said
        assert f'value="{other.pk}"' in said
    assert "Entries found" not in editor.get(path(one), {"q": "στέγη ημέρας"}).content.decode()  # itself
    answer = editor.post(path(one), {"other": str(other.pk)})
    asked = Resemblance.objects.get()
    assert answer["Location"] == f"/en/office/structures/duplicates/{asked.pk}/"
    assert "an editor asks" in editor.get("/en/office/structures/duplicates/").content.decode()
    finding.find(one.region)  # the night does not forget what a person asked
    assert Resemblance.objects.get().state == State.OPEN
    assert editor.get(answer["Location"]).status_code == 200


def test_what_was_decided_may_be_asked_again(two: tuple[Structure, Structure]) -> None:
    one, other = two
    editor = factories.editor(one.region)
    asked = finding.ask(one=one, other=other)
    Resemblance.objects.filter(pk=asked.pk).update(
        state=State.DIFFERENT, decided_by=editor, decided_at="2026-01-01T00:00Z"
    )
    again = finding.ask(one=other, other=one)
    assert (again.pk, again.state, again.decided_at) == (asked.pk, State.OPEN, None)


def test_what_cannot_be_compared(client: Client, two: tuple[Structure, Structure]) -> None:
    one, _other = two
    boss = signed_in(factories.region_administrator(one.region))
    editor = signed_in(factories.editor(one.region))
    shelter = factories.confidential_structure(region=one.region, name_el="Ξενώνας")
    foreign = factories.structure(region=factories.region("EL65"), municipality=None)
    gone = factories.structure(status="merged")
    for row in (foreign, gone, shelter):
        assert editor.get(path(row)).status_code == 404
        assert editor.post(path(one), {"other": str(row.pk)}).status_code == 404
    assert editor.post(path(one), {"other": str(one.pk)}).status_code == 404
    assert editor.post(path(one), {"other": "nothing"}).status_code == 404
    assert "Entries found" not in editor.get(path(one), {"q": "Ξενώνας"}).content.decode()
    assert "Entries found" in boss.get(path(one), {"q": "Ξενώνας"}).content.decode()
    assert signed_in(factories.clerk(one)).get(path(one)).status_code == 404
    assert not Resemblance.objects.exists()
