"""Counted persons by estimated ones: by hand, by simulation, and what is refused."""

import numpy as np
import pytest

from socialstats import errors, harmonise


def test_by_hand() -> None:
    found = harmonise.coverage([400, 0], [50_000, 900], [0.12, 0.5], [0.01, 0.05])
    assert found.needy.tolist() == [6000.0, 450.0]
    assert found.values.tolist() == pytest.approx([100 * 400 / 6000, 0.0])
    assert found.standard_errors.tolist() == pytest.approx([0.5555556, 0.0])
    assert found.low[0] == pytest.approx(5.66207, abs=1e-5)
    assert found.high[0] == pytest.approx(7.84950, abs=1e-5)
    assert (found.low[1], found.high[1]) == (0.0, 0.0)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Shares of samples of 300 persons around 18 %: 95 % within the error of 4,000 draws."""
    rng = np.random.Generator(np.random.PCG64(5))
    share = rng.binomial(300, 0.18, 4000) / 300
    error = np.sqrt(share * (1 - share) / 299)
    size = np.full(4000, 20_000)
    found = harmonise.coverage(np.full(4000, 700), size, share, error)
    truth = 100 * 700 / (20_000 * 0.18)
    held = np.mean((found.low <= truth) & (truth <= found.high))
    assert 0.935 < held < 0.965
    assert np.std(found.values) == pytest.approx(np.mean(found.standard_errors), rel=0.06)


@pytest.mark.parametrize(
    ("cases", "size", "share", "error"),
    [
        ([-1], [10], [0.2], [0.1]),
        ([1.5], [10], [0.2], [0.1]),
        ([1], [0], [0.2], [0.1]),
        ([1], [10], [0.0], [0.1]),
        ([1], [10], [1.2], [0.1]),
        ([1], [10], [0.2], [-0.1]),
    ],
)
def test_nonsense_is_refused(
    cases: list[float], size: list[float], share: list[float], error: list[float]
) -> None:
    with pytest.raises(errors.DataError):
        harmonise.coverage(cases, size, share, error)


def test_a_level_lies_between_nought_and_one() -> None:
    with pytest.raises(errors.OptionError):
        harmonise.coverage([1], [10], [0.2], [0.1], level=1.0)
