"""A mail's words: made from a message when it is sent, in plain text and as simple HTML."""

from email.utils import format_datetime, formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template import Context, engines
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from entaxis.notifications import kinds, links
from entaxis.notifications.models import Delivery, Message

LEAVE = "notifications.leave"


def compose(delivery: Delivery, backend: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """The mail of this delivery, the same whenever it is made: Date and Message-ID are the row's.

    Raises:
        UnknownKindError: the room that declared the kind is gone.
        TemplateDoesNotExist, TemplateSyntaxError: its template is at fault.
    """
    message = delivery.message
    with translation.override(_written_language(message.language)):
        subject, words = _words(delivery)
        foot = _foot(message)
        text = f"{words}\n\n-- \n{foot}\n"
        mail = EmailMultiAlternatives(
            subject=subject,
            body=text,
            from_email=envelope_sender(delivery),
            to=[message.recipient],
            headers=_headers(delivery),
            connection=backend,
        )
        html = render_to_string(
            "notifications/mail/shell.html",
            {"subject": subject, "words": words, "foot": foot, "language": translation.get_language()},
        )
        mail.attach_alternative(html, "text/html")
        return mail


def envelope_sender(delivery: Delivery) -> str:
    """Where a refusal comes back to; with an address for bounces it names the delivery (VERP)."""
    name, _at, domain = settings.EMAIL_BOUNCES.partition("@")
    return f"{name}+{delivery.pk.hex}@{domain}" if domain else str(settings.DEFAULT_FROM_EMAIL)


def observatory(message: Message) -> str:
    """Who writes."""
    return _("Observatory of Social Inclusion – %(region)s") % {"region": message.region.name}


def _written_language(language: str) -> str:
    return language if language in settings.COMPLETE_LANGUAGES else "en"


def _headers(delivery: Delivery) -> dict[str, str]:
    message = delivery.message
    headers = {
        "From": formataddr((observatory(message), parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        "Message-ID": delivery.mail_identity or "",
        "Date": format_datetime(message.created),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if message.subscription_id:
        headers["List-Unsubscribe"] = f"<{leave_address(message)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def leave_address(message: Message) -> str:
    """The page, and the address for one click (RFC 8058), that ends the subscription."""
    token = links.token(LEAVE, str(message.subscription_id))
    return links.absolute(message.region, reverse("notifications:leave", kwargs={"token": token}))


def _words(delivery: Delivery) -> tuple[str, str]:
    """Subject and words. A template's first line is the subject."""
    message = delivery.message
    kind = kinds.get(message.kind)
    name = kinds.NEUTRAL if kind.is_sensitive else kind.template
    context = {} if kind.is_sensitive else dict(message.context)
    context |= {
        "title": message.title,
        "link": links.absolute(message.region, message.url) if message.url else "",
        "region_name": message.region.name,
        "joined": _joined(delivery) if message.is_digest else [],
    }
    template = engines["django"].engine.get_template(f"{name}.{translation.get_language()}.txt")  # type: ignore[attr-defined]
    # plain text: nothing is escaped here; the HTML is made by escaping the whole
    subject, _line, words = template.render(Context(context, autoescape=False)).strip().partition("\n")
    return " ".join(subject.split()), words.strip()


def _joined(delivery: Delivery) -> list[dict[str, Any]]:
    """What a summary holds, oldest first; sensitive ones by their neutral title like all others."""
    rows = delivery.joined.select_related("message__region").order_by("message__created")
    return [
        {
            "title": row.message.title,
            "link": links.absolute(row.message.region, row.message.url) if row.message.url else "",
        }
        for row in rows
    ]


def _foot(message: Message) -> str:
    lines = [
        observatory(message),
        _("You receive this because %(reason)s.") % {"reason": kinds.get(message.kind).reason},
    ]
    if message.subscription_id:
        lines.append(_("To stop these mails: %(address)s") % {"address": leave_address(message)})
    elif message.user_id and not kinds.get(message.kind).is_security:
        address = links.absolute(message.region, reverse("notifications:preferences"))
        lines.append(_("To choose how often: %(address)s") % {"address": address})
    return "\n".join(lines)
