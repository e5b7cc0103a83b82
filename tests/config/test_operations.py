"""What docs/operations.md says is so."""

import re
from pathlib import Path

from django.core.management import get_commands

from entaxis.config.environment import Environment

CHECKOUT = Path(__file__).resolve().parents[2]
TEXT = (CHECKOUT / "docs/operations.md").read_text(encoding="utf-8")


def test_the_table_of_variables_is_whole() -> None:
    table = set(re.findall(r"^\| `([A-Z_]+)` \|", TEXT, re.MULTILINE))
    real = {
        str(field.validation_alias or f"ENTAXIS_{name.upper()}")
        for name, field in Environment.model_fields.items()
    }
    assert table == real


def test_every_command_that_is_named_exists() -> None:
    named = {name.replace("-", "_") for name in re.findall(r"bin/entaxis ([a-z][a-z_-]+)", TEXT)}
    assert len(named) > 8
    assert named <= get_commands().keys()


def test_decisions_are_listed() -> None:
    folder = CHECKOUT / "docs/adr"
    listed = set(re.findall(r"\((\d{4}-[a-z-]+\.md)\)", (folder / "README.md").read_text()))
    assert listed == {path.name for path in folder.glob("0*.md")}
