"""The areas of a map with their figures, as GeoJSON (RFC 7946): degrees, five decimals."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.gis.db.models import Union
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.http import Http404

from entaxis.geography.models import Area, BoundarySet, Level, Outline
from entaxis.indicators import breaking_down
from entaxis.maps import writing
from entaxis.maps.indicator_map import IndicatorMap, Row

DECIMALS = 5  # a metre


def collection(shown: IndicatorMap) -> str:
    """Every area of the map; what is not shown has no value and says why.

    Raises:
        Http404: no outlines are in force.
    """
    if shown.boundary_set is None:
        raise Http404
    return of_areas(
        shown.boundary_set,
        Level(shown.found.level),
        {row.area.code: _properties(shown, row) for row in shown.rows},
        title=shown.title,
        notes=list(shown.notes),
        region=_properties(shown, shown.whole),
    )


def of_areas(
    boundary_set: BoundarySet, level: Level, properties: Mapping[str, Mapping[str, object]], **facts: object
) -> str:
    """Areas by code with what is told of each; ``facts`` stand beside them."""
    lines = _outlines(boundary_set, level)
    features = [
        {"type": "Feature", "id": code, "properties": told, "geometry": lines.get(code)}
        for code, told in properties.items()
    ]
    whole = {"type": "FeatureCollection", **facts, "features": features}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def drawn(shown: IndicatorMap, address: Callable[[Area], str]) -> str:
    """Every area as the map draws it: its colour, its patterns, its sentence and its page, and no number.

    Raises:
        Http404: no outlines are in force.
    """
    whole = shown.choropleth(address)
    if whole is None or shown.boundary_set is None:
        raise Http404
    lines = _outlines(shown.boundary_set, Level(shown.found.level))
    features = [
        {
            "type": "Feature",
            "properties": {
                "code": value.code,
                "fill": value.fill,
                "patterns": " ".join(value.patterns),
                "label": value.label,
                "url": value.href,
            },
            "geometry": lines[value.code],
        }
        for value in whole.values
        if value.code in lines
    ]
    collected = {"type": "FeatureCollection", "features": features}
    return json.dumps(collected, ensure_ascii=False, separators=(",", ":"))


def _outlines(boundary_set: BoundarySet, level: Level) -> dict[str, Any]:
    """Generalised outlines by code of area. One query."""
    held = Outline.objects.filter(boundary_set=boundary_set).order_by()
    if level == Level.REGIONAL_UNIT:
        rows = held.values("area__parent__code").annotate(whole=Union("display"))
        texts = rows.annotate(json=AsGeoJSON("whole", precision=DECIMALS))
        return {row["area__parent__code"]: json.loads(row["json"]) for row in texts}
    drawn = held.annotate(json=AsGeoJSON("display", precision=DECIMALS))
    return {code: json.loads(text) for code, text in drawn.values_list("area__code", "json")}


def _properties(shown: IndicatorMap, row: Row) -> dict[str, object]:
    figure = row.figure
    return {
        "code": row.area.code,
        "name": row.area.name,
        "indicator": shown.indicator.code,
        "indicator_name": shown.period.version.name,
        "period": shown.period.key,
        "group": breaking_down.label(figure.breakdown),
        "value": figure.value,
        "unit": writing.unit(shown.indicator),
        "standard_error": figure.standard_error,
        "ci_low": figure.ci_low,
        "ci_high": figure.ci_high,
        "n": figure.n,
        "n_effective": figure.n_effective,
        "flag": figure.flag,
        "is_modelled": figure.is_modelled,
        "reason": figure.reason_text,
        "at_least": figure.at_least,
        "release": shown.period.release.title,
        "passport": writing.passport(figure, shown.region),
        "is_synthetic": shown.is_synthetic,
    }
