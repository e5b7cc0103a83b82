"""Charts of results as Vega-Lite: intervals that can be read without colour."""

import altair as alt
import polars as pl

from socialstats.errors import OptionError
from socialstats.results import Estimates


def interval_chart(estimates: Estimates, indicator: str | None = None) -> alt.TopLevelMixin:
    """A point and a line for each domain; hollow where the flag is u; withheld estimates are left out.

    Args:
        estimates: rows.
        indicator: which one; may be left out when there is one only.

    Raises:
        OptionError: the indicator is not among the rows, must be named, or nothing may be shown.
    """
    names = list(dict.fromkeys(row.indicator for row in estimates))
    if indicator is None and len(names) == 1:
        indicator = names[0]
    if indicator not in names:
        message = f"Name one indicator to draw: {', '.join(names)}."
        raise OptionError(message)
    shown = [
        row
        for row in estimates
        if row.indicator == indicator and row.value is not None and row.flag != ":u"
    ]
    if not shown:
        message = f"Nothing of {indicator} may be published, so there is nothing to draw."
        raise OptionError(message)
    frame = pl.DataFrame(
        {
            "domain": [row.domain_text for row in shown],
            "value": [row.value for row in shown],
            "from": [row.ci_low for row in shown],
            "to": [row.ci_high for row in shown],
            "reliable": ["unreliable (u)" if row.flag else "reliable" for row in shown],
        }
    )
    title = f"{shown[0].label} ({shown[0].unit})"
    base = alt.Chart(frame).encode(y=alt.Y("domain:N", sort=None, title=None))
    lines = base.mark_rule(strokeWidth=2, color="#33475b").encode(x=alt.X("from:Q", title=title), x2="to:Q")
    points = base.mark_point(size=70, color="#33475b").encode(
        x=alt.X("value:Q", title=title, scale=alt.Scale(zero=False)),
        fillOpacity=alt.condition("datum.reliable === 'reliable'", alt.value(1), alt.value(0)),
        fill=alt.value("#33475b"),
        tooltip=["domain:N", "value:Q", "from:Q", "to:Q", "reliable:N"],
    )
    return alt.layer(lines, points)
