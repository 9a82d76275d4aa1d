"""A plan made by hand for goods that move between stores: every number in it was worked out on paper."""

from __future__ import annotations

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

#: Ore that keeps for three years and takes one to the cavern, where none is delivered; gas that goes to the port at once.
MOVING: Tables = {
    "goods": [{"good": "ore", "shelf_life": "3", "loss_rate": 0.1}, {"good": "gas"}],
    "stores": [{"store": "port"}, {"store": "cavern"}],
    "storage": [{"good": g, "store": w} for g in ("ore", "gas") for w in ("port", "cavern")],
    "opening_stock": [
        {"good": "ore", "store": "port", "age": "1", "quantity": 10},
        {"good": "ore", "store": "cavern", "age": "0", "quantity": 2},
        {"good": "gas", "store": "cavern", "age": "1", "quantity": 3},
    ],
    "transfers": [
        {"good": "ore", "from_store": "port", "to_store": "cavern", "lead_time": "1", "cost": 0.5, "capacity": 8},
        {"from_store": "cavern", "to_store": "port", "cost": 1},
    ],
    "sources": [{"source": "mine", "good": "ore", "store": "port"}],
    "prices": [{"source": "mine", "price": 2}],
    "sectors": [{"sector": "plant"}],
    "demand": [
        {"sector": "plant", "good": "ore", "from": str(2026 + t), "quantity": amount}
        for t, amount in enumerate((5, 4, 5))
    ],
}


def moving(tables: Tables = MOVING) -> tuple[Instance, Plan]:
    """Of 9 t of ore in its second year 5 serve and 4 go to the cavern, with 4 of the 6 that arrive; 3.6 + 3.6 get there."""
    instance = instance_of("moving", 3, tables)
    texts = {
        "orders": "2026 mine ore 6 0 2026",
        "order_steps": "2026 mine 1 6 2",
        "deliveries": "2026 mine ore 2026 6 12 0",
        "stock": """
            2026 ore port 2 0
            2026 ore cavern 2 0
            2026 gas port 3 0
            2027 ore port 1.4 0
            2027 ore cavern 5.4 0
            2027 gas port 3 0
            2028 gas port 3 0
            """,
        "transfers": """
            2026 ore port cavern 1 4 2 2027
            2026 ore port cavern 0 4 2 2027
            2026 gas cavern port 0 3 3 2026
            """,
        "store_balance": """
            2026 ore port 0 6 0 4 0 2
            2026 ore port 1 0 0 4 5 0
            2026 ore cavern 0 2 0 0 0 2
            2026 gas cavern 0 0 0 3 0 0
            2026 gas port 0 0 3 0 0 3
            2027 ore port 1 0 0 0 0.4 1.4
            2027 ore cavern 1 0 3.6 0 0 5.4
            2027 ore cavern 2 0 3.6 0 3.6 0
            2027 gas port 0 0 0 0 0 3
            2028 ore port 2 0 0 0 1.26 0
            2028 ore cavern 2 0 0 0 4.86 0
            2028 gas port 0 0 0 0 0 3
            """,
        "balance": """
            2026 ore 10 1 8 5 0 0 4 0 0 0 8
            2026 gas 3 0 0 0 0 0 3 0 0 0 0
            2027 ore 4 1.2 0 4 0 0 6.8 0 0 0 0
            2027 gas 3 0 0 0 0 0 3 0 0 0 0
            2028 ore 6.8 0.68 0 5 0 1.12 0 0 0 0 0
            2028 gas 3 0 0 0 0 0 3 0 0 0 0
            """,
        "rotation": "2028 ore disposal 1.12 0 0",
        "service": "2026 plant ore 5 5 0 0\n2027 plant ore 4 4 0 0\n2028 plant ore 5 5 0 0",
        "payments": "2026 unlimited purchases 12\n2026 unlimited transfers 7",
        "funds": """
            2026 unlimited 0 19 0 0 0 19 0 0 0 0 0
            2027 unlimited 0 0 0 0 0 0 0 0 0 0 0
            2028 unlimited 0 0 0 0 0 0 0 0 0 0 0
            """,
    }
    return instance, plan_of(instance, {"purchases": 12.0, "transfers": 7.0}, texts)
