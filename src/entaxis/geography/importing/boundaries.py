"""Outlines of a file → one checked outline for each municipality of a region, or what is wrong."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely import MultiPolygon, Polygon

from entaxis.geography.importing.problems import GeographyProblem, ImportRefusedError, problem
from entaxis.geography.importing.reading import BoundaryFile, Drawn
from entaxis.geography.models import Area
from entaxis.geography.projection import area_km2, as_multi, to_metres

LEAST_GAP_KM2 = 0.01
SIZES_DIFFER = 0.25


@dataclass(slots=True)
class CheckedBoundaries:
    """By region, by municipality: outlines in degrees. ``warnings`` do not stop the import."""

    outlines: dict[Area, dict[Area, MultiPolygon]]
    warnings: list[GeographyProblem] = field(default_factory=list)


def check(
    file: BoundaryFile,
    *,
    code_field: str,
    region: Area | None,
    tolerance_km2: float,
    allow_missing: bool,
    repair: bool,
) -> CheckedBoundaries:
    """Check everything that can be checked. Raises :class:`ImportRefusedError` with all problems."""
    _check_field(file, code_field)
    problems: list[GeographyProblem] = []
    coded = list(_with_codes(file.outlines, code_field, problems))
    municipalities = _matched([code for _, code in coded], coded, problems)
    pieces: dict[Area, list[MultiPolygon]] = defaultdict(list)
    for drawn, code in coded:
        shape = _usable(drawn, code, problems, repair=repair)
        if code in municipalities:
            pieces[municipalities[code]] += [shape] if shape is not None else []
    by_region, warnings = _by_region(pieces, region)
    problems += _missing(by_region, allow_missing=allow_missing, warnings=warnings)
    if not problems:
        for outlines in by_region.values():
            problems += _overlaps(outlines, tolerance_km2)
            warnings += [*_gaps(outlines), *_odd_sizes(outlines)]
    if problems:
        raise ImportRefusedError(*problems)
    return CheckedBoundaries(by_region, warnings)


# --- codes ----------------------------------------------------------------------------------------


def _check_field(file: BoundaryFile, code_field: str) -> None:
    fields = sorted({name for drawn in file.outlines for name in drawn.properties})
    if code_field not in fields:
        raise ImportRefusedError(
            problem("code_field", field=code_field[:60], fields=", ".join(fields)[:300])
        )


def _with_codes(
    outlines: list[Drawn], code_field: str, problems: list[GeographyProblem]
) -> Iterator[tuple[Drawn, str]]:
    for drawn in outlines:
        code = written_code(drawn.properties.get(code_field))
        if code:
            yield drawn, code
        else:
            problems.append(problem("no_code", row=drawn.row))


def written_code(value: Any) -> str:
    """A code as text with its four digits: 2201.0 → 2201, 101 → 0101."""
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        value = int(value)
    text = "" if value is None else str(value).strip()
    return text.zfill(4) if text.isdigit() and len(text) == 3 else text[:40]


def _matched(
    codes: Iterable[str], coded: list[tuple[Drawn, str]], problems: list[GeographyProblem]
) -> dict[str, Area]:
    """Code → municipality in force. The file uses one family of codes: the one that fits more."""
    areas = list(Area.objects.municipalities().select_related("region", "parent"))
    families = [{a.code: a for a in areas}, {a.ypes_code: a for a in areas if a.ypes_code}]
    fits = Counter(number for code in codes for number, family in enumerate(families) if code in family)
    chosen = max((0, 1), key=lambda number: fits[number])
    for drawn, code in coded:
        if code not in families[chosen]:
            key = "mixed_codes" if code in families[1 - chosen] else "unknown_code"
            problems.append(problem(key, row=drawn.row, code=code))
    return families[chosen]


# --- one outline ----------------------------------------------------------------------------------


def _usable(
    drawn: Drawn, code: str, problems: list[GeographyProblem], *, repair: bool
) -> MultiPolygon | None:
    if drawn.geometry is None:
        problems.append(problem("not_area", row=drawn.row, code=code, kind=drawn.kind))
        return None
    if not math.isfinite(sum(drawn.geometry.bounds)):
        problems.append(problem("bad_numbers", row=drawn.row, code=code))
        return None
    if drawn.geometry.is_valid:
        return as_multi(drawn.geometry)
    if repair:
        return _repaired(drawn.geometry)
    reason = shapely.is_valid_reason(drawn.geometry)
    place = reason[reason.find("[") + 1 : -1] if "[" in reason else reason
    problems.append(problem("invalid_ring", row=drawn.row, code=code, place=place[:60]))
    return None


def _repaired(shape: Polygon | MultiPolygon) -> MultiPolygon:
    """Rings that cross themselves, parted where they cross; what is left of lines goes."""
    made = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    return MultiPolygon([part for part in shapely.get_parts(made) if part.geom_type == "Polygon"])


# --- all together ---------------------------------------------------------------------------------


def _by_region(
    pieces: dict[Area, list[MultiPolygon]], only: Area | None
) -> tuple[dict[Area, dict[Area, MultiPolygon]], list[GeographyProblem]]:
    """Parts of a municipality that came as several outlines become one."""
    found: dict[Area, dict[Area, MultiPolygon]] = defaultdict(dict)
    elsewhere = 0
    for area, shapes in pieces.items():
        if area.region is None or (only is not None and area.region != only):
            elsewhere += 1
            continue
        joined = shapes[0] if len(shapes) == 1 else as_multi(shapely.union_all(shapes or [MultiPolygon()]))
        found[area.region][area] = joined
    warnings = [problem("other_region", count=elsewhere)] if elsewhere else []
    if only is not None and only not in found:
        found[only] = {}
    return dict(found), warnings


def _missing(
    by_region: dict[Area, dict[Area, MultiPolygon]],
    *,
    allow_missing: bool,
    warnings: list[GeographyProblem],
) -> list[GeographyProblem]:
    missing = []
    for region, outlines in by_region.items():
        known = Area.objects.municipalities().of(region)
        if not known:
            missing.append(problem("region_empty", region=region.name))
        missing += [problem("missing", area=a.name, code=a.code) for a in known if a not in outlines]
    if not allow_missing or not any(by_region.values()):
        return missing
    warnings += missing
    return []


def _overlaps(outlines: dict[Area, MultiPolygon], tolerance_km2: float) -> Iterator[GeographyProblem]:
    areas, shapes = list(outlines), [to_metres(shape) for shape in outlines.values()]
    tree = shapely.STRtree(shapes)
    for i, j in tree.query(shapes, predicate="intersects").T.tolist():
        if i >= j:
            continue
        common_km2 = shapes[i].intersection(shapes[j]).area / 1e6
        if common_km2 > tolerance_km2:
            facts = {"first": areas[i].name, "second": areas[j].name, "km2": f"{common_km2:.3f}"}
            yield problem("overlap", **facts)


def _gaps(outlines: dict[Area, MultiPolygon]) -> Iterator[GeographyProblem]:
    union = as_multi(shapely.union_all(list(outlines.values())))
    for hole in (Polygon(ring) for part in union.geoms for ring in part.interiors):
        if area_km2(hole) > LEAST_GAP_KM2:
            place = hole.representative_point()
            yield problem("gap", km2=f"{area_km2(hole):.3f}", place=f"{place.y:.4f}, {place.x:.4f}")


def _odd_sizes(outlines: dict[Area, MultiPolygon]) -> Iterator[GeographyProblem]:
    """An outline of quite another size than is known may carry another municipality's code."""
    for area, shape in outlines.items():
        drawn, known = area_km2(shape), float(area.area_km2 or 0)
        if known and abs(drawn - known) > SIZES_DIFFER * known:
            facts = {"drawn": f"{drawn:.1f}", "known": f"{known:.1f}"}
            yield problem("sizes_differ", area=area.name, **facts)
