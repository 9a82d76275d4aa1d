"""Rows that cannot all hold: a smallest set of them, and how little would have to give way."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from stockpile.errors import NoPlanError
from stockpile.solver.compile import Compiled, Floats, Ints
from stockpile.solver.elastic import failure
from stockpile.solver.job import Job, Options

#: Rows that lack no more than this together hold, and a dual that is no more than NOISE is none.
HOLDS, NOISE = 1e-7, 1e-9

NO_TIME = "the time was over before it was known whether there is a plan; give it more"

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Bounded:
    """A model whose greatest values of continuous columns are rows, so that they can be in conflict as rows are.

    The rows from ``rows`` on are those bounds, of the columns ``column``; what stands as bound of an integer stays one.
    """

    compiled: Compiled
    rows: int
    column: Ints


def with_bounds_as_rows(compiled: Compiled) -> Bounded:
    """Columns that are fixed, and integers, keep their bounds."""
    free = compiled.lower < compiled.upper
    column = np.flatnonzero(free & ~compiled.integer & np.isfinite(compiled.upper)).astype(np.int32)
    count = len(column)
    upper = compiled.upper.copy()
    upper[column] = np.inf
    start = compiled.start[-1] + np.arange(1, count + 1)
    more = replace(
        compiled,
        upper=upper,
        row_lower=np.append(compiled.row_lower, np.full(count, -np.inf)),
        row_upper=np.append(compiled.row_upper, compiled.upper[column]),
        start=np.append(compiled.start, start).astype(compiled.start.dtype),
        index=np.append(compiled.index, column).astype(compiled.index.dtype),
        value=np.append(compiled.value, np.ones(count)),
    )
    return Bounded(more, compiled.rows, column)


@dataclass
class Conflict:
    """Rows that cannot all hold; ``minimal`` where each of them was shown to be needed, in the time there was."""

    rows: Ints
    minimal: bool


@dataclass
class _Checker:
    """Whether some rows can hold together; answers that took too long count as yes, which ``unclear`` tells."""

    compiled: Compiled
    options: Options
    started: float = field(default_factory=time.perf_counter)
    unclear: bool = False

    def left(self) -> float:
        """Seconds left."""
        limit = self.options.time_limit
        return np.inf if limit is None else limit - (time.perf_counter() - self.started)

    def fails(self, rows: Ints) -> bool:
        """Whether no point has these rows, the bounds and whole integers."""
        if self.left() <= 0:
            self.unclear = True
            return False
        part = only(self.compiled, rows)
        job = Job(part, replace(self.options, time_limit=self.left()), None, time.perf_counter())
        answer = job.solve(job.load(part, job.remaining()), part)
        if answer.status not in ("kInfeasible", "kOptimal", "kUnbounded", "kUnboundedOrInfeasible"):
            self.unclear = True
        return answer.status == "kInfeasible"


def only(compiled: Compiled, rows: Ints) -> Compiled:
    """The model with some of its rows, and without costs."""
    rows = np.sort(rows)
    lengths = np.diff(compiled.start)[rows]
    at = np.repeat(compiled.start[rows] - np.append(0, np.cumsum(lengths)[:-1]), lengths) + np.arange(lengths.sum())
    return replace(
        compiled,
        cost=np.zeros(compiled.columns),
        offset=0.0,
        maximise=False,
        row_lower=compiled.row_lower[rows],
        row_upper=compiled.row_upper[rows],
        start=np.append(0, np.cumsum(lengths)).astype(compiled.start.dtype),
        index=compiled.index[at],
        value=compiled.value[at],
    )


def smallest_conflict(
    compiled: Compiled, groups: Sequence[Callable[[int], object]], options: Options, told: Told | None = None
) -> Conflict | None:
    """Rows none of which can be left out without the rest having a plan; None where all can hold together.

    ``groups`` name for a row the group that it is in, the coarsest first: what whole groups can be done without goes first,
    so that few groups are left.  ``told`` hears how many rows are left, and of how many.  Rows that fail with integers let
    go are found by one LP, the duals of which prove it (Farkas); those left are searched as QuickXplain does.  Raises
    NoPlanError where the time is over before it is known whether all can hold.

    Source: Junker (2004), QuickXplain: preferred explanations and relaxations for over-constrained problems, AAAI.
    """
    checker = _Checker(compiled, options)
    every = np.arange(compiled.rows, dtype=np.int32)
    rows = _proof(compiled, options)
    if rows is None:
        if not checker.fails(every):
            if checker.unclear:
                raise NoPlanError(NO_TIME, stopped_by="time limit")
            return None
        rows = every
    levels: list[Callable[[int], object]] = [*groups, lambda row: row]
    for group in levels:
        members: dict[object, list[int]] = {}
        for row in rows.tolist():
            members.setdefault(group(row), []).append(row)
        parts = [np.array(found, np.int32) for found in members.values()]
        rows = np.sort(np.concatenate(_needed(checker, [], False, parts) or parts))
        if told is not None:
            told(len(rows), compiled.rows)
    return Conflict(rows, not checker.unclear)


def _proof(compiled: Compiled, options: Options) -> Ints | None:
    """Rows that cannot hold together even where integers are let go: those with a dual in the LP of least failure."""
    relaxed = replace(compiled, integer=np.zeros(compiled.columns, np.bool_), cost=np.zeros(compiled.columns))
    relaxed = replace(relaxed, maximise=False)
    job = Job(relaxed, options, None, time.perf_counter())
    highs: Any = job.load(relaxed, job.remaining())
    size = np.maximum(np.abs(np.where(np.isfinite(relaxed.row_lower), relaxed.row_lower, relaxed.row_upper)), 1.0)
    for sign, side in ((1.0, relaxed.row_lower), (-1.0, relaxed.row_upper)):
        rows = np.flatnonzero(np.isfinite(side)).astype(np.int32)
        count = len(rows)
        start = np.arange(count, dtype=np.int32)
        cost, free = 1.0 / size[rows], np.full(count, np.inf)
        highs.addCols(count, cost, np.zeros(count), free, count, start, rows, np.full(count, sign))
    answer = job.solve(highs, relaxed)
    if answer.status != "kOptimal" or answer.row_dual is None or answer.objective <= HOLDS:
        return None
    rows = np.flatnonzero(np.abs(answer.row_dual) > NOISE).astype(np.int32)
    return rows if len(rows) and _Checker(compiled, options).fails(rows) else None


def _needed(checker: _Checker, held: list[Ints], changed: bool, parts: list[Ints]) -> list[Ints]:
    """Of some parts those that are needed for a conflict with what is held."""
    if changed and checker.fails(_joined(held)):
        return []
    if len(parts) == 1:
        return parts
    first, second = parts[: len(parts) // 2], parts[len(parts) // 2 :]
    needed = _needed(checker, [*held, *first], True, second)
    return [*_needed(checker, [*held, *needed], bool(needed), first), *needed]


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.zeros(0, np.int32)


def cheapest_repair(
    compiled: Compiled, rows: Ints, sign: Floats, limit: Ints, options: Options
) -> tuple[Floats | None, bool]:
    """By how much each of some rows has to give way so that there is a plan; None where that does not help or no time is left.

    The second says whether that is proven.  Each limit counts by its part of what it asks for; the sum is least.  A row with
    ``sign`` -1 may be exceeded, with 1 fallen short of; rows of one ``limit``, numbered from 0, give way together.  Units: those
    of the rows.
    """
    asks = np.where(np.isfinite(compiled.row_lower[rows]), compiled.row_lower[rows], compiled.row_upper[rows])
    return failure(compiled, rows, 1.0 / np.maximum(np.abs(asks), 1.0), options, sign, limit)
