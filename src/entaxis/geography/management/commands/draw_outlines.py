"""``draw-outlines``: official outlines → the project's own generalised drawing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from entaxis.geography.drawing import DrawingError, draw, write
from entaxis.geography.importing.problems import ImportRefusedError
from entaxis.geography.importing.reading import read_boundaries
from entaxis.geography.projection import as_multi

OUTLINES = Path(__file__).parents[2] / "data" / "outlines.json"


class Command(BaseCommand):
    """Read, draw, write."""

    help = "Draw official outlines of municipalities with few points and exact shared borders."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what the command takes."""
        parser.add_argument("file", type=Path, help="GeoJSON, TopoJSON, GeoPackage, zipped Shapefile")
        parser.add_argument("--code-field", required=True, help="field that holds the area's code")
        parser.add_argument("--source", required=True)
        parser.add_argument("--licence", required=True)
        parser.add_argument("--year", type=int, required=True, help="year of the geometry")
        parser.add_argument("--output", type=Path, default=OUTLINES)

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw, or say in one sentence why not."""
        try:
            read = read_boundaries(options["file"]).outlines
            outlines = {
                str(drawn.properties[options["code_field"]]): as_multi(drawn.geometry)
                for drawn in read
                if drawn.geometry is not None
            }
            topology = draw(outlines)
        except (ImportRefusedError, DrawingError) as error:
            raise CommandError(str(error)) from error
        except KeyError as error:
            raise CommandError(f"There is no field {error}.") from error
        credit = {"source": options["source"], "licence": options["licence"], "year": options["year"]}
        write(topology, options["output"], credit)
        points = sum(map(len, topology.arcs))
        self.stdout.write(
            f"{options['output']}: {len(outlines)} outlines, {len(topology.arcs)} arcs, "
            f"{points} points, {options['output'].stat().st_size:,} bytes"
        )
