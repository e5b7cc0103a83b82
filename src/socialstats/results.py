"""What an estimation gives back: rows to read, to hand on and to draw."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from socialstats.errors import OptionError

if TYPE_CHECKING:
    import altair


@dataclass(frozen=True)
class Estimate:
    """One number and what is needed to trust it.

    Attributes:
        indicator: key, for example ``arop``.
        label: as printed.
        unit: percent, euro, ratio or index.
        domain: breakdown → label; empty for the total.
        value: None where the estimate does not exist; ``note`` says why.
        se: standard error in the unit of the value.
        ci_low: lower end of the interval.
        ci_high: upper end.
        n: unweighted observations that decide publication.
        n_effective: n divided by the design effect.
        deff: variance over that of a simple random sample with replacement of the same size, same
            treatment of the line.
        flag: ``u`` unreliable, ``:u`` not to be published, else empty.
        method: how value, line and variance were made.
        seed: of the resampling, None without.
        version: of socialstats.
        note: what the reader must know.
    """

    indicator: str
    label: str
    unit: str
    domain: Mapping[str, str]
    value: float | None
    se: float | None
    ci_low: float | None
    ci_high: float | None
    n: int
    n_effective: float | None
    deff: float | None
    flag: str
    method: str
    seed: int | None
    version: str
    note: str = ""

    @property
    def domain_text(self) -> str:
        """``total`` or ``region=Tyrol``."""
        return ", ".join(f"{key}={label}" for key, label in self.domain.items()) or "total"


@dataclass(frozen=True)
class Estimates:
    """Rows of an estimation, in the order asked for.

    Attributes:
        rows: one for each indicator and domain.
        notes: of the survey's door and of the whole estimation.
    """

    rows: tuple[Estimate, ...]
    notes: tuple[str, ...] = field(default=())

    def __iter__(self) -> Iterator[Estimate]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def one(self, indicator: str, **domain: str) -> Estimate:
        """The row of an indicator and a domain: ``one("arop", region="Tyrol")``.

        Raises:
            OptionError: there is no such row.
        """
        for row in self.rows:
            if row.indicator == indicator and dict(row.domain) == domain:
                return row
        where = ", ".join(f"{key}={label}" for key, label in domain.items()) or "total"
        message = f"There is no estimate of {indicator} for {where}."
        raise OptionError(message)

    def records(self) -> list[dict[str, Any]]:
        """Plain dictionaries; the domain as one text, nothing that JSON cannot hold."""
        return [asdict(row) | {"domain": row.domain_text} for row in self.rows]

    def to_polars(self) -> pl.DataFrame:
        """One row an estimate; null where something does not exist."""
        return pl.DataFrame(self.records(), schema_overrides=_SCHEMA, infer_schema_length=None)

    def to_json_lines(self) -> str:
        """One JSON object a line."""
        return "\n".join(json.dumps(record, ensure_ascii=False) for record in self.records())

    def plot(self, indicator: str | None = None) -> "altair.TopLevelMixin":
        """Values with their intervals, a row a domain; unreliable ones hollow, withheld ones left out.

        Args:
            indicator: which one; needed when there are several.

        Raises:
            OptionError: the indicator is not among the rows or must be named.
        """
        from socialstats.plotting import interval_chart

        return interval_chart(self, indicator)

    def __str__(self) -> str:
        header = ("indicator", "domain", "value", "se", "low", "high", "n", "deff", "flag")
        body = [
            (
                row.indicator,
                row.domain_text,
                _number(row.value, row.unit),
                _number(row.se, row.unit),
                _number(row.ci_low, row.unit),
                _number(row.ci_high, row.unit),
                f"{row.n:,}",
                _number(row.deff, "ratio"),
                row.flag,
            )
            for row in self.rows
        ]
        widths = [max(len(line[at]) for line in (header, *body)) for at in range(len(header))]
        lines = [
            "  ".join(
                cell.ljust(width) if at in (0, 1, 8) else cell.rjust(width)
                for at, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in (header, *body)
        ]
        said = [f"{row.indicator} {row.domain_text}: {row.note}" for row in self.rows if row.note]
        return "\n".join([*lines, *(f"· {note}" for note in (*self.notes, *said))])


_SCHEMA: dict[str, Any] = {
    "value": pl.Float64,
    "se": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "n": pl.Int64,
    "n_effective": pl.Float64,
    "deff": pl.Float64,
    "seed": pl.Int64,
}


def _number(value: float | None, unit: str) -> str:
    if value is None or math.isnan(value):
        return "–"
    return f"{value:,.0f}" if unit == "euro" else f"{value:.4f}" if unit == "index" else f"{value:.2f}"
