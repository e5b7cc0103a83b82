"""What is done to a chart. Each step keeps the chart as it stood before, so that any can be undone."""

import hashlib
import json
from typing import Any, Final

from django.db import transaction

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.portal.models import OrganisationStep, OrganisationUnit

FIELDS: Final = tuple(
    field.attname for field in OrganisationUnit._meta.concrete_fields if field.name not in {"id", "region"}
)
MOST_UNITS: Final = 200
What = OrganisationStep.What


class CircleError(Exception):
    """A unit would stand below itself."""


class OvertakenError(Exception):
    """Somebody else changed the unit since it was seen; ``now``: what it says."""

    def __init__(self, now: dict[str, Any]) -> None:
        super().__init__("changed by somebody else")
        self.now = now


class TooManyError(Exception):
    """The chart has as many units as it may have."""


def units_of(region: Area) -> list[OrganisationUnit]:
    """The units of a region, in no order of depth."""
    return list(OrganisationUnit.objects.filter(region=region))


def stamp(unit: OrganisationUnit) -> str:
    """What somebody sees of a unit, in few letters; empty for a new one."""
    return "" if unit._state.adding else _digest({name: getattr(unit, name) for name in FIELDS})


def _digest(values: dict[str, Any]) -> str:
    text = json.dumps({name: str(values[name] or "") for name in FIELDS}, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@transaction.atomic
def save_unit(*, unit: OrganisationUnit, by: User | None, seen: str | None = None) -> OrganisationUnit:
    """Add a unit, or store what was changed of it, its place included.

    ``seen``: the `stamp` of what its editor saw; None where nobody saw anything, as in a script.

    Raises:
        OvertakenError: it says something else by now.
        CircleError: it would stand below itself.
        TooManyError: the chart is full.
    """
    before = _locked(unit.region)
    is_new = unit._state.adding
    now = next((row for row in before if row["id"] == str(unit.pk)), None)
    if seen is not None and now is not None and _digest(now) != seen:
        raise OvertakenError(now)
    if is_new and len(before) >= MOST_UNITS:
        raise TooManyError
    if not is_new and _stands_below(unit, {row["id"]: row["parent_id"] for row in before}):
        raise CircleError
    unit.save()
    _note(unit.region, What.ADDED if is_new else What.CHANGED, unit.name_el, before, by)
    return unit


@transaction.atomic
def remove_unit(*, unit: OrganisationUnit, by: User) -> None:
    """Take a unit away; those below it go to the one above it."""
    before = _locked(unit.region)
    unit.children.update(parent=unit.parent_id)
    unit.delete()
    _note(unit.region, What.REMOVED, unit.name_el, before, by)


@transaction.atomic
def undo(*, step: OrganisationStep, by: User) -> None:
    """Put the chart back to where it stood before ``step``; this is a step as well."""
    before = _locked(step.region)
    OrganisationUnit.objects.filter(region=step.region).update(parent=None)
    OrganisationUnit.objects.filter(region=step.region).delete()
    rows = [OrganisationUnit(region=step.region, **(row | {"parent_id": None})) for row in step.before]
    OrganisationUnit.objects.bulk_create(rows)
    above = {row["id"]: row["parent_id"] for row in step.before}
    for row in rows:
        row.parent_id = above[row.pk]
    OrganisationUnit.objects.bulk_update(rows, ["parent"])
    _note(step.region, What.RESTORED, step.unit_name, before, by)


def _locked(region: Area) -> list[dict[str, Any]]:
    """The chart as plain values; nobody else changes it until this transaction ends."""
    Area.objects.select_for_update(no_key=True).get(pk=region.pk)
    rows = OrganisationUnit.objects.filter(region=region).values("id", *FIELDS)
    return [
        row | {"id": str(row["id"]), "parent_id": str(row["parent_id"]) if row["parent_id"] else None}
        for row in rows
    ]


def _stands_below(unit: OrganisationUnit, above: dict[str, str | None]) -> bool:
    at = str(unit.parent_id) if unit.parent_id else None
    for _ in range(len(above) + 1):
        if at is None:
            return False
        if at == str(unit.pk):
            return True
        at = above.get(at)
    return True


def _note(region: Area, what: What, name: str, before: list[dict[str, Any]], by: User | None) -> None:
    OrganisationStep.objects.create(region=region, what=what, unit_name=name, before=before, by=by)
