"""Writes everything the platform holds into a folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from entaxis.config import backup


class Command(BaseCommand):
    """``bin/entaxis backup FOLDER``."""

    help = "Write the database and the uploaded files into a new folder that only its owner can read."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("folder", type=Path, help="a folder that is not there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, or say why not."""
        try:
            backup.write(backup.here(), options["folder"])
        except (backup.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Written: {options['folder']}")
