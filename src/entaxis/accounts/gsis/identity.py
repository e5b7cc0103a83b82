"""Who somebody is to us when GSIS names them: a pseudonym of the tax number, under a key.

There are a hundred million possible tax numbers: a plain hash of one is undone by trying them all. The key
is derived from SECRET_KEY, which is not in the database; whoever has the database alone learns nothing.
"""

import hmac
from functools import lru_cache
from hashlib import sha256
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from defusedxml.ElementTree import fromstring
from django.conf import settings

from entaxis.accounts.gsis.asking import NonsenseError

DIGITS: Final = 9


def tax_number_of(answer: bytes) -> str:
    """The tax number in an answer of the userinfo address: ``<root><userinfo taxid="…" …/></root>``.

    Every other attribute (names, year of birth) is left unread.

    Raises:
        NonsenseError: it is not such a document, or declares a DTD, or names nobody or several people.
    """
    try:
        root: Element = fromstring(answer, forbid_dtd=True)
    except (ParseError, ValueError, LookupError):  # defusedxml's refusals are ValueErrors
        raise NonsenseError("no XML") from None
    people = root.findall("userinfo")
    number = people[0].get("taxid", "").strip() if len(people) == 1 else ""
    if len(number) != DIGITS or not number.isdecimal() or not number.isascii() or not int(number):
        raise NonsenseError("no tax number")  # all zeros would be one account for many people
    return number


def pseudonyms(provider: str, tax_number: str) -> list[str]:
    """The pseudonym under the present key, then under each older one; 64 hexadecimal digits each.

    The two doors of GSIS give one person two pseudonyms that cannot be joined.
    """
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    message = f"{provider}:{tax_number}".encode()
    return [hmac.new(_derived(str(key)), message, sha256).hexdigest() for key in keys]


@lru_cache(maxsize=4)
def _derived(secret: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"entaxis gsis pseudonym").derive(secret.encode())
