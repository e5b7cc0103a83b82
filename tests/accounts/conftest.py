"""What the tests of people stand on: empty counters, and a queue that the test itself works off."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector


@pytest.fixture
def queue(db: None) -> Iterator[InMemoryConnector]:
    """Tasks wait here until `tests.accounts.signing.work` does them."""
    cache.clear()
    connector = InMemoryConnector()
    with app.replace_connector(connector):
        yield connector
