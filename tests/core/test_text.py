"""Text that people type and read."""

from django.utils import translation

from entaxis.core import text


def test_a_list_asks_nothing_in_greek() -> None:
    with translation.override("el"):
        assert text.listed(["Φτώχεια", "Στέρηση"]) == "Φτώχεια· Στέρηση"
    with translation.override("en"):
        assert text.listed(["Poverty", "Deprivation"]) == "Poverty; Deprivation"
