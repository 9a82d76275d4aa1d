"""What binds in a plan, and what a unit more of it is worth while the plan's whole decisions stay as they are."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stockpile.plan.places import MORE, Stand
from stockpile.plan.tight import tight
from stockpile.plan.worth import Limits, Worths
from stockpile.solver.job import Job, Options

if TYPE_CHECKING:
    from stockpile.plan.audit import Audit
    from stockpile.study.plan_point import PlanPoint

BUDGET, CASH = "budget", "cash_not_negative"
#: How far a limit is moved, in model units (amounts are near 32 there), first and where the cost bends before that.
STEPS = (2.0**-4, 2.0**-9)
#: How near, relatively, what a step gains must be to what the dual says.
NEAR = 1e-5
#: Model money that the objective of an LP may be off by.
ROUNDING = 1e-8


@dataclass(frozen=True)
class Limit:
    """A limit that binds: its family and what it is about, in how many periods (nodes of a tree), the first and the last.

    ``worth`` is money for a ``per`` more of it, or ``less`` of what it asks for (``way``), in all of them together; of a budget
    in one of them.  It is None where the limit has no amount that could be moved alone (a stage that must be released, a
    rate of which the least is the greatest).  Of the bound of a grade it is for a hundredth.  Where it is not ``exact``, it is the most that it can be.
    """

    family: str
    key: tuple[str, ...]
    times: int
    first: str
    last: str
    per: str
    way: str
    worth: float | None
    exact: bool


def limits_of(point: PlanPoint, audit: Audit, seconds: float) -> list[Limit]:
    """Limits that bind at a plan, those that are worth most first, by unit of what they limit; budgets are told by fund and period.

    Each that is worth something is moved a little and the LP solved again, in ``seconds`` altogether: budgets first, then what
    is worth most for a unit of the model, in which typical amounts of all goods and of money are alike.
    """
    assert point.outcome.x is not None
    assert point.outcome.row_dual is not None
    assert point.outcome.reduced_cost is not None
    places = Limits(point.instance, point.data, point.model, point.compiled, point.outcome.x)
    worths = Worths(places, point.outcome.row_dual, point.outcome.reduced_cost)
    probe = _Probe(point, worths, seconds)
    order = {label: t for t, label in enumerate(point.instance.calendar.labels)}
    found = list(_budgets(point, audit, places, probe))
    rows = [
        (places.stand(family, key, unit, nodes), family, key, periods)
        for family, key, unit, periods, nodes in _tight(point, audit)
    ]
    for stand, family, key, periods in sorted(rows, key=lambda row: worths.in_model(row[0]), reverse=True):
        worth, exact = (None, True) if stand is None else probe.worth(stand)
        ends = min(periods, key=order.__getitem__), max(periods, key=order.__getitem__)
        per, way = ("", MORE) if stand is None else (stand.per, stand.way)
        name = tuple(str(part) for part in key)
        found.append(Limit(family, name, len(periods), *ends, per, way, worth, exact))
    return sorted(found, key=lambda limit: -1.0 if limit.worth is None else limit.worth, reverse=True)


def _tight(point: PlanPoint, audit: Audit) -> Iterator[tuple[str, tuple[Any, ...], str, list[str], list[str]]]:
    """Family, key, unit, periods and nodes of what binds, cash aside."""
    frame = tight(point.instance, audit)
    if len(frame):
        columns = ["family", "key", "unit", "period", "node"]
        yield from frame.loc[frame["family"] != CASH, columns].itertuples(index=False, name=None)


def _budgets(point: PlanPoint, audit: Audit, places: Limits, probe: _Probe) -> Iterator[Limit]:
    """What money is worth that is paid into a fund in a period, in which it gets some or has used up all; equal periods together."""
    labels, money = point.instance.calendar.labels, point.instance.settings.units.money
    nodes_in: dict[int, list[str]] = {}
    for node, period in zip(point.tree.labels, point.tree.period.tolist(), strict=True):
        nodes_in.setdefault(period, []).append(node)
    view = point.instance.view("funds")
    funds = [str(f) for f, kind in zip(view["fund"], view["kind"], strict=True) if kind != "credit"]
    frame = tight(point.instance, audit)
    rows = frame[frame["family"] == CASH] if len(frame) else frame
    empty = (
        {key[0]: set(periods) for key, periods in zip(rows["key"], rows["period"], strict=True)} if len(rows) else {}
    )
    for fund in funds:
        paid_in = point.tree.spread(point.instance.budget(fund)) > 0
        periods = {int(t) for t in point.tree.period[paid_in]} | {labels.index(p) for p in empty.get(fund, ())}
        told: list[tuple[list[int], float, bool]] = []
        for period in sorted(periods):
            stand = places.stand(CASH, (fund,), money, nodes_in[period])
            worth, exact = (0.0, True) if stand is None else probe.worth(stand)
            if told and told[-1][2] == exact and abs(told[-1][1] - worth) <= NEAR * max(worth, told[-1][1]):
                told[-1][0].append(period)
            else:
                told.append(([period], worth, exact))
        for span, worth, exact in told:
            yield Limit(BUDGET, (fund,), len(span), labels[span[0]], labels[span[-1]], money, MORE, worth, exact)


class _Probe:
    """Moves limits of the LP at a plan and solves it again from its basis."""

    def __init__(self, point: PlanPoint, worths: Worths, seconds: float) -> None:
        self.compiled, self.worths = point.compiled, worths
        self.job = Job(point.compiled, Options(gap=0.0, time_limit=None), None, time.perf_counter())
        self.highs = self.job.load(point.compiled, np.inf, primal_feasibility_tolerance=1e-9)
        self.until = time.perf_counter() + seconds
        self.base: float | None = None

    def worth(self, stand: Stand) -> tuple[float, bool]:
        """What a unit more room is worth, and whether that is known; else the most that it can be."""
        most = self.worths.at(stand)
        if most == 0.0:
            return 0.0, True
        if time.perf_counter() >= self.until:
            return most, False
        unit = self.worths.limits.data.money_scale / stand.unit
        if self.base is None:
            self.base = self._solved()
        for step in STEPS:
            gained = self._moved(stand, step)
            if gained is None:
                return most, False
            slope, noise = max(gained, 0.0) / step * unit, ROUNDING / step * unit
            if slope >= most * (1 - NEAR) - noise:
                return most, True
        return (float(f"{slope:.6g}") if slope > noise else 0.0), True

    def _moved(self, stand: Stand, step: float) -> float | None:
        """What the objective falls by with so much more room, model money."""
        rows, columns = self._sides(stand, step)
        for column, (low, high) in columns.items():
            self.highs.changeColBounds(column, low, high)
        for row, (low, high) in rows.items():
            self.highs.changeRowBounds(row, low, high)
        cost = self._solved()
        for column in columns:
            self.highs.changeColBounds(column, float(self.compiled.lower[column]), float(self.compiled.upper[column]))
        for row in rows:
            self.highs.changeRowBounds(row, float(self.compiled.row_lower[row]), float(self.compiled.row_upper[row]))
        return None if cost is None or self.base is None else self.base - cost

    def _sides(
        self, stand: Stand, step: float
    ) -> tuple[dict[int, tuple[float, float]], dict[int, tuple[float, float]]]:
        """The sides of rows and columns after the step."""
        rows: dict[int, tuple[float, float]] = {}
        columns: dict[int, tuple[float, float]] = {}
        made = [bundle for bundle in stand.bundles if len(bundle) == 1 or self.worths.gain(bundle) > 0]
        for move in [move for bundle in made for move in bundle]:
            into = columns if move.column else rows
            sides = (
                (self.compiled.lower, self.compiled.upper)
                if move.column
                else (self.compiled.row_lower, self.compiled.row_upper)
            )
            low, high = into.get(move.at, (float(sides[0][move.at]), float(sides[1][move.at])))
            into[move.at] = (low + step * move.room * move.lower, high + step * move.room * move.upper)
        return rows, columns

    def _solved(self) -> float | None:
        answer = self.job.solve(self.highs, self.compiled)
        return None if answer.status != "kOptimal" or answer.x is None else self.compiled.objective(answer.x)


__all__ = ["BUDGET", "CASH", "Limit", "limits_of"]
