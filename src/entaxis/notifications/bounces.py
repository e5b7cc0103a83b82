"""Mail that comes back: reports of delivery (RFC 3464) and complaints (RFC 5965), read and noted.

A report counts only where it names one of our mails: by the address it was returned to (VERP) or by the
Message-ID of the mail it carries. Both hold a random number, so nobody can hold an address back by
writing to us.
"""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import Message as Mail
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import transaction

from entaxis.notifications import addresses
from entaxis.notifications.choices import Channel, State
from entaxis.notifications.delivery import LOST_ADDRESS
from entaxis.notifications.models import Delivery, Suppression

LARGEST_BYTES: Final = 2_000_000
# where the server writes the address a mail was returned to
RETURNED_TO: Final = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
VERP: Final = re.compile(r"\+([0-9a-f]{32})@", re.IGNORECASE)
IDENTITY: Final = re.compile(rb"^Message-ID:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)


class Verdict(StrEnum):
    """What a mail to the bounces' address was."""

    BOUNCED = "bounced"  # for good
    DELAYED = "delayed"  # the other server tries on, or asks us to wait
    COMPLAINT = "complaint"
    FOREIGN = "foreign"  # a report, about no mail of ours
    NOT_A_REPORT = "not a report"


@transaction.atomic
def read(raw: bytes) -> Verdict:
    """Note what this mail reports; nothing happens where it is none."""
    # compat32: a report may be malformed, and the strict policy raises on headers one only wants to skip
    mail = email.message_from_bytes(raw[:LARGEST_BYTES], policy=email.policy.compat32)
    if mail.get_content_type() != "multipart/report":
        return Verdict.NOT_A_REPORT
    report = str(mail.get_param("report-type", "")).lower()
    if report not in {"delivery-status", "feedback-report"}:
        return Verdict.NOT_A_REPORT
    delivery = _delivery(mail, raw[:LARGEST_BYTES])
    if delivery is None:
        return Verdict.FOREIGN
    if report == "feedback-report":
        _complained(delivery)
        return Verdict.COMPLAINT
    failures = [status for action, status in _recipients(mail) if action == "failed"]
    permanent = [status for status in failures if status.startswith("5.")]
    if not permanent:
        return Verdict.DELAYED
    _bounced(delivery, permanent[0])
    return Verdict.BOUNCED


def _delivery(mail: Mail, raw: bytes) -> Delivery | None:
    """The delivery of ours that this report is about."""
    found = Delivery.objects.filter(channel=Channel.MAIL).select_related("message__user")
    for name in RETURNED_TO:
        for value in mail.get_all(name, []):
            if named := VERP.search(str(value)):
                return found.filter(pk=UUID(named.group(1))).first()
    # the report's own Message-ID stands among them and names no row of ours
    identities = [match.decode("ascii", "replace") for match in IDENTITY.findall(raw)]
    return found.filter(mail_identity__in=identities).first()


def _recipients(mail: Mail) -> Iterator[tuple[str, str]]:
    """Action and status of each recipient in the machine-readable part."""
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Mail) and block["Action"]:
                status = str(block["Status"] or "").split(" ", 1)[0].strip()
                yield str(block["Action"]).strip().lower(), status


def _bounced(delivery: Delivery, status: str) -> None:
    delivery.state, delivery.fault = State.BOUNCED, status[:80]
    delivery.save(update_fields=["state", "fault"])
    if status.startswith((*LOST_ADDRESS, "5.0.")):
        addresses.suppress(delivery.message.recipient, Suppression.Reason.BOUNCE)


def _complained(delivery: Delivery) -> None:
    """Who calls our mail unwanted gets none: the subscription ends, the address is held back."""
    message = delivery.message
    addresses.suppress(message.recipient, Suppression.Reason.COMPLAINT)
    if message.subscription:
        message.subscription.delete()
