"""Nothing that names a person reaches a log, wherever it was planted."""

import io
import logging
import logging.config

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import strategies as st

from entaxis.config import gunicorn
from entaxis.core.logs import Impersonal, impersonal

PLANTED = [
    "maria.papadopoulou@example.org",
    "maria%40example.org",
    "/el/structures/?q=κακοποίηση&near=39.36",
    "+30 2410 123456",
    "2410123456",
    "6974-123-456",
    "01018012345",
    "123456783",
    "203.0.113.77",
    "2001:db8:85a3::8a2e:370:7334",
    "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
    "::ffff:203.0.113.77",
    "39.366123, 22.944567",
    "/el/account/password/reset/key/2x-c4f0b1-9d8e7f6a5b/",
    "/el/subscribe/leave/.eJyrVspLT1WyUlDKzc4f0b1Q:1vN3aB:Q7c4f0b1_9d8e7f6a5b-Zk2mPq8sT4uVwXyZ012345/",
]
TELLING = [
    "maria", "κακοποίηση", "123456", "123-456", "01018012345", "203.0.113", "2001:", "8a2e", "366123",
    "944567", "c4f0b1",
]  # fmt: skip


def _written(*arguments: object, **options: object) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Impersonal())
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    logger = logging.Logger(str(options.pop("name", "entaxis.test")))
    logger.addHandler(handler)
    logger.warning(*arguments, **options)
    return stream.getvalue()


@pytest.mark.parametrize("planted", PLANTED)
@pytest.mark.parametrize("pattern", ["%s", "before %s after", "(%s)", "'%s',", "x=%s;"])
def test_a_planted_word_is_not_written(planted: str, pattern: str) -> None:
    for line in (_written(pattern, planted), _written(pattern % planted.replace("%", "%%"))):
        assert not [word for word in TELLING if word in line]


def test_an_exception_tells_its_kind_and_place_only() -> None:
    try:
        raise ValueError("Μαρία Παπαδοπούλου, 6974123456")
    except ValueError:
        line = _written("could not be saved", exc_info=True)
    assert "Μαρία" not in line
    assert "ValueError at " in line
    assert "test_logs.py" in line


def test_a_task_is_named_without_its_arguments() -> None:
    line = _written("Starting job send_letter[7](name='Μαρία', to=3)", name="procrastinate.worker")
    assert line == "procrastinate.worker Starting job send_letter[7](…)\n"


def test_words_that_do_not_fit_their_arguments_are_no_accident() -> None:
    assert "two %s" in _written("two %s %s", "one")


def test_a_line_break_forges_no_line() -> None:
    assert _written("%s", "a\n2026-01-01 ERROR forged").count("\n") == 1


@pytest.mark.parametrize(
    "line",
    ["GET /el/structures/ 200 5120B 31ms", "Not Found: /el/maps/2401/", "11 rows in 2.53 s", "at 21:22:50"],
)
def test_what_names_nobody_stays(line: str) -> None:
    assert impersonal(line) == line


PIECES = [
    *("m@x.gr", "?", "12345678", "1.2.3.4", "5::1", "2001:db8::1", "/confirm-email/", "/a.b:c:d"),
    *("\n", "\r\n", " ", "/", ".", ":", "x", "7", "…"),
]


@given(st.text(max_size=200) | st.lists(st.sampled_from(PIECES)).map("".join))
@example("?q=one\ntwo")
@example("m@x.gr\n2026")
@example("1.2.3.4.5::1")
def test_any_text_passes_once_and_the_same(text: str) -> None:
    once = impersonal(text)
    assert impersonal(once) == once
    assert "\n" not in once


@pytest.mark.parametrize(
    "configuration", [settings.LOGGING, gunicorn.logconfig_dict], ids=["django", "gunicorn"]
)
def test_every_handler_forgets_people(configuration: dict) -> None:
    assert configuration["filters"]["impersonal"]["()"] == "entaxis.core.logs.Impersonal"
    assert configuration["handlers"]
    for handler in configuration["handlers"].values():
        assert "impersonal" in handler["filters"]
    for logger in configuration["loggers"].values():
        assert set(logger["handlers"]) <= configuration["handlers"].keys()


def test_the_access_log_asks_for_no_person() -> None:
    for secret in ("%(h)s", "%(r)s", "%(q)s", "%(f)s", "%(a)s", "%(u)s", "{"):
        assert secret not in gunicorn.access_log_format
