"""A real Dask cluster of two workers: the same digits, also when one is killed in the middle."""

import os
import signal
import threading
import time

import pytest

import socialstats as ss
from tests.socialstats.data import sample, survey

distributed = pytest.importorskip("distributed")


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_and_a_killed_worker_change_no_digit() -> None:
    made = survey(sample(2, households=2000))
    alone = ss.estimate(made, ["arop", "gini"], by="region", variance="bootstrap:8000", seed=5)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        client = distributed.Client(cluster.scheduler_address, set_as_default=False)
        before = set(client.run(os.getpid).values())
        found: list[ss.Estimates] = []

        def work() -> None:
            found.append(
                ss.estimate(
                    made,
                    ["arop", "gini"],
                    by="region",
                    variance="bootstrap:8000",
                    seed=5,
                    dask=cluster.scheduler_address,
                )
            )

        thread = threading.Thread(target=work)
        thread.start()
        while thread.is_alive() and not any(client.processing().values()):
            time.sleep(0.01)
        os.kill(min(before), signal.SIGKILL)
        thread.join(120)
        client.close()
    assert found
    assert [row.se for row in found[0]] == [row.se for row in alone]


def test_no_scheduler_is_said_in_a_sentence() -> None:
    with pytest.raises(ss.OptionError, match="No Dask scheduler"):
        ss.estimate(survey(), "gini", variance="bootstrap:10", dask="tcp://127.0.0.1:9")
