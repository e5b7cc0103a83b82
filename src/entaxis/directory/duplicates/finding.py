"""Which entries of a region look like one structure: by telephone, e-mail, place and name.

A Community Centre and the grocery in its building share a door and a telephone, so the kind counts: entries
of two kinds must bear nearly one name as well. A number that many share is a switchboard and says nothing;
nor does a point that was guessed from the town. «1ος» and «2ος» are two, whatever else they share. Names of
one kind say the kind first: what is left without its words must be alike too, or nothing be left.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from entaxis.core import greek
from entaxis.directory.choices import PointQuality, Status
from entaxis.directory.models import Resemblance, Structure
from entaxis.geography.models import Area

NEAR_METRES: Final = 25
NEAR_DEGREES: Final = 0.0004  # at least as far, in Greece: the box that the index answers
MOST_SHARING: Final = 3  # entries with one number; what more share is a switchboard
SIMILAR_SHARE: Final = 0.6  # of the trigrams of two names of one kind in one municipality
OWN_SHARE: Final = 0.3  # of what their names say beside the kind; «Βόλου» and «Δήμου Βόλου» have a half
SAME_SHARE: Final = 0.75  # of two names of different kinds
LOOKED_AT: Final = (Status.DRAFT, Status.PUBLISHED, Status.SUSPENDED)
PERSON: Final = Resemblance.Reason.PERSON.value
LOCK: Final = 0x656E7462  # one search of a region at a time

PAIRS: Final = """
WITH kind AS MATERIALIZED (
  SELECT id, regexp_split_to_array(entaxis_fold(label_el), '[^[:alnum:]]+') AS words FROM vocabularies_term
  WHERE id IN (SELECT kind_id FROM directory_structure WHERE region_id = %(region)s)
), entry AS MATERIALIZED (
  SELECT s.id, s.kind_id, municipality_id, s.parent_id, point, point_quality, entaxis_fold(name_el) AS name,
    (SELECT coalesce(string_agg(word, ' '), '')
     FROM regexp_split_to_table(entaxis_fold(name_el), '[^[:alnum:]]+') AS word
     WHERE word <> ALL(kind.words)) AS own
  FROM directory_structure s JOIN kind ON kind.id = s.kind_id
  WHERE region_id = %(region)s AND changes_id IS NULL AND status = ANY(%(looked_at)s)
), way AS MATERIALIZED (
  SELECT DISTINCT c.structure_id AS id, 'telephone' AS reason, c.telephone AS value
  FROM directory_contact c JOIN entry e ON e.id = c.structure_id WHERE starts_with(c.telephone, '+')
  UNION ALL
  SELECT DISTINCT c.structure_id, 'email', lower(c.email)
  FROM directory_contact c JOIN entry e ON e.id = c.structure_id WHERE c.email <> ''
), telling AS (
  SELECT reason, value FROM way GROUP BY reason, value HAVING count(*) BETWEEN 2 AND %(most)s
), pair AS (
  SELECT a.id AS first, b.id AS second, a.reason
  FROM way a JOIN telling USING (reason, value) JOIN way b USING (reason, value) WHERE a.id < b.id
  UNION
  SELECT a.id, b.id, 'point'
  FROM entry a JOIN directory_structure b ON b.point && ST_Expand(a.point, %(degrees)s)
    AND ST_DWithin(a.point::geography, b.point::geography, %(metres)s)
  WHERE a.id < b.id AND a.point_quality = %(exact)s AND b.point_quality = %(exact)s
  UNION
  SELECT a.id, b.id, 'name'
  FROM entry a JOIN entry b ON a.kind_id = b.kind_id
    AND a.municipality_id IS NOT DISTINCT FROM b.municipality_id
  WHERE a.id < b.id AND similarity(a.name, b.name) >= %(similar)s
    AND (a.own = '' OR b.own = '' OR similarity(a.own, b.own) >= %(own)s)
)
SELECT a.id, b.id, array_agg(DISTINCT pair.reason), similarity(a.name, b.name), a.name, b.name
FROM pair JOIN entry a ON a.id = pair.first JOIN entry b ON b.id = pair.second
WHERE a.parent_id IS DISTINCT FROM b.id AND b.parent_id IS DISTINCT FROM a.id
  AND (a.kind_id = b.kind_id OR similarity(a.name, b.name) >= %(same)s)
GROUP BY a.id, b.id, a.name, b.name
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries, the lower id first, with what they have in common."""

    first: UUID
    second: UUID
    reasons: tuple[str, ...]
    likeness_share: float


def pairs(region: Area) -> list[Pair]:
    """All pairs of the region that look alike; one query."""
    asked: dict[str, Any] = {
        "region": region.pk,
        "looked_at": [status.value for status in LOOKED_AT],
        "most": MOST_SHARING,
        "degrees": NEAR_DEGREES,
        "metres": NEAR_METRES,
        "exact": PointQuality.EXACT.value,
        "similar": SIMILAR_SHARE,
        "own": OWN_SHARE,
        "same": SAME_SHARE,
    }
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, asked)
        rows = cursor.fetchall()
    return [
        Pair(first, second, tuple(reasons), likeness)
        for first, second, reasons, likeness, *names in rows
        if not numbered_apart(*names)
    ]


def numbered_apart(one: str, other: str) -> bool:
    """«2ος Παιδικός Σταθμός» and «3ος Παιδικός Σταθμός» are two. Takes folded names."""
    digits = [
        Counter(word for word in greek.words(name) if any(c.isdigit() for c in word))
        for name in (one, other)
    ]
    letters = [Counter(word for word in greek.words(name) if len(word) == 1) for name in (one, other)]
    return digits[0] != digits[1] or letters[0] != letters[1]


@transaction.atomic
def find(region: Area) -> int:
    """Ask about the pairs that look alike today, stop asking about those that no longer do.

    Returns how many wait for a decision. What was decided stays decided.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, region.pk])
    found = {(pair.first, pair.second): pair for pair in pairs(region)}
    stored = {
        (row.first_id, row.second_id): row
        for row in Resemblance.objects.select_for_update(of=("self",)).filter(first__region=region)
    }
    waiting = {key: row for key, row in stored.items() if row.state == Resemblance.State.OPEN}
    gone = [row.pk for key, row in waiting.items() if key not in found and PERSON not in row.reasons]
    Resemblance.objects.filter(pk__in=gone).delete()
    for key in waiting.keys() & found.keys():
        asked = [PERSON] if PERSON in waiting[key].reasons else []
        waiting[key].reasons = [*found[key].reasons, *asked]
        waiting[key].likeness_share = found[key].likeness_share
    Resemblance.objects.bulk_update(
        [waiting[key] for key in waiting.keys() & found.keys()], ["reasons", "likeness_share"]
    )
    Resemblance.objects.bulk_create(_asked(pair) for key, pair in found.items() if key not in stored)
    return Resemblance.objects.filter(first__region=region, state=Resemblance.State.OPEN).count()


@transaction.atomic
def ask(*, one: Structure, other: Structure) -> Resemblance:
    """Put the question of two entries that an editor has in mind; what was decided is asked again.

    Raises:
        ValueError: they are one row, lie in two regions, or one of them is no entry that stands.
    """
    if one == other or one.region_id != other.region_id:
        raise ValueError("two entries of a region")
    if any(each.changes_id or each.status == Status.MERGED for each in (one, other)):
        raise ValueError("entries that stand")
    first, second = sorted((one, other), key=lambda entry: entry.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, one.region_id])
        names = [first.name_el, second.name_el]
        cursor.execute("SELECT similarity(entaxis_fold(%s), entaxis_fold(%s))", names)
        (likeness,) = cursor.fetchone()
    asked, is_new = Resemblance.objects.select_for_update(of=("self",)).get_or_create(
        first=first, second=second, defaults={"reasons": [PERSON], "likeness_share": likeness}
    )
    if not is_new:
        asked.reasons = [*(reason for reason in asked.reasons if reason != PERSON), PERSON]
        asked.state, asked.decided_by, asked.decided_at = Resemblance.State.OPEN, None, None
        asked.save()
    return asked


def _asked(pair: Pair) -> Resemblance:
    return Resemblance(
        first_id=pair.first,
        second_id=pair.second,
        reasons=list(pair.reasons),
        likeness_share=pair.likeness_share,
    )


def soon(region: Area) -> None:
    """Let a worker look once this transaction stands: an entry came or changed."""
    from entaxis.directory import tasks

    transaction.on_commit(lambda: tasks.find_duplicates_of(region.pk))
