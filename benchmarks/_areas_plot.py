"""The rows of `areas` as a drawing: cost by number of areas, both on logarithmic scales."""

import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

STEPS = {
    "areas.suppression_with_proof": ("suppression with proof", "s", "#0b3c8c"),
    "areas.publishing": ("publishing", "s", "#8a3ffc"),
    "areas.map_data": ("figures of a map", "ms", "#007d79"),
    "areas.drawing_anew": ("drawing", "ms", "#b28600"),
    "areas.small_area_model": ("small-area model", "s", "#9f1853"),
}
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 640, 400, 70, 20, 190, 50
LETTER = 15
SIZES, SECONDS = (51, 600, 6000), (0.001, 0.01, 0.1, 1, 10, 100, 1000)


def svg(rows: Iterable[Mapping[str, Any]]) -> str:
    """A line a step, named at its end."""
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        if row["name"] in STEPS:
            seconds = row["value"] / (1000 if row["unit"] == "ms" else 1)
            points[row["name"]].append((_x(row["areas"]), _y(max(seconds, SECONDS[0]))))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        'font-size="12" role="img" aria-label="Seconds by number of areas, both on logarithmic scales">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *_scales(),
    ]
    free = math.inf  # from below upwards, so that no name stands on another
    for name, line in sorted(points.items(), key=lambda one: -one[1][-1][1]):
        label, _unit, colour = STEPS[name]
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in line)
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in line]
        free = min(line[-1][1] + 4, free - LETTER)
        parts.append(f'<text x="{line[-1][0] + 8:.1f}" y="{free:.1f}" fill="{colour}">{label}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _scales() -> Iterator[str]:
    for seconds in SECONDS:
        y = _y(seconds)
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{seconds:g} s</text>'
    for size in SIZES:
        place = f'x="{_x(size):.1f}" y="{HEIGHT - BOTTOM + 20}"'
        yield f'<text {place} text-anchor="middle">{size:,} areas</text>'


def _x(size: float) -> float:
    share = math.log(size / SIZES[0]) / math.log(SIZES[-1] / SIZES[0])
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(seconds: float) -> float:
    share = math.log(seconds / SECONDS[0]) / math.log(SECONDS[-1] / SECONDS[0])
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


if __name__ == "__main__":
    print(
        svg(json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()), end=""
    )
