"""Columns of a compiled model kept at given values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stockpile.solver.compile import Compiled, Floats, Ints

NEAR = 1e-6
"""How far, relatively, a value may be beyond a bound, or a row of kept columns alone from its side: rounding of another run."""


def fixed(compiled: Compiled, columns: Ints, values: Floats) -> Compiled | None:
    """The model with some columns at values of another run; None where a bound, or a row of them alone, forbids it.

    Values are moved to bounds, and to whole numbers, that they miss by rounding; rows that they decide alone are let go.
    """
    lower, upper = compiled.lower.copy(), compiled.upper.copy()
    kept = np.where(compiled.integer[columns], np.round(values), values)
    room = NEAR * np.maximum(1.0, np.abs(values))
    inside = np.clip(kept, lower[columns], upper[columns])
    if (np.abs(inside - values) > room).any():
        return None
    lower[columns] = upper[columns] = inside
    still = lower == upper
    point = np.where(still, lower, 0.0)
    row = np.repeat(np.arange(compiled.rows), np.diff(compiled.start))
    open_terms = np.bincount(row, ~still[compiled.index], compiled.rows)
    terms = compiled.value * point[compiled.index]
    activity, size = (np.bincount(row, t, compiled.rows) for t in (terms, np.abs(terms)))
    decided = (open_terms == 0) & (np.diff(compiled.start) > 0)
    beyond = np.maximum(compiled.row_lower - activity, activity - compiled.row_upper)
    if (beyond > NEAR * np.maximum(1.0, size))[decided].any():
        return None
    row_lower, row_upper = (np.where(decided, far, side) for far, side in _sides(compiled))
    return replace(compiled, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper)


def _sides(compiled: Compiled) -> tuple[tuple[float, Floats], tuple[float, Floats]]:
    return (-np.inf, compiled.row_lower), (np.inf, compiled.row_upper)


__all__ = ["fixed"]
