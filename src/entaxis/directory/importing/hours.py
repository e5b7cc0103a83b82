"""Weekly hours as people write them: «Δε-Πα 08:00-14:00, Τε 16:00-19:00», “Mon–Fri 9–17”."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from entaxis.core import greek
from entaxis.directory.importing.content import Interval
from entaxis.directory.models.hours import Weekday

DAYS = (
    ("δευτερα", "monday", "deutera", "deftera"),
    ("τριτη", "tuesday", "triti"),
    ("τεταρτη", "wednesday", "tetarti"),
    ("πεμπτη", "thursday", "pempti"),
    ("παρασκευη", "friday", "paraskeui", "paraskevi"),
    ("σαββατο", "saturday", "savvato"),
    ("κυριακη", "sunday", "kyriaki"),
)
WORKING_DAYS, EVERY_DAY, WEEKEND = tuple(range(5)), tuple(range(7)), (5, 6)
SEVERAL_DAYS = {
    "καθημερινεσ": WORKING_DAYS,
    "εργασιμεσ": WORKING_DAYS,
    "weekdays": WORKING_DAYS,
    "καθημερινα": EVERY_DAY,
    "καθε": EVERY_DAY,
    "daily": EVERY_DAY,
    "every": EVERY_DAY,
    "σαββατοκυριακο": WEEKEND,
    "weekend": WEEKEND,
}
SILENT = {
    "και",
    "and",
    "απο",
    "from",
    "ωρεσ",
    "ωρα",
    "ωραριο",
    "hours",
    "μερα",
    "ημερα",
    "day",
    "h",
    "ημερεσ",
    "στισ",
}
UNTIL = {"εωσ", "μεχρι", "ωσ", "to", "until", "till"}
CLOSED = {"κλειστα", "κλειστο", "closed"}
ALL_DAY = re.compile(r"24\s*(?:/\s*7|ωρο\w*|ωρη\w*|h\b|hours|ωρεσ)")
TOKEN = re.compile(
    r"(?P<day>[^\W\d_]+)\.?|(?P<time>\d{1,2}(?:[:.]\d{2})?)(?!\d)|(?P<dash>-)|(?P<stop>[,;/&+\n()|:])|(?P<odd>\S)"
)
WHOLE_DAY = ("00:00", "00:00")
EVENING, MORNING = "17:00", "10:00"  # only what opens in the evening may close in the next morning


class HoursError(ValueError):
    """The text cannot be hours; ``key`` and ``facts`` are those of the sentence that says why."""

    def __init__(self, key: str, **facts: str) -> None:
        super().__init__(key)
        self.key, self.facts = key, facts


def parse(text: str) -> tuple[Interval, ...]:
    """The intervals that ``text`` names, in the order of the week; raises `HoursError`."""
    reader = _Reader()
    for kind, word in _tokens(text):
        getattr(reader, kind)(word)
    return _in_order(reader.finish())


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    lines = greek.fold(text.replace("\n", " ; ")).replace(" ; ", "\n")
    plain = re.sub(r"\s*[‐‑‒–—−]\s*", "-", lines)
    plain = ALL_DAY.sub(" allday ", plain)
    for match in TOKEN.finditer(plain):
        kind, word = str(match.lastgroup), match[0].rstrip(".")
        if kind != "day":
            yield kind, word
        elif word in UNTIL:
            yield "dash", "-"
        elif word == "allday":
            yield "whole", word
        elif word in CLOSED:
            yield "closed", word
        elif word not in SILENT:
            yield "day", word


@dataclass
class _Reader:
    """Days gather until hours follow; hours hold for the days before them."""

    days: list[int] = field(default_factory=list)
    intervals: list[Interval] = field(default_factory=list)
    has_times: bool = True
    opens: str | None = None
    after_dash: bool = False

    def day(self, word: str) -> None:
        self._no_half_interval()
        found = _days_of(word)
        if self.has_times:
            self.days, self.has_times = [], False
        if self.after_dash and self.days and len(found) == 1:
            found = tuple(_span(self.days[-1], found[0]))
        self.days.extend(found)
        self.after_dash = False

    def time(self, word: str) -> None:
        moment = _moment(word)
        if self.opens is None:
            self.opens = moment
        elif self.after_dash:
            self._add(self.opens, moment)
            self.opens = None
        else:
            raise HoursError("hours_word", word=word)
        self.after_dash = False

    def dash(self, word: str) -> None:
        if self.after_dash:
            raise HoursError("hours_word", word=word)
        self.after_dash = True

    def stop(self, _word: str) -> None:
        self._no_half_interval()

    def whole(self, _word: str) -> None:
        self._no_half_interval()
        self.days = self.days or [*EVERY_DAY]
        self._add(*WHOLE_DAY)

    def closed(self, _word: str) -> None:
        self._no_half_interval()
        self.days, self.has_times = [], True

    def odd(self, word: str) -> None:
        raise HoursError("hours_word", word=word)

    def finish(self) -> list[Interval]:
        self._no_half_interval()
        if not self.has_times:
            raise HoursError("hours_no_time")
        return self.intervals

    def _no_half_interval(self) -> None:
        if self.opens is not None:
            raise HoursError("hours_word", word=self.opens)

    def _add(self, opens: str, closes: str) -> None:
        is_midnight = closes == "24:00"
        closes = "00:00" if is_midnight else closes
        if not self.days:
            raise HoursError("hours_no_day", times=f"{opens}-{closes}")
        is_overnight = closes <= opens
        may_be = is_midnight or closes == "00:00" or (opens >= EVENING and closes <= MORNING)
        if is_overnight and not may_be:
            raise HoursError("hours_order", opens=opens, closes=closes)
        for day in dict.fromkeys(self.days):
            self.intervals.append(Interval(day, opens, closes, closes_next_day=is_overnight))
        self.has_times = True


def _days_of(word: str) -> tuple[int, ...]:
    if word in SEVERAL_DAYS:
        return SEVERAL_DAYS[word]
    found = {
        number
        for number, names in enumerate(DAYS)
        for name in names
        if name.startswith(word) or (len(word) > 3 and word.startswith(name[:-1]))
    }
    if len(found) != 1:
        raise HoursError("hours_word", word=word)
    return tuple(found)


def _span(first: int, last: int) -> Iterator[int]:
    """The days after ``first`` up to ``last``, over the end of the week if need be."""
    day = first
    while day != last:
        day = (day + 1) % 7
        yield day


def _moment(word: str) -> str:
    hour, _, minute = word.replace(".", ":").partition(":")
    clock = f"{int(hour):02}:{int(minute or 0):02}"
    if clock > "24:00" or int(minute or 0) > 59:
        raise HoursError("hours_clock", time=word)
    return clock


def _in_order(intervals: list[Interval]) -> tuple[Interval, ...]:
    ordered = sorted(set(intervals), key=lambda i: (i.weekday, i.opens))
    for before, after in pairwise(ordered):
        if before.weekday == after.weekday and (before.closes_next_day or after.opens < before.closes):
            raise HoursError("hours_overlap", day=str(Weekday(after.weekday).label))
    return tuple(ordered)
