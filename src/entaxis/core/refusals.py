"""What the public interface says when it cannot take a request: a sentence in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from ninja import Schema


class Reason(Schema):
    """What is wrong with one field."""

    field: str
    message: str


class Refusal(Schema):
    """Why a request was not taken."""

    detail: list[Reason]


def describe(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Pydantic's errors as ``{"field", "message"}``; never the value, which may name a person."""
    return [
        {"field": _field([str(part) for part in error["loc"]]), "message": _sentence(error)}
        for error in errors
    ]


def _field(where: list[str]) -> str:
    """Its name: of a body behind what the view calls it, of an address the last part."""
    return ".".join(where[2:] if where[:1] == ["body"] else where[-1:]) or "body"


def _sentence(error: Mapping[str, Any]) -> str:
    kind = str(error.get("type", ""))
    if kind in _BOUNDS:
        limits: dict[str, Any] = error.get("ctx", {})
        return _BOUNDS[kind]() % limits
    if kind == "null_byte":
        return _("The text holds a character that no text can hold (a null byte).")
    if kind == "extra_forbidden":
        return _("There is no field of this name.")
    if kind == "missing":
        return _("This field is needed.")
    if kind in {"json_invalid", "json_type"}:
        return _("This is not JSON.")
    return _("This value is not of the kind that the field takes.")


_BOUNDS: Final[dict[str, Callable[[], str]]] = {
    "string_too_long": lambda: _("The text is too long: at most %(max_length)s characters."),
    "too_long": lambda: _("The list is too long: at most %(max_length)s entries."),
    "greater_than_equal": lambda: _("The number is too small: at least %(ge)s."),
    "less_than_equal": lambda: _("The number is too large: at most %(le)s."),
}
