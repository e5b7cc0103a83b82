"""A kind of message to speak with, and the mail server's part."""

from collections.abc import Callable, Iterator

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from entaxis.notifications import delivery, kinds
from entaxis.notifications.kinds import Kind


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Kind]]:
    """Declares a kind for this test alone."""
    monkeypatch.setattr(kinds, "_KINDS", dict(kinds._KINDS))

    def declared(key: str = "tests.happened", **fields: object) -> Kind:
        described = {"label": "Something happened", "reason": "this is a test"} | fields
        return kinds.register(Kind(key, **described))

    return declared


@pytest.fixture
def post(db: None) -> Callable[[], list[EmailMultiAlternatives]]:
    """Sends what is due, as a worker does; returns what went out."""

    def sent() -> list[EmailMultiAlternatives]:
        before = len(mail.outbox)
        delivery.deliver_due()
        return mail.outbox[before:]

    return sent
