"""Random streams that depend on the seed and on what they are for, never on threads or order of work.

A stream is named by the seed and a path of whole numbers and words: ``stream(7, "bootstrap", 12)`` is
replicate 12's own stream whoever draws it, and whenever.
"""

import zlib

import numpy as np
from numpy.typing import NDArray

from socialstats.errors import OptionError


def _key(part: int | str) -> int:
    """A whole number for a word or a number of a path; words keep clear of small numbers."""
    if isinstance(part, str):
        return 2**32 + zlib.crc32(part.encode())
    return int(part)


def sequence(seed: int, *path: int | str) -> np.random.SeedSequence:
    """The seed sequence at a path.

    Raises:
        OptionError: the seed or a number of the path is negative.
    """
    keys = tuple(_key(part) for part in path)
    if seed < 0 or any(key < 0 for key in keys):
        message = f"A seed is a whole number from 0 on; this one is {seed}."
        raise OptionError(message)
    # spawn keys are 32-bit words: a word of a path takes two of them
    words = [half for key in keys for half in ((key,) if key < 2**32 else (key >> 32, key & 0xFFFFFFFF))]
    return np.random.SeedSequence(entropy=seed, spawn_key=tuple(words))


def stream(seed: int, *path: int | str) -> np.random.Generator:
    """An independent generator (Philox) at a path.

    Args:
        seed: what the analyst writes down to repeat the run, 0 or more.
        *path: what the stream is for and which one, for example ``"bootstrap", 12``.

    Raises:
        OptionError: the seed or a number of the path is negative.
    """
    return np.random.Generator(np.random.Philox(sequence(seed, *path)))


def words(seed: int, *path: int | str, count: int) -> NDArray[np.uint64]:
    """64-bit words that seed the compiled kernels' own generators, shape (count,)."""
    return sequence(seed, *path).generate_state(count, np.uint64).astype(np.uint64)
