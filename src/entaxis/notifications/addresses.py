"""E-mail addresses: one way of writing them, and a keyed hash for those held back."""

from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail.message import sanitize_address
from django.core.validators import EmailValidator, validate_email
from django.utils.crypto import salted_hmac

from entaxis.notifications.models import Suppression


def canonical(address: str) -> str:
    """The address as it is stored and compared.

    Raises:
        ValidationError: it is none.
    """
    text = address.strip().lower()
    validate_email(text)
    try:
        sanitize_address(text, settings.DEFAULT_CHARSET)
    except ValueError:  # it looks like one, but no mail can bear it
        raise ValidationError(EmailValidator.message, code="invalid") from None
    return text


def digest(address: str) -> str:
    """A hash that only we can make: whoever sees the table learns no address by trying."""
    return salted_hmac("notifications.suppression", address.strip().lower(), algorithm="sha256").hexdigest()


def suppress(address: str, reason: Suppression.Reason) -> None:
    """Send nothing to ``address`` any more."""
    Suppression.objects.get_or_create(digest=digest(address), defaults={"reason": reason})


def release(address: str) -> None:
    """Send to ``address`` again."""
    Suppression.objects.filter(digest=digest(address)).delete()


def is_suppressed(address: str) -> bool:
    """Whether nothing may be sent there."""
    return Suppression.objects.filter(digest=digest(address)).exists()


def own_domain() -> str:
    """The domain that our mails come from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
