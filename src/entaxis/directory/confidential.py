"""Confidential places (R12): the only code that enters the sealed schema of the directory.

The web's database role has no right there; every act here takes a second role for its transaction and
leaves a line that says who, when and why.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from entaxis.accounts.models import Body, User
from entaxis.core import greek, sealed
from entaxis.directory.addresses import address_in
from entaxis.directory.models import (
    ConfidentialPlace,
    ConfidentialReading,
    ImportedRow,
    Merge,
    Resemblance,
    Structure,
)
from entaxis.geography.models import Area

PLACE_FIELDS = ("street", "street_number", "postal_code", "locality")
SHORTEST_PURPOSE = 10
DIRECTIONS = (
    *("βόρεια", "βόρειος", "νότια", "νότιο", "ανατολική", "ανατολικός", "δυτική", "δυτικός"),
    *("κεντρική", "άγιος", "αγία", "νέα", "νησί", "north", "south", "east", "west", "islands"),
)


class CannotHideError(Exception):
    """Something beside the structure would still tell its place; the message says what."""


@dataclass(frozen=True)
class Place:
    """Where a confidential structure is. It lives in memory only as long as a request."""

    municipality_id: int
    point: Point | None = None
    street: str = ""
    street_number: str = ""
    postal_code: str = ""
    locality: str = ""
    note: str = ""


def read_place(*, structure: Structure, purpose: str, by: User) -> Place | None:
    """The place of a confidential structure; None where none was written. The reading is kept.

    Raises:
        ValueError: no purpose is stated.
    """
    _require(purpose)
    with sealed.role(sealed.CONFIDENTIAL):
        _log(structure, ConfidentialReading.Act.READ, purpose, by)
        row = ConfidentialPlace.objects.filter(structure=structure.pk).first()
    if row is None:
        return None
    return Place(
        row.municipality_id,
        row.point,
        row.street,
        row.street_number,
        row.postal_code,
        row.locality,
        row.note,
    )


def write_place(*, structure: Structure, place: Place, purpose: str, by: User) -> None:
    """Write the place of a confidential structure; the writing is kept, the place in no history.

    Raises:
        ValueError: no purpose is stated, or the structure is not confidential.
    """
    _require(purpose)
    if not structure.is_confidential:
        raise ValueError("only a confidential structure has a sealed place")
    with sealed.role(sealed.CONFIDENTIAL):
        _log(structure, ConfidentialReading.Act.WRITTEN, purpose, by)
        ConfidentialPlace.objects.update_or_create(structure_id=structure.pk, defaults=vars(place))


def readings(structure: Structure) -> list[ConfidentialReading]:
    """Who looked at or changed the place, latest first."""
    with sealed.role(sealed.CONFIDENTIAL):
        rows = ConfidentialReading.objects.filter(structure_id=structure.pk).order_by("-at")
        found = list(rows[:100])
    people = User.objects.in_bulk({row.person_id for row in found})
    for row in found:
        row.person = people[row.person_id]
    return found


@transaction.atomic
def hide(*, structure: Structure, purpose: str, by: User) -> None:
    """Make an open structure confidential: its place moves into the sealed schema and is forgotten here.

    Areas served and geographic telephones go too, reports and claims in people's words, its name in
    requests for volunteers (which say a municipality), working copies with what was said about them,
    entries that were joined into it, what imports keep of it, the whole history up to now, and every
    trace of it in the history of its former annexes, since any of them would tell the place.

    Raises:
        CannotHideError: annexes or a municipal body still point to the place, or its words name it.
        ValueError: no purpose is stated.
    """
    _require(purpose)
    row = Structure.objects.select_for_update().get(pk=structure.pk)
    _refuse_what_tells(row)
    if row.municipality_id is not None:
        address = {name: getattr(row, name) for name in PLACE_FIELDS}
        kept = Place(row.municipality_id, row.point, note=row.directions_el, **address)
    else:
        kept = None
    row.served_areas.clear()
    row.contacts.filter(telephone__startswith="+302").delete()
    row.error_reports.all().delete()
    row.claims.all().delete()
    row.volunteer_requests.update(structure=None)
    row.proposals.all().delete()
    _forget_twins(row)
    Structure.objects.filter(changes=row).delete()
    _forget_place(row)
    row.save()
    if kept:
        write_place(structure=row, place=kept, purpose=purpose, by=by)
    _forget_imports(row)
    _forget_history(row.pk)


def _forget_twins(row: Structure) -> None:
    """Entries that went into it have its place; one that was joined with it had it for a while."""
    Resemblance.objects.filter(Q(first=row) | Q(second=row)).delete()
    for made in Merge.objects.filter(Q(survivor=row) | Q(gone=row)).select_related("gone"):
        other = made.gone_id if made.survivor_id == row.pk else made.survivor_id
        if made.undone_at is None and other == made.gone_id:
            _forget_twins(made.gone)
            _forget_imports(made.gone)
            made.gone.delete()
        made.delete()
        _forget_history(other)


def _refuse_what_tells(row: Structure) -> None:
    if row.is_confidential:
        raise CannotHideError(_("It is confidential already."))
    if row.annexes.exists():
        raise CannotHideError(_("It has annexes: give them another structure first."))
    if is_of_a_place(row.body):
        raise CannotHideError(_("Its body is of one municipality: name a body of the region first."))
    said = names_a_place(_said_of(row), row.region)
    if said:
        raise CannotHideError(_("Its words say “%(word)s”: change them first.") % {"word": said})


def _said_of(row: Structure) -> Iterator[str]:
    """Everything that readers will still see, in words."""
    yield from (row.name_el, row.name_en, row.description_el, row.description_en)
    yield from (row.status_note_el, row.status_note_en)
    for part in (*row.offers.all(), *row.hours_exceptions.all(), *row.contacts.all()):
        yield from (value for name, value in vars(part).items() if name.endswith(("_el", "_en")))
    for contact in row.contacts.all():
        yield from (contact.email, contact.website)


def _forget_place(row: Structure) -> None:
    row.is_confidential = True
    row.municipality = row.point = row.parent = None
    row.external_source = row.external_id = None
    for name in (*PLACE_FIELDS, "point_quality", "directions_el", "directions_en"):
        setattr(row, name, "")
    row.access_note_el = row.access_note_en = ""


def _forget_imports(structure: Structure) -> None:
    """Reports of imports show its line and what stood there before; taking back must not write it."""
    for row in ImportedRow.objects.filter(structure_id=structure.pk).select_related("run"):
        run = row.run
        run.report = {
            name: [one for one in part if one.get("line") != row.line] if isinstance(part, list) else part
            for name, part in run.report.items()
        }
        run.picks.pop(str(row.line), None)
        run.save(update_fields=["report", "picks"])
        row.delete()
    for row in ImportedRow.objects.filter(former__parent=str(structure.pk)):
        row.former = {**(row.former or {}), "parent": ""}
        row.save(update_fields=["former"])


def _forget_history(pk: UUID) -> None:
    with sealed.role(sealed.CONFIDENTIAL), connection.cursor() as cursor:
        cursor.execute("SELECT directory_sealed.forget_history(%s)", [pk])


def is_of_a_place(body: Body) -> bool:
    """Whether a body that readers see beside a structure tells its town."""
    return body.municipality_id is not None or bool(
        names_a_place([body.name_el, body.name_en], body.region)
    )


def names_a_place(texts: Iterable[str], region: Area) -> str:
    """The first name of a town, municipality or regional unit of ``region`` that ``texts`` say; or "".

    Endings and accents are forgiven: «στον Βόλο», «Βόλου» and “Volos” all say Volos. What looks like an
    address names a place too, although no list has its street or village.
    """
    texts = list(texts)
    address = next(filter(None, map(address_in, texts)), "")
    if address:
        return address
    said = {stem: word for text in texts for word in greek.words(text) if (stem := greek.stem(word))}
    inside = Area.objects.current().of(region)
    forms = inside.values_list("name_el", "seat_el", "name_elot743", "name_en")
    words = {word for names in forms for name in names for word in greek.words(name or "")}
    telling = {stem for word in words if len(stem := greek.stem(word)) >= 3} - _directions()
    return next((said[stem] for stem in sorted(telling & said.keys())), "")


def _directions() -> set[str]:
    """Words in names of places that name no place by themselves."""
    return {greek.stem(word) for word in DIRECTIONS}


def _require(purpose: str) -> None:
    if len(purpose.strip()) < SHORTEST_PURPOSE:
        raise ValueError("a purpose is required")


def _log(structure: Structure, act: str, purpose: str, by: User) -> None:
    ConfidentialReading.objects.create(
        structure_id=structure.pk, person=by, act=act, purpose=purpose.strip()[:300], at=timezone.now()
    )
