"""The room's own letters: what concerns an account itself, and cannot wait for a digest."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation


def write(*, template: str, to: str, language: str, reference: str, context: dict[str, Any]) -> None:
    """Send a letter now.

    ``reference`` makes its Message-ID: a letter that is sent again after a kill keeps its identity.
    """
    with translation.override(language):
        subject = render_to_string(f"accounts/mail/{template}_subject.txt", context)
        body = render_to_string(f"accounts/mail/{template}.txt", context)
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    EmailMessage(
        " ".join(subject.split()),
        body.strip() + "\n",
        to=[to],
        headers={"Message-ID": f"<{reference}@{domain}>"},
    ).send()


def address(name: str, *, host: str, language: str, **parts: Any) -> str:
    """The whole address of a page; ``host`` is one that the platform answers to."""
    with translation.override(language):
        return f"{settings.ACCOUNT_DEFAULT_HTTP_PROTOCOL}://{host}{reverse(name, kwargs=parts)}"
