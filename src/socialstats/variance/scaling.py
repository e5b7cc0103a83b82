"""Replicates spread over threads of this machine or over a Dask cluster: same chunks, same digits."""

import itertools
import os
from typing import Any

import numpy as np

from socialstats.arrays import FloatArray
from socialstats.errors import OptionError
from socialstats.variance import kernels


def compute_chunk(
    kind: str, base: np.uint64, begin: int, end: int, arguments: tuple[Any, ...]
) -> FloatArray:
    """Replicates begin … end-1 of a kind (a kernel's name), shape (end - begin, operations)."""
    found: FloatArray = getattr(kernels, kind)(base, begin, end, *arguments)
    return found


def chunks(count: int, parts: int) -> list[tuple[int, int]]:
    """About equal ranges that cover 0 … count-1."""
    edges = np.linspace(0, count, min(parts, count) + 1).astype(int).tolist()
    return list(itertools.pairwise(edges))


def run_chunks(
    kind: str,
    base: np.uint64,
    count: int,
    arguments: tuple[Any, ...],
    *,
    n_jobs: int = 1,
    dask: str | None = None,
) -> FloatArray:
    """All replicates of a kernel, shape (count, operations), the same however they are spread.

    Args:
        kind: kernel's name.
        base: 64-bit word of the seed.
        count: replicates.
        arguments: of the kernel, after the range.
        n_jobs: threads; -1 = all cores.
        dask: a scheduler's address; workers need socialstats. A chunk lost with its worker is made again.

    Raises:
        OptionError: the number of jobs is 0 or below -1, or Dask is missing or cannot be reached.
    """
    if n_jobs == 0 or n_jobs < -1:
        message = f"The number of jobs is 1 or more, or -1 for all cores; not {n_jobs}."
        raise OptionError(message)
    if dask is not None:
        return _on_cluster(kind, base, count, arguments, dask)
    jobs = (os.cpu_count() or 1) if n_jobs == -1 else n_jobs
    if jobs == 1:
        return compute_chunk(kind, base, 0, count, arguments)
    from joblib import Parallel, delayed

    # compiled kernels let go of the interpreter: threads share the arrays
    parts = Parallel(n_jobs=jobs, backend="threading")(
        delayed(compute_chunk)(kind, base, begin, end, arguments) for begin, end in chunks(count, jobs)
    )
    return np.concatenate(parts)


def _on_cluster(
    kind: str, base: np.uint64, count: int, arguments: tuple[Any, ...], address: str
) -> FloatArray:
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
        shared = client.scatter([arguments], broadcast=True, hash=False)[0]
        futures = [
            client.submit(compute_chunk, kind, base, begin, end, shared, pure=False, retries=5)
            for begin, end in chunks(count, 16)
        ]
        return np.concatenate(client.gather(futures))
