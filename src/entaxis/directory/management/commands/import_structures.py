"""``bin/entaxis import-structures FILE``."""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from entaxis.accounts.models import User
from entaxis.accounts.rules import is_region_administrator
from entaxis.core import tabular
from entaxis.directory.importing import actions, planning, template
from entaxis.directory.importing.columns import BY_KEY
from entaxis.directory.importing.planning import Plan, Request
from entaxis.directory.importing.problems import ImportRefusedError, RowProblem
from entaxis.directory.models import ImportRun
from entaxis.geography.models import Area

SHOWN = 40


class Command(BaseCommand):
    """Bring structures in from a workbook or a CSV."""

    help = (
        "Bring structures in from FILE (XLSX or CSV), all or nothing. Repeating it with the same source "
        "changes only what changed. Exit status: 0 done, 1 refused, nothing was changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, whence, how."""
        parser.add_argument("file", type=Path, nargs="?", help="the table; not needed with --template")
        parser.add_argument("--source", default="", help="who gave the table (remembered: its headings)")
        parser.add_argument("--region", default=settings.DEFAULT_REGION, help="NUTS code (%(default)s)")
        parser.add_argument("--dry-run", action="store_true", help="check and compare; change nothing")
        parser.add_argument(
            "--accept-valid", action="store_true", help="bring in the rows without problems"
        )
        parser.add_argument(
            "--rejected", type=Path, help="where to write the rejected rows with the reasons"
        )
        parser.add_argument("--encoding", help="of a CSV, where it is not found rightly")
        parser.add_argument("--sheet", help="of a workbook; else the first that is not hidden")
        parser.add_argument(
            "--map", action="append", default=[], metavar="HEADING=COLUMN", help="what a heading means"
        )
        parser.add_argument("--by", help="e-mail of the region's administrator who answers for it")
        parser.add_argument("--language", choices=["el", "en"], default="el", help="of the sentences")
        parser.add_argument(
            "--synthetic", action="store_true", help="mark as demonstration (never in production)"
        )
        parser.add_argument(
            "--template", type=Path, help="write the table to fill in (.xlsx or .csv) and stop"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Speak the person's language throughout."""
        with translation.override(options["language"]):
            try:
                self._run(options)
            except (tabular.TableRefusedError, ImportRefusedError) as refusal:
                raise CommandError(str(refusal)) from None

    def _run(self, options: dict[str, Any]) -> None:
        region = Area.objects.regions().filter(code=options["region"]).first()
        if region is None:
            raise ImportRefusedError("no_region", region=options["region"])
        if options["template"]:
            self._write_template(region, options["template"])
            return
        path: Path | None = options["file"]
        if path is None:
            raise CommandError("Which file? bin/entaxis import-structures --help")
        if options["synthetic"] and settings.PRODUCTION:
            raise CommandError("--synthetic is for demonstrations.")
        by = self._person(options["by"], region)
        source = actions.source_named(region=region, name=options["source"] or path.stem)
        mapping = dict(pair.split("=", 1) for pair in options["map"] if "=" in pair)
        request = actions.with_mapping(
            Request(
                path,
                region,
                source.name,
                may_seal=by is not None,
                encoding=options["encoding"],
                sheet=options["sheet"],
                mapping=mapping,
            ),
            source,
        )
        run = ImportRun(
            region=region,
            source=source,
            person=by,
            file_name=path.name[:120],
            accepts_valid=options["accept_valid"],
            is_synthetic=options["synthetic"],
        )
        progress = _Progress()
        if options["dry_run"]:
            self._report(planning.plan(request, progress), options)
            return
        try:
            found = actions.bring_in(run=run, request=request, by=by, progress=progress)
        except actions.RejectedRowsError as refusal:
            self._report(refusal.plan, options)
            raise
        finally:
            progress.end()
        if mapping:
            source.mapping = {**source.mapping, **mapping}
            source.save()
        self._report(found, options)

    def _person(self, email: str | None, region: Area) -> User | None:
        if not email:
            return None
        person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if person is None or not is_region_administrator(person, region):
            raise CommandError(f"{email} is no administrator of {region.code}.")
        return person

    def _write_template(self, region: Area, path: Path) -> None:
        path.write_bytes(template.csv(region) if path.suffix == ".csv" else template.workbook(region))
        self.stdout.write(str(path))

    def _report(self, found: Plan, options: dict[str, Any]) -> None:
        for note in found.notes:
            self.stderr.write(f"{note}")
        problems = [problem for draft in found.drafts for problem in draft.problems]
        warnings = [problem for draft in found.drafts for problem in draft.warnings]
        for mark, some in (("✗", problems), ("!", warnings if options["verbosity"] > 1 else [])):
            for problem in some[:SHOWN]:
                self.stderr.write(f"{mark} {_line(problem)}")
            if len(some) > SHOWN:
                self.stderr.write(f"{mark} … +{len(some) - SHOWN}")
        if options["rejected"] and found.rejected:
            headings, rows = actions.rejected_rows(found, hides_confidential=False)
            options["rejected"].write_bytes(tabular.csv_bytes(headings, rows))
        counts = " ".join(f"{name}={number}" for name, number in found.counts.items())
        self.stdout.write(f"{counts} warnings={len(warnings)}")
        if options["dry_run"] and found.rejected and not options["accept_valid"]:
            raise ImportRefusedError("rows_rejected", count=len(found.rejected), total=len(found.drafts))


def _line(problem: RowProblem) -> str:
    column = BY_KEY.get(problem.column)
    place = f"{problem.line}" + (f", {column.heading}" if column else "")
    value = f" [{problem.value}]" if problem.value else ""
    return f"{place}: {problem}{value}"


class _Progress:
    """Progress on the error stream, at most four times a second."""

    def __init__(self) -> None:
        self._last = 0.0
        self._is_shown = sys.stderr.isatty()

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if now - self._last < 0.25 and done != total:
            return
        self._last = now
        text = f"{stage} {done}" + (f"/{total}" if total else "")
        sys.stderr.write(f"\r{text:<40}" if self._is_shown else f"{text}\n")
        sys.stderr.flush()

    def end(self) -> None:
        if self._is_shown:
            sys.stderr.write("\r" + " " * 40 + "\r")
