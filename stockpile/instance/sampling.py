"""Scenarios drawn from how prices have moved, and the few of them that stand best for all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Kept:
    """The scenarios ``chosen`` (K,) of many, with their ``probability`` (K,).

    ``error`` is the Kantorovich distance between all and those, ``relative`` it as a share of that to the best single one;
    0 where all are alike.
    """

    chosen: Ints
    probability: Floats
    error: float
    relative: float


def price_paths(volatility: Floats, correlation: Floats, years: Floats, count: int, seed: int) -> Floats:
    """(count, T, G) what prices are multiplied with, by how many ``years`` (T,) after the start each moment is.

    Geometric Brownian motion: ``volatility`` (G,) is the standard deviation of yearly logarithmic returns, ``correlation``
    (G, G) theirs; every factor is 1 on average.  A correlation that is none is replaced by the nearest one with
    eigenvalues of at least 0.  The same seed gives the same paths.
    """
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    root /= np.linalg.norm(root, axis=1, keepdims=True)
    steps = np.diff(years, prepend=0.0)
    noise = np.random.default_rng(seed).standard_normal((count, len(years), len(volatility)))
    moves = (noise @ root.T) * volatility * np.sqrt(steps)[:, None] - 0.5 * volatility**2 * steps[:, None]
    return np.asarray(np.exp(np.cumsum(moves, axis=1)))


def fast_forward(paths: Floats, probability: Floats, keep: int) -> Kept:
    """Keep some of the scenarios ``paths`` (N, ...) with their ``probability`` (N,), one by one that which leaves the least distance.

    The distance of two scenarios is the Euclidean norm of their difference; what is not kept gives its probability to the
    nearest that is.  Raises ValueError where ``keep`` is not from 1 to N.
    Source: Heitsch and Roemisch (2003), Scenario reduction algorithms in stochastic programming, algorithm 2.4 (fast
    forward selection).
    """
    count = len(paths)
    if not 1 <= keep <= count:
        raise ValueError(f"{keep} of {count} scenarios cannot be kept")
    flat = paths.reshape(count, -1)
    square = (flat**2).sum(axis=1)
    apart = np.sqrt(np.maximum(square[:, None] + square[None, :] - 2.0 * flat @ flat.T, 0.0))
    np.fill_diagonal(apart, 0.0)
    nearest, left = np.full(count, np.inf), np.ones(count, dtype=bool)
    chosen: list[int] = []
    single = 0.0
    for _ in range(keep):
        worth = probability @ np.minimum(apart, nearest[:, None])
        pick = int(np.argmin(np.where(left, worth, np.inf)))
        single = float(worth[pick]) if not chosen else single
        chosen.append(pick)
        left[pick] = False
        nearest = np.minimum(nearest, apart[:, pick])
    found = np.sort(np.array(chosen, dtype=np.int64))
    to = np.argmin(apart[:, found], axis=1)
    error = float(probability @ nearest)
    weights = np.bincount(to, weights=probability, minlength=keep).astype(np.float64)
    return Kept(found, weights, error, error / single if single > 0 else 0.0)
