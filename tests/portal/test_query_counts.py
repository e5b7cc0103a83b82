"""The number of queries does not grow with the rows of a page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from entaxis.geography.models import Area
from entaxis.portal.models import ContentPage, NewsItem, SectionPage
from tests import factories


def queries_of(client: Client, url: str) -> int:
    client.get(url)  # Wagtail remembers the roots of its sites
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def add_news(count: int) -> None:
    for _number in range(count):
        factories.news().municipalities.add(factories.municipality())


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
    factories.municipality()
    add(1)
    one = queries_of(client, url)
    NewsItem.objects.all().delete()
    for page in ContentPage.objects.filter(slug="page-0"):
        page.delete()
    add(30)
    thirty = queries_of(client, url)
    assert thirty <= one
    assert one <= most, f"{one} queries"


def test_the_emergency_page_asks_little(client: Client, thessaly: Area) -> None:
    assert queries_of(client, "/el/emergency/") <= 12
