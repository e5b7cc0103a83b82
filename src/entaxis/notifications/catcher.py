"""The demonstration's mails: none leaves the machine, each is a file of its own."""

import email
import email.policy
import time
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

MOST: Final = 500  # the newest; a demonstration's reader goes no further back


class Backend(BaseEmailBackend):
    """Catches mails. A file's name begins with its moment: workers that send at once stay in order."""

    def send_messages(self, email_messages: Sequence[mail.EmailMessage]) -> int:
        """Write each; how many there were."""
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            file = folder / f"{time.time_ns()}-{uuid4().hex}.eml"
            file.write_bytes(message.message().as_bytes())
        return len(email_messages)


@dataclass(frozen=True)
class Caught:
    """One mail as its reader would see it."""

    subject: str
    to: str
    date: str
    text: str


def caught() -> list[Caught]:
    """The mails, the newest first."""
    return [_read(file) for file in sorted(_folder().glob("*.eml"), reverse=True)[:MOST]]


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def _read(file: Path) -> Caught:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 – the policy says so; for the type checker
    body = message.get_body(("plain", "html"))
    return Caught(
        subject=message["Subject"] or "",
        to=message["To"] or "",
        date=message["Date"] or "",
        text=body.get_content() if body else "",
    )
