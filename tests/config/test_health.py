import pytest
from django.test import Client

from tests import factories


def test_live_answers_without_a_database(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_asks_the_database(client: Client, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(3):
        response = client.get("/health/ready")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_production_is_not_ready_with_demonstration_people(client: Client, settings) -> None:
    factories.user(is_synthetic=True)
    assert client.get("/health/ready").status_code == 200
    settings.MODE = "production"
    assert client.get("/health/ready").status_code == 503
