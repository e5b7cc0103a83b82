"""Place names inside a text: our own names of municipalities, regional units, towns and villages."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from entaxis.core import greek
from entaxis.directory.models.text import in_language
from entaxis.directory.search.tokens import Token

LONGEST_NAME: Final = 4  # words
# Of places of one name the town or municipality is meant before its regional unit, that before a village.
RANK: Final = {"seat": 0, "municipality": 1, "regional_unit": 2, "community": 3}

# Letters of the newcomers' scripts as Greeks would hear them in a place name.
_CYRILLIC = str.maketrans(
    dict(zip("абвгдезийклмнопрстфхыэіє", "abvgdeziiklmnoprstfxieie", strict=True))
    | {
        "у": "ou",
        "ж": "z",
        "ц": "ts",
        "ч": "ts",
        "ш": "s",
        "щ": "s",
        "ю": "iou",
        "я": "ia",
        "ь": "",
        "ъ": "",
    }
)
_ARABIC = str.maketrans(
    dict(zip("ابتجحخدذرزسشصضطغفقكلمنهويةىڤپگ", "abtgxxd8rzsssdtgfkklmnhoiaavpg", strict=True))
    | {"ث": "8", "ظ": "z", "ع": "a"}
)
# Other scripts do not tell p from b nor f from v.
_LIPS = str.maketrans("pfb", "vvv")
_OTHER_SCRIPT = re.compile("[\u0400-\u04ff\u0621-\u06ff]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody looks: a municipality, its seat, a village of it, or a regional unit.

    ``municipality`` is empty for a regional unit. The coordinates are WGS84 degrees.
    """

    kind: str
    code: str
    name_el: str
    name_en: str
    region: str
    municipality: str
    regional_unit: str
    longitude: float | None
    latitude: float | None

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self, "name")


class Places:
    """All place names, ready to be found in a query."""

    def __init__(self, named: Iterable[tuple[str, Place]]) -> None:
        self._by_name: dict[tuple[str, ...], set[Place]] = defaultdict(set)
        self._skeletons: dict[str, set[Place]] = defaultdict(set)
        for name, place in named:
            key = tuple(greek.stem(name).split())
            if key and len(key) <= LONGEST_NAME:
                self._by_name[key].add(place)
                if len(key) == 1:
                    self._skeletons[_skeleton(key[0])].add(place)
        self._single = [key[0] for key in self._by_name if len(key) == 1 and len(key[0]) >= 4]

    def find(self, said: list[Token], *, region: str, explained: set[int]) -> tuple[Place | None, set[int]]:
        """Return the place named in ``said`` and the numbers of its words.

        ``explained``: words that already mean something else; only an exact name takes them back.
        """
        keys = [_key(token) for token in said]
        for length in range(min(LONGEST_NAME, len(said)), 0, -1):
            for start in range(len(said) - length + 1):
                numbers = set(range(start, start + length))
                if length == 1 and start in explained and len(said) > 1 and len(keys[start]) < 5:
                    continue
                place = self._best(self._by_name.get(tuple(keys[start : start + length]), ()), region)
                if place:
                    return place, numbers
        for number, key in enumerate(keys):
            place = None if number in explained else self._guess(key, region, said[number].word)
            if place:
                return place, {number}
        return None, set()

    def _guess(self, key: str, region: str, word: str) -> Place | None:
        if _OTHER_SCRIPT.search(word):
            return self._best(self._skeletons.get(_skeleton(key), ()), region)
        if len(key) < 4:
            return None
        near = process.extract(key, self._single, scorer=OSA.distance, score_cutoff=1, limit=3)
        names = [name for name, _, _ in near if name[0] == key[0]]
        return self._best({place for name in names for place in self._by_name[name,]}, region)

    @staticmethod
    def _best(places: Iterable[Place], region: str) -> Place | None:
        of_region = [place for place in places if place.region == region]
        return min(of_region, key=lambda place: (RANK.get(place.kind, 9), place.code), default=None)


def _key(token: Token) -> str:
    if token.heard:
        return token.heard
    if _OTHER_SCRIPT.search(token.word):
        return greek.stem(token.word.translate(_CYRILLIC).translate(_ARABIC))
    return greek.stem(token.word)


def _skeleton(key: str) -> str:
    return greek.skeleton(key).translate(_LIPS)
