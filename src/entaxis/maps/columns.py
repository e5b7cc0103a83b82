"""The columns of a file of figures: the same in every file of this room, besides what is a file's own."""

from django.utils.translation import gettext as _

from entaxis.core.tabular.writing import Value
from entaxis.indicators import breaking_down
from entaxis.indicators.models import CountryFigure
from entaxis.indicators.queries import Figure, Period
from entaxis.maps import writing
from entaxis.maps.indicator_map import IndicatorMap


def headings(*own: str) -> list[str]:
    """Of the columns of :func:`cells`."""
    return [
        _("Code of the indicator"),
        _("Indicator"),
        _("Period"),
        _("Group"),
        _("Code"),
        _("Area"),
        _("Regional unit"),
        _("Value"),
        _("Unit"),
        _("Standard error"),
        _("Interval from"),
        _("Interval to"),
        _("Number of persons asked"),
        _("Effective number"),
        _("Flag"),
        _("From a model"),
        _("Why there is no figure"),
        *own,
        _("Release"),
        _("Passport"),
        _("Note"),
    ]


def cells(
    figure: Figure, shown: IndicatorMap, *own: Value, period: Period | None = None, name: str = ""
) -> list[Value]:
    """A figure's row; what is not shown is an empty cell with its reason.

    ``period``: where it is not the one that the map shows; ``name``: where the area's own would mislead.
    """
    area, period = figure.area, period or shown.period
    parent = area.parent
    return [
        shown.indicator.code,
        period.version.name,
        period.key,
        breaking_down.label(figure.breakdown),
        area.code,
        name or area.name,
        parent.name if parent and parent != shown.region else "",
        figure.value,
        writing.unit(shown.indicator),
        figure.standard_error,
        figure.ci_low,
        figure.ci_high,
        figure.n,
        figure.n_effective,
        figure.flag,
        figure.is_modelled,
        figure.reason_text,
        *own,
        period.release.title,
        writing.passport(figure, shown.region),
        writing.note(figure, shown.demonstration if period.is_synthetic else ""),
    ]


def of_country(row: CountryFigure, shown: IndicatorMap, *own: Value) -> list[Value]:
    """A row of the whole country: its source stands where a release does, its address for a passport."""
    return [
        shown.indicator.code,
        shown.period.version.name,
        row.period,
        breaking_down.label(breaking_down.TOTAL),
        "EL",
        _("Greece"),
        "",
        row.value,
        writing.unit(shown.indicator),
        *(None,) * 5,
        "",
        False,
        "",
        *own,
        row.source,
        row.address,
        shown.demonstration if row.is_synthetic else "",
    ]
