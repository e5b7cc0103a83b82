"""The kinds of publication that the office knows. The room that owns one registers it when it starts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import Http404
from django.utils.functional import Promise

from entaxis.strategy.publications.models import Publication


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of publication: its table, its form, its words."""

    key: str
    """In addresses."""
    model: type[Publication]
    form: Callable[[], type[Any]]
    """The form's class, read when it is first needed."""
    one: str | Promise
    new: str | Promise
    item_template: str
    """Shows ``item`` as its public page does; for the preview."""
    picture: type[Model]
    file: type[Model]


_FAMILIES: dict[str, Family] = {}


def register(family: Family) -> None:
    """Declare a family; a second one under the same key takes its place."""
    _FAMILIES[family.key] = family


def every() -> list[Family]:
    """All of them, in the order in which they were declared."""
    return list(_FAMILIES.values())


def get(key: str) -> Family:
    """The family of this key.

    Raises:
        Http404: there is none.
    """
    try:
        return _FAMILIES[key]
    except KeyError:
        raise Http404 from None


def of(row: Publication) -> Family:
    """The family that ``row`` belongs to."""
    return next(family for family in _FAMILIES.values() if isinstance(row, family.model))
