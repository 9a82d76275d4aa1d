"""The oracle's reading of rotation: disposal, sales at one price or at steps, loans, and releases that are paid for."""

from __future__ import annotations

import math
from typing import Protocol

from tests.oracle.facts import Facts, Row, last_begun, number, priced_by_age, text
from tests.oracle.pins import Decided
from tests.oracle.program import Program, Sum

Sums = list[Sum]


Event = tuple[str, str, int]
"""Good, mode and period of a sale or a loan."""


class Choice(Protocol):
    """What is chosen of rotation."""

    @property
    def rotated(self) -> frozenset[Event]: ...


class Builder(Protocol):
    """What of a linear program under construction is needed here."""

    facts: Facts
    program: Program
    inflow: dict[str, Sums]
    outflow: dict[str, Sums]
    sales: dict[str, Sums]
    spending: dict[str, Sums]
    proceeds: dict[str, Sums]
    decided: Decided
    loans: dict[str, list[tuple[int, int, float, int]]]
    stepped: dict[tuple[str, int], list[tuple[float, int]]]

    @property
    def chosen(self) -> Choice: ...


def row_in_force(facts: Facts, good: str, mode: str, n: int) -> Row | None:
    """The row of rotation in force for a good and a mode."""
    return last_begun([r for r in facts.rows("rotation") if (r["good"], r["mode"]) == (good, mode)], n)


def event_slots(facts: Facts) -> list[Event]:
    """Where rotation has a charge or a least lot."""
    found = []
    for good in facts.goods:
        for mode in ("sale", "exchange"):
            for n in range(facts.periods):
                row = row_in_force(facts, good, mode, n)
                if row is not None and (float(row["fixed_cost"]) > 0 or float(row["min_lot"]) > 0):
                    found.append((good, mode, n))
    return found


def add_rotation(b: Builder, good: str) -> None:
    """What may be thrown away, what may be sold and what may be lent, period by period."""
    disposal = float(b.facts.goods[good]["disposal_cost"])
    for n in range(b.facts.periods):
        waste = b.program.column()
        b.outflow[good][n].add(waste)
        b.spending["disposal"][n].add(waste, disposal)
        b.decided.of("disposal", good)[n].add(waste)
        row = row_in_force(b.facts, good, "sale", n)
        if row is not None and _happens(b, row, (good, "sale", n)):
            _hold_to_lot(b, row, (good, "sale", n), _add_sale(b, row, good, n))
    _add_exchange(b, good)


def _happens(b: Builder, row: Row, event: Event) -> bool:
    """Whether rotation may happen in a period: always, where it is no decision of its own."""
    return event in b.chosen.rotated or not (float(row["fixed_cost"]) > 0 or float(row["min_lot"]) > 0)


def _hold_to_lot(b: Builder, row: Row, event: Event, moved: Sum) -> None:
    """What happens has its charge and reaches its least lot."""
    if event in b.chosen.rotated:
        b.program.row(moved, float(row["min_lot"]))
        b.spending["rotation_charges"][event[2]].constant += float(row["fixed_cost"])


def _add_sale(b: Builder, row: Row, good: str, n: int) -> Sum:
    """A column for each step in which a good may be sold."""
    sold = Sum()
    steps = _steps(b.facts, good, n)
    for price, depth in steps or [(own_price(b.facts, good, number(row["price"]), n), row["depth"])]:
        if math.isnan(price):
            continue
        sale = b.program.column(math.inf if math.isnan(number(depth)) else number(depth))
        b.outflow[good][n].add(sale)
        b.sales[good][n].add(sale)
        sold.add(sale)
        b.decided.of("sale", good)[n].add(sale)
        if steps:
            b.stepped.setdefault((good, n), []).append((price * (1 - float(row["discount"])), sale))
        if not priced_by_age(b.facts, good):
            earn(b, text(row["proceeds_to"]), n, sale, price * (1 - float(row["discount"])))
    return sold


def _add_exchange(b: Builder, good: str) -> None:
    """What is lent comes back after its lag with its premium; until then it is owed, up to the limit in force."""
    owed = [Sum() for _ in range(b.facts.periods)]
    old = [0.0] * b.facts.periods
    for r in b.facts.rows("opening_lent"):
        if r["good"] == good:
            due, quantity = int(r["due"]), float(r["quantity"])
            b.inflow[good][due].constant += quantity
            for n in range(due):
                old[n] += quantity
    for n in range(b.facts.periods):
        row = row_in_force(b.facts, good, "exchange", n)
        if row is None or not _happens(b, row, (good, "exchange", n)):
            continue
        depth, whole, end = number(row["depth"]), 1 + float(row["premium"]), n + round(number(row["lag"]))
        lent = b.program.column(math.inf if math.isnan(depth) else depth)
        b.outflow[good][n].add(lent)
        b.decided.of("exchange", good)[n].add(lent)
        b.loans.setdefault(good, []).append((n, end, whole, lent))
        _hold_to_lot(b, row, (good, "exchange", n), Sum().add(lent))
        if end < b.facts.periods:
            b.inflow[good][end].add(lent, whole)
        for m in range(n, min(end, b.facts.periods)):
            owed[m].add(lent, whole)
    b.program.cost.plus(owed[-1], -_end_value(b.facts, good) * b.facts.discount[-1])
    for n in range(b.facts.periods):
        row = row_in_force(b.facts, good, "exchange", n)
        limit = math.nan if row is None else number(row["credit_limit"])
        if not math.isnan(limit) and owed[n].terms:
            b.program.row(owed[n], high=max(limit - old[n], 0.0))


def _end_value(facts: Facts, good: str) -> float:
    """What a unit owed at the end is worth: the row of the good, or that of all."""
    mine = {text(r["name"]): float(r["value"]) for r in facts.rows("end_values") if r["kind"] == "lent"}
    return mine.get(good, mine.get(None, 0.0))


def own_price(facts: Facts, good: str, price: float, n: int) -> float:
    """The price of a sale before its discount: its own, else the cheapest of a source."""
    return facts.first_price(good)[n] if math.isnan(price) else price


def _steps(facts: Facts, good: str, n: int) -> list[tuple[float, float]]:
    """Price and width of the steps in force; one of no price where the good has a curve and none of it is in force."""
    mine = [r for r in facts.rows("sales") if r["good"] == good]
    steps = sorted({int(r["step"]) for r in mine})
    rows = [last_begun([r for r in mine if int(r["step"]) == i], n) for i in steps]
    found = [(number(r["price"]), number(r["width"])) for r in rows if r is not None]
    return found or [(math.nan, 0.0)] * bool(mine)


def earn(b: Builder, fund: str | None, n: int, column: int, price: float) -> None:
    """Money for what leaves: to a fund, or counted at once."""
    if fund is not None:
        b.proceeds[fund][n].add(column, price)
    if fund is None or b.facts.all_counted or next(f.public for f in b.facts.funds if f.name == fund):
        b.program.cost.add(column, -price * b.facts.discount[n])


def add_release(b: Builder, sector: str, good: str, n: int, column: int) -> None:
    """What a sector pays for what it gets."""
    row = last_begun([r for r in b.facts.rows("release_prices") if (r["sector"], r["good"]) == (sector, good)], n)
    if row is not None:
        earn(b, text(row["proceeds_to"]), n, column, float(row["price"]))
