"""A figure's error is never smaller than its standard error or the longer side of its interval."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entaxis.indicators import precision

PARTS = st.floats(0, 1e6)


@given(value=st.floats(0.001, 1e6), se=PARTS, below=PARTS, above=PARTS)
def test_the_longer_side_counts_as_much_as_the_standard_error(
    value: float, se: float, below: float, above: float
) -> None:
    found = precision.error(value, se, value - below, value + above)
    assert found == pytest.approx(max(se, below / 1.96, above / 1.96), rel=1e-6, abs=1e-6)
    assert precision.relative(value, se, value - below, value + above) == pytest.approx(
        (found or 0) / value
    )


def test_a_nought_with_an_interval_is_as_unsure_as_can_be_and_a_count_is_sure() -> None:
    assert precision.relative(0.0, 0.0, 0.0, 16.7) == math.inf
    assert precision.relative(300.0, None, None, None) == 0
    assert precision.error(None, 1.0, 0.0, 2.0) is None
    assert precision.error(20.0, None, None, None) is None


def test_a_share_of_one_percent_with_an_error_of_one_percent_is_large() -> None:
    assert precision.relative(1.0, 1.03, 0.08, 11.5) > precision.LARGE_FROM
