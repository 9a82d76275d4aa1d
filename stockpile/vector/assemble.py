"""Terms of a family of rows -> CSR arrays, with duplicates summed and zeros, fixed variables and empty rows taken out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from stockpile.vector.evaluate import Evaluator
from stockpile.vector.values import Linear, Term
from stockpile.vector.walk import Row

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

#: Pairs of places of two terms of the same variable that are compared one by one; above it rows are sorted.
COMPARED = 64
#: How far a row without variables may miss its bound, relative to the bound where that is above 1.
CONSTANT_TOLERANCE = 1e-9


@dataclass
class Family:
    """Rows of one constraint: ``place`` is the position of each in the index set, None where all are there in order.

    ``terms`` is the number of terms that the rule writes in a row, those that are zero or masked included.  ``turned``
    marks, by position in the index set, rows that stand the other way round than the family's template.
    """

    count: Ints
    slots: Ints
    values: Floats
    lower: Floats
    upper: Floats
    place: npt.NDArray[np.int64] | None = None
    terms: int = 0
    turned: Flags | None = None

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.lower)

    def release(self) -> None:
        """Let the memory go."""
        self.slots, self.values, self.lower, self.upper = np.zeros(0, np.int32), np.zeros(0), np.zeros(0), np.zeros(0)


def assemble(body: Any, lower: Any, upper: Any, shape: tuple[int, ...], ev: Evaluator) -> Family:
    """The rows of a family: lower <= body <= upper over an index of ``shape``."""
    rows = prod(shape)
    linear = body if isinstance(body, Linear) else Linear((), body)
    place = _Placer(rows, shape, ev)
    constant = place.by_row(linear.constant)
    family = place.matrix(linear.terms)
    family.lower = np.full(rows, -np.inf) if lower is None else place.by_row(lower) - constant
    family.upper = np.full(rows, np.inf) if upper is None else place.by_row(upper) - constant
    return family


class _Placer:
    """Places the terms of one family in rows."""

    def __init__(self, rows: int, shape: tuple[int, ...], ev: Evaluator) -> None:
        self.rows, self.shape, self.deep = rows, shape, ev.rank - ev.rows

    def by_row(self, value: Any) -> Floats:
        """A number for every row."""
        array = np.asarray(value, dtype=np.float64)
        if array.ndim:
            array = array.reshape(array.shape[: len(self.shape)])
        return np.ascontiguousarray(np.broadcast_to(array, self.shape)).reshape(self.rows).copy()

    def matrix(self, terms: tuple[Term, ...]) -> Family:
        """All coefficients, term by term in every row."""
        widths = [prod(t.width) for t in terms]
        wide = sum(widths)
        slots = np.empty((self.rows, wide), dtype=np.int32)
        values = np.empty((self.rows, wide))
        keep: Flags | None = None
        if any(t.mask is not None for t in terms):
            keep = np.ones((self.rows, wide), dtype=np.bool_)
        at = 0
        for term, width in zip(terms, widths, strict=True):
            part = slice(at, at + width)
            full = self.shape + term.width
            self._fill(term, slots[:, part].reshape(full, copy=False))
            values[:, part].reshape(full, copy=False)[...] = term.coefficient
            if keep is not None and term.mask is not None:
                keep[:, part].reshape(full, copy=False)[...] = term.mask
            at += width
        family = _compact(slots, values, keep)
        family.terms = wide
        if _may_repeat(terms, widths, slots):
            merge(family)
        return family

    def _fill(self, term: Term, target: Ints) -> None:
        """The sum of a term's parts, the smallest first."""
        parts = sorted(term.parts, key=np.size)
        if len(parts) == 1:
            target[...] = parts[0]
            return
        small = parts[0]
        for part in parts[1:-1]:
            small = small + part
        np.add(small, parts[-1], out=target)


def _compact(slots: Ints, values: Floats, keep: Flags | None) -> Family:
    """Rows end to end, without what is masked or zero."""
    rows, wide = slots.shape
    nothing = np.zeros(0)
    if wide and (values == 0.0).any():
        zero = values != 0.0
        keep = zero if keep is None else keep & zero
    if keep is None:
        return Family(np.full(rows, wide, dtype=np.int32), slots.reshape(-1), values.reshape(-1), nothing, nothing)
    return Family(keep.sum(axis=1, dtype=np.int32), slots[keep], values[keep], nothing, nothing)


def _may_repeat(terms: tuple[Term, ...], widths: list[int], slots: Ints) -> bool:
    """Whether a column may occur twice in a row: within a term, or in two terms of one variable."""
    starts = np.concatenate([[0], np.cumsum(widths)])
    by_variable: dict[int, list[int]] = {}
    for i, term in enumerate(terms):
        if not _long_axes(term) <= term.distinct:
            return True
        by_variable.setdefault(term.component, []).append(i)
    for same in by_variable.values():
        for i, j in combinations(same, 2):
            if widths[i] * widths[j] > COMPARED:
                return True
            for a in range(starts[i], starts[i + 1]):
                for b in range(starts[j], starts[j + 1]):
                    if (slots[:, a] == slots[:, b]).any():
                        return True
    return False


def _long_axes(term: Term) -> set[int]:
    """Axes of sums that are longer than 1; sums come behind the axes of the rows."""
    rows = max((np.ndim(p) for p in term.parts), default=0) - len(term.width)
    return {rows + i for i, length in enumerate(term.width) if length > 1}


def without_terms(value: Any, shape: tuple[int, ...], ev: Evaluator) -> Flags:
    """Rows in which a side has no terms, since all its sums run over nothing."""
    terms = value.terms if isinstance(value, Linear) else ()
    empty = np.ones(shape + (1,) * (ev.rank - ev.rows), dtype=np.bool_)
    axes = tuple(range(ev.rows, ev.rank))
    for term in terms:
        if prod(term.width) == 0:
            continue
        if term.mask is None:
            return np.zeros(prod(shape), dtype=np.bool_)
        empty = empty & ~np.any(term.mask, axis=axes, keepdims=True)
    return np.ascontiguousarray(empty).reshape(prod(shape))


def flip(family: Family, turned: Flags) -> None:
    """Turn rows round: Pyomo writes 0 <= b as such where it writes a <= b as a - b <= 0."""
    if turned.any():
        family.turned = turned
        family.values = np.where(np.repeat(turned, family.count), -family.values, family.values)
        lower, upper = np.where(turned, -family.upper, family.lower), np.where(turned, -family.lower, family.upper)
        family.lower, family.upper = lower, upper


def merge(family: Family) -> None:
    """Sum coefficients of the same column in a row; zeros that arise go."""
    row = np.repeat(np.arange(len(family.count), dtype=np.int64), family.count)
    order = np.lexsort((family.slots, row))
    row, slots, values = row[order], family.slots[order], family.values[order]
    first = np.ones(len(row), dtype=np.bool_)
    first[1:] = (row[1:] != row[:-1]) | (slots[1:] != slots[:-1])
    if first.all():
        return
    starts = np.flatnonzero(first)
    values = np.add.reduceat(values, starts) if len(starts) else values
    kept = values != 0.0
    row, slots = row[starts][kept], slots[starts][kept]
    family.count = np.bincount(row, minlength=len(family.count)).astype(np.int32)
    family.slots, family.values = slots, values[kept]


def fold_fixed(family: Family, fixed: Floats) -> None:
    """Move fixed variables (``fixed`` by slot, NaN where free) into the bounds of their rows."""
    given = fixed[family.slots]
    held = ~np.isnan(given)
    if not held.any():
        return
    row = np.repeat(np.arange(len(family.count), dtype=np.int64), family.count)
    moved = np.bincount(row[held], family.values[held] * given[held], len(family.count))
    family.lower, family.upper = family.lower - moved, family.upper - moved
    family.count = np.bincount(row[~held], minlength=len(family.count)).astype(np.int32)
    family.slots, family.values = family.slots[~held], family.values[~held]


def drop(family: Family, gone: Flags) -> None:
    """Take rows out."""
    if not gone.any():
        return
    family.place = np.flatnonzero(~gone) if family.place is None else family.place[~gone]
    entry = np.repeat(~gone, family.count)
    family.slots, family.values = family.slots[entry], family.values[entry]
    family.count, family.lower, family.upper = family.count[~gone], family.lower[~gone], family.upper[~gone]


def needless(family: Family) -> Flags:
    """Rows that say nothing: without bounds, or without variables and true."""
    free = (family.lower == -np.inf) & (family.upper == np.inf)
    empty = family.count == 0
    if not empty.any():
        return np.asarray(free)
    with np.errstate(invalid="ignore"):
        low = np.where(np.isfinite(family.lower), CONSTANT_TOLERANCE * np.maximum(1.0, np.abs(family.lower)), 0.0)
        high = np.where(np.isfinite(family.upper), CONSTANT_TOLERANCE * np.maximum(1.0, np.abs(family.upper)), 0.0)
    holds = (family.lower - low <= 0.0) & (family.upper + high >= 0.0)
    return np.asarray(free | (empty & holds))


def from_rows(rows: list[Row], places: list[int] | None = None) -> Family:
    """A family from single rows."""
    count = np.array([len(r.slots) for r in rows], dtype=np.int32)
    slots = np.array([s for r in rows for s in r.slots], dtype=np.int32)
    values = np.array([c for r in rows for c in r.coefficients], dtype=np.float64)
    lower, upper = np.array([r.lower for r in rows]), np.array([r.upper for r in rows])
    where = None if places is None else np.array(places, dtype=np.int64)
    return Family(count, slots, values, lower.astype(np.float64), upper.astype(np.float64), where)


def joined(one: Family, two: Family) -> Family:
    """The rows of two families of the same constraint in the order of their places."""
    place = np.concatenate([_place(one), _place(two)])
    order = np.argsort(place, kind="stable")
    count = np.concatenate([one.count, two.count])
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    slots, values = np.concatenate([one.slots, two.slots]), np.concatenate([one.values, two.values])
    entry = np.concatenate([np.arange(start[i], start[i + 1]) for i in order] or [np.zeros(0, dtype=np.int64)])
    lower, upper = np.concatenate([one.lower, two.lower]), np.concatenate([one.upper, two.upper])
    turned = one.turned if one.turned is not None else two.turned
    return Family(count[order], slots[entry], values[entry], lower[order], upper[order], place[order], turned=turned)


def _place(family: Family) -> npt.NDArray[np.int64]:
    return np.arange(family.rows, dtype=np.int64) if family.place is None else family.place
