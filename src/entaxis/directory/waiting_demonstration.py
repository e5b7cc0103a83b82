"""What waits for somebody in the directory of the demonstration: a claim, a report, changes, a twin.

Everything enters by the doors that people use; whoever decides it leaves the queues as empty as in life.
"""

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from entaxis.accounts.models import User
from entaxis.accounts.queries import bodies_of
from entaxis.core import samples
from entaxis.core.papers import Paper
from entaxis.directory import actions, claiming, proposals
from entaxis.directory.actions import CONTACT
from entaxis.directory.duplicates import finding
from entaxis.directory.models import Claim, ErrorReport, Structure, StructureGrant
from entaxis.geography.models import Area

DATA = Path(__file__).parent / "data" / "waiting_demonstration.toml"


@transaction.atomic
def load(*, region: Area, writer: User, clerk: User, applicant: User) -> bool:
    """Let each queue of the region hold something, once; False where it did already or nothing is there.

    ``writer`` changes and registers entries of a municipality, ``clerk``'s entry is reported,
    ``applicant`` says that an entry is theirs.
    """
    if Claim.objects.filter(user=applicant, structure__region=region).exists():
        return False
    said = tomllib.loads(DATA.read_text(encoding="utf-8"))
    shown = Structure.objects.of(region).published().placed().filter(is_synthetic=True)
    shown = shown.select_related("region", "kind", "body").order_by("name_el", "pk")
    own = shown.filter(body__in=bodies_of(writer, region), contacts__isnull=False, parent=None).distinct()
    others = shown.exclude(body__in=bodies_of(writer, region)).exclude(grants__isnull=False)
    kept = StructureGrant.objects.in_force().filter(user=clerk, structure__region=region).first()
    if own.count() < 2 or not others or kept is None:
        return False
    changed, twice = own[:2]
    _claim(others[0], applicant, said["claim"])
    actions.receive_report(report=ErrorReport(structure=kept.structure, **said["report"]))
    _change(changed, writer, said["change"])
    _register_again(twice, writer, said["twin"])
    finding.find(region)
    return True


def _claim(structure: Structure, by: User, said: dict[str, Any]) -> None:
    content = samples.pdf(said["paper"], said["paragraphs"])
    paper = Paper(name=f"{said['paper']}.pdf", kind="pdf", content=content)
    claiming.ask(structure=structure, text=said["text"], paper=paper, by=by)


def _change(entry: Structure, by: User, said: dict[str, Any]) -> None:
    proposal = proposals.begin(structure=entry, by=by)
    row = proposal.row
    actions.save_facts(structure=row, facts=said, served_areas=row.served_areas.all(), by=by)
    proposal.refresh_from_db()
    proposals.submit(proposal=proposal, by=by, seen=proposals.stamp(proposal))


def _register_again(entry: Structure, by: User, said: dict[str, Any]) -> None:
    """The same telephone and nearly the same name: the search for duplicates asks a person."""
    names = ("region", "kind", "body", "municipality", "point", "point_quality", "locality", "step_free")
    twin = Structure(
        **{name: getattr(entry, name) for name in names},
        name_el=f"{entry.name_el} {said['ending_el']}",
        name_en=f"{entry.name_en} {said['ending_en']}",
        description_el=said["description_el"],
        description_en=said["description_en"],
        is_synthetic=True,
    )
    areas = list(entry.served_areas.all())
    actions.create_structure(structure=twin, served_areas=areas, by=by)
    ways = [{name: getattr(way, name) for name in CONTACT} for way in entry.contacts.all()]
    actions.save_contacts(structure=twin, contacts=ways, by=by)
    proposal = proposals.register(structure=twin, by=by)
    proposal.refresh_from_db()
    proposals.submit(proposal=proposal, by=by, seen=proposals.stamp(proposal))
