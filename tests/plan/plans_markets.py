"""A plan made by hand in which two sources share a market."""

from __future__ import annotations

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
