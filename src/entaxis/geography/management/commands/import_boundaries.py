"""``import-boundaries``: official outlines replace the drawing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from entaxis.geography.actions import BoundariesImported, import_boundaries
from entaxis.geography.importing.problems import ImportRefusedError, problem
from entaxis.geography.models import Area


class Command(BaseCommand):
    """All outlines or none; the maps switch over at once."""

    help = (
        "Bring in outlines of municipalities: GeoJSON, TopoJSON, GeoPackage or zipped Shapefile, "
        "in degrees (EPSG:4326) or Greek Grid (EPSG:2100). All or nothing; safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what the command takes."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", type=int, required=True, help="year of the boundaries")
        parser.add_argument("--code-field", required=True, help="field with ELSTAT or Ministry codes")
        parser.add_argument("--source", required=True, help="credited under every map")
        parser.add_argument("--licence", required=True, help="for example CC BY 4.0")
        parser.add_argument("--region", help="only this region, by NUTS code (EL61)")
        parser.add_argument("--crs", type=int, choices=[4326, 2100], help="if the file says it wrongly")
        parser.add_argument("--layer", help="of a GeoPackage with several")
        parser.add_argument("--tolerance", type=float, default=0.05, help="overlap in km² (0.05)")
        parser.add_argument("--accuracy", type=int, default=100, help="of the lines in metres (100)")
        parser.add_argument("--allow-missing", action="store_true", help="accept that some are missing")
        parser.add_argument("--repair", action="store_true", help="part rings that cross themselves")
        parser.add_argument("--dry-run", action="store_true", help="check everything, change nothing")
        parser.add_argument("--language", choices=["el", "en"], default="el", help="of the report")
        parser.add_argument("--by", default="bin/entaxis", help="who brings it in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, or report every problem and change nothing."""
        with translation.override(options["language"]):
            try:
                done = self._import(options)
            except ImportRefusedError as error:
                for found in error.problems:
                    self.stderr.write(str(found))
                raise CommandError(_("Nothing was changed.")) from error
            self._report(done, dry_run=options["dry_run"])

    def _import(self, options: dict[str, Any]) -> BoundariesImported:
        return import_boundaries(
            path=options["file"],
            code_field=options["code_field"],
            year=options["year"],
            source=options["source"],
            licence=options["licence"],
            by=options["by"],
            region=_region(options["region"]),
            crs=options["crs"],
            layer=options["layer"],
            tolerance_km2=options["tolerance"],
            accuracy_m=options["accuracy"],
            allow_missing=options["allow_missing"],
            repair=options["repair"],
            dry_run=options["dry_run"],
        )

    def _report(self, done: BoundariesImported, *, dry_run: bool) -> None:
        for warning in done.warnings:
            self.stdout.write(str(warning))
        regions = ", ".join(made.region.name for made in done.sets)
        said = _("In force: %(outlines)s outlines of %(regions)s.")
        if dry_run:
            said = _("Checked: %(outlines)s outlines of %(regions)s. Nothing was changed.")
        self.stdout.write(said % {"outlines": done.outlines, "regions": regions})


def _region(code: str | None) -> Area | None:
    if code is None:
        return None
    region = Area.objects.regions().filter(code=code).first()
    if region is None:
        raise ImportRefusedError(problem("region_unknown", code=code[:20]))
    return region
