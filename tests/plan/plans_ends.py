"""Plans made by hand with debt, a plant and goods on order at the end."""

from __future__ import annotations

from typing import Any

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

LEAVING: Tables = {
    "goods": [{"good": "ore"}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 0}],
    "funds": [{"fund": "facility", "kind": "credit", "credit_limit": 20}],
    "projects": [{"project": "mill"}, {"project": "works"}],
    "stages": [
        {"project": "mill", "stage": 1, "milestone": "start", "duration": "1", "cost": 8},
        {"project": "works", "stage": 1, "milestone": "start", "duration": "1", "cost": 9},
    ],
    "end_values": [
        {"kind": "debt", "name": "facility", "value": 0.5},
        {"kind": "project", "value": 3},
        {"kind": "project", "name": "mill", "value": 10},
    ],
}


def leaving(tables: Tables = LEAVING) -> tuple[Instance, Plan]:
    """The mill is built for 8 on credit: half of the debt counts at the end, and so do the 10 that the mill is worth."""
    instance = instance_of("leaving", 2, tables)
    texts = {
        "balance": "2026 ore 0 0 0 0 0 0 0 0 0 0\n2027 ore 0 0 0 0 0 0 0 0 0 0",
        "service": "2026 plant ore 0 0 0 0\n2027 plant ore 0 0 0 0",
        "go": "2026 mill 1 start 8 2027",
        "disbursements": "2026 mill 1 facility 8",
        "exposure": "2026 facility mill 8 0",
        "payments": "2026 facility projects 8",
        "funds": "2026 facility 0 0 8 0 0 8 0 0 0 0 8\n2027 facility 0 0 0 0 0 0 0 0 0 0 8",
        "end_values": "2027 debt facility 8 4\n2027 project mill 10 -10",
    }
    return instance, plan_of(instance, {"projects": 8.0, "end_values": -6.0}, texts)


#: Orders that arrive after the horizon, with a loss and a duty, and one from before it.
ORDERED: Tables = {
    "goods": [{"good": "ore"}],
    "sources": [
        {"source": "mine", "good": "ore", "origin": "abroad", "lead_time": "1", "order_cost": 1},
        {"source": "far", "good": "ore", "lead_time": "2"},
    ],
    "prices": [
        {"source": "mine", "step": 1, "width": 4, "price": 2},
        {"source": "mine", "step": 2, "width": 4, "price": 3},
        {"source": "far", "price": 2},
    ],
    "duties": [{"origin": "abroad", "rate": 0.5}],
    "arrivals": [{"source": "mine", "share": 0.5}],
    "opening_orders": [{"source": "far", "arrives": "2029", "quantity": 5, "price": 1}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "from": "2027", "quantity": 2}],
    "end_values": [
        {"kind": "order", "name": "ore", "value": 4},
        {"kind": "order", "name": "mine", "value": 6},
    ],
}


def ordered(tables: Tables = ORDERED, **economics: Any) -> tuple[Instance, Plan]:
    """The mine's 5 t of 2027 are worth 6 each for the half that arrives, less half of 11 and its duty: 15 - 5.5 - 2.75.

    The 3 t and 5 t that are on their way from afar are worth 4 each, less 6 and 5.
    """
    instance = instance_of("ordered", 2, tables, **economics)
    texts = {
        "orders": "2026 mine ore 4 1 2027\n2026 far ore 3 0 -\n2027 mine ore 5 1 -",
        "order_steps": "2026 mine 1 4 2\n2026 far 1 3 2\n2027 mine 1 4 2\n2027 mine 2 1 3",
        "deliveries": "2027 mine ore 2026 2 4 2",
        "balance": "2026 ore 0 0 0 0 0 0 0 0 0 0\n2027 ore 0 0 2 2 0 0 0 0 0 0",
        "service": "2026 plant ore 0 0 0 0\n2027 plant ore 2 2 0 0",
        "payments": "2026 unlimited order_charges 1\n2027 unlimited purchases 4\n2027 unlimited duties 2\n"
        "2027 unlimited order_charges 1",
        "funds": "2026 unlimited 0 1 0 0 0 1 0 0 0 0 0\n2027 unlimited 0 7 0 0 0 7 0 0 0 0 0",
        "end_values": "2027 order mine 15 -6.75\n2027 order far 32 -21",
    }
    costs = {"purchases": 4.0, "duties": 2.0, "order_charges": 2.0, "end_values": -27.75}
    return instance, plan_of(instance, costs, texts)
