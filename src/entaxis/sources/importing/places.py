"""Which municipality a text of a file means: surely, by a former name, or for a person to say."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from entaxis.core import greek
from entaxis.geography.models import Area, Level
from entaxis.geography.naming import AreaNames, bare, former_names
from entaxis.sources.identity import masked
from entaxis.sources.importing.values import Fault
from entaxis.sources.models import PlaceQuestion, Source

Reason = PlaceQuestion.Reason
UNIT = re.compile(r"(?:περιφερεια|πε |π ε |περ |regional unit|region )")
LONGEST = 80


@dataclass
class Asked:
    """A way of writing that a person has to decide: its number within the file, and its facts."""

    number: int
    text: str
    form: str
    reason: str
    candidates: tuple[int, ...] = ()
    rows: int = 0
    first_line: int = 0


@dataclass
class Told:
    """What was decided without asking, worth a note: by a former name, or by a person before."""

    key: str
    text: str
    name: str
    name_en: str


@dataclass
class Places:
    """The municipalities of one region, as one source writes them.

    A place is told as a number: above 0 the primary key of an area, below 0 the (negative) number of
    a question, 0 for rows that a person decided to leave out.
    """

    source: Source
    with_units: bool = False  # regional units and the region are told too
    asked: dict[str, Asked] = field(default_factory=dict)
    told: dict[int | str, Told] = field(default_factory=dict)

    def __post_init__(self) -> None:
        region = self.source.region_id
        everywhere = list(Area.objects.municipalities().select_related("region"))
        mine = [area for area in everywhere if area.region_id == region]
        self.areas = {area.pk: area for area in mine}
        self._names = AreaNames(mine)
        self._former = former_names(mine)
        self._elsewhere = AreaNames(area for area in everywhere if area.region_id != region)
        self.units = {}
        if self.with_units:
            inside = Area.objects.regional_units().filter(region=region)
            self.units = {area.pk: area for area in (*inside, self.source.region)}
        self._units = AreaNames(self.units.values())
        for area in self.units.values():
            self._units.call(area, area.nuts_code)
        self._seats = AreaNames()
        for area in mine:
            self._seats.areas[area.pk] = area
            self._seats.call(area, area.seat_el)
        self._decided = {
            question.form: question
            for question in PlaceQuestion.objects.filter(
                edition__source=self.source, decided_at__isnull=False
            )
            .select_related("area")
            .order_by("decided_at")
        }

    def find(self, text: str) -> int:
        """The place that ``text`` names.

        Raises:
            Fault: ``municipality_digits``.
        """
        shown = masked(text.strip())[:LONGEST]
        if "•" in shown:
            raise Fault("municipality_digits")
        written = text.strip().removesuffix(".0")
        word = written.zfill(4) if written.isdigit() else written
        found = self._names.find(word) if not self._is_of_a_unit(written) else set()
        if not found:
            found = self._units.find(written)
        if len(found) == 1:
            return next(iter(found))
        decided = self._decided.get(bare(word))
        if decided is not None:
            return self._as_before(decided, shown)
        if not found:
            found = self._former.find(word)
            if len(found) == 1:
                area = self.areas[next(iter(found))]
                self.told.setdefault(text, Told("former_name", shown, area.name_el, area.name_en))
                return area.pk
        return self._ask(word, shown, found)

    def names_of(self, areas: Iterable[int]) -> dict[str, str]:
        """The names of municipalities as facts of a sentence, in both languages."""
        rows = [self.areas[pk] for pk in areas]
        return {
            "names": ", ".join(sorted(row.name_el for row in rows)),
            "names_en": ", ".join(sorted(row.name_en or row.name_el for row in rows)),
        }

    def _is_of_a_unit(self, text: str) -> bool:
        """Whether a text says that a regional unit or the region is meant, which may bear a town's name."""
        return self.with_units and bool(UNIT.match(" ".join(greek.words(text))))

    def _as_before(self, decided: PlaceQuestion, shown: str) -> int:
        if decided.area is None:
            self.told.setdefault(shown, Told("left_out_before", shown, "", ""))
            return 0
        self.told.setdefault(shown, Told("remembered", shown, decided.area.name_el, decided.area.name_en))
        return decided.area.pk

    def _ask(self, word: str, shown: str, found: set[int]) -> int:
        form = bare(word)[:120] or greek.fold(word)[:120]
        if form not in self.asked:
            reason, candidates = self._reason(word, found)
            self.asked[form] = Asked(len(self.asked) + 1, shown, form, reason, candidates)
        return -self.asked[form].number

    def _reason(self, word: str, found: set[int]) -> tuple[str, tuple[int, ...]]:
        if found:
            return Reason.SEVERAL, tuple(sorted(found))
        if elsewhere := self._elsewhere.find(word):
            return Reason.ELSEWHERE, tuple(sorted(elsewhere))
        if seats := self._seats.find(word):
            return Reason.SEAT, tuple(sorted(seats))
        like = self._names.likest(word)
        return Reason.UNKNOWN, (like.pk,) if like and like.level == Level.MUNICIPALITY else ()
