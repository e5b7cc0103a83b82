"""Whether a survey's file may be opened at all: read once by a process that may die.

A Parquet file of a few kilobytes can unpack to more than the machine has, whatever it says of itself. Run
as ``python -m entaxis.indicators.opening parquet|text`` with the file on its standard input, this reads it
with memory and time limited before the first byte, and says by its exit status how that went: 0 it may be
opened, 3 it unpacks to too much, 4 it cannot be read. It knows nothing of Django and writes nothing down.
"""

import io
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Final

MEMORY_MB: Final = 3000
SECONDS: Final = 60
MOST_ROWS: Final = 2_000_000
MOST_MB: Final = 1000  # in memory, once it is open
TOO_MUCH, UNREADABLE = 3, 4
SOURCES: Final = Path(__file__).parents[2]


def status_of(content: bytes, kind: str) -> int:
    """How opening goes, found out by a process of its own.

    Args:
        content: the file.
        kind: ``parquet`` or ``text``.
    """
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(SOURCES),
        "LANG": "C.UTF-8",
        "POLARS_MAX_THREADS": "1",
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__, kind],
            input=content,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS * 1.5,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return TOO_MUCH
    # a process that was killed for its memory or its time says so by a negative status or by polars' abort
    return done.returncode if done.returncode in (0, UNREADABLE) else TOO_MUCH


def main() -> int:
    """Open what comes in, as the command line says; returns the exit status."""
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_MB * 2**20),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    import polars as pl

    content = sys.stdin.buffer.read()
    try:
        if sys.argv[1] == "parquet":
            rows = pl.scan_parquet(io.BytesIO(content)).select(pl.len()).collect().item()
            if rows > MOST_ROWS:
                return TOO_MUCH
            frame = pl.read_parquet(io.BytesIO(content))
        else:
            frame = pl.read_csv(
                content, infer_schema=False, truncate_ragged_lines=True, encoding="utf8-lossy"
            )
    except MemoryError:
        return TOO_MUCH
    except pl.exceptions.PolarsError:
        return UNREADABLE
    is_small = frame.height <= MOST_ROWS and frame.estimated_size("mb") <= MOST_MB
    return 0 if is_small else TOO_MUCH


if __name__ == "__main__":
    sys.exit(main())
