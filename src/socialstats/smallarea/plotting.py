"""Charts of modelled areas: a point and its interval, hollow where published with a warning."""

import altair as alt
import polars as pl

from socialstats.errors import OptionError
from socialstats.publication import Reliability


def area_chart(table: pl.DataFrame, value: str, title: str) -> alt.TopLevelMixin:
    """One line an area, highest first; what the rule suppresses is left out.

    Args:
        table: with the columns area, flag, ci_low, ci_high and the value.
        value: column of the estimates.
        title: of the axis.

    Raises:
        OptionError: nothing may be shown.
    """
    shown = table.filter((pl.col("flag") < Reliability.SUPPRESS) & pl.col(value).is_not_null())
    if shown.is_empty():
        message = f"Nothing of {title} may be published, so there is nothing to draw."
        raise OptionError(message)
    words = (
        pl.when(pl.col("flag") == Reliability.WARN)
        .then(pl.lit("with a warning"))
        .otherwise(pl.lit("reliable"))
    )
    frame = shown.select("area", "ci_low", "ci_high", estimate=value, reliability=words).sort("estimate")
    base = alt.Chart(frame).encode(y=alt.Y("area:N", sort=frame["area"].to_list()[::-1], title=None))
    lines = base.mark_rule(strokeWidth=2, color="#33475b").encode(
        x=alt.X("ci_low:Q", title=f"{title} (modelled)"), x2="ci_high:Q"
    )
    points = base.mark_point(size=70, color="#33475b").encode(
        x=alt.X("estimate:Q", scale=alt.Scale(zero=False)),
        fillOpacity=alt.condition("datum.reliability === 'reliable'", alt.value(1), alt.value(0)),
        fill=alt.value("#33475b"),
        tooltip=["area:N", "estimate:Q", "ci_low:Q", "ci_high:Q", "reliability:N"],
    )
    return alt.layer(lines, points)
