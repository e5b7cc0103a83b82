"""``bin/entaxis estimate EDITION``."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from entaxis.accounts.models import User
from entaxis.indicators import actions
from entaxis.indicators.models import Edition


class Command(BaseCommand):
    """A candidate release from an edition."""

    help = "Compute every indicator of the catalogue that an edition gives, into a candidate release."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Of what, by whom."""
        parser.add_argument("edition", type=int, help="number of the edition, as import-edition said it")
        parser.add_argument("--by", required=True, help="e-mail of the person who makes the release")

    def handle(self, *args: Any, edition: int, by: str, **options: Any) -> None:
        """Compute, check, say what was found."""
        found = Edition.objects.select_related("region").filter(pk=edition).first()
        person = User.objects.filter(email=by, is_active=True).first()
        if found is None or person is None:
            raise CommandError("There is no such edition or person.")
        release = actions.begin(edition=found, by=person)
        actions.estimate(release=release, progress=self._progress)
        checks = release.checks
        self.stdout.write(
            f"release={release.pk} figures={checks['figures']} withheld={checks['withheld']} "
            f"passed={checks['passed']} digest={release.digest}"
        )

    def _progress(self, done: int, total: int) -> None:
        if sys.stderr.isatty() or done == total:
            self.stderr.write(f"{done}/{total}", ending="\r" if done < total else "\n")
