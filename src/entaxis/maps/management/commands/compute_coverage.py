"""``bin/entaxis compute-coverage [REGION]``."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from entaxis.geography.models import Area
from entaxis.maps.coverage import actions


class Command(BaseCommand):
    """All distances to structures."""

    help = "Compute how many residents live near structures, in a region or in all, where anything changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Of which region; whether in any case."""
        parser.add_argument("region", nargs="?", default="", help="code of the region; all without one")
        parser.add_argument("--anew", action="store_true", help="even where nothing has changed")

    def handle(self, *args: Any, region: str, anew: bool, **options: Any) -> None:
        """Compute, and say of what."""
        regions = [one for one in Area.objects.regions() if region in ("", one.code)]
        if not regions:
            raise CommandError("There is no such region.")
        for one in regions:
            began = time.monotonic()
            run = actions.compute_coverage(region=one, anew=anew)
            if run is None:
                self.stdout.write(f"{one.code}: no outlines or residents, so no distances")
                continue
            self.stdout.write(
                f"{one.code}: {run.subjects.count()} kinds and services, {run.points} points, "
                f"{time.monotonic() - began:.1f} s"
            )
