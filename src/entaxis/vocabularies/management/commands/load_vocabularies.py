"""``bin/entaxis load-vocabularies``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from entaxis.vocabularies import actions, source


class Command(BaseCommand):
    """Publish the project's code lists, or those of another folder."""

    help = (
        "Publish needs, services, kinds of structure and target groups with their phrases and crosswalks. "
        "A list that has not changed is left alone; a changed one becomes a new version."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder, for those who keep lists of their own."""
        parser.add_argument("--folder", type=Path, default=source.DATA, help="where the files are")

    def handle(self, *args: Any, folder: Path, verbosity: int, **options: Any) -> None:
        """Read, check, publish."""
        try:
            lists = source.read(folder)
        except (source.SourceError, OSError, ValueError) as error:
            raise CommandError(f"The code lists were not loaded: {error}") from error
        published = actions.publish(lists=lists)
        if verbosity:
            for vocabulary in published:
                self.stdout.write(f"{vocabulary.name}: version {vocabulary.version}")
            if not published:
                self.stdout.write("The code lists have not changed.")
