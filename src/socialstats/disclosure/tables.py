"""Tables as an outsider sees them: cells, and what is known to hold between them.

Hierarchies, several tables that share cells, groups that overlap and figures published before all become
one list of cells with linear relations; suppression and its proof then know nothing else.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import scipy.sparse
from numpy.typing import NDArray

from socialstats.arrays import BoolArray, FloatArray, floats
from socialstats.disclosure.rules import AmountRule
from socialstats.errors import DataError, OptionError

Key = Hashable
Sum = tuple[Key, Sequence[Key]]
Balance = tuple[Sequence[Key], Sequence[Key]]
TOTAL = "total"


@dataclass(frozen=True)
class Tables:
    """Cells and relations.

    Attributes:
        keys: one key a cell; hidden cells at the end.
        values: true values, shape (n,).
        relations: matrix A of the relations A·values = 0, shape (m, n), sparse.
        fixed: cells that stay visible whatever happens (published before, known to everyone), shape (n,).
        hidden: differences that no table shows, but an outsider can form, shape (n,).
        left_out: those of them that may be small: who stands in none of a total's parts, or in two,
            shape (n,).
    """

    keys: tuple[Key, ...]
    values: FloatArray
    relations: Any
    fixed: BoolArray
    hidden: BoolArray
    left_out: BoolArray

    def place(self, key: Key) -> int:
        """Position of a cell.

        Raises:
            DataError: there is no such cell.
        """
        try:
            return self.keys.index(key)
        except ValueError as error:
            message = f"No table has the cell {key}."
            raise DataError(message) from error


def tables(
    values: Mapping[Any, float],
    sums: Iterable[Sum],
    *,
    at_most: Iterable[tuple[Key, Key]] = (),
    leaving_out: Iterable[Sum] = (),
    balances: Iterable[Balance] = (),
    published_before: Mapping[Any, float] | None = None,
    known: Iterable[Key] = (),
) -> Tables:
    """Cells with their relations, checked.

    Args:
        values: each cell's true value, not negative.
        sums: a total and the cells that add up to it.
        at_most: pairs (part, whole) where everyone in the part is in the whole: sub-groups that overlap
            each other within the same population, or an earlier figure for a neighbouring cut (under 16
            within under 18). Their difference becomes a hidden cell, which must be safe too.
        leaving_out: a total and cells that leave some of it out (those whose age nobody knows) or hold some
            of it twice. How many these are becomes a hidden cell, which may be of any size.
        balances: cells on two sides that add up to the same: who was here and who came, who is here and
            who went.
        published_before: figures of the same reference date that are already out; they may be cells of
            these tables or only named in ``sums`` and ``at_most``.
        known: cells that everyone knows (population of a municipality) and that can protect nothing.

    Raises:
        DataError: a relation names an unknown cell or does not hold, or an earlier figure differs.
    """
    earlier = dict(published_before or {})
    merged = {
        **{key: float(value) for key, value in earlier.items()},
        **{k: float(v) for k, v in values.items()},
    }
    _refuse_changed(values, earlier)
    wanted_sums, wanted_pairs, partial = list(sums), list(at_most), list(leaving_out)
    visible = list(merged)
    place = {key: number for number, key in enumerate(visible)}
    amounts = floats("values of cells", [merged[key] for key in visible])
    if (amounts < 0).any():
        message = f"Cells are not negative; {visible[int(amounts.argmin())]} is {amounts.min():g}."
        raise DataError(message)
    lines = [_sum_line(place, total, parts) for total, parts in wanted_sums]
    lines += [_balance_line(place, left, right) for left, right in balances]
    exact = len(lines)
    # what is left of a whole: one relation a hidden cell, in their order and last of all
    wholes = [*((whole, [part]) for part, whole in wanted_pairs), *partial]
    left = [_sum_line(place, whole, parts) for whole, parts in wholes]
    differences = np.array([sum(factor * amounts[at] for at, factor in line) for line in left])
    is_twice = differences < 0
    is_twice[: len(wanted_pairs)] = False
    signs = np.where(is_twice, 1.0, -1.0)
    lines += [[*line, (len(visible) + number, signs[number])] for number, line in enumerate(left)]
    differences = np.where(is_twice, -differences, differences)
    keys = (
        *visible,
        *((whole, "without", part) for part, whole in wanted_pairs),
        *((whole, "besides", tuple(parts)) for whole, parts in partial),
    )
    result = Tables(
        keys=keys,
        values=np.concatenate([amounts, differences]),
        relations=_matrix(lines, len(keys)),
        fixed=_mask(place, [*earlier, *known], len(keys)),
        hidden=np.arange(len(keys)) >= len(visible),
        left_out=np.arange(len(keys)) >= len(keys) - len(partial),
    )
    _refuse_unequal(result, exact)
    return result


def cross(
    counts: pl.DataFrame, dimensions: Mapping[str, Mapping[Any, Any]], *, value: str = "count"
) -> tuple[dict[tuple[Any, ...], float], list[Sum]]:
    """Every margin of a cross-classification with hierarchies, and the sums that tie them.

    Args:
        counts: one row a combination of finest categories; combinations left out count 0.
        dimensions: for each column the parent of every category; a category without a row here stands
            directly below ``"total"``. An empty mapping is a flat classification.
        value: column of the counts.

    Returns:
        Values by tuple of categories (in the order of the dimensions), and the sums.

    Raises:
        DataError: a hierarchy runs in a circle, or a finest category is a parent too.
    """
    names = list(dimensions)
    trees = [_tree(counts[name].unique().to_list(), dimensions[name], name) for name in names]
    result: dict[tuple[Any, ...], float] = {}
    for *categories, amount in counts.select(*names, value).iter_rows():
        for key in _ancestors(trees, categories):
            result[key] = result.get(key, 0.0) + float(amount)
    nodes = [list(tree) for tree in trees]
    for key in _product(nodes):
        result.setdefault(key, 0.0)
    return result, _cross_sums(trees, nodes)


def cross_amounts(
    contributions: pl.DataFrame,
    dimensions: Mapping[str, Mapping[Any, Any]],
    *,
    value: str = "amount",
    contributor: str | None = None,
    rule: AmountRule | None = None,
) -> tuple[dict[tuple[Any, ...], float], list[Sum], dict[tuple[Any, ...], float]]:
    """Every margin of amounts with hierarchies, the sums that tie them, and which of them are unsafe.

    A contributor who stands in several cells is one in their total.

    Args:
        contributions: one row a contribution with the finest categories.
        dimensions: as for :func:`cross`.
        value: column of the amounts, none negative.
        contributor: column that says whose they are; each row its own without it.
        rule: dominance, p % and fewest contributors.

    Returns:
        Values, sums, and for each unsafe cell how far an outsider's interval must reach on either side.

    Raises:
        DataError: as :func:`cross`; negative amounts.
    """
    names = list(dimensions)
    values, sums = cross(contributions, dimensions, value=value)
    trees = [_tree(contributions[name].unique().to_list(), dimensions[name], name) for name in names]
    whose = contributions[contributor] if contributor else pl.int_range(contributions.height, eager=True)
    number = {key: at for at, key in enumerate(values)}
    held: dict[tuple[int, Any], float] = {}
    for owner, (*categories, amount) in zip(
        whose.to_list(), contributions.select(*names, value).iter_rows(), strict=True
    ):
        for key in _ancestors(trees, categories):
            held[number[key], owner] = held.get((number[key], owner), 0.0) + float(amount)
    judged = (rule or AmountRule()).judge([cell for cell, _ in held], list(held.values()))
    keys = list(values)
    unsafe = {
        keys[int(name)]: float(need)
        for name, need, wrong in zip(judged.names, judged.protection, judged.unsafe, strict=True)
        if wrong
    }
    return values, sums, unsafe


def _tree(finest: list[Any], parents: Mapping[Any, Any], name: str) -> dict[Any, Any]:
    """Parent of every category, ``None`` for the total."""
    tree: dict[Any, Any] = {TOTAL: None}
    for category in sorted(finest, key=str):
        if category in parents.values() or category == TOTAL:
            message = f"{name}: {category} is a finest category and a total at once."
            raise DataError(message)
        line: dict[Any, Any] = {}
        while category not in tree:
            if category in line:
                message = f"{name}: the hierarchy runs in a circle at {category}."
                raise DataError(message)
            line[category] = parents.get(category, TOTAL)
            category = line[category]  # noqa: PLW2901
        tree.update(line)
    return tree


def _ancestors(trees: list[dict[Any, Any]], categories: list[Any]) -> list[tuple[Any, ...]]:
    lines = []
    for tree, category in zip(trees, categories, strict=True):
        line = [category]
        while tree[line[-1]] is not None:
            line.append(tree[line[-1]])
        lines.append(line)
    return _product(lines)


def _product(lists: list[list[Any]]) -> list[tuple[Any, ...]]:
    keys: list[tuple[Any, ...]] = [()]
    for entries in lists:
        keys = [(*key, entry) for key in keys for entry in entries]
    return keys


def _cross_sums(trees: list[dict[Any, Any]], nodes: list[list[Any]]) -> list[Sum]:
    sums: list[Sum] = []
    for axis, tree in enumerate(trees):
        children: dict[Any, list[Any]] = {}
        for category, parent in tree.items():
            if parent is not None:
                children.setdefault(parent, []).append(category)
        others = _product([[None] if place == axis else entries for place, entries in enumerate(nodes)])
        for key in others:
            for parent, parts in children.items():
                sums.append((_with(key, axis, parent), [_with(key, axis, part) for part in parts]))
    return sums


def _with(key: tuple[Any, ...], axis: int, category: Any) -> tuple[Any, ...]:
    return (*key[:axis], category, *key[axis + 1 :])


def _refuse_changed(values: Mapping[Any, float], earlier: Mapping[Any, float]) -> None:
    changed = [
        key for key, value in earlier.items() if key in values and float(values[key]) != float(value)
    ]
    if changed:
        message = (
            f"{len(changed)} cells differ from what was published before, first {changed[0]}: "
            f"{earlier[changed[0]]:g} then, {values[changed[0]]:g} now. "
            "A correction needs a release of its own."
        )
        raise DataError(message)


def _position(place: Mapping[Key, int], key: Key) -> int:
    if key not in place:
        message = f"A relation names the cell {key}, which has no value."
        raise DataError(message)
    return place[key]


def _sum_line(place: Mapping[Key, int], total: Key, parts: Sequence[Key]) -> list[tuple[int, float]]:
    if not parts:
        message = f"The total {total} has no parts."
        raise OptionError(message)
    return [(_position(place, total), 1.0), *((_position(place, part), -1.0) for part in parts)]


def _balance_line(
    place: Mapping[Key, int], left: Sequence[Key], right: Sequence[Key]
) -> list[tuple[int, float]]:
    return [
        *((_position(place, key), 1.0) for key in left),
        *((_position(place, key), -1.0) for key in right),
    ]


def _matrix(lines: list[list[tuple[int, float]]], width: int) -> Any:
    row = [number for number, line in enumerate(lines) for _ in line]
    column = [place for line in lines for place, _ in line]
    entry = [factor for line in lines for _, factor in line]
    return scipy.sparse.csr_array((entry, (row, column)), shape=(len(lines), width))


def _mask(place: Mapping[Key, int], keys: Iterable[Key], width: int) -> BoolArray:
    mask: NDArray[np.bool_] = np.zeros(width, dtype=bool)
    mask[[_position(place, key) for key in keys]] = True
    return mask


def _refuse_unequal(result: Tables, exact: int) -> None:
    gap = np.abs(result.relations @ result.values)
    scale = np.abs(result.relations) @ np.abs(result.values) + 1e-300
    wrong = np.flatnonzero(gap[:exact] > 1e-9 * scale[:exact])
    if wrong.size:
        line = result.relations[[int(wrong[0])], :].toarray().ravel()
        total = result.keys[int(line.argmax())]
        message = (
            f"{wrong.size} totals are not the sum of their parts, first {total} (off by {gap[wrong[0]]:g})."
        )
        raise DataError(message)
    negative = result.hidden & (result.values < 0)
    if negative.any():
        remainder: Any = result.keys[int(np.flatnonzero(negative)[0])]
        message = f"{remainder[2]} is larger than {remainder[0]}, of which it should be a part."
        raise DataError(message)
