"""Falling prices: which steps need the one before to be full, and which price the whole order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.nodes import Nodes

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Steps = tuple[tuple[str, int], ...]

#: Kinds of discounts; prices that rise are ``ORDERED`` where a plan might want to pay the dear ones first.
INCREMENTAL, ALL_UNITS, ORDERED = "incremental", "all-units", "ordered"


@dataclass(frozen=True)
class Discounts:
    """What falling prices ask of orders.

    ``falls`` are (source, step before, step, node) where a step or a later one is cheaper than one before it, or spending
    is wanted so that the steps must be told to come in order;
    ``fall_rows`` (F, 3) the positions of both steps and of the node.  ``bracketed`` are the sources whose price holds for
    the whole order: their steps are ``brackets`` with positions ``bracket_rows``, and ``least`` (KS, N) is what an order
    in a step has at least.
    """

    falls: tuple[tuple[str, int, int, str], ...]
    fall_rows: Ints
    bracketed: tuple[str, ...]
    brackets: Steps
    bracket_rows: Ints
    least: Floats


def make_discounts(
    kinds: tuple[str, ...], steps: Steps, source: Ints, nodes: Nodes, arrays: tuple[Floats, Floats]
) -> Discounts:
    """Discounts of sources of ``kinds`` (K); ``arrays`` are marginal widths and prices of their steps, (KS, N)."""
    width, price = arrays
    kind = np.array(kinds, dtype=object)
    whole = kind[source] == ALL_UNITS if len(source) else np.zeros(0, np.bool_)
    before = np.array([_before(steps, i) for i in range(len(steps))], dtype=np.int64)
    falls = np.zeros(width.shape, np.bool_)
    least, dearest = np.zeros_like(width), np.full_like(width, -np.inf)
    for i, r in enumerate(before):
        offered = width[i] > 0
        if r >= 0:
            dearest[i] = dearest[r]
            least[i] = least[r] + width[r]
            if kind[source[i]] == INCREMENTAL:
                falls[i] = offered & (price[i] < dearest[i])
            if kind[source[i]] == ORDERED:
                falls[i] = offered & np.isfinite(width[r])
        dearest[i] = np.where(offered, np.maximum(dearest[i], np.nan_to_num(price[i], nan=-np.inf)), dearest[i])
    least = np.where(whole[:, None] & (width > 0), least, 0.0)
    for i in range(len(steps) - 1, 0, -1):
        if before[i] >= 0 and before[before[i]] >= 0:
            falls[before[i]] |= falls[i]
    rows = np.flatnonzero(whole)
    fall_rows = [(int(before[i]), int(i), int(n)) for i, n in np.argwhere(falls)]
    return Discounts(
        falls=tuple((steps[i][0], steps[r][1], steps[i][1], nodes.horizon[n]) for r, i, n in fall_rows),
        fall_rows=np.array(fall_rows, dtype=np.int64).reshape(len(fall_rows), 3),
        bracketed=tuple(dict.fromkeys(steps[i][0] for i in rows)),
        brackets=tuple(steps[i] for i in rows),
        bracket_rows=rows,
        least=least,
    )


def _before(steps: Steps, i: int) -> int:
    """Position of the step before; -1 for a first one.  Steps stand in the order of sources and numbers."""
    return i - 1 if i and steps[i - 1][0] == steps[i][0] else -1
