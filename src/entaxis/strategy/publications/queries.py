"""Reading publications for the office: whose they are, what waits, what a change changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from entaxis.accounts.models import User
from entaxis.accounts.queries import bodies_of
from entaxis.accounts.rules import is_editor
from entaxis.core.review import State
from entaxis.directory.rules import granted
from entaxis.geography.models import Area
from entaxis.strategy.publications import families
from entaxis.strategy.publications.models import Publication
from entaxis.vocabularies.queries import terms

MOST_LISTED: Final = 200  # of one family and state in a person's space


def written_by(model: type[Publication], user: User, region: Area) -> Any:
    """The rows of one family that this person may write on."""
    rows = model.objects.of(region).select_related("body", "structure", "original", "region")
    if is_editor(user, region):
        return rows
    kept = Q(structure__in=list(granted(user)), body__dissolved_on=None)
    return rows.filter(kept | Q(body__in=bodies_of(user, region)))


def space(user: User, region: Area) -> dict[State, list[Publication]]:
    """A person's own space: by state, the last changed first (one query a family)."""
    shown: dict[State, list[Publication]] = {state: [] for state in State}
    for family in families.every():
        rows = written_by(family.model, user, region)
        if is_editor(user, region):  # an editor's own space, not the whole region's
            rows = rows.filter(Q(created_by=user) | Q(changed_by=user))
        for row in rows.order_by("-changed_at")[:MOST_LISTED]:
            shown[State(row.state)].append(row)
    return {
        state: sorted(rows, key=lambda row: row.changed_at, reverse=True)
        for state, rows in shown.items()
        if rows
    }


def waiting(region: Area) -> int:
    """How much waits for review (one query a family)."""
    rows = (each.model.objects.of(region).filter(state=State.SUBMITTED) for each in families.every())
    return sum(each.count() for each in rows)


def queue(region: Area) -> list[Publication]:
    """What waits for review, the oldest first."""
    rows_waiting: list[Publication] = []
    for family in families.every():
        rows = family.model.objects.of(region).filter(state=State.SUBMITTED)
        rows_waiting += rows.select_related("body", "structure", "original", "changed_by").order_by(
            "changed_at"
        )[:MOST_LISTED]
    return sorted(rows_waiting, key=lambda row: row.changed_at)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that a change changes, as words."""

    name: str
    before: str
    after: str


def differences(row: Publication) -> list[Difference]:
    """What ``row`` changes in its public original; nothing where it has none."""
    if row.original is None:
        return []
    found = []
    for name in row.content():
        before, after = told(row.original, name), told(row, name)
        if before != after:
            label = str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            found.append(Difference(label, before, after))
    for name, label in (("pictures", "alt_el"), ("files", "title_el")):
        before, after = (_media(each, name, label) for each in (row.original, row))
        if before != after:
            found.append(Difference(str(getattr(row, name).model._meta.verbose_name_plural), before, after))
    return found


def told(row: Publication, name: str) -> str:
    """A field's content as a reader may compare it."""
    field = row._meta.get_field(name)
    value: Any = getattr(row, name)
    if field.many_to_many:
        return ", ".join(str(each) for each in value.all())
    if isinstance(value, list):
        return ", ".join(labels(name, value))
    if getattr(field, "choices", None):
        return str(getattr(row, f"get_{name}_display")())
    return "" if value is None else str(value)


def labels(name: str, keys: Iterable[str]) -> list[str]:
    """The words of terms, in the order of their list; a key that is no longer known stays out."""
    wanted = set(keys)
    return [term.label for term in terms(name) if term.key in wanted] if wanted else []


def _media(row: Any, name: str, label: str) -> str:
    # a copy of a file keeps its name: the same name is the same file
    return ", ".join(
        f"{getattr(each, label)} ({each.file.name[-12:]})" for each in getattr(row, name).all()
    )
