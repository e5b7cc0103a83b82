"""Every sentence that a reader may meet stands in the Greek catalogues, and nothing there is half done."""

import re
from pathlib import Path

import pytest

from tests.messages import ROOMS, catalogue, entries, files_of, messages_of

NAMES = sorted(folder.name for folder in ROOMS.iterdir() if (folder / "__init__.py").exists())
CATALOGUES = sorted(ROOMS.glob("*/locale/*/LC_MESSAGES/django.po"))
PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


@pytest.mark.parametrize("room", NAMES)
def test_every_message_of_a_room_is_greek_too(room: str) -> None:
    missing = sorted(messages_of(*files_of(room)) - catalogue("el").keys())
    assert not missing, f"not in the Greek catalogue of {room}:\n" + "\n".join(map(repr, missing))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: "-".join(path.parts[-5:-2:2]))
def test_nothing_in_a_catalogue_is_empty_or_fuzzy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "fuzzy" not in text
    assert [msgid for msgid, said in entries(text).items() if not said] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: "-".join(path.parts[-5:-2:2]))
def test_a_translation_keeps_the_places_of_its_values(path: Path) -> None:
    wrong = {
        msgid: said
        for msgid, said in entries(path.read_text(encoding="utf-8")).items()
        if set(PLACE.findall(said)) - set(PLACE.findall(msgid))
    }
    assert not wrong


@pytest.mark.parametrize("language", sorted({path.parts[-3] for path in CATALOGUES}))
def test_a_sentence_is_said_in_one_way_only(language: str) -> None:
    """Django merges the rooms' catalogues into one: a room would silently speak with another's words."""
    ways: dict[str, dict[str, list[str]]] = {}
    for path in CATALOGUES:
        if path.parts[-3] == language:
            for msgid, said in entries(path.read_text(encoding="utf-8")).items():
                ways.setdefault(msgid, {}).setdefault(said, []).append(path.parts[-5])
    assert {msgid: said for msgid, said in ways.items() if len(said) > 1} == {}


def test_the_extraction_sees_python_and_templates() -> None:
    found = messages_of(*files_of("portal"))
    assert "You are not alone" in found  # a template
    assert "If your life is in danger, call 112 now." in found  # Python
    assert "region's brand" in found  # lazily
