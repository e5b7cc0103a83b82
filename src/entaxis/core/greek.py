"""Greek as people write it: accents or none, capitals, Greeklish, spelling by ear.

Four steps, each building on the one before:

``fold``   what the eye forgives: case, accents, final sigma, spacing
``words``  the words of a text, folded
``sound``  what the ear forgives: η/ι/υ/ει/οι, ο/ω, ε/αι, double letters, and Latin
           letters standing for Greek ones ("xreiazomai", "hreiazome", "boh8eia")
``stem``   what grammar forgives: the sound of a word without its ending

``sound`` lets Greek and Greeklish meet in one alphabet of Latin letters and "8" (theta), so a
word needs one key, not a list of guesses. The rules are data (``SOUND_RULES``,
``ENDINGS``) in the part of regular expressions that Python and PostgreSQL share:
``entaxis.core.greek_sql`` writes the same functions for the database, and a test holds
the two equal.

Romanisation follows ELOT 743 (ISO 843, type 2); capitals follow the rule of Greek
printing that drops the tonos.
"""

import re
import unicodedata

# What NFKD leaves beside the letter: Latin and Greek accents, Arabic vowel signs.
MARKS = "\\u0300-\\u036f\\u064b-\\u065f\\u0670"
# White space that NFKD has not already made a plain space.
SPACES = "\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u1680\\u200b\\u2028\\u2029\\ufeff"
# Everything that parts words; what is not listed is a letter or a digit of some script.
NOT_WORD = (
    "\\u0001-\\u002f\\u003a-\\u0060\\u007b-\\u00bf\\u00d7\\u00f7\\u02b0-\\u02ff\\u0375"
    "\\u037e\\u0384\\u0387\\u060c\\u061b\\u061f\\u0640\\u066a-\\u066d\\u06d4"
    "\\u1680\\u2000-\\u206f\\u20a0-\\u20bf\\u2100-\\u2bff\\u3000-\\u303f\\ufeff"
)

_MARKS = re.compile(f"[{MARKS}]")
_SPACES = re.compile(f"[{SPACES}]+")
_NOT_WORD = re.compile(f"[{NOT_WORD}]+")


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents, ς as σ, with single spaces."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text.replace("\0", " ")))
    return _SPACES.sub(" ", bare.lower().replace("ς", "σ")).strip(" ")


def words(text: str) -> list[str]:
    """Return the folded words of ``text``; signs part words and are dropped."""
    return [word for word in _NOT_WORD.split(fold(text)) if word]


# --- sound -------------------------------------------------------------------------------

# Letters to one alphabet. Latin u stands for υ far more often than for ου ("ugeia"), so both
# become y, and "oy" below becomes the sound u. ψ is written out by the first rule.
LETTERS_FROM = "αβγδεζηθικλμνξοπρστυφχωuwbqj"
LETTERS_TO = "avgdezi8iklmnxoprstyfxoyov8x"

# (pattern, replacement), applied in order to folded text. No \b, \w or lazy quantifier:
# PostgreSQL must read them the same way.
SOUND_RULES: tuple[tuple[str, str], ...] = (
    # digits that stand for letters, only inside a word: 3evw, 8elw, 4wmi, n0
    ("(?<=[a-z])3|3(?=[a-z])", "x"),
    ("(?<=[a-z])9|9(?=[a-z])", "8"),
    ("(?<=[a-z])4|4(?=[a-z])", "ps"),
    ("(?<=[a-z])0|0(?=[a-z])", "o"),
    # h: part of a pair, or χ before a vowel and in hr-, ht-; elsewhere it is drawn for η,
    # as in "anaphria", "e3arthsh"
    ("ch", "x"),
    ("th(?=[aeioylrmn])", "8"),
    ("ph(?=[aeioy])", "f"),
    ("gh(?=[aeioy])", "g"),
    ("h(?=[aeioy])", "x"),
    ("(?<![a-z0-9])h(?=[rt])", "x"),
    ("h", "i"),
    ("c(?=[eiy])", "s"),
    ("c", "k"),
    # pairs of consonants that are one sound; β and μπ both come as b, so they share v
    ("ks", "x"),
    ("g(?=x)", "n"),
    ("mp|mv", "v"),
    ("nt|nd", "d"),
    ("gk|gg|ng|nk", "g"),
    ("dz", "tz"),
    # pairs of vowels
    ("oy", "u"),
    ("(?<=[ae])y(?=[aeiouy])", "v"),
    ("(?<=[ae])[yv](?![aeiouy])", "f"),
    ("[eo]i|yi", "y"),
    ("ai", "e"),
    ("y", "i"),
    ("([a-z])\\1+", "\\1"),
    # γιατρός, yiatros, ιατρός
    ("(?<![a-z0-9])gi(?=[aeou])", "i"),
)

_TO_LATIN = str.maketrans(LETTERS_FROM, LETTERS_TO)
_SOUND = tuple((re.compile(pattern), replacement) for pattern, replacement in SOUND_RULES)


def sound(text: str) -> str:
    """Return the words of ``text`` as they sound, in Latin letters, one space between.

    Words of other scripts stay as ``words`` gives them.
    """
    heard = " ".join(words(text)).replace("ψ", "ps").translate(_TO_LATIN)
    for pattern, replacement in _SOUND:
        heard = pattern.sub(replacement, heard)
    return heard


# --- stem --------------------------------------------------------------------------------

# Endings as they sound, of nouns and adjectives, then of verbs. The longest that leaves three
# letters goes. "-ια" goes with its vowel, so that ανεργία, ανεργίας and άνεργος meet.
ENDINGS: tuple[str, ...] = (
    *("a", "as", "es", "e", "i", "is", "o", "os", "on", "u", "us", "(?<=[aeiou])s"),
    *("ia", "ias", "ies", "io", "ios", "iu", "ius", "ion"),
    *("ea", "eas", "eos", "eon", "ades", "iades", "adon", "udes", "udon"),
    *("ai", "ao", "ame", "ate", "an", "ane", "un", "une", "ume", "ete"),
    *("usa", "uses", "use", "usan", "usame", "usate"),
    *("ome", "ese", "ode", "omaste", "este", "omun", "otan", "odan", "odas"),
)
ENDING_RULES: tuple[tuple[str, str], ...] = (
    ("(?<=[a-z0-9]{2}m)(atos|ata|aton)(?![a-z0-9])", ""),  # γράμμα, γράμματος
    (f"(?<=[a-z0-9]{{3}})({'|'.join(ENDINGS)})(?![a-z0-9])", ""),
)
_ENDINGS = tuple((re.compile(pattern), replacement) for pattern, replacement in ENDING_RULES)


def stem(text: str) -> str:
    """Return the sound of the words of ``text`` without their endings."""
    heard = sound(text)
    for pattern, replacement in _ENDINGS:
        heard = pattern.sub(replacement, heard)
    return heard


_NOT_SKELETON = re.compile("[eiou]")


def skeleton(heard: str) -> str:
    """Return what the northern dialects leave of a word that ``sound`` or ``stem`` gave.

    North of the Gulf of Corinth unstressed ι and ου fall silent and ε, ο close to ι, ου:
    πεινάω is said "πνάου", παιδί "πιδί", κορίτσι "κουρίτσ'". Consonants remain, and α where no
    ending may hold it.
    """
    return _NOT_SKELETON.sub("", heard).rstrip("a")


# Words that carry no need, place or service. «δεν» stays out: "δεν έχω" is not "έχω".
STOP_WORDS = frozenset(
    words(
        """
        ο η το οι τα τον την τη του της των τους τις ένας μια μιας ένα ενός σε στο στη στον
        στην στα στις στους με από για ως προς και κι είτε ούτε που πως ότι ποιος ποια ποιο
        ποιοι πουθενά εδώ εκεί είναι είμαι είμαστε είσαι ήταν ήμουν έχει έχω έχουμε έχουν να
        θα ας μου σου μας σας εγώ εμείς εμένα εμάς αυτό αυτός αυτή αυτά αυτόν κάτι κάπου
        κανείς κανένα κάποιο κάποιος κάποια μπορώ μπορεί μπορούμε θέλω θέλει θέλουμε ψάχνω
        ψάχνουμε βρω βρούμε χρειάζομαι χρειάζεται χρειαζόμαστε χρειάζονται παρακαλώ γεια
        καλημέρα καλησπέρα ευχαριστώ πολύ λίγο πιο τι μη μην αν όταν επειδή γιατί όμως αλλά
        επίσης ακόμα πρέπει υπάρχει υπάρχουν πότε τώρα όλο όλα όλοι όποιος σαν δικό δική
        τόσο μόνο μέσα πάνω κάτω κοντά δίπλα γύρω
        """
    )
)


# --- capitals and romanisation -------------------------------------------------------------

_DIPHTHONG_SECONDS = {"ι": "ϊ", "υ": "ϋ", "Ι": "Ϊ", "Υ": "Ϋ"}
_ACUTE = "\u0301"
_DIALYTIKA = "\u0308"
_GREEK_WORD = re.compile("[\u0370-\u03ff\u1f00-\u1fff\u0300-\u036f]+")


def upper_el(text: str) -> str:
    """Return ``text`` in capitals as Greek is printed.

    The tonos goes; «ή» ("or") alone keeps it, so that it is not read as the article;
    where the tonos showed that two vowels are apart (Μάιος), the dialytika does: ΜΑΪΟΣ.
    """
    return _GREEK_WORD.sub(lambda found: _upper_word(found.group()), text).upper()


def _part_marks(letter: str) -> tuple[str, str]:
    decomposed = unicodedata.normalize("NFD", letter)
    return decomposed[0], decomposed[1:]


def _upper_word(word: str) -> str:
    plain = unicodedata.normalize("NFC", word)
    if plain in {"ή", "Ή"}:
        return "Ή"
    letters: list[str] = []
    parted = False  # the vowel before carries a tonos: it makes no pair with ι, υ
    for letter in plain:
        base, marks = _part_marks(letter)
        if base in _DIPHTHONG_SECONDS and (_DIALYTIKA in marks or (parted and not marks)):
            letters.append(_DIPHTHONG_SECONDS[base])
        else:
            letters.append(base)
        parted = _ACUTE in marks and base in "αεουΑΕΟΥ"
    return "".join(letters).upper()


_ELOT = str.maketrans(
    dict(
        zip(
            "αβγδεζηθικλμνξοπρστυφχψως",
            [*"avgdezi", "th", *"iklmnxoprstyf", "ch", "ps", *"os"],
            strict=True,
        )
    )
)
# In order; "i" and "y" written by ``_part`` are already Latin and make no pair.
_ELOT_PAIRS = tuple(
    (re.compile(pattern), latin)
    for pattern, latin in (
        ("ου", "ou"),
        ("(?<=[αεη])υ(?=[θκξπσςτφχψ]|$)", "f"),
        ("(?<=[αεη])υ", "v"),
        ("γ(?=[γξχ])", "n"),
        ("^μπ|μπ$", "b"),
    )
)
_LETTERS = re.compile("[\u0370-\u03ff\u1f00-\u1fff]+")


def elot743(text: str) -> str:
    """Return ``text`` in Latin letters after ELOT 743, as on a passport: Λάρισα → Larisa."""
    composed = unicodedata.normalize("NFC", text)
    return _LETTERS.sub(lambda found: _romanise(found.group()), composed)


def _romanise(word: str) -> str:
    latin = _part(word)
    for pattern, pair in _ELOT_PAIRS:
        latin = pattern.sub(pair, latin)
    latin = latin.translate(_ELOT)
    if len(word) > 1 and word.isupper():
        return latin.upper()
    return latin[:1].upper() + latin[1:] if word[:1].isupper() else latin


def _part(word: str) -> str:
    """Lower case without accents; a ι or υ that makes no pair is i or y already."""
    letters: list[str] = []
    parted = False
    for letter in word.lower():
        base, marks = _part_marks(letter)
        apart = base in _APART and (_DIALYTIKA in marks or (parted and not marks))
        letters.append(_APART[base] if apart else base)
        parted = _ACUTE in marks and base in "αεου"
    return "".join(letters)


_APART = {"ι": "i", "υ": "y"}
