"""Accounts of participants in the oracle: each draw is a column of its own, settled when it is due."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tests.oracle.facts import Row, number, text
from tests.oracle.maker import Maker
from tests.oracle.program import Sum
from tests.oracle.rotation import earn

if TYPE_CHECKING:
    from tests.oracle.lp import Builder


def add_accounts(builder: Builder) -> None:
    """What every participant draws, replaces or buys, and its fees."""
    for row in builder.facts.rows("accounts"):
        _add_fees(builder, row)
        _add_draws(builder, row)


def _add_fees(builder: Builder, row: Row) -> None:
    """The entry fee at first, carrying cost of the whole entitlement as long as the account is open."""
    begin, until = int(row["from"]), min(int(row["until"]), builder.facts.periods)
    for n in range(begin, until):
        fee = float(row["carrying_cost"]) * float(row["entitlement"]) + (float(row["entry_fee"]) if n == begin else 0.0)
        fixed = builder.program.column(fee)
        builder.program.row(Sum().add(fixed), fee, fee)
        earn(builder, text(row["proceeds_to"]), n, fixed, 1.0)


def _add_draws(builder: Builder, row: Row) -> None:
    """Draws of the periods in which the account is open."""
    sector, good, facts = str(row["sector"]), str(row["good"]), builder.facts
    within, entitlement = round(number(row["within"])), float(row["entitlement"])
    open_for = range(int(row["from"]), min(int(row["until"]), facts.periods))
    draws: dict[int, int] = {}
    for n in open_for:
        draw = draws[n] = builder.program.column()
        gets = builder.decided.of("service", good, sector)[n]
        builder.program.row(Sum().plus(gets).add(draw, -1.0), 0.0, math.inf)
        builder.program.row(_sum_of(draws, n - within + 1, n), -math.inf, entitlement)
        if n + within < facts.periods and text(row["settled_by"]) == "replacement":
            builder.inflow[good][n + within].add(draw)
        elif n + within < facts.periods:
            earn(builder, text(row["proceeds_to"]), n + within, draw, float(row["price"]))


def _sum_of(draws: dict[int, int], first: int, last: int) -> Sum:
    """The draws of some periods."""
    out = Sum()
    for n, column in draws.items():
        if first <= n <= last:
            out.add(column)
    return out


def draw_accounts(m: Maker) -> None:
    """Accounts for what sectors want, of goods that are not traced."""
    traced = {row["good"] for row in m.rows("goods") if row.get("trace")}
    for sector, good in dict.fromkeys((row["sector"], row["good"]) for row in m.rows("demand")):
        if good in traced or not m.chance(30):
            continue
        begin = m.pick([0, 0, m.later()])
        end = m.pick([None, None, m.periods - 1]) if begin < m.periods - 1 else None
        way = m.pick([None, "replacement", "purchase", "purchase"])
        funds = [row["fund"] for row in m.rows("funds")]
        m.add(
            "accounts",
            sector=sector,
            good=good,
            **{"from": m.since(begin) or None, "until": None if end is None else m.first_day(end).isoformat()},
            entitlement=m.quantity(good, m.number(0.5, 6)),
            within=m.lasting(m.pick([1, 1, 2])),
            settled_by=way,
            price=m.number(0.5, 6) if way == "purchase" else None,
            entry_fee=m.money(m.number(0, 6)) if m.chance(60) else None,
            carrying_cost=m.rate(m.number(0.05, 0.6)) if m.chance(60) else None,
            proceeds_to=m.pick([None, *funds]),
        )
