"""Goods kept by age, in the oracle: a transport from the period of arrival to that of leaving, and to a use."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tests.oracle.facts import Facts, Row, number, priced_by_age, text
from tests.oracle.program import Sum
from tests.oracle.rotation import earn, own_price, row_in_force

if TYPE_CHECKING:
    from tests.oracle.lp import Builder

FOREVER = 10**9


def at_age(facts: Facts, good: str, column: str, age: int, blank: float) -> float:
    """What the table of ages says of a good at an age."""
    mine = [r for r in facts.rows("ages") if r["good"] == good and _age(r) <= age]
    found = number(max(mine, key=_age)[column]) if mine else math.nan
    return blank if math.isnan(found) else found


def _age(row: Row) -> int:
    age = number(row["age"])
    return 0 if math.isnan(age) else round(age)


class Lot:
    """What was received of a good in one period; a negative one for stock from before the start."""

    def __init__(self, facts: Facts, good: str, received: int, quantity: Sum) -> None:
        self.facts, self.good, self.received, self.quantity = facts, good, received, quantity
        life = number(facts.goods[good]["shelf_life"])
        self.first = max(received, 0)
        self.last = facts.periods if math.isnan(life) else min(received + round(life) - 1, facts.periods)

    def left(self, period: int) -> float:
        """What is left of a unit in a period; stock from before the start was last counted in the period before it."""
        own, left = float(self.facts.goods[self.good]["loss_rate"]), 1.0
        for n in range(max(self.received, -1), period):
            left *= 1 - at_age(self.facts, self.good, "loss_rate", n - self.received, own)
        return left

    def factor(self, period: int) -> float:
        """What a unit fetches in a period, as a part of the price."""
        return at_age(self.facts, self.good, "price_factor", period - self.received, 1.0)


def leave_by_age(b: Builder, good: str) -> None:
    """Every unit leaves in one period for one use that takes it at its age, or stays to the end."""
    facts, program = b.facts, b.program
    row, end = facts.goods[good], facts.periods - 1
    limits = {str(r["sector"]): round(number(r["max_age"])) for r in facts.rows("freshness") if r["good"] == good}
    steps = max((len(b.stepped.get((good, n), [])) for n in range(facts.periods)), default=0)
    steps = steps if priced_by_age(facts, good) else 0
    sales = [f"sale {k}" for k in range(steps)] or ["sale"]
    uses = {**{f"to {e}": most for e, most in limits.items()}, **dict.fromkeys([*sales, "other"], FOREVER)}
    leaving = {use: [Sum() for _ in range(facts.periods)] for use in uses}
    for lot in _lots(b, good):
        whole = Sum().plus(lot.quantity, -1.0)
        for m in range(lot.first, min(lot.last, end) + 1):
            for use in [u for u, oldest in uses.items() if m - lot.received <= oldest and _open(b, good, m, u)]:
                part = program.column()
                whole.add(part)
                leaving[use][m].add(part, lot.left(m))
                if use in sales and steps:
                    price, _ = b.stepped[good, m][sales.index(use)]
                    _earn(b, good, m, part, lot.left(m) * lot.factor(m) * price)
                elif use == "sale" and priced_by_age(facts, good):
                    _sell(b, good, m, part, lot.left(m) * lot.factor(m))
                for n in range(lot.first, m):
                    b.closing[good][n].add(part, lot.left(n))
        if lot.last > end:
            stays = program.column()
            whole.add(stays)
            for n in range(lot.first, facts.periods):
                b.closing[good][n].add(stays, lot.left(n))
            value = float(row["terminal_value"]) * lot.factor(end) * lot.left(end)
            program.cost.add(stays, -value * facts.discount[-1])
        program.zero(whole)
    for n in range(facts.periods):
        other = Sum().plus(b.outflow[good][n]).plus(b.sales[good][n], -1.0)
        for k in range(steps):
            sold = b.stepped.get((good, n), [])
            program.zero(leaving[sales[k]][n].plus(Sum().add(sold[k][1]) if k < len(sold) else Sum(), -1.0))
        if not steps:
            program.zero(leaving["sale"][n].plus(b.sales[good][n], -1.0))
        for sector in limits:
            taken = b.taken[sector, good][n]
            other.plus(taken, -1.0)
            program.zero(leaving[f"to {sector}"][n].plus(taken, -1.0))
        program.zero(leaving["other"][n].plus(other, -1.0))
    if float(row["end_stock"]) > 0:
        program.row(b.closing[good][-1], float(row["end_stock"]))


def _open(b: Builder, good: str, n: int, use: str) -> bool:
    """Whether a use is there in a period: a step of the demand curve is where it is in force."""
    return not use.startswith("sale ") or int(use[5:]) < len(b.stepped.get((good, n), []))


def _earn(b: Builder, good: str, n: int, column: int, money: float) -> None:
    """Money for a sale, to whoever gets the proceeds then."""
    row = row_in_force(b.facts, good, "sale", n)
    assert row is not None
    earn(b, text(row["proceeds_to"]), n, column, money)


def _sell(b: Builder, good: str, n: int, column: int, worth: float) -> None:
    """Money for a sale, a unit of which counts for so much at the price in force."""
    row = row_in_force(b.facts, good, "sale", n)
    if row is not None and not math.isnan(price := own_price(b.facts, good, number(row["price"]), n)):
        earn(b, text(row["proceeds_to"]), n, column, worth * price * (1 - float(row["discount"])))


def _lots(b: Builder, good: str) -> list[Lot]:
    """What arrives in every period, opening stock of age 0 with the first, and older stock by age."""
    arrives = [Sum().plus(quantity) for quantity in b.inflow[good]]
    old: list[Lot] = []
    for r in b.facts.rows("opening_stock"):
        if r["good"] == good:
            age = _age(r)
            if age == 0:
                arrives[0].constant += float(r["quantity"])
            else:
                old.append(Lot(b.facts, good, -age, Sum(float(r["quantity"]))))
    return [*old, *(Lot(b.facts, good, n, quantity) for n, quantity in enumerate(arrives))]
