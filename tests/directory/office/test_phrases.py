"""The words of the search in the back office: who may do what, heard at once, and nothing comes back."""

from decimal import Decimal
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.test import Client

from entaxis.accounts.models import User
from entaxis.directory import phrases, search
from entaxis.directory.search import store
from entaxis.directory.search.understanding import understand
from entaxis.vocabularies import actions, queries, source
from entaxis.vocabularies.models import Synonym, Vocabulary
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/en/office/phrases/"
NEEDS = Vocabulary.Name.NEEDS


@pytest.fixture
def person() -> User:
    return factories.region_administrator(display_name="Άννα")


@pytest.fixture
def administrator(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


@pytest.fixture
def editor() -> Client:
    client = Client()
    client.force_login(factories.editor())
    return client


@pytest.fixture
def medicines() -> Any:
    return factories.term("medicines", inside=NEEDS, label_el="Φάρμακα", label_en="Medicines")


def phrase(term: Any, text: str = "χαπάκια", **fields: Any) -> Synonym:
    return Synonym.objects.create(**({"term": term, "language": "el", "phrase": text} | fields))


def sent(term: Any, text: str = "χαπάκια", **changes: Any) -> dict[str, Any]:
    return {
        "phrase": text,
        "language": "el",
        "term": term.pk,
        "weight": "1",
        "status": "draft",
    } | changes


def heard(text: str) -> list[str]:
    """The needs that searching hears in ``text`` now."""
    known = search.words()
    return [one.target.key for one in understand(text, known.lexicon, known.places, region="EL61").needs]


def test_a_phrase_added_in_the_office_is_heard_by_the_next_search(
    administrator: Client, medicines: Any
) -> None:
    factories.region()
    assert heard("χαπάκια") == []
    before = store.versions()["words"]
    assert administrator.post(f"{LIST}new/", sent(medicines)).status_code == 302
    assert heard("χαπάκια") == ["medicines"]
    assert store.versions()["words"] != before  # what every other process asks before it searches
    row = Synonym.objects.get()
    assert (row.origin, row.status) == ("office", "draft")


def test_what_is_taken_out_is_no_longer_heard_until_it_is_put_back(
    administrator: Client, medicines: Any
) -> None:
    row = phrase(medicines, origin="file")
    assert heard("χαπάκια") == ["medicines"]
    administrator.post(f"{LIST}{row.pk}/remove/")
    assert heard("χαπάκια") == []
    assert "χαπάκια" in administrator.get(LIST + "?state=removed").content.decode()
    administrator.post(f"{LIST}{row.pk}/restore/")
    assert heard("χαπάκια") == ["medicines"]


def test_an_editor_proposes_and_an_administrator_decides(
    editor: Client, administrator: Client, medicines: Any
) -> None:
    page = editor.get(f"{LIST}new/").content.decode()
    assert "Propose a phrase" in page
    editor.post(f"{LIST}new/", sent(medicines, status="checked"))
    row = Synonym.objects.get()
    assert row.status == "proposed"
    assert heard("χαπάκια") == []
    for address in (f"{LIST}{row.pk}/", f"{LIST}{row.pk}/restore/", f"{LIST}{row.pk}/remove/"):
        assert editor.post(address, sent(medicines)).status_code == 404
    assert f"{LIST}{row.pk}/remove/" not in editor.get(LIST).content.decode()
    assert "1 proposal<" in administrator.get(LIST).content.decode()
    administrator.post(f"{LIST}{row.pk}/restore/")
    assert heard("χαπάκια") == ["medicines"]


def test_the_list_is_narrowed(administrator: Client, medicines: Any) -> None:
    meal = factories.term("meal", inside=NEEDS)
    phrase(medicines, "φάρμακά")
    phrase(meal, "hungry", language="en", origin="file", status="checked")
    phrase(meal, "πείνα", is_removed=True)

    def found(query: str) -> list[str]:
        return [row.phrase for row in administrator.get(f"{LIST}?{query}").context["page"]]

    assert set(found("")) == {"hungry", "πείνα", "φάρμακά"}
    assert found("q=ΦΑΡΜΑΚ") == ["φάρμακά"]
    assert found("language=en") == ["hungry"]
    assert found(f"term={medicines.pk}") == ["φάρμακά"]
    assert found("state=removed") == ["πείνα"]
    assert found("state=unchecked") == ["φάρμακά"]
    assert len(found("state=nonsense&term=x&page=-4")) == 3


def test_the_list_costs_as_much_for_thirty_as_for_one(
    administrator: Client, medicines: Any, queries_stay: Any
) -> None:
    queries_stay(
        grow=lambda number: [phrase(medicines, f"φράση {one} {number}") for one in range(number)],
        read=lambda: administrator.get(LIST),
    )


def test_the_history_costs_as_much_for_thirty_as_for_one(
    administrator: Client, person: User, medicines: Any, queries_stay: Any
) -> None:
    def grow(number: int) -> None:
        for one in range(number):
            phrases.add(wording=phrases.Wording(medicines, "el", f"φράση {one} {number}"), by=person)

    queries_stay(grow=grow, read=lambda: administrator.get(f"{LIST}history/"))


def test_weight_and_status_change_in_place_and_are_not_overwritten_unseen(
    administrator: Client, medicines: Any
) -> None:
    row = phrase(medicines)
    base = administrator.get(f"{LIST}{row.pk}/").context["form"]["base"].value()
    changed = sent(medicines, weight="0.4", status="checked", base=base)
    assert administrator.post(f"{LIST}{row.pk}/", changed).status_code == 302
    row.refresh_from_db()
    assert (row.weight, row.status) == (Decimal("0.40"), "checked")
    late = administrator.post(f"{LIST}{row.pk}/", sent(medicines, weight="1", base=base))
    assert late.status_code == 409
    assert "weight 0.40" in late.content.decode()
    row.refresh_from_db()
    assert row.weight == Decimal("0.40")


def test_another_wording_replaces_the_former_one(administrator: Client, medicines: Any) -> None:
    row = phrase(medicines, origin="file")
    base = administrator.get(f"{LIST}{row.pk}/").context["form"]["base"].value()
    administrator.post(f"{LIST}{row.pk}/", sent(medicines, "χαπάκι για το κεφάλι", base=base))
    row.refresh_from_db()
    assert row.is_removed
    assert Synonym.objects.get(is_removed=False).phrase == "χαπάκι για το κεφάλι"
    step = phrases.steps()[0]
    assert len(step.lines) == 2
    administrator.post(f"{LIST}history/{step.id}/undo/")
    assert [one.phrase for one in Synonym.objects.in_force()] == ["χαπάκια"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"phrase": "  "}, "required"),
        ({"phrase": "!?"}, "no word"),
        ({"phrase": "α\0β"}, "Null characters"),
        ({"phrase": "λ" * 161}, "at most 160"),
        ({"weight": "0"}, "greater than"),
        ({"weight": "1.5"}, "less than"),
        ({"language": "xx"}, "valid choice"),
        ({"term": "999999"}, "valid choice"),
        ({"phrase": "γνωστή"}, "already"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    administrator: Client, medicines: Any, changes: dict[str, str], sentence: str
) -> None:
    phrase(medicines, "γνωστή")
    response = administrator.post(f"{LIST}new/", sent(medicines) | changes)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert Synonym.objects.count() == 1


def test_history_says_who_and_a_step_can_be_taken_back_once(
    administrator: Client, person: User, medicines: Any
) -> None:
    row = phrase(medicines, origin="file")
    phrases.change(
        synonym=row, wording=phrases.Wording(medicines, "el", "χαπάκια", Decimal("0.5")), by=person
    )
    page = administrator.get(f"{LIST}history/").content.decode()
    assert "Άννα" in page
    assert "weight 1.00" in page
    assert "weight 0.50" in page
    step = phrases.steps()[0]
    administrator.post(f"{LIST}history/{step.id}/undo/")
    row.refresh_from_db()
    assert row.weight == 1
    again = administrator.post(f"{LIST}history/{step.id}/undo/", follow=True)
    assert "changed again" in again.content.decode()
    nowhere = "00000000-0000-4000-8000-000000000000"
    assert administrator.post(f"{LIST}history/{nowhere}/undo/").status_code == 404


def test_a_sentence_is_tried_and_kept_nowhere(editor: Client, medicines: Any) -> None:
    phrase(medicines)
    page = editor.post(f"{LIST}try/", {"q": "θέλω χαπάκια τώρα"})
    text = page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert "Medicines" in text
    assert "1.00" in text
    assert "No word of it" in editor.post(f"{LIST}try/", {"q": "ξψξψξψ"}).content.decode()
    assert editor.post(f"{LIST}try/", {"q": "λ" * 201}).status_code == 422


def test_a_new_version_of_the_files_keeps_what_the_office_did(tmp_path: Path, person: User) -> None:
    folder = Path(copytree(source.DATA, tmp_path / "data"))
    greek = folder / "phrases" / "el.toml"
    kept = greek.read_text(encoding="utf-8")
    assert '"πεινάω", "πεινάμε", ' in kept
    actions.publish(lists=source.read(folder))
    meal = queries.by_key("needs")["meal"]

    def row(text: str) -> Synonym:
        return Synonym.objects.get(term__key="meal", term__vocabulary__is_current=True, phrase=text)

    phrases.remove(synonym=row("πεινάω"), by=person)
    half = phrases.Wording(meal, "el", "δεν έχω να φάω", Decimal("0.5"), "checked")
    phrases.change(synonym=row("δεν έχω να φάω"), wording=half, by=person)
    phrases.add(wording=phrases.Wording(meal, "el", "ξελιγώθηκα"), by=person)

    # the next version no longer has «πεινάμε», nor – for now – «πεινάω»
    greek.write_text(kept.replace('"πεινάω", "πεινάμε", ', ""), encoding="utf-8")
    actions.publish(lists=source.read(folder))
    assert not Synonym.objects.filter(term__vocabulary__is_current=True, phrase="πεινάμε").exists()
    greek.write_text(kept, encoding="utf-8")
    published = actions.publish(lists=source.read(folder))

    assert [(one.name, one.version) for one in published] == [("needs", 3)]
    assert row("πεινάω").is_removed
    assert not row("πεινάμε").is_removed
    assert (row("δεν έχω να φάω").weight, row("δεν έχω να φάω").status) == (Decimal("0.50"), "checked")
    assert (row("ξελιγώθηκα").origin, row("ξελιγώθηκα").is_removed) == ("office", False)
    assert row("πεινάω").term != meal
    with pytest.raises(phrases.OvertakenError):
        phrases.remove(synonym=Synonym.objects.filter(term=meal).select_related("term")[0], by=person)
