"""Areas by what people write for them: codes, names in every case, former names, Greeklish.

names = AreaNames(Area.objects.municipalities().of(region))
names.find("ΔΗΜΟΣ ΛΑΡΙΣΑΙΩΝ")   # the areas that may be meant
"""

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from entaxis.core import greek
from entaxis.geography.models import Area, AreaCrosswalk

PREFIXES = ("δημοσ ", "δημου ", "δημο ", "δ ", "municipality of ", "dimos ", "dimou ")
UNIT_PREFIXES = (
    "περιφερειακη ενοτητα ",
    "περιφερειακησ ενοτητασ ",
    "πε ",
    "π ε ",
    "περιφερεια ",
    "regional unit of ",
)
LIKE_ENOUGH = 72  # of 100, for asking “did you mean”


class AreaNames:
    """Areas by every form of their names."""

    def __init__(self, areas: Iterable[Area] = ()) -> None:
        self.areas: dict[int, Area] = {}
        self._forms: dict[str, set[int]] = defaultdict(set)
        self._sounds: dict[str, set[int]] = defaultdict(set)
        for area in areas:
            self.add(area)

    def add(self, area: Area) -> None:
        """Know ``area`` by its codes and by all its names."""
        self.areas[area.pk] = area
        names = (
            area.name_el,
            area.name_el_genitive,
            area.name_official_el,
            area.name_elot743,
            area.name_en,
        )
        for name in (area.code, area.ypes_code, *names):
            self.call(area, name)

    def call(self, area: Area, name: str) -> None:
        """Know ``area`` by one more name."""
        form = bare(name)
        if form:
            self._forms[form].add(area.pk)
            for sound in (greek.sound(form), greek.stem(form)):
                self._sounds[sound].add(area.pk)

    def find(self, text: str) -> set[int]:
        """The primary keys of the areas that ``text`` may mean; none, one or several."""
        form = bare(text)
        found = (
            self._forms.get(form)
            or self._sounds.get(greek.sound(form))
            or self._sounds.get(greek.stem(form))
        )
        return found or set()

    def likest(self, text: str) -> Area | None:
        """The area whose name is written most like ``text``, where one is like enough."""
        best = process.extractOne(
            bare(text), list(self._forms), scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH
        )
        return self.areas[min(self._forms[best[0]])] if best else None


def former_names(areas: Iterable[Area]) -> AreaNames:
    """``areas`` by the names and codes of those that they came from, and by nothing else.

    An area that was split leads to each of its parts: its name means several.
    """
    names = AreaNames()
    names.areas = {area.pk: area for area in areas}
    for row in AreaCrosswalk.objects.filter(target__in=list(names.areas)).select_related("source"):
        former = row.source
        for name in (former.name_el, former.name_el_genitive, former.name_official_el, former.code):
            names.call(names.areas[row.target_id], name)
    return names


def bare(name: str) -> str:
    """A name of an area without “municipality of”, in the form in which it is compared."""
    form = " ".join(greek.words(name))
    for prefix in PREFIXES:
        form = form.removeprefix(prefix)
    for prefix in UNIT_PREFIXES:
        form = form.removeprefix(prefix)
    return form
