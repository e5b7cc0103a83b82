"""``bin/entaxis read-bounces``: one mail that came back, from a file or the mail server's pipe."""

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand

from entaxis.notifications import bounces
from entaxis.notifications.bounces import Verdict


class Command(BaseCommand):
    """Reads one mail to the bounces' address and notes what it reports."""

    help = (
        "Read one mail that came back (RFC 3464) or a complaint (RFC 5965) and note it. "
        "Exit status: 0 noted or nothing to do, 1 not a report about a mail of ours."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """One file, or the standard input."""
        parser.add_argument("file", type=argparse.FileType("rb"), help="the mail; - reads standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what it was, without an address."""
        with options["file"] as file:
            verdict = bounces.read(file.read(bounces.LARGEST_BYTES + 1))
        self.stdout.write(verdict.value)
        if verdict in {Verdict.FOREIGN, Verdict.NOT_A_REPORT}:
            sys.exit(1)
