"""Tables in force against each other: what contradicts is named, and a person says which is believed."""

from django.db import connection, transaction
from django.utils import timezone

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.sources.importing import vault
from entaxis.sources.models import Contradiction, Measure, Source, SourceEdition, TableValue


def publish(edition: SourceEdition) -> None:
    """Write the cells of a table that is in force now, and name what other tables say otherwise.

    Called inside the transaction that puts it in force: nothing stands half.
    """
    measures = {each.key: each for each in Measure.objects.all()}
    TableValue.objects.bulk_create(
        (
            TableValue(
                edition=edition,
                measure=measures[key],
                area_id=area,
                period=period,
                breakdown=breakdown,
                value=value,
            )
            for key, area, period, breakdown, value in vault.cells(edition.pk)
        ),
        batch_size=2000,
    )
    _name_contradictions(edition)


def _name_contradictions(edition: SourceEdition) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sources_contradiction (first_id, second_id, reason) "
            "SELECT other.id, mine.id, '' FROM sources_tablevalue mine "
            "JOIN sources_tablevalue other USING (measure_id, area_id, period, breakdown) "
            "WHERE mine.edition_id = %s AND other.edition_id <> mine.edition_id "
            "AND other.value <> mine.value",
            [edition.pk],
        )


@transaction.atomic
def decide(*, contradiction: Contradiction, believed: Source, reason: str, by: User) -> int:
    """Believe one source over the other in all cells in which the two contradict; how many there were.

    Raises:
        ValueError: the source is none of the two, or no reason is given.
    """
    pair = {contradiction.first.edition.source_id, contradiction.second.edition.source_id}
    if believed.pk not in pair or not reason.strip():
        raise ValueError("one of the two, with a reason")
    rows = Contradiction.objects.filter(
        first__edition__source__in=pair, second__edition__source__in=pair, decided_at=None
    )
    return rows.update(
        believed=believed, reason=reason.strip()[:300], decided_by=by, decided_at=timezone.now()
    )


def waiting(region: Area) -> int:
    """How many cells wait for somebody to say which source is believed."""
    return Contradiction.objects.filter(first__edition__source__region=region, decided_at=None).count()
