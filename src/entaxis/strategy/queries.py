"""Reading actions: the public list, how many there are in each municipality."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from entaxis.geography import queries as geography
from entaxis.geography.choropleth import AreaValue, Choropleth, Completeness, Mark
from entaxis.geography.models import Area, Level
from entaxis.strategy.models import Action
from entaxis.strategy.publications.models import PublicationQuerySet
from entaxis.vocabularies.models import Term

MOST_MARKS: Final = 500


def actions_of(region: Area) -> PublicationQuerySet:
    """The public actions of a region, with who speaks and where."""
    found: PublicationQuerySet = (
        Action.objects.of(region)
        .current()
        .select_related("body", "structure")
        .prefetch_related("municipalities")
        .order_by("-starts_on", "-pk")
    )
    return found


def by_municipality(region: Area, shown: PublicationQuerySet) -> list[tuple[Area, int]]:
    """How many of these actions name each municipality; those for the whole region are not among them."""
    through = Action.municipalities.through.objects.filter(action__in=shown.order_by().values("pk"))
    numbers = Counter(through.values_list("area_id", flat=True))
    areas = Area.objects.current().of(region).filter(level=Level.MUNICIPALITY)
    return [(area, numbers[area.pk]) for area in sorted(areas, key=lambda area: area.name)]


def marks(shown: PublicationQuerySet) -> list[Mark]:
    """The places of these actions that have one, to be laid over a map of their region."""
    placed = shown.order_by("-publish_at").exclude(point=None)[:MOST_MARKS]
    return [Mark(row.point.x, row.point.y, _said(row), row.get_absolute_url()) for row in placed]


def _said(row: Action) -> str:
    return f"{row.title} – {row.place}" if row.place else row.title


def choropleth(
    region: Area, rows: list[tuple[Area, int]], *, title: str, unit: str, marks: Sequence[Mark] = ()
) -> Choropleth | None:
    """The map of these numbers; None while no outlines are in force.

    Actions are known as far as bodies publish them here: an area without any is drawn as known in part.
    """
    boundaries = geography.active_boundaries(region)
    if boundaries is None:
        return None
    values = [
        AreaValue(
            area.code,
            area.name,
            float(number),
            Completeness.COMPLETE if number else Completeness.PARTIAL,
            f"{area.name}: {number}",
            f"?municipality={area.code}",
        )
        for area, number in rows
    ]
    return Choropleth(boundaries, Level.MUNICIPALITY, values, title=title, unit=unit, digits=0, marks=marks)


def groups_named(shown: PublicationQuerySet, known: list[Term]) -> list[Term]:
    """The target groups that these actions name, in the order of their list."""
    named = {key for keys in shown.order_by().values_list("target_groups", flat=True) for key in keys}
    return [term for term in known if term.key in named]
