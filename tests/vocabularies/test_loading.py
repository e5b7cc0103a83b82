"""The project's code lists: whole, published once, never overwritten."""

import csv
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from entaxis.vocabularies import actions, queries, source
from entaxis.vocabularies.models import Synonym, Term, TermCrosswalk, Vocabulary

pytestmark = pytest.mark.django_db

# The eleven kinds of the portal's documents and the seven that the brief of the directory adds.
KINDS = {
    *("community_centre", "roma_annex", "social_pharmacy", "social_grocery", "soup_kitchen"),
    *("violence_women_support", "homeless_support", "open_care_elderly", "day_care_elderly"),
    *("nursery", "health_centre", "municipal_social_service", "help_at_home", "kdap"),
    *("migrant_centre", "mental_health", "mobile_unit", "counselling_centre"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(source.DATA, tmp_path / "data"))


def add_need(folder: Path, key: str, parent: str = "food") -> None:
    with (folder / "needs.csv").open("a", encoding="utf-8") as file:
        csv.writer(file).writerow([key, parent, "Νερό", "Water", "", "", "no"])


def test_the_lists_are_whole() -> None:
    lists = {code_list.name: code_list for code_list in source.read()}
    assert {row.key for row in lists["structure_kinds"].terms} == KINDS
    assert [row.key for row in lists["structure_kinds"].terms if row.is_confidential] == [
        "violence_women_support"
    ]
    for code_list in lists.values():
        assert all(row.label_el and row.label_en for row in code_list.terms)
    for language in ("el", "en", "sq", "ru", "ar", "uk"):
        spoken = {phrase.key for phrase in lists["needs"].phrases if phrase.language == language}
        assert {row.key for row in lists["needs"].terms if row.parent} <= spoken


def test_every_need_leads_to_a_service_and_a_kind_of_structure() -> None:
    needs = next(code_list for code_list in source.read() if code_list.name == "needs")
    for target in ("services", "structure_kinds"):
        reached = {
            link.key for link in needs.links if (link.target_list, link.relation) == (target, "answers")
        }
        assert {row.key for row in needs.terms} == reached


def test_loading_twice_changes_nothing() -> None:
    call_command("load_vocabularies", verbosity=0)
    before = (Term.objects.count(), Synonym.objects.count(), TermCrosswalk.objects.count())
    call_command("load_vocabularies", verbosity=0)
    assert (Term.objects.count(), Synonym.objects.count(), TermCrosswalk.objects.count()) == before
    assert set(Vocabulary.objects.values_list("version", flat=True)) == {1}


def test_a_changed_list_is_a_new_version_and_the_old_one_stays(folder: Path) -> None:
    actions.publish(lists=source.read(folder))
    former = queries.by_key("needs")["meal"]
    Synonym.objects.create(term=former, language="el", phrase="λόγια ενός συντάκτη")
    add_need(folder, "water")

    published = actions.publish(lists=source.read(folder))

    assert [(one.name, one.version) for one in published] == [("needs", 2)]
    assert Term.objects.filter(vocabulary__name="needs", vocabulary__version=1, key="meal").exists()
    meal = queries.by_key("needs")["meal"]
    assert meal != former
    assert meal.synonyms.filter(phrase="λόγια ενός συντάκτη").exists()
    assert queries.by_key("needs")["water"].parent == queries.by_key("needs")["food"]
    kinds = TermCrosswalk.objects.filter(
        source=meal, relation="answers", target__vocabulary__is_current=True
    )
    assert kinds.filter(target__key="soup_kitchen").exists()


def test_a_list_that_stayed_is_joined_to_a_new_one(folder: Path) -> None:
    actions.publish(lists=source.read(folder))
    with (folder / "structure_kinds.csv").open("a", encoding="utf-8") as file:
        csv.writer(file).writerow(
            ["food_bank", "", "Τράπεζα Τροφίμων", "Food Bank", "", "", "", "", "", "no"]
        )
    actions.publish(lists=source.read(folder))
    meal = queries.by_key("needs")["meal"]
    in_force = TermCrosswalk.objects.filter(source=meal, target__vocabulary__is_current=True)
    assert in_force.filter(target__key="soup_kitchen").count() == 1


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("needs.csv", "meal,food,Α,A,,,no\n", "meal stands twice"),
        ("needs.csv", "water,nowhere,Α,A,,,no\n", "parent of 'water' does not stand above"),
        ("crosswalks.toml", '["needs -> moons: answers"]\n', "no heading of a crosswalk"),
        (
            "crosswalks.toml",
            '["services -> needs: related"]\nnursing_care = ["moon"]\n',
            "moon is not in needs",
        ),
        ("phrases/el.toml", "\n[nothing\n", "not loaded"),
        ("labels/ru.toml", 'moon = "Луна"\n', "moon is not in structure_kinds"),
        (
            "labels/xx.toml",
            'language = "xx"\nstatus = "proposed"\n',
            "'proposed' is no status",
        ),
        ("phrases/xx.toml", 'language = "xx"\nstatus = "sure"\n', "'sure' is no status"),
        (
            "phrases/xx.toml",
            'language = "xx"\nstatus = "draft"\n[needs]\nmoon = ["a"]\n',
            "moon is not in needs",
        ),
    ],
)
def test_a_file_that_contradicts_itself_is_refused_whole(
    folder: Path, file: str, text: str, sentence: str
) -> None:
    with (folder / file).open("a", encoding="utf-8") as opened:
        opened.write(text)
    with pytest.raises(CommandError, match=sentence):
        call_command("load_vocabularies", folder=folder)
    assert not Vocabulary.objects.exists()


@pytest.mark.parametrize("language", ["sq", "ar", "ru", "uk"])
@pytest.mark.parametrize(
    ("name", "longest"),
    [("needs", 70), ("structure_kinds", 100)],  # a need is a button, a kind stands above a name
)
def test_needs_and_kinds_have_labels_in_the_newcomers_languages(
    name: str, longest: int, language: str
) -> None:
    for row in next(code_list for code_list in source.read() if code_list.name == name).terms:
        (label,) = [each for each in row.labels if each.language == language]
        assert label.text
        assert len(label.text) <= longest
        assert not label.is_checked


def test_a_label_is_shown_and_says_whether_it_was_checked(client: Client) -> None:
    call_command("load_vocabularies", verbosity=0)
    medicines = queries.by_key("needs")["medicines"]
    with translation.override("ru"):
        assert (medicines.label, medicines.plural) == ("Мне нужны лекарства", "Мне нужны лекарства")
    terms = client.get("/api/v1/vocabularies/needs").json()["terms"]
    told = next(term for term in terms if term["key"] == "medicines")
    assert told["labels"]["ru"] == {"text": "Мне нужны лекарства", "is_checked": False}


def test_labels_follow_the_reader() -> None:
    call_command("load_vocabularies", verbosity=0)
    centre = queries.by_key("structure_kinds")["community_centre"]
    with translation.override("el"):
        assert (centre.label, centre.plural) == ("Κέντρο Κοινότητας", "Κέντρα Κοινότητας")
    with translation.override("ro"):  # a language without labels of its own
        assert (centre.label, centre.plural) == ("Community Centre", "Community Centres")


def test_every_vulnerable_group_stands_under_one_of_three_classes() -> None:
    lists = {code_list.name: code_list for code_list in source.read()}
    groups = lists["vulnerable_groups"]
    classes = {row.key for row in groups.terms if not row.parent}
    assert classes == {"vulnerable", "special", "other"}
    assert len([row for row in groups.terms if row.parent in classes]) == 26
    by_law = {link.key for link in groups.links if link.target_list == "law_4430_2016"}
    assert by_law == {row.key for row in groups.terms if "other" not in (row.key, row.parent)}
    assert {link.target_list for link in groups.links} == {"law_4430_2016", "esf_plus", "target_groups"}


def test_what_is_no_official_list_says_so() -> None:
    call_command("load_vocabularies", verbosity=0)
    found = Client().get("/api/v1/vocabularies/vulnerable_groups").json()
    assert "not an official list" in found["source_en"]
    assert "δεν είναι επίσημος" in found["source_el"]
    assert Client().get("/api/v1/vocabularies/needs").json()["source_en"] == ""
