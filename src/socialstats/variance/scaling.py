"""Work by number spread over threads of this machine or over a Dask cluster: same numbers, same digits."""

import itertools
import os
from collections.abc import Callable
from typing import Any

import numpy as np

from socialstats.arrays import FloatArray
from socialstats.errors import OptionError

Work = Callable[[int, int, Any], FloatArray]
"""Makes numbers begin … end-1 of something from what all of them share, shape (end - begin, …).

A function of a module, so that a worker elsewhere finds it.
"""


def chunks(count: int, parts: int) -> list[tuple[int, int]]:
    """About equal ranges that cover 0 … count-1."""
    edges = np.linspace(0, count, min(parts, count) + 1).astype(int).tolist()
    return list(itertools.pairwise(edges))


def run_chunks(
    work: Work, count: int, shared: Any, *, n_jobs: int = 1, dask: str | None = None
) -> FloatArray:
    """Everything that ``work`` makes, in order, shape (count, …), the same however it is spread.

    Args:
        work: makes a range of numbers.
        count: how many there are, at least 1.
        shared: what every range needs; sent to each worker once.
        n_jobs: threads; -1 = all cores.
        dask: a scheduler's address; workers need socialstats. A range lost with its worker is made again.

    Raises:
        OptionError: the number of jobs is 0 or below -1, or Dask is missing or cannot be reached.
    """
    if n_jobs == 0 or n_jobs < -1:
        message = f"The number of jobs is 1 or more, or -1 for all cores; not {n_jobs}."
        raise OptionError(message)
    if dask is not None:
        return _on_cluster(work, count, shared, dask)
    jobs = (os.cpu_count() or 1) if n_jobs == -1 else n_jobs
    if jobs == 1:
        return work(0, count, shared)
    from joblib import Parallel, delayed

    # compiled kernels let go of the interpreter: threads share the arrays
    parts = Parallel(n_jobs=jobs, backend="threading")(
        delayed(work)(begin, end, shared) for begin, end in chunks(count, jobs)
    )
    return np.concatenate(parts)


def _on_cluster(work: Work, count: int, shared: Any, address: str) -> FloatArray:
    try:
        import distributed
    except ImportError:
        message = "A cluster needs the package distributed, which is not installed."
        raise OptionError(message) from None
    try:
        client: Any = distributed.Client(address, timeout="4s")  # type: ignore[no-untyped-call]
    except OSError as error:
        message = f"No Dask scheduler answers at {address}."
        raise OptionError(message) from error
    with client:
        # in a list: what is shared may be a collection that Dask would take apart
        sent = client.scatter([[shared]], broadcast=True, hash=False)[0]
        futures = [
            client.submit(_unpacked, work, begin, end, sent, pure=False, retries=5)
            for begin, end in chunks(count, 16)
        ]
        return np.concatenate(client.gather(futures))


def _unpacked(work: Work, begin: int, end: int, sent: list[Any]) -> FloatArray:
    return work(begin, end, sent[0])
