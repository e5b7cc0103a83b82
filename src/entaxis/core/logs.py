"""Logs without people: no address, no query, no posted word, no traceback's local values."""

import logging
import re
from typing import Any, Final

PATTERNS: Final = [
    # an e-mail address, as it is or as it travels in an address of the web
    (re.compile(r"(?<![^\s@<>\"'/=&])[^\s@<>\"'/=&]+(?:@|%40)[^\s@<>\"'/&]+", re.IGNORECASE), "…@…"),
    # the key of a mail's link signs somebody in
    (re.compile(r"(/(?:password/reset/key|confirm-email)/)[^/\s\"']+"), r"\1…"),
    # the signed token of a mail's link acts for its reader
    (re.compile(r"(?<=/)[\w.\-]+:[\w\-]+:[\w\-]{20,}"), "…"),
    (re.compile(r"\?\S*"), "?…"),
    # network addresses, version 4 and 6
    (re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\d)"), "…"),
    (
        re.compile(
            r"(?<![\w:])(?:(?:[0-9a-f]{1,4}:){5,7}[0-9a-f]{1,4}"
            r"|(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?"
            r"|::(?:[0-9a-f]{1,4}:?)+)(?![\w:])",
            re.IGNORECASE,
        ),
        "…",
    ),
    # telephone, AFM, AMKA, a position: eight digits or more, written together or in groups
    (re.compile(r"(?<![\w])\+?\d(?:[ .\-]?\d){7,}(?!\w)"), "…"),
]
LINE_BREAKS: Final = re.compile(r"[\r\n]+")
# a queue tells the arguments of its tasks; which task is enough
ARGUMENTS: Final = re.compile(r"\(.*\)", re.DOTALL)


class Impersonal(logging.Filter):
    """Take what could name a person out of every line, whoever wrote it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; always lets it pass."""
        text = _message(record)
        if record.name.startswith("procrastinate"):
            text = ARGUMENTS.sub("(…)", text)
        record.msg = impersonal(text)
        record.args = None
        if record.exc_info and record.exc_info[1] is not None:
            record.msg = f"{record.msg} [{_kind_and_place(record.exc_info)}]"
        record.exc_info = record.exc_text = record.stack_info = None
        return True


def impersonal(text: str) -> str:
    """``text`` without addresses, queries, keys and long numbers, on one line."""
    # blanks around the mark: what ended at the line's end still ends there
    before, text = "", LINE_BREAKS.sub(" ⏎ ", text)
    while text != before:  # one pattern may lay bare what another looks for
        before, text = text, _without_people(text)
    return text


def _without_people(text: str) -> str:
    for pattern, word in PATTERNS:
        text = pattern.sub(word, text)
    return text


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # words and arguments that do not fit each other
        return str(record.msg)


def _kind_and_place(exc_info: tuple[Any, ...]) -> str:
    """An exception's own words may repeat what somebody typed: keep its kind and its place."""
    error, trace = exc_info[1], exc_info[2]
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {where}"
