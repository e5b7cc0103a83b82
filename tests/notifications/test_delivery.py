"""What becomes of a mail: sent, tried again, given up, come back."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from entaxis.notifications import actions, addresses, delivery
from entaxis.notifications.choices import Channel, State
from entaxis.notifications.models import Delivery, Suppression
from tests import factories


@pytest.fixture
def refuse(monkeypatch):
    """Lets the mail server answer with this error; None: it takes mail."""

    def answer(error: Exception | None) -> None:
        def send(self, messages):
            if error:
                raise error
            return original(self, messages)

        monkeypatch.setattr(EmailBackend, "send_messages", send)

    original = EmailBackend.send_messages
    return answer


def _mail(kind, address: str = "somebody@example.org", **fields) -> Delivery:
    row = actions.write_to(kind=kind(**fields), address=address, region=factories.region(), about="Α")
    assert row is not None
    return row.deliveries.get(channel=Channel.MAIL)


def _later(days: int = 3) -> None:
    Delivery.objects.filter(state=State.QUEUED).update(due_at=timezone.now() - timedelta(days=days))


def test_a_server_that_is_down_loses_nothing(kind, refuse, db) -> None:
    first, second = _mail(kind), _mail(kind, "other@example.org")
    refuse(ConnectionRefusedError())
    assert delivery.deliver_due() == 0
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.attempts, first.fault) == (State.QUEUED, 1, "ConnectionRefusedError")
    assert first.due_at > timezone.now()
    assert second.attempts == 0, "nobody else is tried at a server that is down"
    refuse(None)
    _later()
    assert delivery.deliver_due() == 2
    assert sorted(m.to[0] for m in mail.outbox) == ["other@example.org", "somebody@example.org"]
    assert mail.outbox[0].message()["Message-ID"] in {first.mail_identity, second.mail_identity}


def test_it_waits_longer_each_time_and_gives_up_at_last(kind, refuse, db) -> None:
    row = _mail(kind)
    refuse(smtplib.SMTPServerDisconnected())
    waits = []
    for _turn in delivery.WAITS:
        _later()
        delivery.deliver_due()
        row.refresh_from_db()
        assert row.state == State.QUEUED
        waits.append(row.due_at - timezone.now())
    assert waits == sorted(waits)
    _later()
    delivery.deliver_due()
    row.refresh_from_db()
    assert row.state == State.FAILED


@pytest.mark.parametrize(
    ("error", "came_to"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"5.1.1 no such user")}), (State.BOUNCED, True)),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")}), (State.BOUNCED, True)),
        (smtplib.SMTPRecipientsRefused({"a": (552, b"5.2.2 mailbox full")}), (State.BOUNCED, False)),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"5.7.1 refused by policy")}), (State.BOUNCED, False)),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"4.2.0 greylisted")}), (State.QUEUED, False)),
        (smtplib.SMTPDataError(554, b"looks like spam"), (State.FAILED, False)),
        (smtplib.SMTPDataError(451, b"try later"), (State.QUEUED, False)),
        (smtplib.SMTPAuthenticationError(535, b"no"), (State.QUEUED, False)),
        (TimeoutError(), (State.QUEUED, False)),
    ],
)
def test_an_answer_is_judged(kind, refuse, db, error, came_to) -> None:
    state, is_held_back = came_to
    row = _mail(kind)
    refuse(error)
    delivery.deliver_due()
    row.refresh_from_db()
    assert row.state == state
    assert row.attempts == 1
    assert "@" not in row.fault
    assert addresses.is_suppressed("SOMEBODY@example.org") == is_held_back


def test_nothing_goes_to_an_address_held_back(kind, post) -> None:
    addresses.suppress("Somebody@example.org", Suppression.Reason.COMPLAINT)
    row = _mail(kind)
    assert post() == []
    row.refresh_from_db()
    assert row.state == State.BOUNCED
    assert "somebody" not in str(Suppression.objects.values_list("digest", flat=True)[0])


def test_a_faulty_template_stops_no_other_mail(kind, post) -> None:
    broken = _mail(kind, template="notifications/mail/nowhere", key="tests.broken")
    fine = _mail(kind, "other@example.org")
    assert [m.to for m in post()] == [["other@example.org"]]
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.state, broken.fault) == (State.FAILED, "not written: TemplateDoesNotExist")
    assert fine.state == State.SENT


def test_the_sender_names_the_mail_where_bounces_have_an_address(kind, post, settings) -> None:
    settings.EMAIL_BOUNCES = "bounces@example.org"
    row = _mail(kind)
    [sent] = post()
    assert sent.from_email == f"bounces+{row.pk.hex}@example.org"
    assert "observatory@localhost" in sent.message()["From"]


# Django lets them pass as addresses; the library that writes mail refuses them.
UNWRITABLE = ("a@é" + 58 * "a" + ".gr", "=?us-ascii?q?=0d=0a?=@example.org")


def test_an_address_that_no_mail_can_bear_stops_nobody_elses(kind, post) -> None:
    told = [factories.user(email=UNWRITABLE[0]), factories.user(email="after@example.org")]
    for person in told:
        actions.notify(kind=kind(), to=[person], region=factories.region(), about="Α")
    assert [sent.to for sent in post()] == [["after@example.org"]]
    row = Delivery.objects.get(message__user=told[0], channel=Channel.MAIL)
    assert row.state == State.FAILED, "it is not tried for ever"


@pytest.mark.parametrize("address", UNWRITABLE)
def test_such_an_address_is_not_taken(address) -> None:
    with pytest.raises(ValidationError):
        addresses.canonical(address)
