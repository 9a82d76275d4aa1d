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


#: What the market buys comes a year late, at a charge, from a market in which the reserve buys too; both use a port.
TURNING: Tables = {
    "goods": [{"good": "ore"}],
    "sources": [
        {
            "source": "trade",
            "good": "ore",
            "paid_by": "market",
            "market": "spot",
            "origin": "abroad",
            "lead_time": "1",
            "order_cost": 3,
            "min_order": 5,
        },
        {"source": "mine", "good": "ore", "market": "spot"},
    ],
    "markets": [
        {"market": "spot", "step": 1, "width": 4, "price": 2},
        {"market": "spot", "step": 2, "width": 4, "price": 5},
        {"market": "spot", "step": 3, "price": 9},
    ],
    "duties": [{"origin": "abroad", "rate": 0.1}],
    "opening_orders": [{"source": "trade", "arrives": "2026", "quantity": 3, "price": 1}],
    "resources": [{"resource": "port", "unit": "h", "capacity": 6}],
    "resource_use": [
        {"resource": "port", "kind": "delivery", "name": "trade", "per_unit": 0.5},
        {"resource": "port", "kind": "order", "name": "mine", "per_unit": 1},
    ],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 6}],
}


def turning(tables: Tables = TURNING, **economics: Any) -> tuple[Instance, Plan]:
    """The market's 6 t for 2027 fill the first step and half of the second; the reserve buys 2 t at 5 and 1 t at 9.

    All payers count: 19 of the funds; of the market 3.3 for what was under way, 3 for the order and 19.8 for what arrives.
    """
    instance = instance_of("turning", 2, tables, **{"perspective": "all", **economics})
    texts = {
        "orders": "2026 trade ore 6 3 2027\n2026 mine ore 3 0 2026",
        "order_steps": "2026 trade 1 4 2\n2026 trade 2 2 5\n2026 mine 2 2 5\n2026 mine 3 1 9",
        "deliveries": "2026 trade ore - 3 3 0.3\n2026 mine ore 2026 3 19 0\n2027 trade ore 2026 6 18 1.8",
        "balance": "2026 ore 0 0 3 3 0 0 0 0 0 0\n2027 ore 0 0 0 0 0 0 0 0 0 0",
        "service": "2026 plant ore 6 3 0 0\n2027 plant ore 6 0 0 0",
        "market_supply": "2026 plant ore 3\n2027 plant ore 6",
        "resources": "2026 port 4.5 6 0 0\n2027 port 3 6 0 0",
        "payments": "2026 unlimited purchases 19",
        "funds": "2026 unlimited 0 19 0 0 0 19 0 0 0 0 0\n2027 unlimited 0 0 0 0 0 0 0 0 0 0 0",
    }
    return instance, plan_of(instance, {"purchases": 19.0, "market_purchases": 26.1}, texts)
