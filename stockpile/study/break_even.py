"""At which price a plan begins, or ceases, to order from a source."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from stockpile.data import make_data
from stockpile.models.build import build_model
from stockpile.solver.compile import compile_model
from stockpile.solver.job import Job, Options
from stockpile.study.decisions import SOURCE
from stockpile.study.forcing import Answer
from stockpile.study.variants import with_tables

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.plan.plan import Plan
    from stockpile.study.plan_point import PlanPoint

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: What prices are changed by to see what they are in: a power of two changes no digit.
SLIGHTLY = 2.0**-10
#: How far, relatively, below the price at which the plan changes the change is looked for, and how near it is searched for.
NEAR, FINE = 1e-4, 1e-6
#: What the objective of an LP may be off by, relatively.
ROUNDING = 1e-9
HALVINGS = 40
#: Factor of its prices up to which it is looked for where a source is not used any more; beyond it the price does not count.
MOST = 2.0**10


@dataclass(frozen=True)
class BreakEven:
    """A plan orders from a source while its prices are less than ``factor`` times what they are, and not above.

    ``low`` and ``high`` are those factors: equal where they are exact with the plan's whole decisions fixed (``fixed``); else from
    a forced variant, as what it costs more is to what is paid for the source in it.  ``price`` has both as prices where all of
    the source are the same.  Both are 0 where no price is low enough.
    """

    source: str
    used: bool
    fixed: bool
    low: float
    high: float
    price: tuple[float, float] | None


def break_even(point: PlanPoint, answers: Iterable[Answer], seconds: float) -> tuple[list[BreakEven], list[str]]:
    """The break-even prices of the sources that were forced, and those for which some seconds were too few.

    Of a source that orders in any amount the LP with the plan's decisions fixed tells it; of one that has a charge, a least
    order, lots or discounts the forced variant does, if it has a plan.  Sources whose price nobody counts have none.
    """
    asked = [answer for answer in answers if answer.decision.kind == SOURCE]
    if not asked:
        return [], []
    parts, lumpy = _in_prices(point), _lumpy(point)
    prices = None if parts is None else _Prices(point, *parts)
    found: list[BreakEven] = []
    until = time.perf_counter() + seconds
    for at, answer in enumerate(asked):
        if time.perf_counter() >= until:
            return found, [answer.decision.name for answer in asked[at:]]
        name = answer.decision.name
        fixed = prices is not None and name not in lumpy
        sides = prices.factor(name) if prices is not None and fixed else _of_variant(point, answer)
        if sides is not None:
            one = price_of(point, name)
            price = None if one is None else (sides[0] * one, sides[1] * one)
            found.append(BreakEven(name, answer.decision.used, fixed, *sides, price))
    return found, []


def price_of(point: PlanPoint, source: str) -> float | None:
    """The price of a source, in the instance's unit of price; None where it has several."""
    block = point.data.purchasing
    rows = [j for j, (k, _) in enumerate(block.steps) if k == source]
    price = block.price[rows][block.width[rows] > 0]
    price = price[np.isfinite(price)]
    if not len(price) or np.ptp(price) > ROUNDING * abs(price).max():
        return None
    unit = float(point.data.scale.good[point.data.stock.goods.index(block.good_of[source])])
    return float(price[0]) * point.data.money_scale / unit / point.instance.price_factor


def repriced(instance: Instance, factor: float, source: str | None = None) -> Instance:
    """The instance with all prices of sources, or those of one with prices of its own, times a factor."""
    tables: dict[str, Any] = {}
    for table, column in (("prices", "price"), ("markets", "price"), ("sources", "premium")):
        if table in instance.tables and (source is None or table == "prices"):
            frame = instance.tables[table].copy()
            mine = np.ones(len(frame), np.bool_) if source is None else (frame["source"] == source).to_numpy()
            frame.loc[mine, column] = frame.loc[mine, column].astype(np.float64) * factor
            tables[table] = frame
    return with_tables(instance, tables)


def _lumpy(point: PlanPoint) -> set[str]:
    """Sources that do not order in any amount."""
    model, found = point.model, {*point.model.LUMPY, *point.model.LOTTED, *point.model.BRACKETED}
    found |= {fall[0] for fall in model.FALLS}
    return found | {k for m, *_ in point.data.markets.turns for k in point.data.markets.sources[m]}


def _of_variant(point: PlanPoint, answer: Answer) -> tuple[float, float] | None:
    """Factors from what the variant costs more and what is paid for the source: in it, or in the plan where it is without."""
    plan = point.plan if answer.decision.used else answer.plan
    spent = 0.0 if plan is None else _spent(point, plan, answer.decision.name)
    if spent <= 0 or not math.isfinite(answer.high):
        return None
    more = answer.low / spent, answer.high / spent
    if answer.decision.used:
        return 1.0 + more[0], 1.0 + more[1]
    return max(1.0 - more[1], 0.0), max(1.0 - more[0], 0.0)


def _spent(point: PlanPoint, plan: Plan, source: str) -> float:
    """What counts of the payments for a source, discounted and expected, money."""
    weight = dict(zip(point.tree.labels, point.data.nodes.weight.tolist(), strict=True))
    rows = plan.tables["deliveries"]
    rows = rows[rows["source"] == source]
    return float(sum(weight[n] * cost for n, cost in zip(rows["node"], rows["cost"] + rows["duty"], strict=True)))


class _Prices:
    """The LP at a plan with the prices of one source at some factor of what they are."""

    def __init__(self, point: PlanPoint, of_entry: Floats, of_cost: Floats) -> None:
        self.compiled, self.of_entry, self.of_cost = point.compiled, of_entry, of_cost
        self.row = np.repeat(np.arange(self.compiled.rows), np.diff(self.compiled.start))
        order = point.model.order
        horizon = set(point.tree.labels)
        self.columns: dict[str, list[int]] = {}
        for index, column in zip(order.index_set(), self.compiled.columns_of(order).tolist(), strict=True):
            if index[-1] in horizon and column >= 0 and self.compiled.upper[column] > 0:
                self.columns.setdefault(index[0], []).append(column)
        self.job = Job(self.compiled, Options(gap=0.0, time_limit=None), None, time.perf_counter())
        self.highs = self.job.load(self.compiled, np.inf, primal_feasibility_tolerance=1e-9)

    def factor(self, source: str) -> tuple[float, float] | None:
        """The factor of its prices at which the source begins to be used with the plan's decisions, between two that are near.

        None where the price does not count, or the source cannot be left out.
        """
        columns = np.sort(np.array(self.columns.get(source, []), np.int64))
        entries = np.flatnonzero(np.isin(self.compiled.index, columns)) if len(columns) else np.zeros(0, np.int64)
        found = self._found(columns, entries) if len(columns) else None
        if len(columns):
            self._limit(columns, self.compiled.upper[columns])
            self._price(columns, entries, 1.0)
        return found

    def _found(self, columns: Ints, entries: Ints) -> tuple[float, float] | None:
        self._limit(columns, np.zeros(len(columns)))
        answer = self.job.solve(self.highs, self.compiled)
        if answer.status != "kOptimal" or answer.row_dual is None or answer.reduced_cost is None:
            return None
        at = np.searchsorted(columns, self.compiled.index[entries])
        priced = np.bincount(at, self.of_entry[entries] * answer.row_dual[self.row[entries]], len(columns))
        slope = self.of_cost[columns] - priced
        rises = slope > ROUNDING
        if not rises.any():
            return None
        without = self.compiled.objective(answer.x) if answer.x is not None else np.inf
        high = float((1.0 - answer.reduced_cost[columns][rises] / slope[rises]).max())
        self._limit(columns, self.compiled.upper[columns])
        return self._between(columns, entries, without, max(high, 0.0))

    def _between(self, columns: Ints, entries: Ints, without: float, high: float) -> tuple[float, float] | None:
        """Where the source is used below and not above; the dual is one of several where it is not used just below ``high``.

        Above ``high`` it is used where some orders cost nothing more by that dual, as while a fund that pays has money left.
        """
        if high <= 0 or not self._gains(columns, entries, 0.0, without):
            return 0.0, 0.0
        low = 0.0
        if self._gains(columns, entries, high * (1 + NEAR), without):
            while self._gains(columns, entries, high * 2.0, without):
                high *= 2.0
                if high > MOST:
                    return None
            low, high = high, high * 2.0
        elif self._gains(columns, entries, high * (1 - NEAR), without):
            return high, high
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if self._gains(columns, entries, middle, without):
                low = middle
            else:
                high = middle
            if high - low <= FINE * high:
                break
        return low, high

    def _gains(self, columns: Ints, entries: Ints, factor: float, without: float) -> bool:
        """Whether the plan costs less with the source at a factor of its prices than without it."""
        self._price(columns, entries, factor)
        answer = self.job.solve(self.highs, self.compiled)
        if answer.x is None or answer.status != "kOptimal":
            return False
        return bool(answer.objective < without - ROUNDING * max(1.0, abs(without)))

    def _limit(self, columns: Ints, upper: Floats) -> None:
        lower = np.minimum(self.compiled.lower[columns], upper)
        self.highs.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def _price(self, columns: Ints, entries: Ints, factor: float) -> None:
        """Set the prices of columns to a factor of what they are."""
        cost = self.compiled.cost[columns] + (factor - 1.0) * self.of_cost[columns]
        self.highs.changeColsCost(len(columns), columns.astype(np.int32), cost)
        for at in entries[self.of_entry[entries] != 0]:
            value = self.compiled.value[at] + (factor - 1.0) * self.of_entry[at]
            self.highs.changeCoeff(int(self.row[at]), int(self.compiled.index[at]), float(value))


def _in_prices(point: PlanPoint) -> tuple[Floats, Floats] | None:
    """What every coefficient of the rows, and of the objective, grows by where all prices are doubled.

    None where the model at other prices has other units or coefficients.
    """
    here = point.compiled
    for step in (SLIGHTLY, -SLIGHTLY):
        data = make_data(repriced(point.instance, 1.0 + step), point.tree)
        other = compile_model(build_model(data))
        count = len(other.index)
        same = data.money_scale == point.data.money_scale and other.columns == here.columns
        if same and np.array_equal(other.index, here.index[:count]) and other.rows <= here.rows:
            of_entry = np.zeros(len(here.value))
            of_entry[:count] = (other.value - here.value[:count]) / step
            return of_entry, (other.cost - here.cost) / step
    return None


__all__ = ["BreakEven", "break_even", "repriced"]
