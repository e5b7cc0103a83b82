"""``bin/entaxis import-edition FILE --toml FILE``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions, computation
from entaxis.indicators.problems import EditionRefusedError, noticed


class Command(BaseCommand):
    """A survey's frozen file, checked and sealed."""

    help = (
        "Check a survey's file (Parquet, CSV, …) by the TOML that names its design, weights and variables, "
        "and seal it. The same file again changes nothing. Exit status: 0 done, 1 refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, how, where."""
        parser.add_argument("file", type=Path, help="one row a person")
        parser.add_argument("--toml", type=Path, required=True, help="what its columns mean")
        parser.add_argument("--region", default=settings.DEFAULT_REGION, help="NUTS code (%(default)s)")
        parser.add_argument("--by", help="e-mail of the person who imports it")

    def handle(self, *args: Any, file: Path, toml: Path, region: str, **options: Any) -> None:
        """Check and seal."""
        area = Area.objects.regions().filter(code=region).first()
        if area is None:
            raise CommandError(f"There is no region {region}.")
        by = User.objects.filter(email=options["by"]).first() if options["by"] else None
        if options["by"] and by is None:
            raise CommandError(f"Nobody has the address {options['by']}.")
        try:
            edition = actions.import_edition(
                region=area,
                content=computation.as_parquet(file),
                specification=toml.read_text(encoding="utf-8"),
                by=by,
            )
        except (EditionRefusedError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"edition={edition.pk} persons={edition.persons} checksum={edition.checksum}")
        for note in edition.notes:
            self.stderr.write(noticed(note))
