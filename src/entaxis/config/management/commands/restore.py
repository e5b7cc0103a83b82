"""Brings a backup back."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from entaxis.config import backup


class Command(BaseCommand):
    """``bin/entaxis restore FOLDER``."""

    help = "Bring the database and the uploaded files back from a folder that backup wrote."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--replace", action="store_true", help="throw away what the database holds now")

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring it back, or say why not."""
        try:
            backup.read(backup.here(), options["folder"], replace=options["replace"])
        except (backup.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Restored. Run migrate if the software is newer than the backup.")
