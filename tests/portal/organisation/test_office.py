"""The organisation chart: edited and redrawn at once, undone, never another region's."""

import pytest
from django.test import Client

from entaxis.geography.models import Area
from entaxis.portal.models import OrganisationStep, OrganisationUnit
from tests import factories

OFFICE, PUBLIC = "/el/office/organisation/", "/el/observatory/organisation/"


@pytest.fixture
def editor(client: Client, thessaly: Area) -> Client:
    client.force_login(factories.editor(thessaly))
    return client


def unit(name: str) -> OrganisationUnit:
    return OrganisationUnit.objects.get(name_el=name)


def facts(row: OrganisationUnit, **changes: object) -> dict[str, object]:
    return {"name_el": row.name_el, "parent": row.parent_id or "", "order": row.order} | changes


def test_the_chart_is_edited_and_redrawn_at_once(editor: Client) -> None:
    top = unit("Περιφερειάρχης")
    editor.post(
        f"{OFFICE}new/",
        {
            "name_el": "Μονάδα Χαρτών",
            "name_en": "Maps Unit",
            "parent": top.pk,
            "order": 9,
            "head_el": "Τμήμα",
        },
    )
    page = editor.get(PUBLIC).content.decode()
    assert page.count("Μονάδα Χαρτών") == 2, "once in the picture, once in the list"
    assert "Τμήμα" in page
    assert "Maps Unit" in editor.get("/en/observatory/organisation/").content.decode()
    row = unit("Μονάδα Χαρτών")
    editor.post(f"{OFFICE}{row.pk}/", facts(row, name_el="Χάρτες", parent=""))
    assert unit("Χάρτες").parent is None


def test_taken_away_and_put_back_with_those_below(editor: Client) -> None:
    middle = unit("Διεύθυνση Κοινωνικής Μέριμνας")
    before = {row.pk: row.parent_id for row in OrganisationUnit.objects.all()}
    editor.post(f"{OFFICE}{middle.pk}/remove/")
    assert unit("Συντονιστική Δομή").parent == unit("Περιφερειάρχης")
    step = OrganisationStep.objects.first()
    assert step is not None
    editor.post(f"{OFFICE}steps/{step.pk}/undo/")
    assert {row.pk: row.parent_id for row in OrganisationUnit.objects.all()} == before
    latest = OrganisationStep.objects.first()
    assert latest is not None
    editor.post(f"{OFFICE}steps/{latest.pk}/undo/")
    assert not OrganisationUnit.objects.filter(pk=middle.pk).exists(), "an undoing can be undone"


def test_a_unit_never_stands_below_itself(editor: Client) -> None:
    top, below = unit("Περιφερειάρχης"), unit("Συντονιστική Δομή")
    answer = editor.post(f"{OFFICE}{top.pk}/", facts(top, parent=below.pk))
    assert answer.status_code == 422
    assert "κάτω από τον εαυτό της" in answer.content.decode()
    assert unit("Περιφερειάρχης").parent is None


def test_names_that_attack_stay_text(editor: Client) -> None:
    top = unit("Περιφερειάρχης")
    editor.post(f"{OFFICE}{top.pk}/", facts(top, name_el="<script>alert(1)</script>", tasks_el="<b>x"))
    for path in (PUBLIC, OFFICE):
        assert "<script>alert" not in editor.get(path).content.decode()


def test_another_regions_chart_does_not_exist(editor: Client, peloponnese: Area) -> None:
    theirs = OrganisationUnit.objects.create(region=peloponnese, name_el="Ξένη")
    step = OrganisationStep.objects.create(region=peloponnese, what="added")
    assert editor.get(f"{OFFICE}{theirs.pk}/").status_code == 404
    assert editor.post(f"{OFFICE}{theirs.pk}/remove/").status_code == 404
    assert editor.post(f"{OFFICE}steps/{step.pk}/undo/").status_code == 404
    top = unit("Περιφερειάρχης")
    assert editor.post(f"{OFFICE}{top.pk}/", facts(top, parent=theirs.pk)).status_code == 422
    assert "Ξένη" not in editor.get(OFFICE).content.decode()


def test_the_chart_costs_the_same_at_one_and_thirty(editor: Client, thessaly: Area, queries_stay) -> None:
    def grow(count: int) -> None:
        for number in range(count):
            OrganisationUnit.objects.create(region=thessaly, name_el=f"Μονάδα {number}")

    assert queries_stay(grow=grow, read=lambda: editor.get(OFFICE)) <= 22


def test_the_second_of_two_editors_of_a_unit_is_told_and_may_keep_theirs(editor: Client) -> None:
    row = unit("Συντονιστική Δομή")
    page = editor.get(f"/en{OFFICE[3:]}{row.pk}/")
    seen = page.context["form"]["seen"].value()
    first = facts(row, name_el="Συντονιστική Δομή Α", seen=seen)
    assert editor.post(f"/en{OFFICE[3:]}{row.pk}/", first).status_code == 302
    second = facts(row, name_el="Συντονιστική Δομή Β", seen=seen)
    told = editor.post(f"/en{OFFICE[3:]}{row.pk}/", second)
    assert told.status_code == 422
    text = told.content.decode()
    assert "Somebody else changed this unit meanwhile" in text
    assert "It now says: Συντονιστική Δομή Α" in text
    assert unit("Συντονιστική Δομή Α").pk == row.pk
    again = second | {"seen": told.context["form"]["seen"].value()}
    assert editor.post(f"/en{OFFICE[3:]}{row.pk}/", again).status_code == 302
    assert unit("Συντονιστική Δομή Β").pk == row.pk
