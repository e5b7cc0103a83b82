"""Asking GSIS: bounded in size and time, and no answer is believed before it is read.

GsisError
├── SilentError      no answer in time, no connection, or a fault of their server
├── RefusedError     they do not accept the code: old, used before, not ours
└── NonsenseError    an answer that cannot be what was asked for
"""

import json
import time
from typing import Any, Final

import requests
from allauth.socialaccount.providers.base import ProviderException

SECONDS_TO_CONNECT: Final = 4.0
SECONDS_OF_SILENCE: Final = 5.0  # between two bytes
SECONDS_IN_ALL: Final = 10.0
LARGEST_ANSWER_BYTES: Final = 64 * 1024  # a true one has less than one


class GsisError(ProviderException):  # type: ignore[misc]
    """Signing in through GSIS cannot go on."""


class SilentError(GsisError):
    """GSIS does not answer."""


class RefusedError(GsisError):
    """GSIS does not accept what it was shown."""


class NonsenseError(GsisError):
    """GSIS answered something else than what was asked for."""


def ask(method: str, url: str, **fields: Any) -> bytes:
    """The body of the answer; ``fields`` as `requests.request` takes them.

    Raises:
        SilentError: see above.
        RefusedError: an answer with a status of 400 to 499.
        NonsenseError: a redirect, or an answer too long.
    """
    end = time.monotonic() + SECONDS_IN_ALL
    limits = (SECONDS_TO_CONNECT, SECONDS_OF_SILENCE)
    fields |= {"stream": True, "allow_redirects": False}
    try:
        with requests.request(method, url, timeout=limits, **fields) as response:
            _judge(response.status_code)
            return _body(response, end)
    except requests.RequestException as error:
        raise SilentError(type(error).__name__) from None  # its text may hold the code or the token


def token_of(answer: bytes) -> str:
    """The access token in an answer of the token address.

    Raises:
        NonsenseError: there is none.
    """
    try:
        token = json.loads(answer)["access_token"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NonsenseError("no token") from None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
        raise NonsenseError("no token")
    return token


def _judge(status: int) -> None:
    if status >= 500:
        raise SilentError(str(status))
    if status >= 400:
        raise RefusedError(str(status))
    if status != 200:
        raise NonsenseError(str(status))


def _body(response: requests.Response, end: float) -> bytes:
    """Byte by byte: larger pieces would wait, silently, until they are full."""
    body = bytearray()
    for piece in response.iter_content(1):
        body += piece
        if len(body) > LARGEST_ANSWER_BYTES:
            raise NonsenseError("too long")
        if time.monotonic() > end:
            raise SilentError("too slow")
    return bytes(body)
