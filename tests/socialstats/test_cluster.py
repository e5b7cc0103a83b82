"""A real Dask cluster of two workers: the same digits, also when one is killed in the middle."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import socialstats as ss
from tests.socialstats.data import sample, survey
from tests.socialstats.test_calibrated import calibrated

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Two processes of one thread each."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as made:
        yield made


def while_one_dies(cluster: Any, work: Callable[[str], Any]) -> Any:
    """What a work gives that loses one of its two workers while these are at it."""
    client = distributed.Client(cluster.scheduler_address, set_as_default=False)
    before = set(client.run(os.getpid).values())
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(work(cluster.scheduler_address)))
    thread.start()
    while thread.is_alive() and not any(client.processing().values()):
        time.sleep(0.01)
    assert thread.is_alive(), "the work was over before a worker could die"
    os.kill(min(before), signal.SIGKILL)
    thread.join(120)
    client.close()
    assert found
    return found[0]


def test_a_killed_worker_changes_no_digit_of_the_bootstrap(cluster: Any) -> None:
    made = survey(sample(2, households=2000))
    asked = {"by": "region", "variance": "bootstrap:8000", "seed": 5}
    alone = ss.estimate(made, ["arop", "gini"], **asked)
    found = while_one_dies(cluster, lambda at: ss.estimate(made, ["arop", "gini"], **asked, dask=at))
    assert [row.se for row in found] == [row.se for row in alone]


def test_a_killed_worker_changes_no_digit_of_the_calibrated_jackknife(cluster: Any) -> None:
    made, calibration = calibrated("raking")
    asked = {"by": "region", "variance": "jkn", "calibration": calibration}
    alone = ss.estimate(made, ["arop", "theil"], **asked)
    found = while_one_dies(cluster, lambda at: ss.estimate(made, ["arop", "theil"], **asked, dask=at))
    assert [row.se for row in found] == [row.se for row in alone]


def test_a_killed_worker_changes_no_digit_of_ebp(cluster: Any) -> None:
    rng = np.random.default_rng(4)
    areas, everyone = rng.integers(0, 12, 300), rng.integers(0, 14, 4000)
    x, wide = rng.normal(size=(300, 2)), rng.normal(size=(4000, 2))
    incomes = np.exp(9 + x @ [0.2, -0.1] + 0.1 * rng.normal(size=12)[areas] + 0.4 * rng.normal(size=300))

    def work(dask: str | None = None) -> Any:
        return ss.smallarea.ebp(
            incomes, x, areas, wide, everyone, line=5000, transform="box-cox", simulations=20,
            replicates=60, seed=2, dask=dask,
        )  # fmt: skip

    alone, found = work(), while_one_dies(cluster, work)
    assert np.array_equal(found.mse, alone.mse, equal_nan=True)
    assert np.array_equal(found.estimates, alone.estimates, equal_nan=True)


def test_no_scheduler_is_said_in_a_sentence() -> None:
    with pytest.raises(ss.OptionError, match="No Dask scheduler"):
        ss.estimate(survey(), "gini", variance="bootstrap:10", dask="tcp://127.0.0.1:9")
