"""The catalogue as a file, and its way into the database."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from entaxis.indicators.models import Indicator, IndicatorVersion, StrategyTarget

DATA: Final = Path(__file__).parent / "data/catalogue.toml"
OWN: Final = ("theme", "direction", "unit", "digits")


class CatalogueRefusedError(ValueError):
    """The catalogue contradicts itself or what was published; the message says where."""


@transaction.atomic
def load(path: Path = DATA) -> int:
    """Bring a catalogue in; how many indicators or versions are new or changed. Safe to repeat.

    A version that carries published figures keeps its words and its computation: another is wanted then.

    Raises:
        CatalogueRefusedError: the file is wrong, or changes a version that carries figures.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))["indicator"]
        return sum(enter(entry, order) for order, entry in enumerate(found, start=1))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise CatalogueRefusedError(f"{path.name}: {error}") from error


@cache
def inclusions() -> tuple[tuple[str, str], ...]:
    """Computations of the ready-made set of which one counts some of those whom the other counts."""
    found = tomllib.loads(DATA.read_text(encoding="utf-8"))["inclusion"]
    return tuple((one["part"], one["whole"]) for one in found)


def enter(entry: dict[str, Any], order: int) -> int:
    """Bring one indicator with its versions in; how many are new or changed.

    Raises:
        CatalogueRefusedError: it changes a version that carries figures, or does not hold together.
    """
    code = entry["code"]
    indicator = Indicator.objects.filter(code=code).first() or Indicator(code=code)
    is_new = indicator.pk is None
    own = {name: entry[name] for name in OWN} | {"responsible": entry.get("responsible", "")}
    changed = _differs(indicator, own | {"order": order})
    if changed:
        if not is_new and indicator.series.exists() and _differs(indicator, {"unit": own["unit"]}):
            raise CatalogueRefusedError(f"{code} carries figures: its unit cannot change.")
        _save(indicator, own | {"order": order}, code)
    versions = sum(
        _version(indicator, number, dict(said)) for number, said in enumerate(entry["version"], start=1)
    )
    targets = sum(_target(indicator, dict(said)) for said in entry.get("target", []))
    return int(changed) + versions + targets


def _target(indicator: Indicator, said: dict[str, Any]) -> int:
    """One that is there stays as the office keeps it."""
    if indicator.targets.filter(key=said["key"]).exists():
        return 0
    _save(StrategyTarget(indicator=indicator), said, f"{indicator.code}, {said['key']}")
    return 1


def _version(indicator: Indicator, number: int, said: dict[str, Any]) -> int:
    held = indicator.versions.filter(number=number).first()
    version = held or IndicatorVersion(indicator=indicator, number=number)
    if held is not None and not _differs(held, said):
        return 0
    if held is not None and held.series.exists():
        if not _differs(held, said | _came_later(held, said)):
            return 0  # what came later than its figures is for those who begin with it
        raise CatalogueRefusedError(
            f"Version {number} of {indicator.code} carries figures: write another version."
        )
    _save(version, said, f"{indicator.code}, version {number}")
    return 1


def _came_later(held: IndicatorVersion, said: dict[str, Any]) -> dict[str, Any]:
    """What a version lacks that the catalogue says of it now: formula, page of its method, breakdowns."""
    found: dict[str, Any] = {name: "" for name in ("formula", "method_page") if not getattr(held, name)}
    if set(held.breakdowns) < set(said.get("breakdowns", ())):
        found["breakdowns"] = held.breakdowns
    return found


def _differs(row: Indicator | IndicatorVersion, said: dict[str, Any]) -> bool:
    return row.pk is None or any(getattr(row, name) != value for name, value in said.items())


def _save(row: Indicator | IndicatorVersion | StrategyTarget, said: dict[str, Any], what: str) -> None:
    for name, value in said.items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as error:
        raise CatalogueRefusedError(f"{what}: {'; '.join(error.messages)}") from error
    row.save()
