"""The chart of a region as a tree, for the list and for the picture."""

from collections import defaultdict
from typing import Any

from entaxis.portal.charts import Unit
from entaxis.portal.models import OrganisationUnit


def forest(units: list[OrganisationUnit]) -> list[Unit]:
    """The units as trees, in the reader's language, neighbours by their order."""
    below: dict[Any, list[OrganisationUnit]] = defaultdict(list)
    for unit in units:  # as the table orders them
        below[unit.parent_id].append(unit)

    def grow(parent: Any) -> list[Unit]:
        return [
            Unit(
                unit.name,
                unit.tasks,
                grow(unit.pk),
                head=unit.head,
                email=unit.email,
                telephone=unit.telephone,
                key=str(unit.pk),
            )
            for unit in below[parent]
        ]

    return grow(None)
