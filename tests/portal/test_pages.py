"""The pages that load-pages makes, as a reader meets them."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Page

from entaxis.geography.models import Area
from entaxis.portal import actions
from entaxis.portal.models import ContentPage, HomePage, RegionBrand
from tests import factories

SECTIONS = ["observatory", "consultation", "documentation", "news"]
OBSERVATORY = [
    "governors-message",
    "purpose",
    "organisation",
    "social-care",
    "how-it-works",
    "legal-basis",
]


@pytest.mark.parametrize("language", ["el", "en"])
def test_every_page_is_there_in_greek_and_english(client: Client, thessaly: Area, language: str) -> None:
    urls = [f"/{language}/{slug}/" for slug in SECTIONS]
    urls += [f"/{language}/observatory/{slug}/" for slug in OBSERVATORY]
    urls += [
        f"/{language}/about/accessibility/",
        f"/{language}/about/privacy/",
        f"/{language}/easy/danger/",
    ]
    answers = {url: client.get(url).status_code for url in urls}
    assert set(answers.values()) == {200}, answers


def test_the_home_page_asks_first(client: Client, thessaly: Area) -> None:
    page = client.get("/el/").content.decode()
    assert '<h1 id="question">Τι χρειάζεστε;</h1>' in page
    assert page.index("Τι χρειάζεστε;</h1>") < page.index('href="tel:112"')


def test_the_english_home_page_speaks_english(client: Client, thessaly: Area) -> None:
    page = client.get("/en/").content.decode()
    assert "What do you need?</h1>" in page
    assert "Observatory of Social Inclusion" in page


def test_a_region_has_its_own_brand_and_code(client: Client, thessaly: Area, peloponnese: Area) -> None:
    page = client.get("/el/", headers={"host": "peloponnese.localhost"}).content.decode()
    assert "Περιφέρεια Πελοποννήσου" in page
    assert "6005009" in page
    assert 'data-palette="pine"' in page
    other = client.get("/el/", headers={"host": "thessaly.localhost"}).content.decode()
    assert "Περιφέρεια Θεσσαλίας" in other
    assert "6005009" not in other


def test_another_region_s_page_is_not_found_here(client: Client, thessaly: Area, peloponnese: Area) -> None:
    home = HomePage.objects.get(slug="el65", locale__language_code="el")
    page = ContentPage(title="Μόνο εκεί", slug="only-there", locale=home.locale)
    home.add_child(instance=page)
    page.save_revision().publish()
    assert client.get("/el/only-there/", headers={"host": "peloponnese.localhost"}).status_code == 200
    assert client.get("/el/only-there/", headers={"host": "thessaly.localhost"}).status_code == 404


def test_loading_again_changes_nothing_that_an_editor_wrote(thessaly: Area) -> None:
    page = ContentPage.objects.get(slug="purpose", locale__language_code="el")
    page.title = "Όπως το έγραψε η σύνταξη"
    page.save_revision().publish()
    before = Page.objects.count()
    assert actions.load_region(region=thessaly, host="thessaly.localhost", by=None) == 0
    assert Page.objects.count() == before
    page.refresh_from_db()
    assert page.title == "Όπως το έγραψε η σύνταξη"


def test_the_command_names_a_region_that_is_missing(thessaly: Area, settings) -> None:
    settings.REGION_HOSTS = {"thessaly.localhost": "EL61", "epirus.localhost": "EL54"}
    with pytest.raises(CommandError, match="EL54"):
        call_command("load_pages")


def test_demonstration_text_says_so(client: Client, thessaly: Area) -> None:
    page = client.get("/el/observatory/governors-message/").content.decode()
    assert "notice--demonstration" in page
    assert "notice--demonstration" not in client.get("/el/observatory/purpose/").content.decode()


def test_the_organisation_chart_is_drawn_and_written(client: Client, thessaly: Area) -> None:
    page = client.get("/el/observatory/organisation/").content.decode()
    assert page.count("<rect ") == 6
    assert 'class="tree"' in page
    assert page.count("Συντονιστική Δομή") >= 2


def test_the_language_switch_keeps_the_page(client: Client, thessaly: Area) -> None:
    page = client.get("/el/observatory/purpose/").content.decode()
    assert 'href="/en/observatory/purpose/" hreflang="en"' in page
    assert 'href="/el/emergency/"' in page
    assert 'href="/ar/"' in page
    emergency = client.get("/el/emergency/").content.decode()
    assert 'href="/ar/emergency/" hreflang="ar"' in emergency


def test_a_page_that_is_not_translated_leads_to_english(client: Client, thessaly: Area) -> None:
    answer = client.get("/sq/observatory/purpose/")
    assert (answer.status_code, answer["Location"]) == (302, "/en/observatory/purpose/")


def test_the_menu_of_a_section_marks_where_one_is(client: Client, thessaly: Area) -> None:
    page = client.get("/el/observatory/purpose/").content.decode()
    assert 'href="/el/observatory/" aria-current="true"' in page


def test_the_sitemap_holds_both_languages_and_only_this_region(
    client: Client, thessaly: Area, peloponnese: Area
) -> None:
    listed = client.get("/sitemap.xml", headers={"host": "thessaly.localhost"}).content.decode()
    assert "/el/observatory/purpose/" in listed
    assert "/en/observatory/purpose/" in listed
    assert "peloponnese" not in listed


def test_a_demonstration_is_not_for_crawlers(client: Client, thessaly: Area) -> None:
    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


def test_help_lines_that_exist_are_left_alone(thessaly: Area) -> None:
    assert actions.load_help_lines() == 0


def test_editors_may_edit_their_own_region_only(thessaly: Area, peloponnese: Area) -> None:
    person = factories.editor(thessaly)
    here = HomePage.objects.get(slug="el61", locale__language_code="el")
    there = HomePage.objects.get(slug="el65", locale__language_code="el")
    assert here.permissions_for_user(person).can_edit()
    assert not there.permissions_for_user(person).can_edit()
    assert person.has_perm("wagtailadmin.access_admin")
    person.memberships.all().delete()
    again = type(person).objects.get(pk=person.pk)
    assert not here.permissions_for_user(again).can_edit()


def test_the_brand_s_operation_has_a_code_of_seven_digits(brand: RegionBrand) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        brand.operations.update(mis_code="12345")


def test_a_page_that_is_published_stands_in_the_menu_at_once(client: Client, thessaly: Area) -> None:
    client.get("/el/")
    home = HomePage.objects.get(locale__language_code="el", path__startswith=_root(thessaly).path)
    page = home.add_child(instance=ContentPage(title="Νέα ενότητα", slug="new", show_in_menus=True))
    page.save_revision().publish()
    assert "Νέα ενότητα" in client.get("/el/emergency/").content.decode()
    page.unpublish()
    assert "Νέα ενότητα" not in client.get("/el/emergency/").content.decode()


def _root(region: Area) -> Page:
    return RegionBrand.objects.get(region=region).site.root_page
