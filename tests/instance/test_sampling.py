"""Scenarios drawn from price history, and those that are kept."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from stockpile.instance import load
from stockpile.instance.generate import random_instance
from stockpile.instance.price_history import CORRELATION, VOLATILITY
from stockpile.instance.sampling import fast_forward, price_paths
from stockpile.instance.write import write


def test_paths_have_the_moments_of_the_history() -> None:
    """20,000 paths of two prices: 1 on average, with their volatility by the root of time, moving together as they should."""
    volatility, correlation = np.array([0.2, 0.5]), np.array([[1.0, 0.6], [0.6, 1.0]])
    paths = price_paths(volatility, correlation, np.array([1.0, 3.0]), 20_000, seed=3)
    assert paths.shape == (20_000, 2, 2)
    assert paths.mean(axis=0) == pytest.approx(np.ones((2, 2)), abs=0.03)
    returns = np.log(paths)
    assert returns.std(axis=0) == pytest.approx(np.sqrt([[1.0], [3.0]]) * volatility, rel=0.03)
    assert np.corrcoef(returns[:, 1].T)[0, 1] == pytest.approx(0.6, abs=0.02)
    assert np.array_equal(paths, price_paths(volatility, correlation, np.array([1.0, 3.0]), 20_000, seed=3))


def test_the_history_is_a_history() -> None:
    """A volatility for every row and column of a symmetric matrix with ones on its diagonal."""
    matrix = np.array(CORRELATION)
    assert matrix.shape == (len(VOLATILITY), len(VOLATILITY))
    assert np.array_equal(matrix, matrix.T)
    assert (np.diag(matrix) == 1).all()
    assert (np.abs(matrix) <= 1).all()


def distance(points: np.ndarray, probability: np.ndarray, kept: tuple[int, ...]) -> float:
    """What the points that are not kept weigh, by their distance from the nearest that is."""
    return float(sum(p * min(abs(a - points[k]) for k in kept) for a, p in zip(points, probability, strict=True)))


def test_fast_forward_selection_by_hand() -> None:
    """0, 1, 2 and 10: the 1 stands best for all, at (1 + 1 + 9) / 4; then the 10, which leaves half; all of them leave nothing."""
    points, even = np.array([0.0, 1.0, 2.0, 10.0]), np.full(4, 0.25)
    one, two = (fast_forward(points[:, None], even, keep) for keep in (1, 2))
    assert [kept.chosen.tolist() for kept in (one, two)] == [[1], [1, 3]]
    assert [one.error, one.relative, two.error] == pytest.approx([2.75, 1, 0.5])
    assert two.probability.tolist() == pytest.approx([0.75, 0.25])
    assert two.relative == pytest.approx(0.5 / 2.75)
    assert fast_forward(points[:, None], even, 4).error == 0


def test_the_error_is_the_distance_that_a_plain_search_finds() -> None:
    """Adding one at a time what leaves the least distance, by trying all; never better than the best of all ways to keep 3 of 9."""
    random = np.random.default_rng(1)
    for _ in range(20):
        points, weights = random.normal(size=9), random.random(9)
        weights /= weights.sum()
        plain: tuple[int, ...] = ()
        errors = []
        for keep in range(1, 10):
            rest = [k for k in range(9) if k not in plain]
            plain = (*plain, min(rest, key=lambda k: distance(points, weights, (*plain, k))))
            kept = fast_forward(points[:, None], weights, keep)
            errors.append(kept.error)
            assert kept.chosen.tolist() == sorted(plain)
            assert kept.error == pytest.approx(distance(points, weights, plain), abs=1e-7)
            assert kept.probability.sum() == pytest.approx(1)
        assert errors == sorted(errors, reverse=True)
        assert errors[2] >= min(distance(points, weights, three) for three in combinations(range(9), 3)) - 1e-7


@pytest.mark.parametrize("keep", [0, 5])
def test_no_more_can_be_kept_than_there_are(keep: int) -> None:
    """Nor none."""
    with pytest.raises(ValueError, match="cannot be kept"):
        fast_forward(np.zeros((4, 1)), np.full(4, 0.25), keep)


def test_a_random_instance_with_scenarios_has_as_many(tmp_path: Path) -> None:
    """Probabilities sum to 1, the same seed gives the same, prices part in the second year, and the error is told."""
    instance = random_instance(3, 8, 1, seed=2, scenarios=5)
    assert instance.warnings == ()
    assert instance.scenarios is not None
    assert len(instance.scenarios.names) == 5
    assert instance.scenarios.probability.sum() == pytest.approx(1)
    assert (instance.scenarios.groups() == 0).all(axis=0).tolist() == [True] * 4 + [False] * 4
    assert "5 scenarios of prices at" in instance.title
    write(instance, tmp_path / "five")
    assert load(tmp_path / "five").hash == random_instance(3, 8, 1, seed=2, scenarios=5).hash
    with pytest.raises(ValueError, match="core rules"):
        random_instance(3, 8, 1, seed=2, rules="all", scenarios=5)
