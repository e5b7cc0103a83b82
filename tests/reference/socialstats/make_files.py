"""Writes the two files that make.R and the test read; run from the root of the checkout with python -m."""

from pathlib import Path

from socialstats.synthetic import Municipality, synthetic_population, synthetic_sample
from tests.socialstats.data import sample

HERE = Path(__file__).parent


def main() -> None:
    """Both files, seeded."""
    sample(7, households=300).write_csv(HERE / "one_stage.csv")
    places = [Municipality("A", "north", 900, 8000.0), Municipality("B", "south", 1200, 11000.0)]
    drawn = synthetic_sample(synthetic_population(places, seed=5), areas=6, households=9, seed=2)
    columns = ["region", "area", "household", "sex", "income", "weight", "area_count", "household_count"]
    drawn.select(columns).write_csv(HERE / "two_stage.csv")


if __name__ == "__main__":
    main()
