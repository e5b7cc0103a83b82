"""What is wrong with a file, as a sentence in the reader's language."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from entaxis.core.problems import Problem, Sentences

SENTENCES: Sentences = {
    # the file
    "no_file": _("There is no file “%(name)s”."),
    "too_large": _("The file is larger than %(megabytes)s MB."),
    "empty": _("The file is empty."),
    "format": _("The file is none of GeoJSON, TopoJSON, GeoPackage or zipped Shapefile, or it is damaged."),
    "markup": _("The file is XML or HTML. Please give GeoJSON, TopoJSON, GeoPackage or Shapefile."),
    "zip_damaged": _("The ZIP file is damaged or cut off."),
    "zip_bomb": _("The ZIP file unpacks to more than %(megabytes)s MB and was refused."),
    "zip_content": _("The ZIP file must hold exactly one Shapefile (.shp with .shx and .dbf)."),
    "reading_time": _("Reading the file took longer than %(seconds)s seconds and was stopped."),
    "reading_memory": _("Reading the file needs more memory than is allowed."),
    "reading": _("The file could not be read: it is damaged or holds something unexpected."),
    "layers": _("The file has several layers (%(layers)s). Please name one of them."),
    "no_features": _("The file holds no outlines."),
    "too_many": _("The file holds more than %(limit)s outlines."),
    "crs_unknown": _("The coordinates are neither degrees (EPSG:4326) nor Greek Grid (EPSG:2100)."),
    "crs_other": _("The file says %(crs)s; only EPSG:4326 and EPSG:2100 are read."),
    "outside_greece": _(
        "The outlines lie outside Greece. Are the coordinates in the stated system, with longitude first?"
    ),
    # one outline
    "code_field": _("There is no field “%(field)s”. The fields are: %(fields)s."),
    "no_code": _("Outline %(row)s has no code."),
    "unknown_code": _("Outline %(row)s: the code “%(code)s” belongs to no municipality."),
    "mixed_codes": _("Outline %(row)s: the code “%(code)s” is of the other family of codes than the rest."),
    "not_area": _("Outline %(row)s (%(code)s) is not an area but %(kind)s."),
    "invalid_ring": _("Outline %(row)s (%(code)s) crosses itself near %(place)s."),
    "bad_numbers": _("Outline %(row)s (%(code)s) has coordinates that are not numbers."),
    # all together
    "overlap": _("%(first)s and %(second)s overlap by %(km2)s km²."),
    "missing": _("%(area)s (%(code)s) is missing."),
    "gap": _("There is a gap of %(km2)s km² between municipalities near %(place)s."),
    "other_region": _("%(count)s outlines lie in other regions and were left out."),
    "region_unknown": _("There is no region with the code “%(code)s”."),
    "region_empty": _("No municipality of %(region)s is in the register of areas."),
    "sizes_differ": _("%(area)s is drawn with %(drawn)s km² but has %(known)s km²."),
    # a table of areas
    "columns": _("These columns are missing: %(columns)s."),
    "column_unknown": _("The column “%(column)s” is not known."),
    "required": _("Row %(row)s, column “%(column)s”: a value is needed."),
    "too_long": _("Row %(row)s, column “%(column)s”: longer than %(limit)s characters."),
    "not_a_number": _("Row %(row)s, column “%(column)s”: “%(value)s” is not a number."),
    "out_of_range": _("Row %(row)s, column “%(column)s”: “%(value)s” is out of range."),
    "choice": _("Row %(row)s, column “%(column)s”: “%(value)s” is not one of %(choices)s."),
    "code_shape": _("Row %(row)s: “%(code)s” is not a code of this level."),
    "duplicate": _("Row %(row)s: the code “%(code)s” stands in row %(other)s already."),
    "parent_unknown": _("Row %(row)s: the area “%(parent)s” above it is not known."),
    "half_seat": _("Row %(row)s: latitude and longitude must be given both or neither."),
    "seat_outside": _("Row %(row)s: the seat lies outside Greece."),
    "two_vintages": _("Population %(year)s is given in two vintages; please give one."),
    "vintage_mixed": _(
        "Population %(year)s of %(region)s is held as %(held)s; the table brings %(brought)s "
        "for a part of its areas only. One year has one vintage: bring all or none."
    ),
    "population_part": _(
        "Population %(year)s is given for some municipalities of %(region)s and not for %(area)s."
    ),
    "population_sum": _("Population %(year)s: %(area)s has %(own)s but its parts add up to %(parts)s."),
}


class GeographyProblem(Problem):
    """A problem of a boundary file or a table of areas; as a warning, something worth knowing."""

    __slots__ = ()
    sentences = SENTENCES


def problem(key: str, /, **facts: Any) -> GeographyProblem:
    """A problem with the facts that its sentence names; ``row`` among them is where it stands."""
    return GeographyProblem(key, facts, line=facts.get("row"))


class ImportRefusedError(Exception):
    """The file is refused as a whole: nothing was changed. ``problems`` says why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(p) for p in problems[:5]))
        self.problems = list(problems)
