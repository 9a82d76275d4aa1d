"""Goods that move between stores at a cost or slowly: every way that a unit can take through stores and periods is a column.

A way begins where and when a unit is put, or lies at the start, and ends where it leaves or in a store at the end.  The age
of a unit is that of its way, so that a shelf life is a matter of which ways exist.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from tests.oracle.facts import Facts, Row, by_key, in_force, number
from tests.oracle.program import Program, Sum

Sums = list[Sum]


@dataclass(frozen=True)
class Route:
    """A way from a store to another: periods it takes, cost of a unit and most of all units by period of sending."""

    start: str
    end: str
    lead: int
    cost: list[float]
    most: list[float]


@dataclass(frozen=True)
class Way:
    """Where a unit is kept at the close of periods, on which routes it is sent when, and when it leaves (None: it stays)."""

    kept: tuple[tuple[str, int], ...] = ()
    sent: tuple[tuple[int, int], ...] = ()
    leaves: tuple[str, int] | None = None


@dataclass(frozen=True)
class Flows:
    """Of one good by period: what leaves the reserve from each store, what moving costs, what each store keeps, gets, sends."""

    leaving: dict[str, Sums]
    cost: Sums
    kept: dict[str, Sums]
    put: dict[str, Sums]
    away: dict[str, Sums]


def stores_of(facts: Facts, good: str) -> list[str]:
    """The stores that keep a good at some time."""
    return list(dict.fromkeys(str(r["store"]) for r in facts.rows("storage") if r["good"] == good))


def routes_of(facts: Facts, good: str) -> list[Route]:
    """The routes of a good: its own rows, or else those of all goods."""
    stores, found = stores_of(facts, good), []
    groups = by_key(facts.rows("transfers"), "good", "from_store", "to_store")
    for v in stores:
        for w in stores:
            rows = groups.get((good, v, w)) or groups.get((None, v, w))
            if rows:
                cost = [0.0 if c is None else c for c in in_force(rows, "cost", facts.periods)]
                found.append(Route(v, w, round(number(rows[0]["lead_time"])), cost, _capacity(rows, facts.periods)))
    return found


def _capacity(rows: list[Row], periods: int) -> list[float]:
    return [
        0.0 if most is None else math.inf if math.isnan(most) else most for most in in_force(rows, "capacity", periods)
    ]


def ways(routes: list[Route], store: str, period: int, last: int, periods: int) -> Iterator[Way]:
    """All ways of a unit that is in a store in a period and must leave in period ``last`` at the latest."""
    yield from _on(routes, Way(), store, period, (last, periods), frozenset({store}))


def _on(
    routes: list[Route], way: Way, store: str, period: int, ends: tuple[int, int], seen: frozenset[str]
) -> Iterator[Way]:
    """Go on from a store in a period; ``seen`` are the stores passed in it."""
    last, periods = ends
    if period == periods:
        yield way
        return
    yield Way(way.kept, way.sent, (store, period))
    if period < last:
        kept = Way((*way.kept, (store, period)), way.sent)
        yield from _on(routes, kept, store, period + 1, ends, frozenset({store}))
    for r, route in enumerate(routes):
        arrival = period + route.lead
        if route.start == store and arrival <= min(last, periods - 1) and not (route.lead == 0 and route.end in seen):
            sent = Way(way.kept, (*way.sent, (r, period)))
            passed = seen | {route.end} if route.lead == 0 else frozenset({route.end})
            yield from _on(routes, sent, route.end, arrival, ends, passed)


class Places:
    """Columns and rows of one good that is balanced store by store."""

    def __init__(self, facts: Facts, program: Program, good: str, arriving: Sums, delivered: dict[str, Sums]) -> None:
        self.facts, self.program, self.good = facts, program, good
        self.routes = routes_of(facts, good)
        stores = stores_of(facts, good)
        self.keep = 1 - float(facts.goods[good]["loss_rate"])
        life = number(facts.goods[good]["shelf_life"])
        self.life = math.inf if math.isnan(life) else life
        self.moved = [self._sums() for _ in self.routes]
        by_store = [{w: self._sums() for w in stores} for _ in range(4)]
        self.flows = Flows(by_store[0], self._sums(), *by_store[1:])
        for n in range(facts.periods):
            whole = Sum().plus(arriving[n], -1.0)
            for w in stores:
                self._place(self.flows.put[w][n], w, (n, n, 0))
                whole.plus(self.flows.put[w][n])
                if w in delivered and not delivered[w][n].empty:
                    program.row(Sum().plus(self.flows.put[w][n]).plus(delivered[w][n], -1.0), 0.0)
            program.zero(whole)
        for row in facts.rows("opening_stock"):
            age = round(number(row["age"]))
            if row["good"] == good and age > 0:
                there = Sum(float(row["quantity"]))
                self._place(there, str(row["store"]), (0, -age, 1), fixed=True)
        for route, amounts in zip(self.routes, self.moved, strict=True):
            for n in range(facts.periods):
                self.flows.cost[n].plus(amounts[n], route.cost[n])
                if route.most[n] < math.inf:
                    program.row(amounts[n], high=route.most[n])

    def _sums(self) -> Sums:
        return [Sum() for _ in range(self.facts.periods)]

    def _place(self, amount: Sum, store: str, when: tuple[int, int, int], fixed: bool = False) -> None:
        """Ways of what is put in a store: period from which on, period received, periods of loss before.

        What is put is the sum of its ways; where it is ``fixed`` they add up to it.
        """
        first, received, shift = when
        periods = self.facts.periods
        last = periods if received + self.life - 1 >= periods else round(received + self.life - 1)
        columns = Sum()
        for way in ways(self.routes, store, first, last, periods):
            column = self.program.column()
            columns.add(column)
            left = {n: self.keep ** (n - first + shift) for n in range(first, periods)}
            for w, n in way.kept:
                self.flows.kept[w][n].add(column, left[n])
            for r, n in way.sent:
                self.moved[r][n].add(column, left[n])
                self.flows.away[self.routes[r].start][n].add(column, left[n])
            if way.leaves is not None:
                store_left, n = way.leaves
                self.flows.leaving[store_left][n].add(column, left[n])
                self.flows.away[store_left][n].add(column, left[n])
        if fixed:
            self.program.zero(columns.plus(amount, -1.0))
        else:
            amount.plus(columns)


def moves_slowly(facts: Facts, good: str) -> bool:
    """Whether a good has a route, or a store from which it leaves at a rate."""
    slow = {str(r["store"]) for r in facts.rows("stores") if not math.isnan(number(r["release_rate"]))}
    own = any(r["good"] == good and not math.isnan(number(r["release_rate"])) for r in facts.rows("storage"))
    return own or bool(routes_of(facts, good)) or bool(slow & set(stores_of(facts, good)))


def delivered_to(facts: Facts, good: str) -> dict[str, list[float]]:
    """What lies fresh in each store at the start: it arrives in the first period, there."""
    out: dict[str, list[float]] = {}
    for row in facts.rows("opening_stock"):
        if row["good"] == good and round(number(row["age"])) == 0:
            out.setdefault(str(row["store"]), [0.0] * facts.periods)[0] += float(row["quantity"])
    return out
