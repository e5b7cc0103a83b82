"""What in a text looks like an address, though no list of places knows its street or village.

The gazetteer has the towns; a shelter may stand in a hamlet, and no list has every street. Innocent
sentences speak of streets too («στον δρόμο», “street work”), so a word for a street counts only with a
name or a number beside it.
"""

import re
import unicodedata
from typing import Final

_NAME: Final = r"(?-i:[Α-ΩA-Z])[\w΄'’.-]*"  # a word that begins with a capital
_NUMBER: Final = r"\d{1,3}(?:\s?[α-δa-d])?(?![\d:.,%]*\d|\w|\s*(?:%|€|ευρω|ετων|ατομα|ωρεσ|ημερ))"
# Ends of words in order of the cases; «σ» is both sigmas: they are made one before.
_PATTERNS: Final = (
    # οδός Ερμού, οδ. Ερμού, λεωφόρος Δημοκρατίας – whatever follows
    r"\b(?:οδο(?:σ|υ|ν)?|λεωφορο(?:σ|υ|ν)?|παροδο(?:σ|υ|ν)?|odos|leoforos)\s+\w+",
    r"\b(?:οδ|λεωφ)\.\s*\w+",
    # a square, a village, a settlement with its name
    rf"\b(?:πλατεια[σν]?|πλ\.|χωρι(?:ο|ου|α)|οικισμο(?:σ|υ|ν)?|συνοικια[σν]?|τοποθεσια[σν]?"
    rf"|plateia)\s+(?:(?:του|τησ|των|ο|η|το)\s+)?{_NAME}",
    rf"\b(?:village|hamlet|settlement|suburb)\s+of\s+{_NAME}",
    # δρόμος 5, στενό 12: a number beside a word that innocent sentences use
    rf"\b(?:δρομο(?:σ|υ|ν)?|στενο|πλατεια[σν]?|street|str\.|avenue|ave\.|road)\s+(?:\w+\s+){{0,2}}{_NUMBER}",
    # Ermou Street, 5 Ermou St.
    r"(?-i:\b(?!(?:The|On|In|Our|This|Each|Every)\b)[A-Z])\w+\s+(?-i:Street|Str\.|St\.|Avenue|Ave\.|Road|Square)",
    rf"\b{_NUMBER}\s+{_NAME}\s+(?:street|str|st|avenue|ave|road|square)\b",
    # Ιωλκού 45: a name in the genitive with the number of a house, at the end of what is said
    r"(?-i:\b(?!Αρθρ|Νομ|Κεφαλαι|Οροφ|Επιπεδ|Παραρτηματ|Τμηματ|Εδαφι)[Α-Ω][α-ω]{2,}ου)\s+\d{1,3}"
    r"(?:\s?[α-δΑ-Δ])?(?=\s*(?:[,.;·)\n]|$))",
    # Τ.Κ. 38221, postal code 382 21
    r"\b(?:τ\.?\s?κ\.?|ταχ(?:υδρομικοσ|\.)?\s+κωδ(?:ικοσ|\.)?|post(?:al)?\s?code|zip(?:\s+code)?)"
    r"\s*:?\s*\d{2,3}",
    # 38221 Κρυφοχώρι, but neither 15900 nor 10306
    rf"(?<!\d)(?<!\d[ .-])(?!15900|10306)[1-8]\d{{2}}\s?\d{{2}}\s+{_NAME}",
)
_ADDRESS: Final = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)


def address_in(text: str) -> str:
    """The first words of ``text`` that look like an address, as they are written there; or ""."""
    match = _ADDRESS.search(_bare(text))
    return text[match.start() : match.end()].strip() if match else ""


def _bare(text: str) -> str:
    """``text`` letter by letter without accents, both sigmas one: positions stay what they were."""
    return "".join(unicodedata.normalize("NFD", letter)[0] for letter in text).replace("ς", "σ")
