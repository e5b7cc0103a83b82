"""Small values of cells: yes or no, dates, numbers, ages, telephones, addresses on the web."""

import re
from collections.abc import Iterator
from datetime import date, datetime

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_ipv46_address
from django.utils import timezone

from entaxis.core import greek

YES = {"ναι", "yes", "y", "1", "true", "αληθεσ", "✓", "x", "χ", "v", "nai"}
NO = {"οχι", "no", "n", "0", "false", "ψευδεσ", "-", "oxi", "ochi"}
SHAPES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
SHORT_NUMBER = re.compile(r"\d{3,5}")
WEBSITE = re.compile(
    r"https?://(?P<host>[a-zA-Z0-9Α-ωά-ώ.-]+\.[a-zA-ZΑ-ωά-ώ]{2,24})(?::\d+)?(?:/[^\s\"'<>\\]*)?"
)
AGES = (
    re.compile(r"(?P<low>\d{1,3})\s*-\s*(?P<high>\d{1,3})"),
    re.compile(r"(?P<low>\d{1,3})\s*(?:\+|και ανω|and over|και πανω)"),
    re.compile(r"(?:εωσ|μεχρι|up to|<=?|κατω των)\s*(?P<high>\d{1,3})"),
    re.compile(r"(?:>=?|απο|ανω των|from|over)\s*(?P<low>\d{1,3})"),
)


class ValueFault(ValueError):  # noqa: N818  # it ends in a problem of a row, not in an error page
    """A cell cannot be used; ``key`` and ``facts`` are those of the sentence that says why."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key, self.facts = key, facts


def text(raw: str, limit: int) -> str:
    """The words of a cell; lines stay lines."""
    if CONTROL.search(raw):
        raise ValueFault("control")
    cleaned = "\n".join(" ".join(line.split()) for line in raw.replace("\u200b", "").splitlines()).strip()
    if len(cleaned) > limit:
        raise ValueFault("too_long", limit=limit)
    return cleaned


def yes_no(raw: str) -> bool:
    """What was ticked."""
    word = greek.fold(raw)
    if word in YES or word in NO:
        return word in YES
    raise ValueFault("yes_no")


def past_date(raw: str) -> str:
    """A day that is not in the future, as 2026-11-22."""
    found = _date(raw)
    if found > timezone.localdate():
        raise ValueFault("date_in_future")
    return found.isoformat()


def whole_number(raw: str, low: int, high: int) -> int:
    """A number of ``low`` to ``high``."""
    bare = re.sub(r"[\s.](?=\d{3}\b)", "", raw)
    if not re.fullmatch(r"-?\d{1,9}(?:[.,]0+)?", bare):
        raise ValueFault("not_a_number")
    number = int(re.split(r"[.,]", bare)[0])
    if not low <= number <= high:
        raise ValueFault("number_range", low=low, high=high)
    return number


def ages(raw: str) -> tuple[int | None, int | None]:
    """From and to, both included."""
    word = re.sub(r"[‐‑‒–—−]", "-", greek.fold(raw)).replace("ετων", "").replace("years", "").strip()
    for shape in AGES:
        match = shape.fullmatch(word)
        if match:
            parts = match.groupdict()
            low, high = parts.get("low"), parts.get("high")
            found = (int(low) if low else None, int(high) if high else None)
            if max(found[0] or 0, found[1] or 0) <= 120 and (
                found[1] is None or (found[0] or 0) <= found[1]
            ):
                return found
    raise ValueFault("ages")


def telephones(raw: str) -> Iterator[str]:
    """Each number as it is stored: +302421012345, or a short one as it is."""
    for piece in pieces(raw, also="/"):
        digits = re.sub(r"[\s().-]", "", piece)
        if SHORT_NUMBER.fullmatch(digits):
            yield digits
            continue
        try:
            number = phonenumbers.parse(piece, "GR")
        except phonenumbers.NumberParseException:
            raise ValueFault("telephone", word=piece[:40]) from None
        if number.extension or not phonenumbers.is_possible_number(number):
            raise ValueFault("telephone", word=piece[:40])
        yield str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def email(raw: str) -> str:
    """An address, its domain in small letters."""
    try:
        validate_email(raw)
    except ValidationError:
        raise ValueFault("email", word=raw[:60]) from None
    name, _, domain = raw.rpartition("@")
    return f"{name}@{domain.lower()}"


def website(raw: str) -> str:
    """The address of a site, with its protocol; never a bare number or a local name."""
    address = raw if "://" in raw else f"https://{raw}"
    match = WEBSITE.fullmatch(address)
    if not match or len(address) > 200 or _is_number(match["host"]):
        raise ValueFault("website", word=raw[:60])
    return address


def pieces(raw: str, also: str = "") -> Iterator[str]:
    """What stands between commas, semicolons, bars and line ends."""
    for piece in re.split(f"[;,|\\n{re.escape(also)}]", raw):
        bare = " ".join(piece.split())
        if bare:
            yield bare


def _date(raw: str) -> date:
    for shape in SHAPES:
        try:
            return datetime.strptime(raw.strip()[:10], shape).date()  # noqa: DTZ007  # a day, not a moment
        except ValueError:
            continue
    raise ValueFault("not_a_date")


def _is_number(host: str) -> bool:
    try:
        validate_ipv46_address(host)
    except ValidationError:
        return False
    return True
