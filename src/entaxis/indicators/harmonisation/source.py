"""Recipes as a file, and their way into the database."""

import json
import tomllib
from datetime import date
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from pydantic import ValidationError

from entaxis.indicators import cataloguing, source
from entaxis.indicators.harmonisation import queries
from entaxis.indicators.harmonisation.models import Recipe
from entaxis.indicators.harmonisation.steps import Steps
from entaxis.indicators.models import Indicator, IndicatorVersion
from entaxis.indicators.source import CatalogueRefusedError

DATA: Final = Path(__file__).parent / "data/recipes.toml"
BEHIND: Final = 900
"""Recipes stand behind the indicators that they are made of."""
OWN: Final = ("purpose_el", "purpose_en", "steps")
METHOD: Final = "harmonise"
TABLES: Final = frozenset({"version", "steps"})
"""Parts of an entry that a file writes under a heading of their own."""
FACTS: Final = ("code", "theme", "direction", "digits", "responsible", "order")
DECIDED: Final = frozenset({"levels", "breakdowns", "method_page", "computation"})
"""What a file of recipes leaves out: the steps decide it."""
WORDS: Final = (
    "valid_from",
    *(name for name in cataloguing.MEANING if name not in DECIDED),
    "change_el",
    "change_en",
)


@transaction.atomic
def load(path: Path = DATA) -> int:
    """Bring recipes in, each with the indicator that its figures are; how many are new or changed.

    Raises:
        CatalogueRefusedError: the file is wrong, or changes a recipe that carries figures.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))["recipe"]
        return sum(
            enter(entry, entry.get("order", BEHIND + place)) for place, entry in enumerate(found, start=1)
        )
    except (OSError, tomllib.TOMLDecodeError, LookupError, TypeError) as error:
        raise CatalogueRefusedError(f"{path.name}: {error}") from error


def enter(entry: dict[str, Any], order: int) -> int:
    """Bring one recipe in with all its versions, from a file or from a form; how many are new or changed.

    Raises:
        CatalogueRefusedError: it does not hold together, or changes a version that carries figures.
    """
    code, versions = entry["code"], entry["version"]
    checked = [_steps(f"{code}, version {at}", one["steps"]) for at, one in enumerate(versions, start=1)]
    units = {steps.unit for steps in checked}
    if len(units) > 1:
        raise CatalogueRefusedError(f"{code}: its versions have different units; take another code.")
    if round_about := circle(code, checked[-1]):
        raise CatalogueRefusedError(f"{code}: made of itself, by {', '.join(round_about)}.")
    since = [one["valid_from"] for one in versions]
    if any(later <= earlier for earlier, later in pairwise(since)):
        raise CatalogueRefusedError(f"{code}: a version comes into force later than the one before it.")
    said = [_meaning(one, steps) for one, steps in zip(versions, checked, strict=True)]
    changed = source.enter(entry | {"unit": units.pop(), "version": said}, order)
    rows = IndicatorVersion.objects.filter(indicator__code=code).order_by("number")
    for version, one, steps in zip(rows, versions, checked, strict=False):
        changed += _recipe(version, one, steps)
    return changed


def _meaning(said: dict[str, Any], steps: Steps) -> dict[str, Any]:
    """What the catalogue says of a version: the steps decide its levels."""
    own = {name: value for name, value in said.items() if name not in OWN}
    return own | {"levels": _levels(steps), "method_page": METHOD}


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


def circle(code: str, steps: Steps) -> list[str]:
    """Inputs that are this indicator, or are made of it by recipes in their latest version. One query."""
    made_of = {
        recipe.version.indicator.code: [one.indicator for one in recipe.done.inputs]
        for recipe in queries.recipes()
    }

    def reached(name: str, seen: frozenset[str] = frozenset()) -> bool:
        inside = made_of.get(name, []) if name not in seen else []
        return name == code or any(reached(one, seen | {name}) for one in inside)

    return [one.indicator for one in steps.inputs if reached(one.indicator)]


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
    if held is not None and cataloguing.is_fixed(version):
        raise CatalogueRefusedError(f"The recipe {version} carries figures: write another version.")
    Recipe.objects.update_or_create(version=version, defaults=fields)
    return 1


def entry_of(indicator: Indicator) -> dict[str, Any]:
    """A recipe as a file says it, so that `enter` takes it in unchanged. One query."""
    rows = indicator.versions.select_related("recipe").order_by("number")
    # what the catalogue alone knows of a version comes after those that have steps
    versions = takewhile(lambda version: hasattr(version, "recipe"), rows)
    return {name: getattr(indicator, name) for name in FACTS} | {"version": [*map(_said, versions)]}


def _said(version: IndicatorVersion) -> dict[str, Any]:
    words = {name: getattr(version, name) for name in WORDS}
    return words | {name: getattr(version.recipe, name) for name in OWN}


def as_toml(entry: dict[str, Any]) -> str:
    """The text of a file with one recipe, for `load`."""
    lines = ["[[recipe]]", *_lines(entry)]
    for version in entry["version"]:
        lines += ["", "[[recipe.version]]", *_lines(version), "", "[recipe.version.steps]"]
        lines += _lines(version["steps"])
    return "\n".join(lines) + "\n"


def _lines(said: dict[str, Any]) -> list[str]:
    plain = {name: value for name, value in said.items() if name not in TABLES}
    return [f"{name} = {_written(value)}" for name, value in plain.items()]


def _written(value: Any) -> str:
    """A value as TOML writes it; its strings are JSON's, which leaves one control character bare."""
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case list():
            return "\n".join(["[", *(f"  {_written(one)}," for one in value), "]"]) if value else "[]"
        case dict():
            return f"{{ {', '.join(_lines(value))} }}"
        case date():
            return value.isoformat()
        case _:
            return repr(value)
