"""A region with its body, one who writes for it, and an editor who reviews."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from tests import factories


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Any) -> SimpleNamespace:
    settings.MEDIA_ROOT = tmp_path
    body = factories.body()
    return SimpleNamespace(
        region=factories.region(),
        body=body,
        writer=factories.body_member(of=body, display_name="Γράφουσα"),
        editor=factories.editor(display_name="Πρώτη συντάκτρια"),
        other_editor=factories.editor(display_name="Δεύτερος συντάκτης"),
    )


@pytest.fixture
def as_person() -> Any:
    def make(person: Any, host: str = "thessaly.localhost") -> Client:
        client = Client(headers={"host": host})
        client.force_login(person)
        return client

    return make
