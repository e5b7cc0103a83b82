"""``import-areas``: another region's municipalities and communities from a table."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from entaxis.geography.actions import import_areas
from entaxis.geography.importing.problems import ImportRefusedError


class Command(BaseCommand):
    """All rows or none."""

    help = (
        "Bring in areas from a CSV file: level;code;parent;name_el;… (see docs/geography.md). "
        "All rows or none; safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what the command takes."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="who published the names and figures")
        parser.add_argument("--dry-run", action="store_true", help="check everything, change nothing")
        parser.add_argument("--language", choices=["el", "en"], default="el", help="of the report")
        parser.add_argument("--by", default="bin/entaxis", help="who brings it in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, or report every problem and change nothing."""
        with translation.override(options["language"]):
            try:
                done = import_areas(
                    path=options["file"],
                    source=options["source"],
                    by=options["by"],
                    dry_run=options["dry_run"],
                )
            except ImportRefusedError as error:
                for found in error.problems:
                    self.stderr.write(str(found))
                raise CommandError(_("Nothing was changed.")) from error
            said = _("Checked: %(areas)s areas, %(populations)s populations. Nothing was changed.")
            if not options["dry_run"]:
                said = _("Brought in: %(areas)s areas, %(populations)s populations, %(names)s place names.")
            facts = {"areas": done.areas, "populations": done.populations, "names": done.place_names}
            self.stdout.write(said % facts)
