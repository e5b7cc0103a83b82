"""What an import keeps in the sealed schema: confidential places, and the uploaded file itself.

A file may name the place of a shelter, so it never lies where the web's database role can read it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point as GeosPoint
from django.db import connection
from django.utils import timezone

from entaxis.accounts.models import User
from entaxis.core import sealed
from entaxis.directory.importing.content import SealedPlace
from entaxis.directory.models import ConfidentialPlace, ConfidentialReading
from entaxis.geography.models import Area

UPLOAD, REJECTED = "upload", "rejected"
KEPT_FOR = timedelta(days=2)


# --- confidential places ----------------------------------------------------------------------------


def places(ids: Iterable[UUID]) -> dict[UUID, SealedPlace]:
    """The sealed places of these structures, by id."""
    wanted = list(ids)
    if not wanted:
        return {}
    with sealed.role(sealed.CONFIDENTIAL):
        rows = list(ConfidentialPlace.objects.filter(structure_id__in=wanted))
    codes = dict(
        Area.objects.filter(pk__in=[row.municipality_id for row in rows]).values_list("pk", "code")
    )
    return {row.structure_id: _place(row, codes[row.municipality_id]) for row in rows}


def write_places(new: Mapping[UUID, SealedPlace | None], *, by: User, purpose: str) -> None:
    """Write (or, for None, remove) sealed places, and note who did it and why."""
    if not new:
        return
    wanted = {place.municipality for place in new.values() if place is not None}
    areas = {area.code: area.pk for area in Area.objects.municipalities().filter(code__in=wanted)}
    now = timezone.now()
    with sealed.role(sealed.CONFIDENTIAL):
        ConfidentialPlace.objects.filter(structure_id__in=list(new)).delete()
        ConfidentialPlace.objects.bulk_create(
            _row(pk, place, areas[place.municipality]) for pk, place in new.items() if place is not None
        )
        ConfidentialReading.objects.bulk_create(
            ConfidentialReading(
                structure_id=pk, person=by, act=ConfidentialReading.Act.WRITTEN, purpose=purpose, at=now
            )
            for pk in new
        )


def _place(row: ConfidentialPlace, code: str) -> SealedPlace:
    return SealedPlace(
        municipality=code,
        point=(round(row.point.x, 6), round(row.point.y, 6)) if row.point else None,
        street=row.street,
        street_number=row.street_number,
        postal_code=row.postal_code,
        locality=row.locality,
    )


def _row(pk: UUID, place: SealedPlace, municipality: int) -> ConfidentialPlace:
    return ConfidentialPlace(
        structure_id=pk,
        municipality_id=municipality,
        point=GeosPoint(*place.point, srid=4326) if place.point else None,
        street=place.street,
        street_number=place.street_number,
        postal_code=place.postal_code,
        locality=place.locality,
        note="",
    )


# --- what a run keeps -------------------------------------------------------------------------------


def keep(run: UUID, name: str, content: bytes) -> None:
    """Keep a file of a run, in place of an earlier one of that name."""
    _execute(
        "INSERT INTO directory_sealed.import_file (run_id, name, content) VALUES (%s, %s, %s) "
        "ON CONFLICT (run_id, name) DO UPDATE SET content = EXCLUDED.content, kept_at = now()",
        [run, name, content],
    )


def kept(run: UUID, name: str) -> bytes | None:
    """A file of a run, or None where it was forgotten."""
    rows = _execute(
        "SELECT content FROM directory_sealed.import_file WHERE run_id = %s AND name = %s", [run, name]
    )
    return bytes(rows[0][0]) if rows else None


def forget(run: UUID, *names: str) -> None:
    """Delete files of a run."""
    _execute(
        "DELETE FROM directory_sealed.import_file WHERE run_id = %s AND name = ANY(%s)", [run, list(names)]
    )


def forget_old() -> int:
    """Delete every file that was kept long enough; return how many."""
    rows = _execute(
        "DELETE FROM directory_sealed.import_file WHERE kept_at < %s RETURNING run_id",
        [timezone.now() - KEPT_FOR],
    )
    return len(rows)


def keep_former(run: UUID, former: Mapping[UUID, SealedPlace | None]) -> None:
    """Keep the places that structures had before a run, so that it can be undone."""
    for structure, place in former.items():
        text = json.dumps(asdict(place), ensure_ascii=False) if place is not None else None
        _execute(
            "INSERT INTO directory_sealed.import_place (run_id, structure_id, former) VALUES (%s, %s, %s)",
            [run, structure, text],
        )


def former_places(run: UUID) -> dict[UUID, SealedPlace | None]:
    """What `keep_former` kept."""
    rows = _execute(
        "SELECT structure_id, former FROM directory_sealed.import_place WHERE run_id = %s", [run]
    )
    return {structure: _from_json(former) for structure, former in rows}


def _from_json(stored: str | dict[str, Any] | None) -> SealedPlace | None:
    if stored is None:
        return None
    parts = json.loads(stored) if isinstance(stored, str) else dict(stored)
    point = parts.pop("point")
    return SealedPlace(point=(point[0], point[1]) if point else None, **parts)


def _execute(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with sealed.role(sealed.CONFIDENTIAL), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []
