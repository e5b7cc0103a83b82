"""Recipes as a file, and their way into the database."""

import tomllib
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from pydantic import ValidationError

from entaxis.indicators import source
from entaxis.indicators.harmonisation.models import Recipe
from entaxis.indicators.harmonisation.steps import Steps
from entaxis.indicators.models import Indicator, IndicatorVersion
from entaxis.indicators.source import CatalogueRefusedError

DATA: Final = Path(__file__).parent / "data/recipes.toml"
BEHIND: Final = 900
"""Recipes stand behind the indicators that they are made of."""
OWN: Final = ("purpose_el", "purpose_en", "steps")


@transaction.atomic
def load(path: Path = DATA) -> int:
    """Bring recipes in, each with the indicator that its figures are; how many are new or changed.

    Raises:
        CatalogueRefusedError: the file is wrong, or changes a recipe that carries figures.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))["recipe"]
        return sum(_one(entry, BEHIND + order) for order, entry in enumerate(found, start=1))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise CatalogueRefusedError(f"{path.name}: {error}") from error


def _one(entry: dict[str, Any], order: int) -> int:
    code, versions = entry["code"], entry.pop("version")
    checked = [_steps(f"{code}, version {at}", one["steps"]) for at, one in enumerate(versions, start=1)]
    units = {steps.unit for steps in checked}
    if len(units) > 1:
        raise CatalogueRefusedError(f"{code}: its versions have different units; take another code.")
    said = [
        {name: value for name, value in one.items() if name not in OWN}
        | {"levels": _levels(steps), "method_page": "harmonise"}
        for one, steps in zip(versions, checked, strict=True)
    ]
    changed = source.enter(entry | {"unit": units.pop(), "version": said}, order)
    rows = IndicatorVersion.objects.filter(indicator__code=code).order_by("number")
    for version, one, steps in zip(rows, versions, checked, strict=False):
        changed += _recipe(version, one, steps)
    return changed


def _steps(what: str, said: dict[str, Any]) -> Steps:
    try:
        steps = Steps.model_validate(said)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, one['loc']))} {one['msg']}" for one in error.errors())
        raise CatalogueRefusedError(f"{what}: {faults}") from error
    names = [one.indicator for one in steps.inputs]
    known = set(Indicator.objects.filter(code__in=names).values_list("code", flat=True))
    if lost := [name for name in names if name not in known]:
        raise CatalogueRefusedError(f"{what}: not in the catalogue: {', '.join(lost)}.")
    return steps


def _levels(steps: Steps) -> list[str]:
    above = [] if steps.kind == "rank" or steps.aggregation == "geometric" else ["region"]
    if above and steps.level == "municipality":
        above.append("regional_unit")
    return [*above, steps.level]


def _recipe(version: IndicatorVersion, said: dict[str, Any], steps: Steps) -> int:
    fields = {
        "purpose_el": said["purpose_el"],
        "purpose_en": said["purpose_en"],
        "steps": steps.model_dump(),
    }
    held = Recipe.objects.filter(version=version).first()
    if held is not None and all(getattr(held, name) == value for name, value in fields.items()):
        return 0
    if held is not None and version.series.exists():
        raise CatalogueRefusedError(f"The recipe {version} carries figures: write another version.")
    Recipe.objects.update_or_create(version=version, defaults=fields)
    return 1
