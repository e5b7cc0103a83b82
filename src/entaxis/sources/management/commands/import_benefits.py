"""``bin/entaxis import-benefits FILE --source …``."""

import sys
import time
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from entaxis.accounts.models import User
from entaxis.accounts.rules import is_region_administrator
from entaxis.core import tabular
from entaxis.geography.models import Area
from entaxis.sources.importing import actions, values
from entaxis.sources.importing.problems import RejectedError, SourceProblem, SourceRefusedError, read_back
from entaxis.sources.models import PlaceQuestion, Source, SourceEdition
from entaxis.sources.reports import rejected_csv

SHOWN = 40


class Command(BaseCommand):
    """Bring a file of beneficiaries in."""

    help = (
        "Bring FILE (CSV or XLSX) of a source's beneficiaries in, all or nothing. Identity numbers become "
        "pseudonyms on the way and are kept nowhere. A file that was cut off goes on where it stopped. "
        "Exit status: 0 in force (or held), 1 refused, 3 places or amounts wait for a decision."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, whose, how."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="key of the source in the region")
        parser.add_argument("--region", default=settings.DEFAULT_REGION, help="NUTS code (%(default)s)")
        parser.add_argument(
            "--map", action="append", default=[], metavar="HEADING=FIELD", help="FIELD empty: leave it out"
        )
        parser.add_argument("--period", metavar="2024-01:2024-12", help="the months the file tells")
        parser.add_argument(
            "--place",
            action="append",
            default=[],
            metavar="TEXT=CODE",
            help="CODE empty: leave its rows out",
        )
        parser.add_argument("--decimal", choices=[",", "."], help="what parts decimals, where it is open")
        parser.add_argument("--leave-out-totals", action="store_true", default=None)
        parser.add_argument("--numbers-optional", action="store_true", default=None)
        parser.add_argument("--amount-of-household", action="store_true", default=None)
        parser.add_argument(
            "--amounts-stand",
            action="store_true",
            help="put it in force although households were paid more than is guaranteed",
        )
        parser.add_argument("--hold", action="store_true", help="stage it; do not put it in force")
        parser.add_argument("--rejected", type=Path, help="where to write the rows that were refused")
        parser.add_argument("--encoding", help="of a CSV, where it is not found rightly")
        parser.add_argument("--sheet", help="of a workbook; else the first that is not hidden")
        parser.add_argument("--by", help="e-mail of the region's administrator who answers for it")
        parser.add_argument("--language", choices=["el", "en"], default="el", help="of the sentences")
        parser.add_argument("--synthetic", action="store_true", help="mark as demonstration")

    def handle(self, *args: Any, **options: Any) -> None:
        """Speak the person's language throughout."""
        if options["synthetic"] and settings.PRODUCTION:
            raise CommandError("--synthetic is for demonstrations.")
        with translation.override(options["language"]):
            try:
                self._run(options)
            except RejectedError as refusal:
                self._name([*refusal.findings.problems, *refusal.findings.places], options)
                raise CommandError(str(refusal)) from None
            except (tabular.TableRefusedError, SourceRefusedError) as refusal:
                raise CommandError(str(refusal)) from None

    def _run(self, options: dict[str, Any]) -> None:
        region = Area.objects.regions().filter(code=options["region"]).first()
        if region is None:
            raise SourceRefusedError("no_region", region=options["region"])
        source = _source(region, options["source"])
        by = _person(options["by"], region)
        names = ("decimal", "leave_out_totals", "numbers_optional", "amount_of_household")
        progress = _Progress()
        try:
            edition = actions.bring_in(
                source=source,
                path=options["file"],
                by=by,
                columns=dict(pair.split("=", 1) for pair in options["map"] if "=" in pair),
                options={name: options[name] for name in names if options[name] is not None},
                encoding=options["encoding"],
                sheet=options["sheet"],
                period=_period(options["period"]),
                is_synthetic=options["synthetic"] or settings.MODE == "demo",
                progress=progress,
            )
        finally:
            progress.end()
        for note in read_back(edition.report, "notes"):
            self.stderr.write(f"{note}")
        self._decide(edition, options["place"], by)
        edition.refresh_from_db()
        waits = bool(edition.doubt_count) and not options["amounts_stand"]
        if waits:
            self._doubt(edition)
        if edition.state == SourceEdition.State.STAGED and not options["hold"] and not waits:
            actions.make_current(edition=edition, by=by, amounts_stand=options["amounts_stand"])
            edition.refresh_from_db()
        self.stdout.write(
            f"rows={edition.rows_read} kept={edition.rows_kept} left_out={edition.rows_left_out} "
            f"state={edition.state} edition={edition.pk}"
        )
        if edition.state == SourceEdition.State.WAITING or (waits and not options["hold"]):
            sys.exit(3)

    def _decide(self, edition: SourceEdition, said: list[str], by: User | None) -> None:
        answers = dict(pair.rsplit("=", 1) for pair in said if "=" in pair)
        for question in edition.questions.filter(decided_at=None):
            if question.text not in answers:
                self.stderr.write(f"? {question.text} ({question.rows}): {question.get_reason_display()}")
                continue
            code = answers[question.text]
            area = _municipality(question, code) if code else None
            actions.decide(question=question, area=area, by=by)

    def _doubt(self, edition: SourceEdition) -> None:
        doubts = read_back(edition.report, "doubts")
        for doubt in doubts[:SHOWN]:
            self.stderr.write(f"? {doubt.line}: {doubt}")
        if edition.doubt_count > SHOWN:
            self.stderr.write(f"? … +{edition.doubt_count - SHOWN}")

    def _name(self, problems: list[SourceProblem], options: dict[str, Any]) -> None:
        for problem in problems[:SHOWN]:
            self.stderr.write(f"✗ {problem.line}, {problem.column}: {problem}")
        if len(problems) > SHOWN:
            self.stderr.write(f"✗ … +{len(problems) - SHOWN}")
        if options["rejected"]:
            options["rejected"].write_bytes(rejected_csv(problems))


def _source(region: Area, key: str) -> Source:
    known = Source.objects.filter(region=region)
    found = known.filter(key=key).first()
    if found is None:
        names = ", ".join(known.values_list("key", flat=True)) or "–"
        raise SourceRefusedError("no_source", source=key, region=region.name, known=names)
    return found


def _person(email: str | None, region: Area) -> User | None:
    if not email:
        return None
    person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is None or not is_region_administrator(person, region):
        raise CommandError(f"{email} is no administrator of {region.code}.")
    return person


def _municipality(question: PlaceQuestion, code: str) -> Area:
    region = question.edition.source.region
    found = Area.objects.municipalities().filter(region=region, code=code).first()
    if found is None:
        raise CommandError(f"{code}: no municipality of {region.code}.")
    return found


def _period(text: str | None) -> tuple[date, date] | None:
    if not text:
        return None
    first, _, last = text.partition(":")
    try:
        return values.month(first), values.month(last or first)
    except values.Fault:
        raise CommandError("--period 2024-01:2024-12") from None


class _Progress:
    """Progress on the error stream, at most four times a second."""

    def __init__(self) -> None:
        self._last = 0.0
        self._is_shown = sys.stderr.isatty()

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if not self._is_shown or (now - self._last < 0.25 and done != total):
            return
        self._last = now
        text = f"{stage} {done}" + (f"/{total}" if total else "")
        sys.stderr.write(f"\r{text:<40}")
        sys.stderr.flush()

    def end(self) -> None:
        if self._is_shown:
            sys.stderr.write("\r" + " " * 40 + "\r")
