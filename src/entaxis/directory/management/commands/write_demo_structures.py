"""``bin/entaxis write-demo-structures FILE``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from entaxis.core import tabular
from entaxis.directory import demonstration
from entaxis.geography.models import Area


class Command(BaseCommand):
    """Write the table of the demonstration's synthetic structures, for ``import-structures``."""

    help = (
        "Write the synthetic structures of a region as a table (.csv, .xlsx) for import-structures. "
        "With --completeness, state instead how completely each kind is known (synthetic, too)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and of which region."""
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--region", default=settings.DEFAULT_REGION, help="NUTS code (%(default)s)")
        parser.add_argument("--completeness", action="store_true", help="write into the database instead")

    def handle(
        self, *args: Any, file: Path | None, region: str, completeness: bool, **options: Any
    ) -> None:
        """Write one or the other."""
        area = Area.objects.regions().filter(code=region).first()
        if area is None or not demonstration.numbers(region):
            raise CommandError(f"There is no demonstration of {region}.")
        if settings.PRODUCTION:
            raise CommandError("This is for demonstrations.")
        today = timezone.localdate()
        if completeness:
            count = demonstration.state_completeness(region=area, today=today)
            self.stdout.write(f"completeness={count}")
        elif file is None:
            raise CommandError("Which file? bin/entaxis write-demo-structures --help")
        else:
            self._write(file, area)

    def _write(self, file: Path, region: Area) -> None:
        try:
            headings, rows = demonstration.table(region, today=timezone.localdate())
        except LookupError as missing:
            raise CommandError(f"Areas of {missing} are missing: bin/entaxis load-geography") from None
        if file.suffix == ".xlsx":
            with file.open("wb") as stream:
                tabular.write_workbook(stream, [tabular.Sheet("structures", headings, rows)])
        else:
            file.write_bytes(tabular.csv_bytes(headings, rows))
        self.stdout.write(f"structures={len(rows)}")
