"""``bin/entaxis import-country-figures FILE --by ADDRESS``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from entaxis.accounts.models import User
from entaxis.indicators import country


class Command(BaseCommand):
    """What a named source published of the whole country."""

    help = (
        "Bring in figures of the whole country that a named source published: a TOML file with tables "
        "[[figure]] of indicator, period, value, source_el, source_en, address, published_on. They stand "
        "beside real figures only. All or none; the same file again changes nothing. Exit status: 0 done, "
        "1 refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, and who answers for it."""
        parser.add_argument("file", type=Path, help="TOML")
        parser.add_argument("--by", required=True, help="e-mail of the person who enters them")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Check and store."""
        by = User.objects.filter(email=options["by"]).first()
        if by is None:
            raise CommandError(f"Nobody has the address {options['by']}.")
        try:
            changed = country.load(file.read_text(encoding="utf-8"), by=by)
        except (country.CountryRefusedError, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"changed={changed}")
