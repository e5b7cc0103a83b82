"""The number of queries does not grow with the rows of a page."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from entaxis.geography.models import Area
from entaxis.portal.models import ContentPage, HomePage, NewsIndexPage, NewsPage, SectionPage


def queries_of(client: Client, url: str) -> int:
    client.get(url)  # Wagtail remembers the roots of its sites
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def add_news(count: int) -> None:
    home = HomePage.objects.get(slug="el61")
    index = NewsIndexPage.objects.child_of(home).get()
    town = Area.objects.municipalities().first()
    for number in range(count):
        page = NewsPage(
            title=f"Νέο {number}",
            slug=f"new-{number}",
            locale=index.locale,
            date=datetime.date(2026, 1, 1),
            municipality=town,
            publisher="municipality",
        )
        index.add_child(instance=page)


def add_content(count: int) -> None:
    section = SectionPage.objects.get(slug="documentation", locale__language_code="el")
    for number in range(count):
        section.add_child(
            instance=ContentPage(title=f"Σελίδα {number}", slug=f"page-{number}", locale=section.locale)
        )


@pytest.mark.parametrize(
    ("url", "add", "most"),
    [
        ("/el/news/", add_news, 20),
        ("/el/", add_news, 30),
        ("/el/documentation/", add_content, 20),
        ("/el/documentation/studies/", add_content, 20),
        ("/el/search/?q=σελίδα", add_content, 14),
    ],
)
def test_thirty_rows_cost_what_one_does(client: Client, thessaly: Area, url, add, most: int) -> None:
    from tests import factories

    factories.municipality()
    add(1)
    one = queries_of(client, url)
    NewsPage.objects.filter(slug="new-0").delete()
    for page in ContentPage.objects.filter(slug="page-0"):
        page.delete()
    add(30)
    thirty = queries_of(client, url)
    assert thirty <= one
    assert one <= most, f"{one} queries"


def test_the_emergency_page_asks_little(client: Client, thessaly: Area) -> None:
    assert queries_of(client, "/el/emergency/") <= 12
