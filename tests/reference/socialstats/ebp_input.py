"""Makes ebp_sample.csv (240 invented persons with weights) and ebp_population.csv (1200) in 12 areas,
one unsampled."""

from pathlib import Path

import numpy as np

draw = np.random.Generator(np.random.PCG64(77))
area = np.sort(draw.integers(1, 13, 1200))
age = np.round(draw.normal(0, 1, 1200), 4)
work = draw.integers(0, 2, 1200)
effect = draw.normal(0, 0.25, 13)
income = np.exp(9.2 + 0.15 * age + 0.4 * work + effect[area] + draw.normal(0, 0.45, 1200))
rows = np.sort(draw.choice(np.flatnonzero(area != 7), 240, replace=False))
weight = np.round(np.exp(draw.normal(1.5, 0.4, 240)), 4)
folder = Path(__file__).parent
with (folder / "ebp_population.csv").open("w", encoding="utf-8") as file:
    file.write("area,age,work\n")
    file.writelines(f"{a},{b},{c}\n" for a, b, c in zip(area, age, work, strict=True))
with (folder / "ebp_sample.csv").open("w", encoding="utf-8") as file:
    file.write("area,age,work,income,weight\n")
    for r, w in zip(rows, weight, strict=True):
        file.write(f"{area[r]},{age[r]},{work[r]},{income[r]:.2f},{w}\n")
