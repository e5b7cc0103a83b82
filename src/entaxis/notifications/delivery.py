"""Sending what is due, and noting what became of it.

A mail is sent while its row is locked, and noted in the same transaction. Two workers never hold one
row; a worker that dies between sending and noting gives the row back, and the mail goes out once more
with the same Message-ID – one mail for each task that was sending. While the mail server is down nothing
is lost: the row waits longer each time.
"""

import logging
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from entaxis.notifications import addresses, letters
from entaxis.notifications.choices import State
from entaxis.notifications.models import Delivery, Suppression

log = logging.getLogger(__name__)

# How long a mail waits after each attempt that failed; after the last it is given up: two days and a half.
WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
A_ROUND: Final = 200  # mails asked for at once
# Answers that speak of the address, not of the mail: nothing more is sent there (RFC 3463)
LOST_ADDRESS: Final = ("5.1.", "5.2.1")


@dataclass(frozen=True)
class Outcome:
    """What an attempt came to."""

    state: State  # QUEUED: again later
    fault: str = ""
    is_server_down: bool = False  # others need not be tried now
    is_address_lost: bool = False


def deliver_due() -> int:
    """Send every mail whose time has come; returns how many went out."""
    sent = 0
    with _mail_server() as backend:
        while outcomes := [outcome for outcome in _round(backend) if outcome]:
            sent += sum(outcome.state == State.SENT for outcome in outcomes)
            if outcomes[-1].is_server_down:
                log.warning("The mail server takes no mail (%s); it is tried again.", outcomes[-1].fault)
                break
    return sent


def _round(backend: BaseEmailBackend) -> Iterator[Outcome | None]:
    """Attempt some of what is due, one by one; None for what another worker has.

    What is due is asked for many at once, and each is locked by its key: asking for "the next one" each
    time would read past all that were just sent.
    """
    for pk in list(Delivery.objects.due().values_list("pk", flat=True)[:A_ROUND]):
        outcome = _deliver(pk, backend)
        yield outcome
        if outcome and outcome.is_server_down:
            return


@contextmanager
def _mail_server() -> Iterator[BaseEmailBackend]:
    """One connection for all mails of a round; it opens with the first."""
    backend: BaseEmailBackend = get_connection()
    try:
        yield backend
    finally:
        backend.close()


@transaction.atomic
def _deliver(pk: UUID, backend: BaseEmailBackend) -> Outcome | None:
    rows = Delivery.objects.due().select_related(
        "message__region", "message__user", "message__subscription"
    )
    delivery = rows.filter(pk=pk).select_for_update(skip_locked=True, of=("self",)).first()
    if delivery is None:
        return None
    outcome = _attempt(delivery, backend)
    note(delivery, outcome)
    return outcome


def _attempt(delivery: Delivery, backend: BaseEmailBackend) -> Outcome:
    if addresses.is_suppressed(delivery.message.recipient):
        return Outcome(State.BOUNCED, "held back")
    try:
        with transaction.atomic():
            mail = letters.compose(delivery, backend)
    except Exception as error:  # noqa: BLE001 – one room's faulty template must not stop everybody's mail
        log.error(
            "A mail of the kind %s cannot be written: %s", delivery.message.kind, type(error).__name__
        )
        return Outcome(State.FAILED, f"not written: {type(error).__name__}")
    try:
        backend.open()
        mail.send()
    except (smtplib.SMTPException, OSError) as error:
        backend.close()
        return judge(error)
    except ValueError as error:  # its address or a header cannot be written; its text may hold the address
        return Outcome(State.FAILED, f"not written: {type(error).__name__}")
    return Outcome(State.SENT)


def judge(error: smtplib.SMTPException | OSError) -> Outcome:
    """What a refusal means: for this address, for this mail, or for the server."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        fault = _fault(error, code)
        if code < 500:
            return Outcome(State.QUEUED, fault)
        return Outcome(State.BOUNCED, fault, is_address_lost=_speaks_of_address(code, text))
    if isinstance(error, smtplib.SMTPResponseException):
        fault = _fault(error, error.smtp_code)
        is_answer_to_mail = isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError)
        if is_answer_to_mail and error.smtp_code >= 500:
            return Outcome(State.FAILED, fault)
        return Outcome(State.QUEUED, fault, is_server_down=not is_answer_to_mail)
    return Outcome(State.QUEUED, _fault(error), is_server_down=True)


def _speaks_of_address(code: int, text: bytes | str) -> bool:
    said = text.decode("ascii", "replace") if isinstance(text, bytes) else text
    extended = said.split(" ", 1)[0]
    if extended[:2] == "5.":
        return extended.startswith(LOST_ADDRESS)
    return code in {550, 551, 553}


def _fault(error: Exception, code: int | None = None) -> str:
    return f"{type(error).__name__} {code}" if code is not None else type(error).__name__


def note(delivery: Delivery, outcome: Outcome) -> None:
    """Write down what an attempt came to, on the row and on those that it carries."""
    now = timezone.now()
    delivery.state, delivery.fault = outcome.state, outcome.fault
    delivery.attempts += 1
    if outcome.state == State.SENT:
        delivery.sent_at = now
    elif outcome.state == State.QUEUED and delivery.attempts > len(WAITS):
        delivery.state = State.FAILED
    elif outcome.state == State.QUEUED:
        delivery.due_at = now + WAITS[delivery.attempts - 1]
    delivery.save(update_fields=["state", "fault", "attempts", "sent_at", "due_at"])
    if delivery.state != State.QUEUED:
        delivery.joined.update(state=delivery.state, sent_at=delivery.sent_at, fault=delivery.fault)
    if outcome.is_address_lost:
        addresses.suppress(delivery.message.recipient, Suppression.Reason.BOUNCE)
