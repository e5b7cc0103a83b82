"""The phrases and place names in force, indexed by the keys of their words.

Built once a process and again when the tables behind it change (``SearchState.words``).
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from entaxis.core import greek
from entaxis.directory.search import tokens

HEARD: Final = "heard"
WRITTEN: Final = "written"

# How sure a word is of being another one, by the way it was recognised.
SAME: Final = 1.0
ONE_SLIP: Final = 0.8  # one letter wrong, missing, doubled or exchanged with its neighbour
TWO_SLIPS: Final = 0.65
BEGINNING: Final = 0.75  # one word is the beginning of the other
SKELETON: Final = 0.7  # the same consonants: speech of the north


@dataclass(frozen=True, slots=True)
class Target:
    """A term of a vocabulary."""

    vocabulary: str
    key: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase: its target, its weight, and how much of its meaning each word carries."""

    target: Target
    weight: float
    shares: tuple[float, ...]
    mass: float


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as it comes from the tables."""

    target: Target
    language: str
    text: str
    weight: float


@dataclass
class Index:
    """Words of one kind of key → (entry, place of the word in it)."""

    postings: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    skeletons: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_initials: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, key: str, entry: int, place: int) -> None:
        """Post ``key`` at ``place`` of ``entry``."""
        if key not in self.postings:
            self.skeletons[greek.skeleton(key)].add(key)
            self.by_initials[key[:2]].append(key)
        self.postings[key].append((entry, place))


class Lexicon:
    """All phrases, ready to be recognised in a query."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self.entries: list[Entry] = []
        self.indexes = {HEARD: Index(), WRITTEN: Index()}
        rows = [
            (phrase, kind, keys)
            for phrase in phrases
            for kind, keys in (_keys(phrase.language, phrase.text),)
            if keys
        ]
        rarity = _rarity(rows)
        for phrase, kind, keys in rows:
            self._add(phrase, kind, keys, rarity[phrase.language])
        self._all_keys = {kind: list(index.postings) for kind, index in self.indexes.items()}
        self.recognise = lru_cache(maxsize=4096)(self._recognise)

    def _add(self, phrase: Phrase, kind: str, keys: tuple[str, ...], rarity: dict[str, float]) -> None:
        shares = tuple(rarity[key] for key in keys)
        number = len(self.entries)
        self.entries.append(Entry(phrase.target, phrase.weight, shares, sum(shares)))
        index = self.indexes[kind]
        for place, key in enumerate(keys):
            index.add(key, number, place)

    def _recognise(self, kind: str, key: str) -> tuple[tuple[str, float], ...]:
        """Return the keys of the lexicon that ``key`` may stand for, with how sure that is."""
        index = self.indexes[kind]
        if key in index.postings:
            return ((key, SAME),)
        found: dict[str, float] = {}
        if kind == HEARD and len(key) >= 3:
            found = dict.fromkeys(self._northern(key), SKELETON)
        if len(key) < 4:
            return tuple(found.items())
        for known in self._beginnings(kind, key):
            found[known] = BEGINNING
        for known, sureness in self._slips(kind, key):
            found[known] = max(found.get(known, 0.0), sureness)
        return tuple(found.items())

    def _northern(self, key: str) -> list[str]:
        """Known words of which northern speech makes ``key``; short ones must fit vowel by vowel."""
        skeleton = greek.skeleton(key)
        return [
            known
            for known in self.indexes[HEARD].skeletons.get(skeleton, ())
            if len(skeleton) >= 3 or (len(skeleton) == 2 and _falls_silent(known, key.rstrip("a")))
        ]

    def _beginnings(self, kind: str, key: str) -> list[str]:
        return [
            known
            for known in self.indexes[kind].by_initials.get(key[:2], ())
            if min(len(known), len(key)) >= 4
            and abs(len(known) - len(key)) <= 4
            and (known.startswith(key) or key.startswith(known))
        ]

    def _slips(self, kind: str, key: str) -> list[tuple[str, float]]:
        allowed = 1 if len(key) < 10 else 2
        near = process.extract(
            key, self._all_keys[kind], scorer=OSA.distance, score_cutoff=allowed, limit=8
        )
        return [
            (known, ONE_SLIP if distance <= 1 else TWO_SLIPS)
            for known, distance, _ in near
            if len(known) >= 4 and (len(known) > 4 or known[0] == key[0])
        ]


_RAISED = str.maketrans("eo", "iu")


def _falls_silent(known: str, said: str) -> bool:
    """Whether ``said`` is ``known`` with some ι and ου silent, and ε, ο perhaps raised to them."""
    place = 0
    for letter in known:
        if place < len(said) and said[place].translate(_RAISED) == letter.translate(_RAISED):
            place += 1
        elif letter not in "iu":
            return False
    return place == len(said)


@lru_cache(maxsize=16_384)  # one changed entry has all words read again: most are those of before
def _keys(language: str, text: str) -> tuple[str, tuple[str, ...]]:
    kind = HEARD if language == "el" else WRITTEN
    keys: list[str] = [getattr(token, kind) for token in tokens.tokens(text)]
    return kind, tuple(key for key in dict.fromkeys(keys) if key)


def _rarity(rows: list[tuple[Phrase, str, tuple[str, ...]]]) -> dict[str, dict[str, float]]:
    """By language and key: how telling a word is, from the share of phrases that have it."""
    phrases: dict[str, int] = defaultdict(int)
    having: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for phrase, _, keys in rows:
        phrases[phrase.language] += 1
        for key in keys:
            having[phrase.language][key] += 1
    return {
        language: {key: math.log(1 + phrases[language] / count) for key, count in keys.items()}
        for language, keys in having.items()
    }
