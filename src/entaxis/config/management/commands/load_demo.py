"""Fills the platform with the demonstration of two regions."""

import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from entaxis.accounts import demonstration as people
from entaxis.accounts.models import User
from entaxis.directory import grants
from entaxis.directory import waiting_demonstration as entries
from entaxis.directory.models import Structure
from entaxis.directory.network import demonstration as network
from entaxis.geography.models import Area
from entaxis.indicators import demonstration as figures
from entaxis.indicators.harmonisation import demonstration as harmonisation
from entaxis.maps.coverage import actions as coverage
from entaxis.notifications import links
from entaxis.portal.library import demonstration as studies
from entaxis.portal.news import demonstration as publications
from entaxis.sources import demonstration as benefits

SOURCE = "demonstration"
Step = tuple[str, Callable[[], object]]


class Command(BaseCommand):
    """Everything enters by the doors that a user has: the same commands, the same importer."""

    help = "Load the synthetic demonstration of Thessaly and the Peloponnese; safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """There is nothing to choose."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Run each step and say how long it took."""
        if settings.MODE == "production":
            raise CommandError("Demonstration data do not belong in production.")
        steps = list(_steps())
        began = time.monotonic()
        for number, (what, step) in enumerate(steps, start=1):
            self.stderr.write(f"  {number}/{len(steps)} {what}")
            step()
        self.stderr.write(f"  loaded in {time.monotonic() - began:.0f} s")
        count = Structure.objects.count()
        self.stderr.write(f"  {count} synthetic structures stand in the directory.")


def _steps() -> Iterator[Step]:
    yield "areas, outlines, populations, place names", _quietly("load_geography")
    yield "vocabularies", _quietly("load_vocabularies")
    yield "people for every role", people.create_people
    for region in people.REGIONS:
        yield f"structures of {region}", partial(_structures, region)
        yield f"a clerk in {region}", partial(_clerk, region)
        yield f"the network of {region}", partial(_network, region)
    for region in people.REGIONS:
        yield f"distances to structures of {region}", partial(_distances, region)
    for region in people.REGIONS:
        yield f"files of benefits and tables of {region}", partial(_benefits, region)
    yield "catalogue of indicators", _quietly("load_indicators")
    for region in people.REGIONS:
        yield f"three synthetic surveys of {region}, estimated and released", partial(_figures, region)
        yield (
            f"beneficiaries, unemployed, residents of {region}, counted and released",
            partial(_counts, region),
        )
    for region in people.REGIONS:
        yield f"indices, rates and take-ups of {region}", partial(_figures, region, harmonisation.publish)
    yield "pages", _quietly("load_pages")
    for region in people.REGIONS:
        yield f"actions, news and events of {region}", partial(_publications, region)
        yield f"studies and strategies of {region}", partial(_studies, region)
        yield f"what waits for somebody in {region}", partial(_waiting, region)


def _quietly(command: str) -> Callable[[], object]:
    return lambda: call_command(command, verbosity=0, stdout=_Silence())


def _publications(region: str) -> None:
    by = User.objects.get(email=people.address("administrator", region))
    publications.publish(region=Area.objects.regions().get(code=region), by=by)


def _figures(region: str, publish: Callable[..., None] = figures.publish) -> None:
    """Made by one person of the Observatory and approved by another."""
    publish(
        region=Area.objects.regions().get(code=region),
        maker=User.objects.get(email=people.address("editor", region)),
        approver=User.objects.get(email=people.address("administrator", region)),
    )


def _counts(region: str) -> None:
    figures.publish_counts(
        region=Area.objects.regions().get(code=region),
        maker=User.objects.get(email=people.address("editor", region)),
        approver=User.objects.get(email=people.address("administrator", region)),
    )


def _studies(region: str) -> None:
    by = User.objects.get(email=people.address("editor", region))
    studies.publish(region=Area.objects.regions().get(code=region), by=by)


def _waiting(region: str) -> None:
    """Something in every queue of the office, so that whoever tries it has something to decide."""
    area = Area.objects.regions().get(code=region)
    names = ("editor", "writer", "clerk", "applicant")
    by = {name: User.objects.get(email=people.address(name, region)) for name in names}
    people.ask_to_join(region=area, host=urlsplit(links.absolute(area, "/")).netloc)
    entries.load(region=area, writer=by["writer"], clerk=by["clerk"], applicant=by["applicant"])
    network.write(region=area, by=by["applicant"])
    publications.wait(region=area, writer=by["writer"], editor=by["editor"])


def _benefits(region: str) -> None:
    by = User.objects.get(email=people.address("administrator", region))
    benefits.load(region=Area.objects.regions().get(code=region), by=by)


def _structures(region: str) -> None:
    """Write the table as a structure's staff might have, and bring it in as an editor would."""
    with TemporaryDirectory() as folder:
        table = Path(folder) / "structures.csv"
        call_command("write_demo_structures", table, region=region, stdout=_Silence())
        call_command(
            "import_structures",
            table,
            region=region,
            source=SOURCE,
            synthetic=True,
            by=people.address("administrator", region),
            stdout=_Silence(),
            stderr=_Silence(),
        )
    call_command("write_demo_structures", region=region, completeness=True, stdout=_Silence())


def _distances(region: str) -> None:
    coverage.compute_coverage(region=Area.objects.regions().get(code=region))


def _clerk(region: str) -> None:
    """Give the demonstration's clerk the entry of one Community Centre."""
    clerk = User.objects.get(email=people.address("clerk", region))
    centres = Structure.objects.published().filter(region__code=region, kind__key="community_centre")
    grants.give(user=clerk, structure=centres.order_by("name_el", "pk")[0], by=None)


def _network(region: str) -> None:
    """What a body of the demonstration writes for others, and what a citizen offers."""
    network.load(
        region=Area.objects.regions().get(code=region),
        editor=User.objects.get(email=people.address("editor", region)),
        volunteer=User.objects.get(email=people.address("visitor", region)),
    )


class _Silence:
    """Takes what a command prints; its errors are exceptions and still arrive."""

    def write(self, text: str, *args: Any, **options: Any) -> int:
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""
