"""The map of a study of pockets: a colour and a sign for each kind of place, by the one renderer."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entaxis.geography.choropleth import NO_COLOUR, AreaValue, Choropleth, Completeness, LegendEntry
from entaxis.geography.models import Level
from entaxis.indicators import wording
from entaxis.indicators.harmonisation.models import PocketStudy
from entaxis.indicators.harmonisation.queries import PARTIAL

KINDS: Final = {
    "high": gettext_lazy("high among high"),
    "low": gettext_lazy("low among low"),
    "high_low": gettext_lazy("high among low"),
    "low_high": gettext_lazy("low among high"),
    "none": gettext_lazy("nothing certain"),
    "island": gettext_lazy("no neighbours: no statement"),
}

# PuOr (ColorBrewer): pockets in its ends, single places in the paler steps. Every sign is drawn as well.
COLOURS: Final = {
    "high": "#b35806",
    "low": "#8073ac",
    "high_low": "#fdb863",
    "low_high": "#d8daeb",
    "none": "#f0f0f0",
    "island": NO_COLOUR,
}
SIGNS: Final = {"high": "plus", "low": "minus", "high_low": "ring-plus", "low_high": "ring-minus"}
LEGEND: Final[dict[str, Promise]] = {
    "high": gettext_lazy("high values stand together"),
    "low": gettext_lazy("low values stand together"),
    "high_low": gettext_lazy("alone: high among low"),
    "low_high": gettext_lazy("alone: low among high"),
    "none": KINDS["none"],
    "island": KINDS["island"],
}


def place(area: Mapping[str, Any]) -> str:
    """What the map draws of a municipality: a pocket that either statistic finds, else Moran's word."""
    found = {area["kind"], area["star_kind"]}
    return next((kind for kind in ("high", "low") if kind in found), str(area["kind"]))


def pocket_map(
    study: PocketStudy, names: Mapping[str, str], title: str, modelled: Collection[str] = ()
) -> Choropleth | None:
    """The map of a computed study with the outlines that it was computed with; None without any.

    ``modelled``: passports of the figures that come from a model.
    """
    if study.boundaries is None or not study.rows:
        return None
    facts = {"source": study.boundaries.source, "licence": study.boundaries.licence}
    return Choropleth(
        study.boundaries,
        Level.MUNICIPALITY,
        [
            _value(area, names.get(area["code"], area["code"]), study, area["passport"] in modelled)
            for area in study.rows
        ]
        + [_left_out(code, names.get(code, code), why) for code, why in study.left_out.items()],
        title,
        notes=(_("Boundaries: %(source)s, %(licence)s, generalised for display.") % facts,),
        key=tuple(_legend(study)),
    )


def _value(area: Mapping[str, Any], name: str, study: PocketStudy, is_modelled: bool) -> AreaValue:
    kind = place(area)
    amount = wording.written(area["value"], study.series.version.indicator)
    said = [amount, *([_("modelled")] if is_modelled else []), str(LEGEND[kind])]
    return AreaValue(
        *(area["code"], name, None, Completeness.COMPLETE),
        label=f"{name}: {', '.join(said)}",
        href=f"#area-{area['code']}",
        fill=COLOURS[kind],
        overlay=_patterns(kind),
    )


def _left_out(code: str, name: str, why: str) -> AreaValue:
    text, pattern = _absent(why)
    label = f"{name}: {text}"
    return AreaValue(code, name, None, Completeness.UNKNOWN, label, fill=NO_COLOUR, overlay=(pattern,))


def _absent(why: str) -> tuple[str, str]:
    """Why a municipality took no part, and its pattern."""
    return (
        (_("left out: only “at least”"), "partial")
        if why == PARTIAL
        else (_("no published figure"), "withheld")
    )


def _patterns(kind: str) -> tuple[str, ...]:
    if kind == "island":
        return ("unknown",)
    return (SIGNS[kind],) if kind in SIGNS else ()


def _legend(study: PocketStudy) -> list[LegendEntry]:
    """Both kinds of pockets and of what is not one, and of the others those that occur."""
    occurring = {place(area) for area in study.rows}
    entries = [
        LegendEntry(str(text), COLOURS[kind], next(iter(_patterns(kind)), ""))
        for kind, text in LEGEND.items()
        if kind in {"high", "low", "none"} | occurring
    ]
    absent = dict.fromkeys(map(_absent, study.left_out.values()))
    return [*entries, *(LegendEntry(text, NO_COLOUR, pattern) for text, pattern in absent)]
