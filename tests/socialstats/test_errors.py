"""One tree of errors, and streams that know what they are for."""

import numpy as np
import pytest

import socialstats as ss
from socialstats.errors import first_rows
from socialstats.random import words


def test_every_error_hangs_on_one_root() -> None:
    errors = [getattr(ss, name) for name in ss.__all__ if name.endswith("Error")]
    assert len(errors) == 14
    assert all(issubclass(error, ss.SocialStatsError) for error in errors)


def test_the_public_names_are_there_once() -> None:
    assert len(set(ss.__all__)) == len(ss.__all__)
    assert all(hasattr(ss, name) for name in ss.__all__)


def test_rows_are_named_from_one() -> None:
    assert first_rows([2]) == "row 3"
    assert first_rows([0, 1, 2, 3, 4, 5, 6]) == "rows 1, 2, 3, 4, 5 and 2 more"


def test_a_stream_depends_on_its_path_alone() -> None:
    one = ss.stream(7, "bootstrap", 3).random(4)
    ss.stream(7, "bootstrap", 2).random(100)
    assert np.array_equal(one, ss.stream(7, "bootstrap", 3).random(4))
    assert not np.array_equal(one, ss.stream(7, "bootstrap", 4).random(4))
    assert not np.array_equal(one, ss.stream(7, "mse", 3).random(4))
    assert not np.array_equal(one, ss.stream(8, "bootstrap", 3).random(4))
    assert words(7, "x", count=3).dtype == np.uint64


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ss.OptionError, match="from 0 on"):
        ss.stream(-1)
