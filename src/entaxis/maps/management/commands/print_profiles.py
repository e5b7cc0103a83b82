"""``bin/entaxis print-profiles [REGION]``."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from entaxis.geography.models import Area
from entaxis.maps import actions


class Command(BaseCommand):
    """All profiles as PDF."""

    help = "Make the social profiles of a region (or of all) as PDF where they are missing or stale."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Of which region."""
        parser.add_argument("region", nargs="?", default="", help="code of the region; all without one")

    def handle(self, *args: Any, region: str, **options: Any) -> None:
        """Print, and say what was made."""
        regions = [one for one in Area.objects.regions() if region in ("", one.code)]
        if not regions:
            raise CommandError("There is no such region.")
        for one in regions:
            row = actions.print_profiles(region=one)
            seconds = (row.finished_at - row.begun_at).total_seconds() if row.finished_at else 0
            self.stdout.write(f"{one.code}: {row.done} files, {row.made} made anew, {seconds:.1f} s")
