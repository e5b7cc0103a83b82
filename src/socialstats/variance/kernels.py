"""Compiled kernels of the resampling: sorted incomes, prefix sums, integer counts. Arrays in, arrays out.

No error checking: ``replicates.py`` prepares the arrays. Each replicate draws from a stream of its own,
so threads and chunks change no digit. Compiled once for a machine and kept beside the source.
"""

from typing import Any

import numba
import numpy as np

TIE = 1e-12

ARPT, AROP, GAP, FGT1, FGT2, GINI, S80S20, S80S20_INCLUSIVE, MEAN, QUANTILE, LORENZ, PALMA, FLAG = range(13)
LINE_SAMPLE, LINE_DOMAIN, LINE_GIVEN = range(3)


def _compiled(function: Any) -> Any:
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)


@_compiled
def _mix(word: Any) -> Any:
    """Splitmix64's output function."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@_compiled
def draw_counts(base: Any, replicate: Any, starts: Any, sizes: Any, counts: Any) -> None:
    """Rao–Wu: n_h - 1 of n_h PSUs with replacement in each stratum, as counts by PSU.

    Splitmix64 from a start of the replicate's own; its high 32 bits choose the PSU.
    """
    golden = np.uint64(0x9E3779B97F4A7C15)
    state = _mix(base + golden * np.uint64(replicate + 1))
    counts[:] = 0
    for h in range(starts.size):
        size = np.uint64(sizes[h])
        start = starts[h]
        for _ in range(sizes[h] - 1):
            state += golden
            counts[start + np.int64(((_mix(state) >> np.uint64(32)) * size) >> np.uint64(32))] += 1


@_compiled
def draw_paired(base: Any, replicate: Any, side: int, lists: Any, counts: Any) -> None:
    """Rao–Wu in two editions at once: the draws of one of them, which agree about the PSUs of both.

    One random number says whether a draw falls on the common PSUs; the k-th draw that does falls on the
    same PSU in both editions; the rest are each edition's own. Each edition alone is drawn as in
    ``draw_counts``.

    Args:
        base: 64-bit word of the seed.
        replicate: its number.
        side: 0 the earlier, 1 the later edition.
        lists: of each stratum of either edition: PSUs here, common PSUs, where its list begins; and the
            list of PSUs, in each stratum the common ones first and in the same order in both editions.
        counts: by PSU of this edition, filled.
    """
    golden = np.uint64(0x9E3779B97F4A7C15)
    here, common, firsts, units = lists
    start = _mix(base + golden * np.uint64(replicate + 1))
    counts[:] = 0
    for h in range(here.size):
        falls = _mix(start + golden * np.uint64(3 * h + 1))
        both = _mix(start + golden * np.uint64(3 * h + 2))
        own = _mix(_mix(start + golden * np.uint64(3 * h + 3)) + np.uint64(side))
        shared, rest = np.uint64(common[h]), np.uint64(here[h] - common[h])
        for _ in range(here[h] - 1):
            falls += golden
            if (((_mix(falls) >> np.uint64(32)) * np.uint64(here[h])) >> np.uint64(32)) < shared:
                both += golden
                chosen = ((_mix(both) >> np.uint64(32)) * shared) >> np.uint64(32)
            else:
                own += golden
                chosen = shared + (((_mix(own) >> np.uint64(32)) * rest) >> np.uint64(32))
            counts[units[firsts[h] + np.int64(chosen)]] += 1


@_compiled
def _first_at_least(values: Any, start: int, stop: int, amount: float) -> int:
    """First position in [start, stop) whose value is at least the amount; stop without one."""
    while start < stop:
        middle = (start + stop) // 2
        if values[middle] < amount:
            start = middle + 1
        else:
            stop = middle
    return start


@_compiled
def _first_above(values: Any, start: int, stop: int, amount: float) -> int:
    """First position in [start, stop) whose value is above the amount; stop without one."""
    while start < stop:
        middle = (start + stop) // 2
        if values[middle] <= amount:
            start = middle + 1
        else:
            stop = middle
    return start


@_compiled
def _quantile(x: Any, first: int, cumulative: Any, count: int, target: float) -> Any:
    """Eurostat's weighted quantile of the first ``count`` units from ``first`` on."""
    reached = min(_first_at_least(cumulative, 0, count, target * (1 - TIE)), count - 1)
    passed = min(_first_above(cumulative, 0, count, target * (1 + TIE)), count - 1)
    low, high = x[first + reached], x[first + passed]
    return low if low == high else (low + high) / 2


@_compiled
def _prefix(x: Any, w: Any, psu: Any, first: int, stop: int, factor: Any, weight: Any, income: Any) -> Any:
    """Fill prefix sums of weight and income; give Σ Σ w·w·max(x, x)."""
    total, money, pairs = 0.0, 0.0, 0.0
    for at in range(first, stop):
        own = w[at] * factor[psu[at]]
        before = total
        total += own
        money += own * x[at]
        pairs += own * x[at] * (before + total)
        weight[at - first] = total
        income[at - first] = money
    return pairs


@_compiled
def _prefix_until(
    x: Any,
    w: Any,
    psu: Any,
    first: int,
    stop: int,
    factor: Any,
    weight: Any,
    income: Any,
    enough: Any,
    amount: Any,
) -> Any:
    """Prefix sums until the weight is enough and incomes reach the amount; how many units they took."""
    total, money = 0.0, 0.0
    at = first
    while at < stop and (total <= enough or x[at] < amount):
        own = w[at] * factor[psu[at]]
        total += own
        money += own * x[at]
        weight[at - first] = total
        income[at - first] = money
        at += 1
    return at - first


@_compiled
def _segment_totals(rows: Any, factor: Any, totals: Any) -> None:
    """Weight of every segment, in the order of the file: no sorting, no jumping."""
    w, psu, segments = rows
    totals[:] = 0.0
    if segments.shape[0] == 0:
        people = 0.0
        for at in range(w.size):
            people += w[at] * factor[psu[at]]
        totals[0] = people
    for b in range(segments.shape[0]):
        # neighbours mostly share a segment: add up in a register, write at a change
        current, held, people = segments[b, 0], 0.0, 0.0
        for at in range(w.size):
            segment = segments[b, at]
            if segment != current:
                if current >= 0:
                    totals[current] += held
                people += held
                current, held = segment, 0.0
            held += w[at] * factor[psu[at]]
        if current >= 0:
            totals[current] += held
        totals[0] = people + held


@_compiled
def _below(cumulative: Any, at: int) -> Any:
    return cumulative[at - 1] if at > 0 else 0.0


@_compiled
def _held(x: Any, first: int, weight: Any, income: Any, count: int, p: float) -> Any:
    """Income of the poorest p, the person at the cut divided."""
    target = p * weight[count - 1]
    q = _quantile(x, first, weight, count, target)
    at = _first_at_least(x, first, first + count, q) - first
    return _below(income, at) + q * (target - _below(weight, at))


@_compiled
def _ratio(top: float, bottom: float) -> Any:
    return top / bottom if bottom > 0 else np.nan


@_compiled
def _poverty(
    code: int,
    x: Any,
    first: int,
    weight: Any,
    income: Any,
    squares: Any,
    count: int,
    people: Any,
    line: float,
) -> Any:
    """Headcount, median gap, FGT; squares holds prefix sums of w·x² when FGT2 is asked for."""
    poor = _first_at_least(x, first, first + count, line) - first
    heads, money = _below(weight, poor), _below(income, poor)
    if code == AROP:
        return 100 * heads / people
    if line <= 0:
        return np.nan
    if code == GAP:
        if heads <= 0:
            return np.nan
        median = _quantile(x, first, weight, poor, 0.5 * heads)
        return 100 * (line - median) / line
    if code == FGT1:
        return 100 * (heads - money / line) / people
    return 100 * (heads - 2 * money / line + _below(squares, poor) / (line * line)) / people


@_compiled
def _shape(
    code: int, x: Any, first: int, weight: Any, income: Any, count: int, pairs: float, p: float
) -> Any:
    """Indicators of the distribution that need no line."""
    people, money = weight[count - 1], income[count - 1]
    if code == MEAN:
        return money / people
    if code == QUANTILE:
        return _quantile(x, first, weight, count, p * people)
    if code == GINI:
        return 100 * (pairs / (people * money) - 1) if money > 0 else np.nan
    if code == LORENZ:
        return 100 * _held(x, first, weight, income, count, p) / money if money > 0 else np.nan
    if code == PALMA:
        top = money - _held(x, first, weight, income, count, 0.9)
        return _ratio(top, _held(x, first, weight, income, count, 0.4))
    low = _quantile(x, first, weight, count, 0.2 * people)
    high = _quantile(x, first, weight, count, 0.8 * people)
    if code == S80S20:
        bottom = _below(income, _first_at_least(x, first, first + count, low) - first)
        top = money - _below(income, _first_at_least(x, first, first + count, high) - first)
    else:
        bottom = _below(income, _first_above(x, first, first + count, low) - first)
        top = money - _below(income, _first_above(x, first, first + count, high) - first)
    return _ratio(top, bottom)


@_compiled
def _share(
    x: Any,
    yes: Any,
    no: Any,
    about: Any,
    psu: Any,
    first: int,
    known: int,
    stop: int,
    factor: Any,
    line: float,
) -> Any:
    """A condition's share in percent: ``yes`` counts below the line, ``no`` from it on."""
    cut = _first_at_least(x, first, known, line)
    count, people = 0.0, 0.0
    for at in range(first, stop):
        f = factor[psu[at]]
        count += f * (yes[at] if at < cut else no[at])
        people += f * about[at]
    return 100 * count / people if people > 0 else np.nan


@_compiled
def _squares(x: Any, w: Any, psu: Any, first: int, count: int, factor: Any, squares: Any) -> None:
    total = 0.0
    for at in range(first, first + count):
        total += w[at] * factor[psu[at]] * x[at] * x[at]
        squares[at - first] = total


@_compiled
def _how_far(kinds: Any, lines: Any, segment: int, highest: Any) -> Any:
    """Up to which quantile and which amount a segment's sums are needed."""
    reach, amount = highest, -np.inf
    for k in range(kinds.size):
        if kinds[k] == LINE_GIVEN or (kinds[k] == LINE_SAMPLE and segment > 0):
            amount = max(amount, lines[k])
        else:
            reach = max(reach, 0.5)
    return reach, amount


@_compiled
def _set_lines(kinds: Any, amounts: Any, segment: int, median: Any, lines: Any) -> None:
    """Lines that move with this segment's median."""
    for k in range(kinds.size):
        if (kinds[k] == LINE_SAMPLE and segment == 0) or kinds[k] == LINE_DOMAIN:
            lines[k] = amounts[k] * median


@_compiled
def replicate(  # one switch over what was asked for
    units: Any, rows: Any, flags: Any, program: Any, factor: Any, scratch: Any, totals: Any, out: Any
) -> None:
    """Every estimate asked for under one set of factors.

    Where only the poor and the median are asked for (``full`` is false), the sums stop there: the weight
    of each segment then comes from the rows in the order of the file.

    Args:
        units: x, w, psu of the sorted units of all segments; first, known and stop of each segment.
        rows: w, psu and segment of each run of the file, for the totals.
        flags: yes, no, about: shape (conditions, units).
        program: segment starts in the operations; code, line, parameter and condition of each; kind and
            amount of lines; whether whole segments are needed; the highest quantile asked for.
        factor: of each PSU.
        scratch: prefix sums, shape (3, longest segment).
        totals: room for the weight of each segment.
        out: shape (operations,).
    """
    x, w, psu, firsts, knowns, stops = units
    yes, no, about = flags
    begins, codes, line_of, parameter, condition, kinds, amounts, full, highest = program
    weight, income, squares = scratch[0], scratch[1], scratch[2]
    lines = amounts.copy()
    if not full:
        _segment_totals(rows, factor, totals)
    for segment in range(firsts.size):
        first, known, stop = firsts[segment], knowns[segment], stops[segment]
        count, pairs = known - first, 0.0
        if full:
            pairs = _prefix(x, w, psu, first, known, factor, weight, income)
            people = weight[count - 1] if count > 0 else 0.0
        else:
            people = totals[segment]
            reach, amount = _how_far(kinds, lines, segment, highest)
            enough = reach * people * (1 + 4 * TIE) if reach > 0 else -1.0
            count = _prefix_until(x, w, psu, first, known, factor, weight, income, enough, amount)
        alive = people > 0
        median = _quantile(x, first, weight, count, 0.5 * people) if alive and count > 0 else np.nan
        _set_lines(kinds, amounts, segment, median, lines)
        squared = False
        for op in range(begins[segment], begins[segment + 1]):
            code, line = codes[op], lines[line_of[op]]
            if code == FLAG:
                c = condition[op]
                out[op] = _share(x, yes[c], no[c], about[c], psu, first, known, stop, factor, line)
            elif not alive:
                out[op] = np.nan
            elif code == ARPT:
                out[op] = line
            elif code <= FGT2:
                if code == FGT2 and not squared:
                    _squares(x, w, psu, first, count, factor, squares)
                    squared = True
                out[op] = _poverty(code, x, first, weight, income, squares, count, people, line)
            elif not full:
                out[op] = _quantile(x, first, weight, count, parameter[op] * people)
            else:
                out[op] = _shape(code, x, first, weight, income, count, pairs, parameter[op])


@_compiled
def bootstrap(
    base: Any,
    begin: int,
    end: int,
    design: Any,
    units: Any,
    rows: Any,
    flags: Any,
    program: Any,
    longest: int,
) -> Any:
    """Replicates begin … end-1 of the Rao–Wu bootstrap, shape (end - begin, operations).

    Args:
        base: 64-bit word of the seed.
        begin: first replicate.
        end: one after the last.
        design: first PSU and size of each stratum; the units' weights already carry n_h/(n_h - 1).
        units: as in ``replicate``.
        rows: as in ``replicate``.
        flags: as in ``replicate``.
        program: as in ``replicate``.
        longest: units of the longest segment.
    """
    starts, sizes = design
    counts = np.zeros(sizes.sum(), dtype=np.uint8)
    scratch = np.empty((3, longest))
    totals = np.empty(units[3].size)
    out = np.empty((end - begin, program[1].size))
    for r in range(begin, end):
        draw_counts(base, r, starts, sizes, counts)
        replicate(units, rows, flags, program, counts, scratch, totals, out[r - begin])
    return out


@_compiled
def scaled_bootstrap(
    base: Any,
    begin: int,
    end: int,
    design: Any,
    units: Any,
    rows: Any,
    flags: Any,
    program: Any,
    longest: int,
) -> Any:
    """The same with a finite population correction or certainty strata: factor a_h + b_h·count.

    Args:
        base: as in ``bootstrap``.
        begin: as in ``bootstrap``.
        end: as in ``bootstrap``.
        design: first PSU and size of each stratum, a_h and b_h.
        units: as in ``replicate``.
        rows: as in ``replicate``.
        flags: as in ``replicate``.
        program: as in ``replicate``.
        longest: units of the longest segment.
    """
    starts, sizes, constant, slope = design
    counts = np.zeros(sizes.sum(), dtype=np.uint8)
    factor = np.empty(counts.size)
    scratch = np.empty((3, longest))
    totals = np.empty(units[3].size)
    out = np.empty((end - begin, program[1].size))
    for r in range(begin, end):
        draw_counts(base, r, starts, sizes, counts)
        for h in range(starts.size):
            for j in range(starts[h], starts[h] + sizes[h]):
                factor[j] = constant[h] + slope[h] * counts[j]
        replicate(units, rows, flags, program, factor, scratch, totals, out[r - begin])
    return out


@_compiled
def paired_bootstrap(
    base: Any,
    begin: int,
    end: int,
    design: Any,
    units: Any,
    rows: Any,
    flags: Any,
    program: Any,
    longest: int,
) -> Any:
    """The bootstrap of one of two editions that share PSUs; factor a + b·count of each PSU.

    Args:
        base: as in ``bootstrap``.
        begin: as in ``bootstrap``.
        end: as in ``bootstrap``.
        design: side and lists of ``draw_paired``; a and b of each PSU.
        units: as in ``replicate``.
        rows: as in ``replicate``.
        flags: as in ``replicate``.
        program: as in ``replicate``.
        longest: units of the longest segment.
    """
    side, lists, constant, slope = design
    counts = np.zeros(constant.size, dtype=np.uint8)
    scratch = np.empty((3, longest))
    totals = np.empty(units[3].size)
    out = np.empty((end - begin, program[1].size))
    for r in range(begin, end):
        draw_paired(base, r, side, lists, counts)
        replicate(units, rows, flags, program, constant + slope * counts, scratch, totals, out[r - begin])
    return out


@_compiled
def jackknife(
    base: Any,
    begin: int,
    end: int,
    design: Any,
    units: Any,
    rows: Any,
    flags: Any,
    program: Any,
    longest: int,
) -> Any:
    """Replicates that leave out one of PSUs begin … end-1; others of its stratum count n_h/(n_h - 1).

    Args:
        base: not used.
        begin: first PSU left out.
        end: one after the last.
        design: first PSU and size of each stratum, stratum of each PSU.
        units: as in ``replicate``.
        rows: as in ``replicate``.
        flags: as in ``replicate``.
        program: as in ``replicate``.
        longest: units of the longest segment.
    """
    starts, sizes, stratum = design
    factor = np.ones(stratum.size)
    scratch = np.empty((3, longest))
    totals = np.empty(units[3].size)
    out = np.empty((end - begin, program[1].size))
    for j in range(begin, end):
        h = stratum[j]
        first, stop = starts[h], starts[h] + sizes[h]
        if sizes[h] > 1:
            factor[first:stop] = sizes[h] / (sizes[h] - 1)
            factor[j] = 0.0
        replicate(units, rows, flags, program, factor, scratch, totals, out[j - begin])
        factor[first:stop] = 1.0
    return out


@_compiled
def once(units: Any, rows: Any, flags: Any, program: Any, psus: int, longest: int) -> Any:
    """The estimates themselves, shape (operations,): every factor is 1.

    Args:
        units: as in ``replicate``.
        rows: as in ``replicate``.
        flags: as in ``replicate``.
        program: as in ``replicate``.
        psus: number of PSUs.
        longest: units of the longest segment.
    """
    factor = np.ones(psus, dtype=np.uint8)
    scratch = np.empty((3, longest))
    out = np.empty(program[1].size)
    replicate(units, rows, flags, program, factor, scratch, np.empty(units[3].size), out)
    return out
