"""Plans made by hand in which two sources share a market, and in which the market buys for itself."""

from __future__ import annotations

from typing import Any

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

#: Two sources of a market, one with a premium and one with a duty; the market's second step is used.
SHARING: Tables = {
    "goods": [{"good": "ore"}],
    "sources": [
        {"source": "near", "good": "ore", "market": "spot", "premium": 1},
        {"source": "far", "good": "ore", "market": "spot", "origin": "abroad"},
    ],
    "markets": [
        {"market": "spot", "step": 1, "width": 4, "price": 2},
        {"market": "spot", "step": 2, "width": 3, "price": 5},
    ],
    "duties": [{"origin": "abroad", "rate": 0.5}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 6}],
}


def sharing(tables: Tables = SHARING) -> tuple[Instance, Plan]:
    """Of 6 t the first 4 cost 2 from abroad, 4 more with the duty; 2 t in the second step cost 5 and a premium of 1."""
    instance = instance_of("sharing", 1, tables)
    texts = {
        "orders": "2026 near ore 2 0 2026\n2026 far ore 4 0 2026",
        "order_steps": "2026 near 2 2 6\n2026 far 1 4 2",
        "deliveries": "2026 near ore 2026 2 12 0\n2026 far ore 2026 4 8 4",
        "balance": "2026 ore 0 0 6 6 0 0 0 0 0 0",
        "service": "2026 plant ore 6 6 0 0",
        "payments": "2026 unlimited purchases 20\n2026 unlimited duties 4",
        "funds": "2026 unlimited 0 24 0 0 0 24 0 0 0 0 0",
    }
    return instance, plan_of(instance, {"purchases": 20.0, "duties": 4.0}, texts)


#: The market buys what it can, some of which is lost on its way; the reserve serves the rest.
TRADING: Tables = {
    "goods": [{"good": "ore"}],
    "sources": [
        {"source": "trade", "good": "ore", "paid_by": "market", "origin": "abroad"},
        {"source": "mine", "good": "ore"},
    ],
    "supply": [{"source": "trade", "capacity": 6}],
    "prices": [
        {"source": "trade", "step": 1, "width": 4, "price": 2},
        {"source": "trade", "step": 2, "width": 9, "price": 3},
        {"source": "mine", "price": 8},
    ],
    "arrivals": [{"source": "trade", "share": 0.5}],
    "duties": [{"origin": "abroad", "rate": 0.1}],
    "sectors": [{"sector": "plant"}, {"sector": "mill"}],
    "demand": [
        {"sector": "plant", "good": "ore", "quantity": 4},
        {"sector": "mill", "good": "ore", "quantity": 1},
    ],
}


def trading(tables: Tables = TRADING, **economics: Any) -> tuple[Instance, Plan]:
    """The market orders 6 t, of which 3 t arrive: 2 t at 2 and 1 t at 3, with 10 % duty; the mine gives 2 t at 8.

    All payers count: 7 and 0.7 of the market, 16 of the funds.
    """
    instance = instance_of("trading", 1, tables, **{"perspective": "all", **economics})
    texts = {
        "orders": "2026 trade ore 6 0 2026\n2026 mine ore 2 0 2026",
        "order_steps": "2026 trade 1 4 2\n2026 trade 2 2 3\n2026 mine 1 2 8",
        "deliveries": "2026 trade ore 2026 3 7 0.7\n2026 mine ore 2026 2 16 0",
        "balance": "2026 ore 0 0 2 2 0 0 0 0 0 0",
        "service": "2026 plant ore 4 2 0 0\n2026 mill ore 1 0 0 0",
        "market_supply": "2026 plant ore 2\n2026 mill ore 1",
        "payments": "2026 unlimited purchases 16",
        "funds": "2026 unlimited 0 16 0 0 0 16 0 0 0 0 0",
    }
    return instance, plan_of(instance, {"purchases": 16.0, "market_purchases": 7.7}, texts)
