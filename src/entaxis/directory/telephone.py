"""Telephone numbers: however a person writes them, stored in one form."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHORT = re.compile(r"[0-9]{3,5}")


def normalised(text: str) -> str:
    """«2421 012345» → +302421012345; short numbers such as 197 and nothing at all stay as they are.

    Raises:
        ValidationError: it is no number that could be called.
    """
    digits = re.sub(r"[\s().\-/]", "", text)
    if not digits or SHORT.fullmatch(digits):
        return digits
    try:
        number = phonenumbers.parse(text, "GR")
    except phonenumbers.NumberParseException as error:
        raise ValidationError(_not_a_number(text)) from error
    if not phonenumbers.is_valid_number(number):
        raise ValidationError(_not_a_number(text))
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _not_a_number(text: str) -> str:
    return _("“%(text)s” is not a telephone number. Write ten digits: 2421 012345.") % {"text": text[:40]}
