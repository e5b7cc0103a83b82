"""Tables know each other in one direction, as modules do: the layers of pyproject.toml, once more."""

import re
import tomllib
from pathlib import Path

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey

CHECKOUT = Path(__file__).resolve().parents[2]


def _heights() -> dict[str, int]:
    """Room → how high it stands, read from the contract of import-linter."""
    contracts = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(c for c in contracts if c["type"] == "layers" and "entaxis" in c["containers"])["layers"]
    return {
        room: height
        for height, layer in enumerate(reversed(layers))
        for room in re.findall(r"[a-z_]+", layer)
    }


def _room(model: type) -> str | None:
    parts = model.__module__.split(".")
    return parts[1] if parts[0] == "entaxis" else None


def test_every_foreign_key_leads_down() -> None:
    heights = _heights()
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if (room := _room(model))
        for field in model._meta.get_fields(include_hidden=True)
        if field.is_relation and not field.auto_created and field.related_model
        if (other := _room(field.related_model)) and other != room and heights[other] >= heights[room]
    ]
    assert not upward, "A room may only point at rooms below it:\n" + "\n".join(upward)


def test_no_foreign_key_leads_anywhere() -> None:
    """A generic key would lead upward unseen."""
    loose = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if _room(model)
        for field in model._meta.private_fields
        if isinstance(field, GenericForeignKey)
    ]
    assert not loose


def test_every_room_that_stands_is_in_the_contract() -> None:
    standing = {
        config.name.split(".")[1] for config in apps.get_app_configs() if config.name.startswith("entaxis.")
    }
    assert standing <= _heights().keys()
    written = {path.parent.name for path in (CHECKOUT / "src/entaxis").glob("*/__init__.py")}
    assert written <= _heights().keys()
