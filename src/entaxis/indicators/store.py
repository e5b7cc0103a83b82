"""The sealed store: the only code that enters the schema of editions and unsuppressed figures.

Everything here happens as the role ``entaxis_statistics``, for the length of one transaction.
"""

import hashlib
from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Q

from entaxis.core import sealed
from entaxis.indicators.models import (
    Candidate,
    Edition,
    EditionFile,
    EditionUpload,
    IndicatorVersion,
    Outcome,
    Release,
    UploadedFile,
)

BATCH = 2000
FIELDS = ("version_id", "period", "area_id", "breakdown", "kind", "value", "standard_error", "members")


def write_file(edition: Edition, content: bytes) -> None:
    """Seal an edition's file."""
    with sealed.role(sealed.STATISTICS):
        EditionFile.objects.bulk_create([EditionFile(edition_id=edition.pk, content=content)])


def read_file(edition: Edition) -> bytes:
    """An edition's file.

    Raises:
        ValueError: it is not the file that was imported.
    """
    with sealed.role(sealed.STATISTICS):
        content = bytes(EditionFile.objects.only("content").get(edition_id=edition.pk).content)
    if hashlib.sha256(content).hexdigest() != edition.checksum:
        raise ValueError("the sealed file has another checksum than the one that was imported")
    return content


def write_upload(upload: EditionUpload, content: bytes) -> None:
    """Seal a file until a worker reads it."""
    with sealed.role(sealed.STATISTICS):
        UploadedFile.objects.bulk_create([UploadedFile(upload_id=upload.pk, content=content)])


def read_upload(upload: EditionUpload) -> bytes:
    """The file that waits."""
    with sealed.role(sealed.STATISTICS):
        return bytes(UploadedFile.objects.only("content").get(upload_id=upload.pk).content)


def drop_upload(upload: EditionUpload) -> None:
    """The file that waited is no longer there."""
    with sealed.role(sealed.STATISTICS):
        UploadedFile.objects.filter(upload_id=upload.pk).delete()


def is_proposed(version: IndicatorVersion) -> bool:
    """Whether unpublished figures were made with a version."""
    with sealed.role(sealed.STATISTICS):
        return Candidate.objects.filter(version=version).exists()


def replace_candidates(release: Release, rows: Iterable[Candidate]) -> str:
    """Put these in place of the release's candidates; the digest of the new ones."""
    rows = list(rows)
    with sealed.role(sealed.STATISTICS):
        Outcome.objects.filter(release=release).delete()
        Candidate.objects.filter(release=release).delete()
        Candidate.objects.bulk_create(rows, batch_size=BATCH)
    return digest(rows)


def digest(rows: Iterable[Candidate]) -> str:
    """SHA-256 of figures, whatever their order: two computations agree to the last digit or not."""
    lines = sorted("|".join(repr(getattr(row, name)) for name in FIELDS) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def candidates(release: Release) -> list[Candidate]:
    """All unsuppressed figures of a release."""
    with sealed.role(sealed.STATISTICS):
        return list(Candidate.objects.filter(release=release).order_by("pk"))


def replace_outcomes(release: Release, rows: Sequence[Outcome]) -> None:
    """Put what suppression made in place of what it made before."""
    with sealed.role(sealed.STATISTICS):
        Outcome.objects.filter(release=release).delete()
        Outcome.objects.bulk_create(rows, batch_size=BATCH)


def outcomes(release: Release) -> list[Outcome]:
    """What suppression made of a release that is not published yet."""
    with sealed.role(sealed.STATISTICS):
        return list(Outcome.objects.filter(release=release).order_by("pk"))


def count_outcomes(release: Release, asked: Q) -> int:
    """How many of them are as is asked."""
    with sealed.role(sealed.STATISTICS):
        return Outcome.objects.filter(asked, release=release).count()


def some_outcomes(release: Release, asked: Q, *, start: int = 0, most: int | None = None) -> list[Outcome]:
    """Those that are as is asked, by indicator, latest period first; ``most`` of them from ``start`` on."""
    order = ("version_id", "-period", "breakdown", "area_id", "pk")
    with sealed.role(sealed.STATISTICS):
        rows = Outcome.objects.filter(asked, release=release).order_by(*order)
        return list(rows[start:] if most is None else rows[start : start + most])


def told(release: Release) -> tuple[set[int], set[int]]:
    """The versions and the areas of which its outcomes tell."""
    with sealed.role(sealed.STATISTICS):
        rows = Outcome.objects.filter(release=release).order_by()
        pairs = set(rows.values_list("version_id", "area_id").distinct())
    return {version for version, _area in pairs}, {area for _version, area in pairs}


PUBLISH = """
WITH earlier AS (
  UPDATE indicators_releasedseries s SET is_current = false
  FROM (SELECT DISTINCT v.indicator_id, o.period FROM indicators_sealed.outcome o
        JOIN indicators_indicatorversion v ON v.id = o.version_id WHERE o.release_id = %(release)s) new
  WHERE s.region_id = %(region)s AND s.is_current
    AND s.indicator_id = new.indicator_id AND s.period = new.period
  RETURNING s.release_id
)
SELECT DISTINCT release_id FROM earlier
"""
SERIES = """
INSERT INTO indicators_releasedseries (release_id, region_id, indicator_id, version_id, period, is_current)
SELECT DISTINCT o.release_id, %(region)s::bigint, v.indicator_id, v.id, o.period, true
FROM indicators_sealed.outcome o JOIN indicators_indicatorversion v ON v.id = o.version_id
WHERE o.release_id = %(release)s
"""
OBSERVATIONS = """
INSERT INTO indicators_observation (public_id, series_id, area_id, breakdown, value, standard_error, ci_low,
  ci_high, n, n_effective, flag, is_modelled, reason, reported, reported_of)
SELECT o.public_id, s.id, o.area_id, o.breakdown, o.value, o.standard_error, o.ci_low, o.ci_high, o.n,
  o.n_effective, o.flag, o.is_modelled, o.reason, o.reported, o.reported_of
FROM indicators_sealed.outcome o
JOIN indicators_releasedseries s
  ON s.release_id = o.release_id AND s.version_id = o.version_id AND s.period = o.period
WHERE o.release_id = %(release)s ORDER BY o.version_id, o.period, o.breakdown, o.area_id
"""


def publish(release: Release) -> set[int]:
    """Copy the outcomes of a release into the tables that everybody reads.

    Returns the releases of which something is no longer in force.
    """
    names = {"release": release.pk, "region": release.region_id}
    with sealed.role(sealed.STATISTICS), connection.cursor() as cursor:
        cursor.execute(PUBLISH, names)
        replaced = {row[0] for row in cursor.fetchall()}
        cursor.execute(SERIES, names)
        cursor.execute(OBSERVATIONS, names)
    return replaced
