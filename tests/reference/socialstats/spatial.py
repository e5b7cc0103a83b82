"""Writes spatial.csv: local statistics as the independent library esda gives them.

Run once with esda 2.9.0 and libpysal 4.14.1 in an environment of its own; no test needs either.
Values are drawn on a lattice of 6 × 5 areas (borders shared, rook) with one area cut off as an island.
esda divides local I by the variance with divisor m − 1, and folds p-values to the smaller tail.
"""

from pathlib import Path

import numpy as np
from esda import G_Local, Moran, Moran_Local
from libpysal.weights import W

ROWS, COLUMNS, ISLAND, PERMUTATIONS = 6, 5, 29, 99_999


def lattice() -> dict[int, list[int]]:
    places = {(r, c): r * COLUMNS + c for r in range(ROWS) for c in range(COLUMNS)}
    beside = {
        at: sorted(
            there
            for step in ((0, 1), (1, 0), (0, -1), (-1, 0))
            if (there := places.get((r + step[0], c + step[1]))) is not None
        )
        for (r, c), at in places.items()
    }
    return {at: [there for there in some if ISLAND not in {at, there}] for at, some in beside.items()}


def main() -> None:
    rng = np.random.default_rng(20260101)
    grid = np.add.outer(np.linspace(2, -2, ROWS), np.linspace(1, -1, COLUMNS)).ravel()
    value = np.round(20 + 4 * grid + rng.normal(0, 3, ROWS * COLUMNS), 4)
    beside = lattice()
    rows = W(beside, silence_warnings=True)
    rows.transform = "r"
    local = Moran_Local(value, rows, permutations=PERMUTATIONS, geoda_quads=False, seed=1)
    own = W({at: [*some, at] for at, some in beside.items()}, silence_warnings=True)
    star = G_Local(value, own, transform="B", permutations=PERMUTATIONS, star=None, seed=1)
    # a binary weight of 1 on the area itself, so that it counts like a neighbour
    whole = Moran(value, rows, permutations=0)
    lines = ["area,value,neighbours,moran,moran_p,quadrant,getis_ord,getis_ord_p,global_moran"]
    for at in range(len(value)):
        some = " ".join(map(str, beside[at]))
        lines.append(
            f"{at},{value[at]},{some},{float(local.Is[at])!r},{float(local.p_sim[at]):.5f},{local.q[at]},"
            f"{float(star.Zs[at])!r},{float(star.p_sim[at]):.5f},{float(whole.I)!r}"
        )
    Path(__file__).with_suffix(".csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
