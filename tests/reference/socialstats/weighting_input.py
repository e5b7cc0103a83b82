"""Makes weighting_input.csv: 300 invented persons in 130 households, for the comparison with R."""

from pathlib import Path

import numpy as np

draw = np.random.Generator(np.random.PCG64(20211))
size = draw.choice([1, 2, 3, 4], p=[0.3, 0.3, 0.25, 0.15], size=200)
household = np.repeat(np.arange(len(size)), size)[:300]
stratum = household % 4
weight = np.round(np.exp(draw.normal(3, 0.5, household.max() + 1)), 4)[household]
sex = draw.integers(1, 3, 300)
age = draw.choice(["0-17", "18-39", "40-64", "65+"], p=[0.18, 0.28, 0.34, 0.2], size=300)
income = np.round(np.exp(draw.normal(9, 0.6, 300)), 2)
chance = 1 / (1 + np.exp(-(0.6 + 0.5 * (sex == 2) - 0.3 * (income > 9000))))
responded = (draw.random(300) < chance).astype(int)
with Path(__file__).with_suffix(".csv").open("w", encoding="utf-8") as file:
    file.write("household,stratum,weight,sex,age,income,responded\n")
    for row in zip(household, stratum, weight, sex, age, income, responded, strict=True):
        file.write(",".join(str(value) for value in row) + "\n")
