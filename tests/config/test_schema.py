"""The interface against its own description: schemathesis asks what it allows, and what not."""

import json
from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from entaxis.config.wsgi import application
from tests import factories

HEADERS = {"Host": "thessaly.localhost", "Accept-Encoding": "identity"}
CHECKS = (not_a_server_error, content_type_conformance, response_schema_conformance)


def _description() -> dict:
    response = Client(headers={"host": "thessaly.localhost"}).get("/api/v1/openapi.json")
    assert response.status_code == 200
    return json.loads(response.content)


schema = schemathesis.openapi.from_dict(_description())
schema.app = application


@pytest.fixture(autouse=True)
def _region(db: None) -> Iterator[None]:
    """A region; and the connection stays open, as Django's own test client keeps it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    factories.region()
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_interface_keeps_its_word(case: schemathesis.Case) -> None:
    response = case.call(headers=HEADERS)
    case.validate_response(response, checks=CHECKS)


def test_the_description_is_whole() -> None:
    description = _description()
    assert description["openapi"].startswith("3.")
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            assert operation.get("summary"), f"{method} {path}"
            assert operation["responses"], f"{method} {path}"
