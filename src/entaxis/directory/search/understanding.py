"""What a text means: needs, services, kinds, target groups, a place, "now" – and what is left.

Pure: no database, nothing kept. A phrase is heard as far as its words are, the telling ones counting
more; the best phrase speaks for its term. Nothing here is written down anywhere: a query may betray.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from entaxis.directory.search.lexicon import HEARD, SAME, WRITTEN, Entry, Lexicon, Target
from entaxis.directory.search.places import Place, Places
from entaxis.directory.search.tokens import Token, tokens

# A phrase must be heard to this share of its meaning; less only if nothing better was heard.
WELL_HEARD: Final = 0.5
HALF_HEARD: Final = 0.3
# How much more a phrase heard whole counts than one heard in part.
SHARPNESS: Final = 1.5
# A need heard to this share of the best one makes a query one to be careful with, if it is sensitive.
HINTED: Final = 0.35
# A term is kept beside the best one when it scores this share of it.
BESIDE: Final = 0.4
# Latin letters may be Greeklish or a language of their own: the reading that explains less counts so much.
UNLIKELY: Final = 0.5
MOST_NEEDS: Final = 4
NOW: Final = frozenset({"τώρα", "now", "сейчас", "зараз", "الآن", "tani"})
OPEN: Final = frozenset(
    {"ανοιχτό", "ανοικτό", "ανοίγει", "εφημερεύει", "open", "открыт", "відкрито", "مفتوح", "hapur"}
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One term and how sure we are of it, 0–1 beside the best of the query."""

    target: Target
    score: float


@dataclass(frozen=True)
class Understanding:
    """What was understood of a text."""

    needs: tuple[Heard, ...] = ()
    services: tuple[Heard, ...] = ()
    structure_kinds: tuple[Heard, ...] = ()
    target_groups: tuple[Heard, ...] = ()
    place: Place | None = None
    open_now: bool = False
    rest: tuple[Token, ...] = ()
    hinted: frozenset[str] = frozenset()
    """Keys of needs heard at all, also those not kept: enough to be careful with a query."""

    @property
    def is_empty(self) -> bool:
        """Whether no term was understood (a place alone says nothing of what is sought)."""
        return not (self.needs or self.services or self.structure_kinds)


@dataclass
class _Hearing:
    """Scores of the terms while a query is heard."""

    best: dict[Target, float] = field(default_factory=dict)
    words: dict[Target, set[int]] = field(default_factory=lambda: defaultdict(set))
    surely: set[int] = field(default_factory=set)  # words recognised as they stand


def understand(text: str, lexicon: Lexicon, places: Places, *, region: str) -> Understanding:
    """Return what ``text`` means for a reader of the region with the NUTS code ``region``."""
    said = tokens(text)
    open_now, said = _take_now(said)
    heard = _hear(said, lexicon, WELL_HEARD)
    place, in_place = places.find(said, region=region, explained=heard.surely)
    if in_place:  # «Αλμυρός» is salty and a town: as a town it needs nothing
        heard = _without(said, in_place, lexicon, WELL_HEARD)
    if not heard.best:
        heard = _without(said, in_place, lexicon, HALF_HEARD)
    explained = {number for numbers in heard.words.values() for number in numbers}
    # Names stand in Greek and Latin letters: other scripts, and Greek fillers in Latin, find nothing there.
    rest = [
        token for number, token in enumerate(said) if token.heard and number not in explained | in_place
    ]
    return Understanding(
        needs=_kept(heard, "needs"),
        services=_kept(heard, "services"),
        structure_kinds=_kept(heard, "structure_kinds"),
        target_groups=_kept(heard, "target_groups"),
        place=place,
        open_now=open_now,
        rest=tuple(rest),
        hinted=_hinted(heard),
    )


def _take_now(said: list[Token]) -> tuple[bool, list[Token]]:
    """Words of other languages count as they are written: "no" sounds like "now" to a Greek ear."""
    known = [token for word in NOW | OPEN for token in tokens(word)]
    written = {token.written for token in known} - {""}
    sounds = {token.heard for token in known if not token.written} - {""}
    left = [token for token in said if token.heard not in sounds and token.written not in written]
    return len(left) < len(said), left


def _without(said: list[Token], taken: set[int], lexicon: Lexicon, threshold: float) -> _Hearing:
    """Hear the query without the words ``taken``; the others keep their numbers."""
    silent = Token("", "", "")
    return _hear([silent if at in taken else token for at, token in enumerate(said)], lexicon, threshold)


def _hear(said: Sequence[Token], lexicon: Lexicon, threshold: float) -> _Hearing:
    """Hear Latin letters as Greek and as they stand; the reading that makes less sense weighs less."""
    readings = [_read_as(kind, said, lexicon, threshold) for kind in (HEARD, WRITTEN)]
    if all(reading.best for reading in readings):
        weaker = min(readings, key=lambda reading: max(reading.best.values()))
        weaker.best = {target: score * UNLIKELY for target, score in weaker.best.items()}
    one, other = readings
    for target, score in other.best.items():
        one.best[target] = max(score, one.best.get(target, 0.0))
        one.words[target] |= other.words[target]
    one.surely |= other.surely
    return one


def _read_as(kind: str, said: Sequence[Token], lexicon: Lexicon, threshold: float) -> _Hearing:
    hearing = _Hearing()
    sureness: dict[int, dict[int, tuple[float, int]]] = defaultdict(dict)
    for number, token in enumerate(said):
        key = token.heard if kind == HEARD else token.written
        for known, sure in lexicon.recognise(kind, key) if key else ():
            if sure == SAME:
                hearing.surely.add(number)
            for entry, place in lexicon.indexes[kind].postings[known]:
                if sure > sureness[entry].get(place, (0.0, 0))[0]:
                    sureness[entry][place] = (sure, number)
    for entry, words in sureness.items():
        _score(hearing, lexicon.entries[entry], words, threshold)
    return hearing


def _score(hearing: _Hearing, entry: Entry, words: dict[int, tuple[float, int]], threshold: float) -> None:
    covered = sum(entry.shares[place] * sure for place, (sure, _) in words.items())
    share = covered / entry.mass
    if share >= threshold:
        hearing.words[entry.target] |= {number for _, number in words.values()}
        score = entry.weight * covered * share**SHARPNESS
        hearing.best[entry.target] = max(score, hearing.best.get(entry.target, 0.0))


def _kept(heard: _Hearing, vocabulary: str) -> tuple[Heard, ...]:
    """The terms of one list worth keeping, best first, scored beside the best of the whole query."""
    top = max(heard.best.values(), default=1.0)
    scored = [
        Heard(target, score / top)
        for target, score in heard.best.items()
        if target.vocabulary == vocabulary and score >= BESIDE * top
    ]
    return tuple(sorted(scored, key=lambda one: (-one.score, one.target.key))[:MOST_NEEDS])


def _hinted(heard: _Hearing) -> frozenset[str]:
    top = max(heard.best.values(), default=1.0)
    return frozenset(
        target.key
        for target, score in heard.best.items()
        if target.vocabulary == "needs" and score >= HINTED * top
    )
