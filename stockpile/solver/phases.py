"""Two objectives in order: the first is made least, then kept within a tolerance while the second is."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stockpile.solver.compile import Compiled, Floats
from stockpile.solver.highs import Outcome, Tidy, run, settle
from stockpile.solver.job import Options
from stockpile.solver.launch import Listener, Progress
from stockpile.solver.start import Guide

SLACK = 1e-9
"""The least room, in the model's units, that the second phase has above the first's value: what the LP may be off by."""
LEAST_SECONDS = 10.0


@dataclass(frozen=True)
class Phases:
    """What both phases found, in the model's units.

    ``first`` is the outcome of the first; ``last`` that of the second with its model ``compiled``, which has one row
    more: the first objective stays within ``limit``.  Where the first found no plan, or was stopped before its gap was
    reached, ``last`` has the plan of the first with the least cost that its integers allow, and no bound.
    """

    first: Outcome
    last: Outcome
    compiled: Compiled
    limit: float


def run_in_order(
    compiled: Compiled,
    names: Sequence[str],
    tolerance: float,
    options: Options,
    progress: Listener | None = None,
    tidy: Tidy | None = None,
    guide: Guide | None = None,
) -> Phases:
    """Make the sum of the named costs ``names`` least, then all costs while that sum stays within ``tolerance`` (a share).

    Both phases have the gap of the options, and the time limit together.  Raises SolverError as ``run`` does.
    """
    started = time.perf_counter()
    weights, constant = _sum_of(compiled, names)
    least = replace(compiled, cost=weights, offset=constant)
    first = run(least, options, _called(progress, ", ".join(names)), tidy, guide)
    if first.x is None:
        return Phases(first, first, compiled, np.nan)
    limit = first.objective + max(tolerance * abs(first.objective), SLACK)
    kept = with_row(compiled, weights, limit - constant)
    whole = np.flatnonzero(compiled.integer).astype(np.int32)
    same = replace(
        first, objective=compiled.objective(first.x), bound=-np.inf, gap=np.inf, nodes=0, iterations=0,
        row_dual=None, reduced_cost=None,
    )  # fmt: skip
    if first.status != "optimal":
        stopped = replace(same, status="feasible", stopped_by=first.stopped_by)
        return Phases(first, settle(kept, stopped, options, whole, first.x[whole]), kept, limit)
    left = options.time_limit
    if left is not None:
        left = max(left - (time.perf_counter() - started), LEAST_SECONDS)
    start = np.where(compiled.integer, first.x, np.nan)
    known = Guide(lambda x: (), start) if guide is None else Guide(guide.guesses, start, path=guide.path)
    last = run(kept, replace(options, time_limit=left), progress, tidy, known)
    if last.x is None and last.status == "no plan":
        stopped = replace(same, status="feasible", stopped_by=last.stopped_by, bound=last.bound)
        last = settle(kept, stopped, options, whole, first.x[whole])
    return Phases(first, last, kept, limit)


def at_most(compiled: Compiled, limits: Mapping[str, float]) -> Compiled:
    """The same model with each of some named costs at most so much, in model units; each is a row more, without a name."""
    for name, limit in limits.items():
        weights, constant = _sum_of(compiled, (name,))
        compiled = with_row(compiled, weights, limit - constant)
    return compiled


def with_row(compiled: Compiled, weights: Floats, most: float) -> Compiled:
    """The same model with one row more, without a name: the weighted sum of its columns is at most ``most``."""
    at = np.flatnonzero(weights)
    return replace(
        compiled,
        row_lower=np.append(compiled.row_lower, -np.inf),
        row_upper=np.append(compiled.row_upper, most),
        start=np.append(compiled.start, compiled.start[-1] + len(at)).astype(compiled.start.dtype),
        index=np.append(compiled.index, at).astype(compiled.index.dtype),
        value=np.append(compiled.value, weights[at]),
    )


def _sum_of(compiled: Compiled, names: Sequence[str]) -> tuple[Floats, float]:
    """Coefficients and constant of the sum of named costs."""
    weights, constant = np.zeros(compiled.columns), 0.0
    for name in names:
        at, value, offset = compiled.costs[name]
        np.add.at(weights, at, compiled.cost[at] if value is None else value)
        constant += offset
    return weights, constant


def _called(listener: Listener | None, name: str) -> Listener | None:
    """A listener that hears what is being made least."""
    if listener is None:
        return None

    def tell(p: Progress) -> None:
        listener(replace(p, of=name))

    return tell


__all__ = ["Phases", "at_most", "run_in_order"]
