"""Logs without people: no address, no query, no posted word, no traceback's local values."""

import logging
import re

EMAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")
QUERY = re.compile(r"\?\S*")
LONG_NUMBER = re.compile(r"(?<![\w.])\+?\d{8,}(?![\w.])")  # telephone, AFM, AMKA
ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")


class Impersonal(logging.Filter):
    """Take what could name a person out of every line, whoever wrote it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; always lets it pass."""
        record.msg = impersonal(record.getMessage())
        record.args = None
        if record.exc_info and record.exc_info[1] is not None:
            # An exception's own words may repeat what somebody typed: keep its kind and its place.
            error, trace = record.exc_info[1], record.exc_info[2]
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
            record.msg = f"{record.msg} [{type(error).__name__} at {where}]"
            record.exc_info = None
            record.exc_text = None
        return True


def impersonal(text: str) -> str:
    """``text`` without addresses, queries and long numbers."""
    for pattern, word in ((EMAIL, "…@…"), (QUERY, "?…"), (ADDRESS, "…"), (LONG_NUMBER, "…")):
        text = pattern.sub(word, text)
    return text
