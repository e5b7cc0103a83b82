"""``load-geography``: the reference data and the drawing that the project carries."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from entaxis.geography import actions
from entaxis.geography.importing.tables import read_table
from entaxis.geography.models import Area

DATA = Path(__file__).parents[2] / "data"
DRAWN = ("EL61", "EL65")
ACCURACY_M = 1500
SOURCE = "ΕΛΣΤΑΤ / ELSTAT"


class Command(BaseCommand):
    """The same code path as an import from outside; a second run changes nothing."""

    help = "Load regions, regional units, the municipalities of Thessaly and the Peloponnese."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load everything in one transaction."""
        with transaction.atomic():
            done = actions.import_areas(path=DATA / "areas.csv", source=SOURCE, by="load-geography")
            drawn = _draw()
            pairs = actions.store_crosswalk(table=read_table(DATA / "crosswalk.csv"))
        self.stdout.write(
            f"{done.areas} areas, {done.populations} populations, {done.place_names} place names, "
            f"{pairs} pairs of the crosswalk, {drawn} outlines"
        )


def _draw() -> int:
    """Put our own drawing in force where no outlines are: official ones are never replaced by it."""
    undrawn = list(Area.objects.regions().filter(code__in=DRAWN).exclude(boundary_sets__is_active=True))
    together: list[Area | None] = [None] if len(undrawn) == len(DRAWN) else [*undrawn]
    return sum(_draw_region(region) for region in together)


def _draw_region(region: Area | None) -> int:
    path = DATA / "outlines.json"
    credit = json.loads(path.read_text(encoding="utf-8"))
    return actions.import_boundaries(
        path=path,
        code_field="id",
        year=credit["year"],
        source=credit["source"],
        licence=credit["licence"],
        by="load-geography",
        region=region,
        accuracy_m=ACCURACY_M,
    ).outlines
