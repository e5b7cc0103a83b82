"""``bin/entaxis load-recipes``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from entaxis.indicators.harmonisation import source
from entaxis.indicators.source import CatalogueRefusedError


class Command(BaseCommand):
    """The project's recipes, or others."""

    help = "Load recipes that bring published figures to common criteria; safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, for those who keep recipes of their own."""
        parser.add_argument("file", type=Path, nargs="?", default=source.DATA, help="TOML (the project's)")

    def handle(self, *args: Any, file: Path, verbosity: int, **options: Any) -> None:
        """Read, check, write."""
        try:
            changed = source.load(file)
        except CatalogueRefusedError as error:
            raise CommandError(str(error)) from error
        if verbosity:
            self.stdout.write(f"changed={changed}")
