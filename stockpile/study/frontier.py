"""Plans along a trade-off: a setting or cells over a range, or cost against shortfall; each set out from the one before."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from stockpile.engine import find
from stockpile.errors import DataError, InfeasibleError, NoPlanError, UnboundedError
from stockpile.instance.changes import FILE as SET

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.plan.plan import Plan
    from stockpile.solver.launch import Progress

Listener = Callable[["Progress"], None]
GOAL = "objective.goal"
SHORTFALL = "shortfall"
#: The part of its limit by which shortfall may be above it: what a row of the LP may be off by.
ROOM = 1e-9


@dataclass(frozen=True)
class Point:
    """A plan for one value of what is varied; without one ``status`` says why, and ``bound`` (money) is what was proven.

    ``status`` is optimal (its gap is proven), feasible, infeasible, unbounded or no plan.
    """

    value: float
    status: str
    plan: Plan | None
    bound: float


@dataclass(frozen=True)
class Search:
    """How each point is searched for: gap (a share) and time limit (s), those of the instance where None; threads."""

    gap: float | None = None
    time_limit: float | None = None
    threads: int | None = None
    progress: Listener | None = None
    log_file: str | os.PathLike[str] | None = None


@dataclass
class _Path:
    """The points so far, and the last plan, from which the next search sets out."""

    search: Search
    count: int
    points: list[Point]
    searched: int = 0

    def step(self, instance: Instance, value: float, most: Mapping[str, float] | None = None) -> Point:
        """Search for one point more."""
        known = [point.plan for point in self.points if point.plan is not None]
        try:
            found = find(
                instance,
                gap=self.search.gap,
                time_limit=self.search.time_limit,
                threads=self.search.threads,
                progress=self._told(),
                log_file=self.search.log_file,
                start=known[-1] if known else None,
                most=most,
            )
            point = Point(value, found.plan.status, found.plan, found.plan.bound)
        except InfeasibleError:
            point = Point(value, "infeasible", None, math.inf)
        except UnboundedError:
            point = Point(value, "unbounded", None, -math.inf)
        except NoPlanError as error:
            point = Point(value, "no plan", None, error.bound)
        self.points.append(point)
        self.searched += 1
        return point

    def _told(self) -> Listener | None:
        listener = self.search.progress
        if listener is None:
            return None
        which, done = f"point {self.searched + 1} of {self.count}", self.searched
        return lambda p: listener(replace(p, of=f"{which}, {p.of}" if p.of else which, done=done, count=self.count))


def values_of(low: float, high: float, count: int) -> list[float]:
    """So many values from one to the other, evenly spaced, both among them."""
    return [float(f"{value:.12g}") for value in np.linspace(low, high, count)]


def along(instance: Instance, key: str, values: Sequence[float], search: Search) -> list[Point]:
    """A plan for each value of ``key``: an address as of ``--set`` with its operator, as ``prices[*].price*=``.

    Raises DataError where the address or a value cannot be; what is wrong with the data at a value names it.
    """
    variants = [_variant(instance, f"{key}{value:.12g}") for value in values]
    path = _Path(search, len(variants), [])
    for value, variant in zip(values, variants, strict=True):
        path.step(variant, value)
        if _interrupted(path.points[-1]):
            break
    return path.points


def _variant(instance: Instance, change: str) -> Instance:
    """The instance with a change.  Raises DataError, where tables that have it are at fault with the change."""
    try:
        return instance.changed([change])
    except DataError as error:
        told = [p if p.file == SET else replace(p, message=f"with {change}: {p.message}") for p in error.problems]
        raise DataError(told) from None


def against_shortfall(instance: Instance, count: int, search: Search) -> list[Point]:
    """The least cost for so many limits of shortfall (its expected penalties, money), from the least shortfall on.

    The first plan has least shortfall before least cost; the last has least cost, whatever falls short.  Where these have
    the same shortfall there is one point alone.
    """
    path = _Path(search, count, [])
    least = path.step(instance.changed([f"{GOAL}=least-shortfall"]), math.nan)
    if least.plan is None or _interrupted(least):
        return path.points
    free = instance.changed([f"{GOAL}=least-cost"])
    last = path.step(free, math.nan)
    if last.plan is None:
        return [replace(least, value=least.plan.costs.get(SHORTFALL, 0.0))]
    begin, end = (point.plan.costs.get(SHORTFALL, 0.0) for point in (least, last) if point.plan is not None)
    begin = 0.0 if begin <= ROOM * end else begin
    path.points[0] = replace(least, value=begin)
    last = replace(path.points.pop(), value=end)
    if end <= begin + ROOM * max(1.0, abs(begin)):
        return [replace(last, value=begin)]
    for limit in values_of(begin, end, count)[1:-1]:
        if _interrupted(path.points[-1]) or _interrupted(last):
            break
        path.step(free, limit, {SHORTFALL: limit + ROOM * max(1.0, abs(limit))})
    return [*path.points, last]


def _interrupted(point: Point) -> bool:
    """Whether the search for a point was ended by hand: no more are wanted."""
    return point.plan is not None and point.plan.summary["stopped_by"] == "interrupt"
