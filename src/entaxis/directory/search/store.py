"""The words of the tables, kept in memory for as long as no row behind them changes."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock

from django.db.models import Count, Max, Q
from django.utils.translation import get_language

from entaxis.directory.models import SearchChange
from entaxis.directory.search.lexicon import Lexicon, Phrase, Target
from entaxis.directory.search.places import Place, Places
from entaxis.geography.models import CURRENT_REGISTER, Area, Level, PlaceName
from entaxis.vocabularies.models import Synonym, Term, TermCrosswalk, Vocabulary, in_language

Version = tuple[int, int]
LABEL_WEIGHT = 0.9  # a term's own name, beside the words of people

NOTHING: Version = (0, 0)


@dataclass(frozen=True, slots=True)
class Label:
    """What a reader sees of a term."""

    key: str
    parent: str
    el: str
    en: str
    plural_el: str
    plural_en: str
    is_sensitive: bool
    is_confidential: bool
    others: dict[str, str] = field(default_factory=dict, hash=False)
    """Labels in other languages."""

    def __str__(self) -> str:
        return in_language(self.el, self.en, self.others)

    @property
    def plural(self) -> str:
        """The plural in the reader's language, or the label where there is none."""
        return in_language(self.plural_el or self.el, self.plural_en or self.en, self.others)


@dataclass(frozen=True, slots=True)
class AreaName:
    """An area as a reader names it."""

    code: str
    level: str
    region: str
    parent: str
    el: str
    en: str

    def __str__(self) -> str:
        return self.el if _is_greek() else self.en


@dataclass(frozen=True)
class Words:
    """Everything that understanding a query needs."""

    version: Version
    lexicon: Lexicon
    places: Places
    labels: dict[str, dict[str, Label]]
    kinds_of_need: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    """By need: kinds of structure that answer it, then second doors, each with its weight."""
    areas: dict[str, AreaName] = field(default_factory=dict)
    """Regional units and municipalities in force, by code."""
    needs_of_group: dict[str, list[str]] = field(default_factory=dict)
    """By target group: the needs that are above all its own."""
    sensitive: frozenset[tuple[str, str]] = frozenset()
    """(list, key) of the terms that only somebody with a sensitive need would ask for."""
    documents: Version = NOTHING
    """The state of the documents when the words were asked for: counts are kept for as long as it holds."""

    def label(self, vocabulary: str, key: str) -> Label | None:
        """The label of a term in force."""
        return self.labels.get(vocabulary, {}).get(key)

    def is_sensitive(self, vocabulary: str, key: str) -> bool:
        """Whether asking for this term must leave no trace."""
        return (vocabulary, key) in self.sensitive


def versions() -> dict[str, Version]:
    """The state of documents and words: changes with every committed change of them."""
    rows = SearchChange.objects.values("what").annotate(number=Count("id"), last=Max("id"))
    return {row["what"]: (row["number"], row["last"]) for row in rows}


_kept: Words | None = None
_lock = Lock()


def words(version: Version) -> Words:
    """The words of ``version``; read from the tables when they are newer than those in memory."""
    global _kept  # noqa: PLW0603 - one cache a process
    kept = _kept
    if kept is not None and kept.version == version:
        return kept
    with _lock:
        if _kept is None or _kept.version != version:
            _kept = read(version)
        return _kept


def read(version: Version = NOTHING) -> Words:
    """Read everything from the tables."""
    terms = list(
        Term.objects.filter(
            vocabulary__name__in=Vocabulary.SEARCHED, vocabulary__is_current=True, is_retired=False
        ).select_related("vocabulary", "parent")
    )
    return Words(
        version=version,
        lexicon=Lexicon(_phrases(terms)),
        places=Places(_places()),
        labels=_labels(terms),
        kinds_of_need=_kinds_of_need(),
        areas=_areas(),
        needs_of_group=_needs_of_group(),
        sensitive=frozenset(_sensitive(terms)),
    )


def _is_greek() -> bool:
    return (get_language() or "el").startswith("el")


def _labels(terms: list[Term]) -> dict[str, dict[str, Label]]:
    labels: dict[str, dict[str, Label]] = defaultdict(dict)
    for term in terms:
        labels[term.vocabulary.name][term.key] = Label(
            key=term.key,
            parent=term.parent.key if term.parent else "",
            el=term.label_el,
            en=term.label_en,
            plural_el=term.plural_el,
            plural_en=term.plural_en,
            is_sensitive=term.is_sensitive,
            is_confidential=term.is_confidential,
            others=term.other_labels,
        )
    return dict(labels)


def _phrases(terms: list[Term]) -> Iterator[Phrase]:
    targets = {term.pk: Target(term.vocabulary.name, term.key) for term in terms}
    for term in terms:
        target = targets[term.pk]
        for text in {term.label_el, term.plural_el, term.abbreviation_el} - {""}:
            yield Phrase(target, "el", text, LABEL_WEIGHT)
        for text in {term.label_en, term.plural_en} - {""}:
            yield Phrase(target, "en", text, LABEL_WEIGHT)
        for language, text in term.other_labels.items():
            yield Phrase(target, language, text, LABEL_WEIGHT)
    heard = Synonym.objects.in_force().filter(term__is_retired=False)
    rows = heard.values_list("term_id", "language", "phrase", "weight")
    for term_id, language, phrase, weight in rows:
        yield Phrase(targets[term_id], language, phrase, float(weight))


def _kinds_of_need() -> dict[str, list[tuple[str, float]]]:
    rows = TermCrosswalk.objects.filter(
        source__vocabulary__name="needs",
        source__vocabulary__is_current=True,
        target__vocabulary__name="structure_kinds",
        target__vocabulary__is_current=True,
        relation__in=("answers", "related"),
    ).values_list("source__key", "target__key", "relation", "weight")
    kinds: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for need, kind, relation, weight in rows:
        kinds[need].append((kind, float(weight) * (1.0 if relation == "answers" else 0.4)))
    return {need: sorted(found, key=lambda one: (-one[1], one[0])) for need, found in kinds.items()}


def _needs_of_group() -> dict[str, list[str]]:
    rows = TermCrosswalk.objects.filter(
        source__vocabulary__name="needs",
        source__vocabulary__is_current=True,
        target__vocabulary__name="target_groups",
        target__vocabulary__is_current=True,
    ).order_by("source__order")
    needs: dict[str, list[str]] = defaultdict(list)
    for need, group in rows.values_list("source__key", "target__key"):
        needs[group].append(need)
    return dict(needs)


def _sensitive(terms: list[Term]) -> Iterator[tuple[str, str]]:
    """Sensitive needs, confidential kinds, and what stands for sensitive needs alone."""
    for term in terms:
        if term.is_sensitive or term.is_confidential:
            yield term.vocabulary.name, term.key
    links: dict[tuple[str, str], list[bool]] = defaultdict(list)
    rows = TermCrosswalk.objects.filter(
        Q(relation="answers") | Q(target__vocabulary__name="target_groups"),
        source__vocabulary__name="needs",
        source__vocabulary__is_current=True,
        target__vocabulary__is_current=True,
    )
    for name, key, is_sensitive in rows.values_list(
        "target__vocabulary__name", "target__key", "source__is_sensitive"
    ):
        links[name, key].append(is_sensitive)
    yield from (term for term, needs in links.items() if all(needs))


def _areas() -> dict[str, AreaName]:
    rows = Area.objects.current().filter(level__in=(Level.REGIONAL_UNIT, Level.MUNICIPALITY))
    return {
        area.code: AreaName(
            code=area.code,
            level=area.level,
            region=area.region.code if area.region else "",
            parent=area.parent.code if area.parent else "",
            el=area.name_el,
            en=area.name_en or area.name_elot743 or area.name_el,
        )
        for area in rows.select_related("region", "parent").order_by("name_el")
    }


def _places() -> Iterator[tuple[str, Place]]:
    areas = {
        area.pk: area
        for area in Area.objects.filter(register_year=CURRENT_REGISTER).exclude(level=Level.REGION)
    }
    regions = dict(Area.objects.regions().values_list("pk", "code"))
    for name in PlaceName.objects.filter(area__in=areas).only("area_id", "kind", "name", "point"):
        area = areas[name.area_id]
        municipality = area if area.level == Level.MUNICIPALITY else areas.get(area.parent_id or 0)
        if area.level == Level.REGIONAL_UNIT:
            municipality = None
        unit = area if municipality is None else areas.get(municipality.parent_id or 0)
        yield (
            name.name,
            Place(
                kind=name.kind,
                code=area.code,
                name_el=area.seat_el if name.kind == PlaceName.Kind.SEAT else area.name_el,
                name_en=area.name_en or area.name_elot743 or area.name_el,
                region=regions.get(area.region_id or 0, ""),
                municipality=municipality.code if municipality else "",
                regional_unit=unit.code if unit else "",
                longitude=name.point.x if name.point else None,
                latitude=name.point.y if name.point else None,
            ),
        )
