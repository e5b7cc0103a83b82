"""The labelled queries, asked of the demonstration of Thessaly as `bin/demo` loads it."""

from collections.abc import Iterator

import pytest
import pytest_django
from django.db import connection

from entaxis.geography.models import Area
from tests import template_database
from tests.browser import server
from tests.directory import search_quality

GOALS = {"el": 95, "sq": 80, "ru": 80, "ar": 80, "en": 80}
DATABASE = "test_entaxis_search_quality"

pytestmark = pytest.mark.demonstration


@pytest.fixture
def thessaly(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[Area]:
    """Thessaly in a copy of the demonstration's database."""
    template_database.copy(server.loaded_template(), DATABASE)
    name = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = DATABASE
        try:
            yield Area.objects.regions().get(code="EL61")
        finally:
            connection.close()
            connection.settings_dict["NAME"] = name
            template_database.drop(DATABASE)


def test_people_find_a_structure_of_an_expected_kind_among_the_first_five(
    thessaly: Area, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = search_quality.measure(thessaly)
    with capsys.disabled():
        print("\n" + search_quality.report(outcome))
    languages = search_quality.by_language(outcome)
    assert sum(len(hits) for hits in languages.values()) >= 150
    shares = {language: search_quality.percent(hits) for language, hits in languages.items()}
    assert {language: share for language, share in shares.items() if share < GOALS[language]} == {}
