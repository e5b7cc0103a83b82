"""socialstats beside laeken and survey on one file, and on millions of persons; CPU seconds.

Where R with laeken and survey is not installed the peers' columns stay empty. The file is synthetic:
6,000 households in
9 regions, about the size of the Austrian EU-SILC that laeken carries.
"""

import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

import socialstats as ss
from benchmarks import _smallarea

REPLICATES_OF_LAEKEN = 50
"""laeken needs some 22 seconds for 1,000: it is timed on 50 and multiplied."""

MAIN = ["arpt", "arop", "gap", "gini", "s80s20", "fgt1", "mean", "median"]


def persons(households: int, regions: int = 9, seed: int = 1) -> pl.DataFrame:
    """Households of 1–5 persons, regions as strata."""
    rng = np.random.default_rng(seed)
    size = rng.choice([1, 2, 3, 4, 5], households, p=[0.3, 0.28, 0.17, 0.18, 0.07])
    home = np.repeat(np.arange(households), size)
    region = np.arange(households) * regions // households
    return pl.DataFrame(
        {
            "household": home,
            "region": region[home].astype(np.int16),
            "income": rng.lognormal(9.7, 0.55, households)[home],
            "weight": rng.uniform(400, 700, households)[home],
        }
    )


def survey(frame: pl.DataFrame) -> ss.Survey:
    """With households as PSUs."""
    return ss.Survey.of(
        frame, weight="weight", income="income", strata="region", psu="household", household="household"
    )


def cpu_seconds(work: Callable[[], object], times: int) -> float:
    """Median CPU time of all threads."""
    taken = []
    for _ in range(times):
        before = time.process_time()
        work()
        taken.append(time.process_time() - before)
    return statistics.median(taken)


def peers(path: Path) -> dict[str, float]:
    """Times of laeken and survey; nothing where R or a package is missing."""
    if shutil.which("Rscript") is None:
        return {}
    script = Path(__file__).with_suffix(".R")
    done = subprocess.run(
        ["Rscript", "--vanilla", str(script), str(path), str(REPLICATES_OF_LAEKEN)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {row["name"]: row["value"] for row in rows}


def row(
    name: str, value: float, unit: str, peer: str | None = None, peer_value: float | None = None
) -> dict[str, object]:
    """One line of the table."""
    ratio = peer_value / value if peer_value is not None and value else None
    return {
        "name": name,
        "value": round(value, 6),
        "unit": unit,
        "peer": peer,
        "peer_value": peer_value,
        "ratio": None if ratio is None else round(ratio, 1),
    }


def beside_r() -> Iterator[dict[str, object]]:
    """The tasks that R does too."""
    frame = persons(6000)
    made = survey(frame)
    started = time.process_time()
    ss.estimate(made, "arop", by="region", variance="bootstrap:2")
    yield row(
        "first call of the bootstrap, kernels compiled or read back", time.process_time() - started, "CPU s"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.csv"
        frame.write_csv(path)
        r = peers(path)
    size = f"{frame.height:,} persons, total and 9 regions"
    three = ["arop", "gini", "s80s20"]
    ss.estimate(made, three, by="region", variance="none")
    points = cpu_seconds(lambda: ss.estimate(made, three, by="region", variance="none"), 15)
    yield row(f"AROP, Gini, S80/S20, points: {size}", points, "CPU s", "laeken", r.get("points"))
    linear = cpu_seconds(lambda: ss.estimate(made, "arop", by="region"), 15)
    name = f"AROP with linearised error, line's variance in it: {size}"
    yield row(name, linear, "CPU s", "survey (a fixed flag)", r.get("taylor"))
    line = ss.Line.given(9000)
    fixed = cpu_seconds(lambda: ss.estimate(made, "arop", by="region", line=line), 15)
    yield row(f"share below a fixed line with its error: {size}", fixed, "CPU s", "survey", r.get("taylor"))
    boot = cpu_seconds(lambda: ss.estimate(made, "arop", by="region", variance="bootstrap:1000"), 5)
    slow = r["bootstrap"] * 1000 / REPLICATES_OF_LAEKEN if "bootstrap" in r else None
    yield row(f"AROP bootstrap, R = 1,000: {size}", boot, "CPU s", "laeken", slow)


def many_domains() -> dict[str, object]:
    """All main indicators over the municipalities of two regions."""
    made = survey(persons(6000, regions=51))
    seconds = cpu_seconds(lambda: ss.estimate(made, MAIN, by="region", variance="bootstrap:1000"), 3)
    return row(f"{len(MAIN)} indicators, 51 domains, R = 1,000: {made.size:,} persons", seconds, "CPU s")


def growth() -> Iterator[dict[str, object]]:
    """Cost at four sizes: as n·log n."""
    for households in (6_000, 24_000, 96_000, 384_000):
        made = survey(persons(households))
        seconds = cpu_seconds(
            lambda made=made: ss.estimate(made, "arop", by="region", variance="bootstrap:100"), 2
        )
        yield row(f"AROP bootstrap, R = 100: {made.size:,} persons", seconds, "CPU s")


def millions() -> Iterator[dict[str, object]]:
    """A country: in a process of its own, so that its peak of memory is its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.stats"], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[1],
    )  # fmt: skip
    yield from (json.loads(line) for line in done.stdout.splitlines() if line.startswith("{"))


def run() -> Iterator[dict[str, object]]:
    """Every row of the table."""
    yield from beside_r()
    yield many_domains()
    yield from growth()
    yield from millions()
    yield from _smallarea.rows()


def country() -> Iterator[dict[str, object]]:
    """10.4 million persons: the survey, points, the bootstrap, the peak."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "country.parquet"
        # written by another process: making the file is not part of the peak
        subprocess.run(
            [sys.executable, "-m", "benchmarks.stats", str(path)], check=True, cwd=Path(__file__).parents[1]
        )
        started = time.process_time()
        made = survey(ss.read_table(path))
        yield row(f"reading and checking: {made.size:,} persons", time.process_time() - started, "CPU s")
    # kernels compiled or read back are no part of a country: shown in a row of their own
    ss.estimate(survey(persons(2_000)), ["arop", "gini"], by="region", variance="bootstrap:2")
    for name, indicators, variance in (
        ("AROP, Gini, S80/S20, points", ["arop", "gini", "s80s20"], "none"),
        ("AROP bootstrap, R = 100, 2 threads", ["arop"], "bootstrap:100"),
    ):
        jobs = {"n_jobs": 2} if variance != "none" else {}
        before, wall = time.process_time(), time.perf_counter()
        ss.estimate(made, indicators, by="region", variance=variance, **jobs)
        yield row(
            f"{name}, total and 9 regions: {made.size:,} persons", time.process_time() - before, "CPU s"
        )
        yield row(f"{name}, wall clock on shared cores", time.perf_counter() - wall, "s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    yield row(f"peak of memory: {made.size:,} persons", peak, "GB")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        persons(4_270_000).write_parquet(sys.argv[1])
    else:
        for line in country():
            print(json.dumps(line), flush=True)
