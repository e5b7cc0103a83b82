"""Known totals of the population and the columns that a sample answers them with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike, NDArray

from socialstats.arrays import FloatArray, floats, grouped
from socialstats.errors import CalibrationError, DataError, OptionError

Label = str | int | float | bool


@dataclass(frozen=True)
class Margins:
    """Totals that weights must meet.

    Attributes:
        matrix: what each unit contributes, shape (n, p).
        totals: the population's totals, shape (p,).
        names: one name for each total, for messages and tables.
    """

    matrix: FloatArray
    totals: FloatArray
    names: tuple[str, ...]

    def __add__(self, other: "Margins") -> "Margins":
        """Both sets of totals together."""
        if len(self.matrix) != len(other.matrix):
            message = f"Margins of {len(self.matrix)} and {len(other.matrix)} units cannot be joined."
            raise DataError(message)
        return Margins(
            np.hstack([self.matrix, other.matrix]),
            np.concatenate([self.totals, other.totals]),
            self.names + other.names,
        )

    def take(self, rows: NDArray[Any]) -> "Margins":
        """The same totals, answered by some of the units."""
        return Margins(self.matrix[rows], self.totals, self.names)


def counts(name: str, labels: ArrayLike, totals: Mapping[Any, float]) -> Margins:
    """Persons (or households) by class; every class needs its total and every total its sample.

    Args:
        name: what is classified, for example ``age_group``.
        labels: each unit's class, shape (n,).
        totals: the population's count for each class.

    Raises:
        CalibrationError: a class without a total, or a total above zero that nobody in the sample answers.
    """
    present, codes = grouped(name, labels)
    wanted = list(totals)
    known = {_plain(label) for label in present}
    if unknown := sorted(str(label) for label in known - set(wanted)):
        message = f"{name}: the sample has classes without a total: {', '.join(unknown)}."
        raise CalibrationError(message)
    empty = [str(label) for label in wanted if label not in known and totals[label] != 0]
    if empty:
        message = (
            f"{name}: nobody in the sample answers the totals of {', '.join(empty)}; "
            "join them with a neighbour."
        )
        raise CalibrationError(message)
    kept = [_plain(label) for label in present]
    matrix = np.zeros((len(codes), len(kept)))
    matrix[np.arange(len(codes)), codes] = 1
    amounts = floats(f"{name} totals", [float(totals[label]) for label in kept])
    return Margins(matrix, amounts, tuple(f"{name}={label}" for label in kept))


def amount(name: str, values: ArrayLike, total: float) -> Margins:
    """The total of a quantity, for example of income or of household members.

    Args:
        name: what is added up.
        values: each unit's amount, shape (n,).
        total: the population's amount.
    """
    return Margins(floats(name, values)[:, None], floats(f"{name} total", [total]), (name,))


def together(parts: Sequence[Margins]) -> Margins:
    """Several sets of totals as one.

    Raises:
        OptionError: there is none.
    """
    if not parts:
        message = "Calibration needs at least one known total."
        raise OptionError(message)
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + part
    return joined


def independent(
    margins: Margins, tolerance: float = 1e-8, *, known: NDArray[np.intp] | None = None
) -> NDArray[np.intp]:
    """Columns that determine all the others, after a check that the others' totals follow from them.

    Redundant margins are common (each classification adds up to the same population) and harmless as
    long as they agree; where they do not, no weights exist.

    Args:
        margins: the totals.
        tolerance: largest relative disagreement that counts as rounding.
        known: the columns, where another weighting of the same units found them already.

    Raises:
        CalibrationError: margins contradict each other, in words and amounts.
    """
    size = np.linalg.norm(margins.matrix, axis=0)
    _refuse_unanswered(margins, size)
    if known is not None:
        return known
    live = np.flatnonzero(size > 0)
    if live.size == 0:
        message = "Every total is zero: nothing to calibrate to."
        raise CalibrationError(message)
    scaled = margins.matrix[:, live] / size[live]
    triangle, order = scipy.linalg.qr(scaled, mode="r", pivoting=True)
    diagonal = np.abs(np.diag(triangle))
    rank = int((diagonal > diagonal[0] * 1e-10 * np.sqrt(len(live))).sum())
    chosen = np.sort(live[order[:rank]])
    rest = np.setdiff1d(live, chosen)
    if rest.size:
        _refuse_contradiction(margins, chosen, rest, tolerance)
    return chosen


def _refuse_unanswered(margins: Margins, size: FloatArray) -> None:
    empty = (size == 0) & (margins.totals != 0)
    if empty.any():
        names = ", ".join(margins.names[place] for place in np.flatnonzero(empty))
        message = f"Nobody in the sample answers the totals of {names}; join them with a neighbour."
        raise CalibrationError(message)


def _refuse_contradiction(
    margins: Margins, chosen: NDArray[np.intp], rest: NDArray[np.intp], tolerance: float
) -> None:
    mix = np.linalg.lstsq(margins.matrix[:, chosen], margins.matrix[:, rest], rcond=None)[0]
    implied = margins.totals[chosen] @ mix
    scale = np.abs(margins.totals[chosen]) @ np.abs(mix) + np.abs(margins.totals[rest])
    wrong = np.flatnonzero(np.abs(implied - margins.totals[rest]) > tolerance * scale)
    if wrong.size == 0:
        return
    place = wrong[0]
    partners = [margins.names[chosen[k]] for k in np.flatnonzero(np.abs(mix[:, place]) > 1e-9)]
    message = (
        f"Margins contradict each other: {margins.names[rest[place]]} is given as "
        f"{margins.totals[rest[place]]:.10g}, but "
        f"with these {len(margins.matrix)} observations it follows from {', '.join(partners[:6])}"
        f"{' …' if len(partners) > 6 else ''} as {implied[place]:.10g}"
        f"{f' ({wrong.size} such totals)' if wrong.size > 1 else ''}."
    )
    raise CalibrationError(message)


def _plain(label: Any) -> Label:
    """A NumPy label as Python's own, so that it equals the key of a mapping."""
    value: Label = label.item() if isinstance(label, np.generic) else label
    return value
