"""The demonstration's mails: files in a folder, as Django's file backend writes them."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from django.conf import settings

BETWEEN: Final = b"\n" + b"-" * 79 + b"\n"
MOST_FILES: Final = 200  # the newest


@dataclass(frozen=True)
class Caught:
    """One mail as its reader would see it."""

    subject: str
    to: str
    date: str
    text: str


def caught() -> list[Caught]:
    """The mails, the newest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    return [mail for file in files[:MOST_FILES] for mail in reversed(list(_mails(file)))]


def _mails(file: Path) -> Iterator[Caught]:
    for raw in file.read_bytes().split(BETWEEN):
        if not raw.strip():
            continue
        message = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)  # noqa: S101 – the policy says so; for the type checker
        body = message.get_body(("plain", "html"))
        yield Caught(
            subject=message["Subject"] or "",
            to=message["To"] or "",
            date=message["Date"] or "",
            text=body.get_content() if body else "",
        )
