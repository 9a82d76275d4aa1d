"""A tiny instance in which demand waits, with its plan made by hand."""

from __future__ import annotations

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

#: Demand that waits for a mine to open, a year at most, some of it beyond the end.
WAITING: Tables = {
    "goods": [{"good": "ore"}],
    "sources": [{"source": "mine", "good": "ore"}],
    "supply": [{"source": "mine", "from": "2027", "capacity": 5}],
    "prices": [{"source": "mine", "price": 2}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 4}],
    "tiers": [{"sector": "plant", "good": "ore", "tier": 1, "share": 0.25, "penalty": 10}],
    "backlog": [{"cost": 0.5, "max_wait": "1", "end_penalty": 6}],
}


def waiting(tables: Tables = WAITING) -> tuple[Instance, Plan]:
    """Of 4 t wanted in 2026 one is lost and 3 wait; 5 t a year serve the oldest first, so that 2 t wait, and 1 t at the end."""
    instance = instance_of("waiting", 3, tables, discount_rate=0.1)
    costs = {
        "purchases": 10 / 1.1 + 10 / 1.21,
        "shortfall": 10 + 6 / 1.331,
        "backlog": 1.5 + 1 / 1.1 + 0.5 / 1.21,
    }
    texts = {
        "orders": "2027 mine ore 5 0 2027\n2028 mine ore 5 0 2028",
        "order_steps": "2027 mine 1 5 2\n2028 mine 1 5 2",
        "deliveries": "2027 mine ore 2027 5 10 0\n2028 mine ore 2028 5 10 0",
        "balance": """
            2026 ore 0 0 0 0 0 0 0 0 0 0
            2027 ore 0 0 5 5 0 0 0 0 0 0
            2028 ore 0 0 5 5 0 0 0 0 0 0
            """,
        "service": "2026 plant ore 4 0 0 1\n2027 plant ore 4 5 0 0\n2028 plant ore 4 5 0 0",
        "backlog": """
            2026 plant ore 3 0 3 1.5 0
            2027 plant ore 2 3 2 1 0
            2028 plant ore 1 2 1 0.5 6
            """,
        "shortfall": "2026 plant ore 1 1 10",
        "payments": "2027 unlimited purchases 10\n2028 unlimited purchases 10",
        "funds": """
            2026 unlimited 0 0 0 0 0 0 0 0 0 0 0
            2027 unlimited 0 10 0 0 0 10 0 0 0 0 0
            2028 unlimited 0 10 0 0 0 10 0 0 0 0 0
            """,
    }
    return instance, plan_of(instance, costs, texts)
