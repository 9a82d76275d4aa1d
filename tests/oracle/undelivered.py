"""Goods on order at the end: what they count for, and random instances in which they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.maker import Maker
from tests.oracle.program import Sum

if TYPE_CHECKING:
    from tests.oracle.facts import Facts, Source
    from tests.oracle.lp import Builder


def leave_on_order(b: Builder, source: Source, quantity: Sum, price: Sum) -> None:
    """What arrives after the horizon is worth something; its price is owed, and its duty where nobody is spared it."""
    last = b.facts.periods - 1
    taxed = 1.0 + source.duty[last] if _duties_count(b.facts) else 1.0
    share = source.arrive[last] * b.facts.discount[-1]
    b.program.cost.plus(price, taxed * share).plus(quantity, -source.worth * share)


def _duties_count(facts: Facts) -> bool:
    """Duties come back to public funds, and what other funds pay counts where all payers do; without funds they count."""
    payers = [fund for fund in facts.funds if "purchases" in fund.uses]
    return not any(fund.public or not facts.all_counted for fund in payers)


def add_order_values(m: Maker) -> None:
    """What is on order at the end is worth about its price; some orders from before arrive only then."""
    every = [row for row in m.rows("sources") if row.get("lead_time") and row.get("paid_by") != "market"]
    slow = [row for row in every if not _endless(m, row)]
    if not slow or not m.chance(60):
        return
    names = [m.pick([row["source"], row["good"], None] if slow == every else [row["source"]]) for row in slow]
    for name in dict.fromkeys(names):
        m.add("end_values", kind="order", name=name, value=m.number(1, 9))
    for row in slow:
        if m.chance(30):
            cells = {"quantity": m.quantity(row["good"], m.number(1, 8)), "price": m.pick([None, m.number(1, 6)])}
            late = m.first_day(m.periods + m.pick([0, 1])).isoformat()
            m.add("opening_orders", source=row["source"], arrives=late, **cells)


def _endless(m: Maker, row: dict[str, object]) -> bool:
    """Whether nothing limits what may be ordered there: its worth would be had without end."""
    market = row.get("market")
    table, key = ("prices", "source") if market is None else ("markets", "market")
    widths = [p.get("width") for p in m.rows(table) if p[key] == row[key]]
    return None in widths
