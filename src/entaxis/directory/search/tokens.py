"""Words as keys: what is written in any of our languages, made comparable.

A word has up to two keys. ``heard`` is its Greek stem by sound: Greek and Greeklish have it.
``written`` is its light stem as written: every word that is not in Greek script has it, for it may
be English, Albanian, Russian, Ukrainian or Arabic. A word in Latin letters may be either: it has both.
"""

import re
from dataclasses import dataclass
from typing import Final

from entaxis.core import greek

MOST_WORDS: Final = 24  # of a query; the rest is not read

# Words that carry no need in their language. «not» and its like stay: they turn a meaning round.
STOP_WORDS: Final = frozenset(
    greek.words(
        """
        i a an the my me we our you your he she his her him it its they them this that these those
        is am are was were be been do does did have has had can could will would should may must
        need want looking find get give please hello hi there where what who how when which some
        any for to of in on at from with and or but so very really also too just near by about
        unë jam është janë kam ka kemi kanë dua duam kërkoj duhet nevojë për të në me nga dhe por
        një ky kjo ku kush si çfarë mua më im ime e i së se do mund tek te
        я мы он она они мне мой моя моё мои нам нас меня у в на с из для и или но за по о об от до
        где что кто как когда есть быть был нужно нужен нужна нужны хочу хотим ищу могу можно надо
        пожалуйста здравствуйте очень это этот эта мой мою моего мне
        я ми він вона вони мені мій моя моє мої нам нас у в на з із для і й та або але за по про
        від до де що хто як коли є бути потрібно потрібен потрібна потрібні хочу шукаю можу треба
        будь ласка дуже це цей ця
        أنا نحن هو هي هم في من إلى على عن مع و أو لكن هل أين كيف ما ماذا هذا هذه كان يكون أريد
        نريد أحتاج نحتاج أبحث لي عندي لدي فضلك مرحبا السلام عليكم جدا أن لو سمحت بدي
        """
    )
)
_GREEK_STOPS: Final = frozenset(greek.sound(word) for word in greek.STOP_WORDS)

_DOTTED = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?")
_GREEK = re.compile("[α-ω]")
_LATIN = re.compile("[a-z]")
_CYRILLIC = re.compile("[\u0430-\u045f\u0491]")
_ARABIC = re.compile("[\u0621-\u064a]")

# Endings of folded words, longest first by construction of the search: й is и, ё is е, ї is і.
_LATIN_ENDING = re.compile(
    "(?<=[a-z]{4})(?:ings?|ed|es|it|in|et|en|ve|ja|je|s|e|i|a|u|t|n)$|(?<=[a-z]{3})s$"
)
_CYRILLIC_ENDING = re.compile(
    "(?<=[\u0400-\u04ff]{2})(?:ами|ями|ого|его|ому|ему|ыми|ими|ою|ею|ов|ев|ів|еи|ои|ии|ыи|ам|ям|ах|ях|ая|яя|"
    "ое|ее|ые|ие|ия|ию|ем|ом|им|ым|ти|ть|у|ю|а|я|о|е|ы|и|і|є|ь)$"
)
_ARABIC_BEGINNING = re.compile("^(?:وال|بال|كال|فال|لل|ال)(?=[\u0621-\u064a]{3})")
_ARABIC_ENDING = re.compile("(?<=[\u0621-\u064a]{3})(?:ات|ين|ون|ها|هم|نا|ية|ي|ه|ة|ا)$")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: as folded, as heard in Greek ("" if it cannot be), as written ("" if Greek)."""

    word: str
    heard: str
    written: str


def tokens(text: str) -> list[Token]:
    """Return the words of ``text`` that carry meaning; all of them where none does."""
    words = greek.words(_DOTTED.sub(_undotted, text))[:MOST_WORDS]
    made = [_token(word) for word in words]
    return [token for token in made if token.heard or token.written] or [_whole(word) for word in words]


def _undotted(found: re.Match[str]) -> str:
    return found.group().replace(".", "")


def _token(word: str) -> Token:
    word = "δεν" if word in {"δε", "δεμ"} else word
    heard = "" if not _may_be_greek(word) or greek.sound(word) in _GREEK_STOPS else greek.stem(word)
    written = "" if _GREEK.search(word) or word in STOP_WORDS else written_stem(word)
    if word in STOP_WORDS and not _GREEK.search(word):
        heard = ""
    return Token(word, heard, written)


def _whole(word: str) -> Token:
    is_greek = bool(_GREEK.search(word))
    return Token(
        word, greek.stem(word) if _may_be_greek(word) else "", "" if is_greek else written_stem(word)
    )


def _may_be_greek(word: str) -> bool:
    return bool(_GREEK.search(word)) or (bool(_LATIN.search(word)) or word.isdigit())


def written_stem(word: str) -> str:
    """Return the folded ``word`` without the commonest endings of its script's languages."""
    if _CYRILLIC.search(word):
        return _CYRILLIC_ENDING.sub("", word)
    if _ARABIC.search(word):
        return _ARABIC_ENDING.sub("", _ARABIC_BEGINNING.sub("", word))
    return _LATIN_ENDING.sub("", word)
