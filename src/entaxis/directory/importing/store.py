"""Reading and writing the content of many structures at once.

A few queries for any number of rows: the tables are read and written whole, child rows only where they
differ. Every write happens inside the caller's transaction.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, time
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

from django.contrib.gis.geos import Point as GeosPoint
from django.db import connection, transaction
from django.db.models import Field, Model, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from psycopg import sql

from entaxis.accounts.models import Body
from entaxis.core import greek
from entaxis.directory.importing.content import SIMPLE, ContactWay, Content, Interval, Offer, Rule
from entaxis.directory.models import Contact, Eligibility, OpeningHours, ServiceOffer, Structure
from entaxis.geography.models import Area, Level
from entaxis.vocabularies import queries
from entaxis.vocabularies.models import Term, Vocabulary

BATCH = 1000
OFFER_FIELDS = tuple(
    name
    for name in Offer.__dataclass_fields__
    if name not in {"service", "needs", "target_groups", "rules"}
)
PLAIN = tuple(
    name
    for name in SIMPLE
    if name not in {"municipality", "point", "assured_date", "languages", "access_features"}
)
Progress = Callable[[int], None]


def silent(_done: int) -> None:
    """No progress is shown."""


# --- reading ----------------------------------------------------------------------------------------


def contents(structures: QuerySet[Structure]) -> dict[UUID, Content]:
    """The content of each structure, by id."""
    ids = structures.order_by().values("pk")
    areas: dict[UUID, list[str]] = defaultdict(list)
    served = Structure.served_areas.through.objects.filter(structure_id__in=ids)
    for pk, level, code in served.values_list("structure_id", "area__level", "area__code"):
        areas[pk].append(f"{level}:{code}")
    ways = _grouped(
        Contact.objects.filter(structure_id__in=ids).order_by("order", "pk"),
        "structure_id",
        ("telephone", "email", "website", "office_el", "office_en"),
        ContactWay,
    )
    hours = _grouped(
        OpeningHours.objects.filter(structure_id__in=ids).order_by("weekday", "opens", "pk"),
        "structure_id",
        ("weekday", "opens", "closes", "closes_next_day", "valid_from", "valid_to"),
        _interval,
    )
    offers = _offers(ServiceOffer.objects.filter(structure_id__in=ids))
    names = (*PLAIN, "municipality__code", "point", "assured_date", "languages", "access_features")
    rows = structures.order_by().values_list("pk", "kind__key", "body__name_el", "parent_id", *names)
    found = {}
    for pk, kind, body, parent, *values in rows.iterator(chunk_size=BATCH):
        plain = dict(zip(names, values, strict=True))
        point = plain.pop("point")
        assured: date | None = plain.pop("assured_date")
        found[pk] = Content(
            kind=kind,
            body=body,
            parent=str(parent or ""),
            municipality=plain.pop("municipality__code") or "",
            point=(round(point.x, 6), round(point.y, 6)) if point else None,
            assured_date=assured.isoformat() if assured else "",
            languages=tuple(plain.pop("languages")),
            access_features=tuple(plain.pop("access_features")),
            served_areas=tuple(sorted(areas[pk])),
            contacts=tuple(ways[pk]),
            hours=tuple(hours[pk]),
            offers=tuple(offers[pk]),
            **plain,
        )
    return found


def _grouped(
    rows: QuerySet[Any], by: str, names: tuple[str, ...], make: Callable[..., Any]
) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for key, *values in rows.values_list(by, *names).iterator(chunk_size=BATCH * 4):
        groups[key].append(make(*values))
    return groups


def _interval(weekday: int, opens: time, closes: time, next_day: bool, *valid: date | None) -> Interval:
    days = [day.isoformat() if day else "" for day in valid]
    return Interval(weekday, f"{opens:%H:%M}", f"{closes:%H:%M}", next_day, *days)


def _offers(rows: QuerySet[ServiceOffer]) -> dict[UUID, list[Offer]]:
    ids = rows.order_by().values("pk")
    rules = _grouped(
        Eligibility.objects.filter(offer_id__in=ids).order_by("aspect", "strength"),
        "offer_id",
        ("aspect", "strength", "age_from", "age_to", "values"),
        lambda aspect, strength, low, high, any_of: Rule(
            aspect, strength, low, high, tuple(sorted(any_of))
        ),
    )
    needs = _grouped(
        ServiceOffer.needs.through.objects.filter(serviceoffer_id__in=ids),
        "serviceoffer_id",
        ("term__key",),
        str,
    )
    groups = _grouped(
        ServiceOffer.target_groups.through.objects.filter(serviceoffer_id__in=ids),
        "serviceoffer_id",
        ("term__key",),
        str,
    )
    found: dict[UUID, list[Offer]] = defaultdict(list)
    fields = rows.order_by("order", "pk").values_list("structure_id", "pk", "service__key", *OFFER_FIELDS)
    for structure, pk, service, *values in fields.iterator(chunk_size=BATCH * 2):
        plain = dict(zip(OFFER_FIELDS, values, strict=True))
        as_of: date | None = plain.pop("capacity_date")
        found[structure].append(
            Offer(
                service=service,
                needs=tuple(sorted(needs[pk])),
                target_groups=tuple(sorted(groups[pk])),
                rules=tuple(rules[pk]),
                capacity_date=as_of.isoformat() if as_of else "",
                **plain,
            )
        )
    return found


# --- writing ----------------------------------------------------------------------------------------


@contextmanager
def documents_once(ids: Sequence[UUID]) -> Iterator[None]:
    """Write many rows of these structures; what the search finds is made once, at the end."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL entaxis.documents = 'later'")
        # Unset, this setting costs every trigger of every row an exception inside the database.
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")
        yield
        cursor.execute("SET LOCAL entaxis.documents = 'now'")
        # Of rows that are not yet counted the planner knows nothing: left alone, it joins every document
        # with every other.
        cursor.execute("SET LOCAL enable_nestloop = off")
        for some in _batches(list(ids)):
            cursor.execute("SELECT directory_refresh_documents(%s::uuid[])", [some])
        cursor.execute("SET LOCAL enable_nestloop = on")


class Writer:
    """Writes contents into one region's directory."""

    def __init__(self, region: Area, *, is_synthetic: bool = False, progress: Progress = silent) -> None:
        self._region, self._is_synthetic, self._progress = region, is_synthetic, progress
        areas = Area.objects.current().filter(region=region) | Area.objects.filter(pk=region.pk)
        self._areas = {f"{area.level}:{area.code}": area for area in areas}
        names = Vocabulary.Name
        self._terms: dict[str, dict[str, Term]] = {name: queries.by_key(name) for name in names}
        self._bodies = {greek.fold(body.name_el): body for body in Body.objects.filter(region=region)}
        self.new_bodies: list[Body] = []

    def create(self, rows: Mapping[UUID, Content], sources: Mapping[UUID, tuple[str, str] | None]) -> None:
        """Enter structures under the given ids; ``sources``: where each came from and its code there."""
        made = [self._structure(pk, content, sources.get(pk)) for pk, content in rows.items()]
        for some in _batches(_parents_first(made)):
            _insert(Structure, some)
            self._children({row.pk: rows[row.pk] for row in some}, {})
            self._progress(len(some))

    def change(self, rows: Mapping[UUID, tuple[Content, Content]]) -> None:
        """Write the second content of each pair over the first."""
        names = [*PLAIN, "kind", "body", "parent", "municipality", "point", "assured_date"]
        names += ["languages", "access_features"]
        for ids in _batches(list(rows)):
            some = {pk: rows[pk] for pk in ids}
            made = [self._structure(pk, content, None) for pk, (_, content) in some.items()]
            Structure.objects.bulk_create(
                made, update_conflicts=True, unique_fields=["id"], update_fields=names
            )
            self._children(
                {pk: content for pk, (_, content) in some.items()}, {pk: b for pk, (b, _) in some.items()}
            )
            self._progress(len(some))

    def _structure(self, pk: UUID, content: Content, source: tuple[str, str] | None) -> Structure:
        point = GeosPoint(*content.point, srid=4326) if content.point else None
        plain = {name: getattr(content, name) for name in PLAIN}
        return Structure(
            pk=pk,
            region=self._region,
            kind=self._terms[Vocabulary.Name.STRUCTURE_KINDS][content.kind],
            body=self._body(content.body),
            parent_id=UUID(content.parent) if content.parent else None,
            municipality=self._areas.get(f"municipality:{content.municipality}"),
            point=point,
            assured_date=content.assured_date or None,
            languages=list(content.languages),
            access_features=list(content.access_features),
            external_source=source[0] if source else None,
            external_id=source[1] if source else None,
            is_synthetic=self._is_synthetic,
            **plain,
        )

    def _body(self, name: str) -> Body:
        form = greek.fold(name)
        if form not in self._bodies:
            body = self._new_body(name, form)
            body.save()
            self.new_bodies.append(body)
            self._bodies[form] = body
        return self._bodies[form]

    def _new_body(self, name: str, form: str) -> Body:
        area = next(
            (area for area in self._areas.values() if greek.fold(area.name_official_el or "") == form), None
        )
        kind = Body.Kind.OTHER
        for start, meant in BODY_KINDS:
            if form.startswith(start):
                kind = meant
                break
        is_municipal = area is not None and area.level == Level.MUNICIPALITY
        return Body(
            region=self._region,
            municipality=area if is_municipal else None,
            kind=kind,
            name_el=name,
            name_en=_english(area) if area else "",
            is_synthetic=self._is_synthetic,
        )

    # --- what hangs on a structure ------------------------------------------------------------------

    def _children(self, rows: Mapping[UUID, Content], former: Mapping[UUID, Content]) -> None:
        def differing(name: str) -> dict[UUID, Any]:
            empty: tuple[Any, ...] = ()
            return {
                pk: getattr(content, name)
                for pk, content in rows.items()
                if getattr(content, name) != (getattr(former[pk], name) if pk in former else empty)
            }

        self._served_areas(differing("served_areas"), former)
        self._contacts(differing("contacts"), former)
        self._hours(differing("hours"), former)
        self._offers(differing("offers"), former)

    def _served_areas(self, rows: Mapping[UUID, tuple[str, ...]], former: Mapping[UUID, Content]) -> None:
        through = Structure.served_areas.through
        through.objects.filter(structure_id__in=[pk for pk in rows if pk in former]).delete()
        areas = ((pk, self._areas[key].pk) for pk, keys in rows.items() for key in keys)
        copy(through, ("structure_id", "area_id"), areas)

    def _contacts(
        self, rows: Mapping[UUID, tuple[ContactWay, ...]], former: Mapping[UUID, Content]
    ) -> None:
        Contact.objects.filter(structure_id__in=[pk for pk in rows if pk in former]).delete()
        names = ("telephone", "email", "website", "office_el", "office_en")
        ways = (
            (uuid4(), pk, number, *(getattr(way, name) for name in names))
            for pk, found in rows.items()
            for number, way in enumerate(found)
        )
        copy(Contact, ("id", "structure_id", "order", *names), ways)

    def _hours(self, rows: Mapping[UUID, tuple[Interval, ...]], former: Mapping[UUID, Content]) -> None:
        OpeningHours.objects.filter(structure_id__in=[pk for pk in rows if pk in former]).delete()
        names = ("weekday", "opens", "closes", "closes_next_day")
        intervals = (
            (pk, *(getattr(one, name) for name in names), one.valid_from or None, one.valid_to or None)
            for pk, found in rows.items()
            for one in found
        )
        copy(OpeningHours, ("structure_id", *names, "valid_from", "valid_to"), intervals)

    def _offers(self, rows: Mapping[UUID, tuple[Offer, ...]], former: Mapping[UUID, Content]) -> None:
        services = self._terms[Vocabulary.Name.SERVICES]
        known = {
            (structure, service): pk
            for structure, service, pk in ServiceOffer.objects.filter(
                structure_id__in=[pk for pk in rows if pk in former]
            ).values_list("structure_id", "service__key", "pk")
        }
        kept = {(pk, offer.service) for pk, offers in rows.items() for offer in offers}
        gone = [pk for key, pk in known.items() if key not in kept]
        ServiceOffer.objects.filter(pk__in=gone).delete()
        made: dict[ServiceOffer, Offer] = {}
        for structure, offers in rows.items():
            for offer in offers:
                plain = {name: getattr(offer, name) for name in OFFER_FIELDS}
                plain["capacity_date"] = offer.capacity_date or None
                row = ServiceOffer(structure_id=structure, service=services[offer.service], **plain)
                row.pk = known.get((structure, offer.service), row.pk)
                made[row] = offer
        stood = set(known.values())
        _insert(ServiceOffer, [row for row in made if row.pk not in stood])
        ServiceOffer.objects.bulk_create(
            [row for row in made if row.pk in stood],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*OFFER_FIELDS],
        )
        self._relations(made, [pk for key, pk in known.items() if key in kept])

    def _relations(self, made: Mapping[ServiceOffer, Offer], known: list[UUID]) -> None:
        needs, groups = ServiceOffer.needs.through, ServiceOffer.target_groups.through
        for through in (needs, groups):
            through.objects.filter(serviceoffer_id__in=known).delete()
        Eligibility.objects.filter(offer_id__in=known).delete()
        of_need = self._terms[Vocabulary.Name.NEEDS]
        of_group = self._terms[Vocabulary.Name.TARGET_GROUPS]
        offers = [(row.pk, offer) for row, offer in made.items()]
        pairs = ("serviceoffer_id", "term_id")
        copy(needs, pairs, ((pk, of_need[key].pk) for pk, offer in offers for key in offer.needs))
        copy(groups, pairs, ((pk, of_group[key].pk) for pk, offer in offers for key in offer.target_groups))
        rules = (
            (pk, rule.aspect, rule.strength, rule.age_from, rule.age_to, list(rule.values))
            for pk, offer in offers
            for rule in offer.rules
        )
        copy(Eligibility, ("offer_id", "aspect", "strength", "age_from", "age_to", "values"), rules)


def _insert(model: type[Model], rows: Sequence[Model]) -> None:
    """Put new rows of all columns into a model's table."""
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    moments = {field.attname for field in fields if _is_moment(field)}
    now = timezone.now()

    def value(found: Any) -> Any:
        if isinstance(found, GeosPoint):
            return found.hexewkb.decode()
        return found.value if isinstance(found, Enum) else found

    copy(
        model,
        [field.column or field.name for field in fields],
        (tuple(now if name in moments else value(getattr(row, name)) for name in names) for row in rows),
    )


def _is_moment(field: "Field[Any, Any]") -> bool:
    """Whether the field notes when its row is written."""
    return getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)


def copy(model: type[Model], names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Put rows into a model's table without an object of each; its triggers see them all the same."""
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    table = sql.Identifier(model._meta.db_table)
    with connection.cursor() as cursor:
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, columns)
        with cursor.copy(statement) as lines:
            for row in rows:
                lines.write_row(row)


BODY_KINDS: tuple[tuple[str, Body.Kind], ...] = (
    ("δημοσ ", Body.Kind.MUNICIPALITY),
    ("περιφερεια ", Body.Kind.REGION),
    ("ιερα μητροπολη", Body.Kind.CHURCH),
    ("μητροπολη", Body.Kind.CHURCH),
    ("υπουργειο", Body.Kind.STATE),
    ("νοσοκομειο", Body.Kind.STATE),
    ("κοινωφελησ επιχειρηση", Body.Kind.MUNICIPAL_ENTITY),
    ("δημοτικ", Body.Kind.MUNICIPAL_ENTITY),
    ("συλλογοσ", Body.Kind.NGO),
    ("σωματειο", Body.Kind.NGO),
    ("αστικη μη κερδοσκοπικη", Body.Kind.NGO),
)


def _english(area: Area) -> str:
    """What the authority of an area is called in English: tables of structures name it in Greek only."""
    with translation.override("en"):
        if area.level == Level.REGION:
            return _("Region of %(name)s") % {"name": area.name}
        if area.level == Level.MUNICIPALITY:
            return _("Municipality of %(name)s") % {"name": area.name}
    return ""


def _batches(rows: list[Any]) -> Iterable[list[Any]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _parents_first(rows: list[Structure]) -> list[Structure]:
    """An annex is entered after the structure it belongs to."""
    own = {row.pk: row for row in rows}

    def depth(row: Structure) -> int:
        steps, seen = 0, {row.pk}
        while row.parent_id in own and row.parent_id not in seen:
            seen.add(row.parent_id)
            row = own[row.parent_id]
            steps += 1
        return steps

    return sorted(rows, key=depth)
