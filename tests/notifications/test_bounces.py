"""Mail that comes back."""

from io import BytesIO, TextIOWrapper

import pytest
from django.core.management import call_command

from entaxis.notifications import actions, addresses, bounces
from entaxis.notifications.bounces import Verdict
from entaxis.notifications.choices import Channel, State
from entaxis.notifications.models import Delivery, Subscription
from tests import factories

ADDRESS = "somebody@example.org"


def _sent(kind, post, **fields) -> Delivery:
    actions.write_to(kind=kind(), address=ADDRESS, region=factories.region(), about="Α")
    post()
    return Delivery.objects.get(channel=Channel.MAIL)


def _report(  # as Postfix writes it
    row: Delivery | None = None,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    to: str = "observatory@localhost",
    identity: str | None = None,
    kind: str = "delivery-status",
) -> bytes:
    about = identity if identity is not None else (row.mail_identity if row else "<other@example.net>")
    machine = (
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n"
        f"Final-Recipient: rfc822; {ADDRESS}\nAction: {action}\nStatus: {status}\n"
        "Diagnostic-Code: smtp; 550 no such user\n"
        if kind == "delivery-status"
        else "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n"
    )
    return (
        f"From: MAILER-DAEMON@example.net\nTo: {to}\nSubject: Undelivered\nMessage-ID: <dsn@example.net>\n"
        f'MIME-Version: 1.0\nContent-Type: multipart/report; report-type={kind}; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\nSorry.\n--b\n{machine}\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {about}\nSubject: x\n--b--\n"
    ).encode()


def test_a_returned_mail_holds_its_address_back(kind, post) -> None:
    row = _sent(kind, post)
    assert bounces.read(_report(row)) is Verdict.BOUNCED
    row.refresh_from_db()
    assert (row.state, row.fault) == (State.BOUNCED, "5.1.1")
    assert addresses.is_suppressed(ADDRESS)


def test_the_address_it_came_back_to_names_the_mail(kind, post) -> None:
    row = _sent(kind, post)
    report = _report(to=f"bounces+{row.pk.hex}@example.org", identity="")
    assert bounces.read(report) is Verdict.BOUNCED
    row.refresh_from_db()
    assert row.state == State.BOUNCED


@pytest.mark.parametrize(
    ("status", "action", "verdict"),
    [
        ("5.2.2", "failed", Verdict.BOUNCED),
        ("4.4.1", "delayed", Verdict.DELAYED),
        ("4.4.7", "failed", Verdict.DELAYED),
        ("2.0.0", "delivered", Verdict.DELAYED),
    ],
)
def test_a_full_or_slow_mailbox_is_not_given_up(kind, post, status, action, verdict) -> None:
    row = _sent(kind, post)
    assert bounces.read(_report(row, status=status, action=action)) is verdict
    assert not addresses.is_suppressed(ADDRESS)


def test_a_complaint_ends_the_subscription(kind, post) -> None:
    home = factories.region()
    subscription = factories.subscription(home, address=ADDRESS)
    row = _sent(kind, post)
    row.message.subscription = subscription
    row.message.save()
    assert bounces.read(_report(row, kind="feedback-report")) is Verdict.COMPLAINT
    assert addresses.is_suppressed(ADDRESS)
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00" * 50,
        b"From: a@example.org\nSubject: out of office\n\nI am away.",
        b"Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b--",
        b"Content-Type: multipart/report; report-type=delivery-status\n\nno boundary",
    ],
)
def test_what_is_no_report_changes_nothing(kind, post, raw) -> None:
    row = _sent(kind, post)
    assert bounces.read(raw) in {Verdict.NOT_A_REPORT, Verdict.FOREIGN}
    row.refresh_from_db()
    assert row.state == State.SENT


def test_a_forged_report_holds_nobody_back(kind, post) -> None:
    row = _sent(kind, post)
    assert bounces.read(_report(identity="<guessed@localhost>")) is Verdict.FOREIGN
    assert bounces.read(_report(to=f"bounces+{'0' * 32}@example.org")) is Verdict.FOREIGN
    row.refresh_from_db()
    assert row.state == State.SENT
    assert not addresses.is_suppressed(ADDRESS)


def test_the_command_reads_a_file_and_says_no_address(kind, post, tmp_path, capsys) -> None:
    row = _sent(kind, post)
    file = tmp_path / "mail"
    file.write_bytes(_report(row))
    call_command("read_bounces", str(file))
    assert capsys.readouterr().out == "bounced\n"
    file.write_bytes(b"hello")
    with pytest.raises(SystemExit) as ended:
        call_command("read_bounces", str(file))
    assert ended.value.code == 1


def test_the_command_reads_what_a_mail_server_pipes(kind, post, monkeypatch, capsys) -> None:
    row = _sent(kind, post)
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(_report(row)), encoding="utf-8"))
    call_command("read_bounces", "-")
    assert capsys.readouterr().out == "bounced\n"
