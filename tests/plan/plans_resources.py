"""A plan made by hand in which orders, deliveries and a stage share resources."""

from __future__ import annotations

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

#: A machine with set-ups and overtime, a dock for deliveries, a crew without limit; a survey takes the machine too.
WORKING: Tables = {
    "goods": [{"good": "ore"}],
    "sources": [{"source": "works", "good": "ore"}, {"source": "far", "good": "ore", "lead_time": "1"}],
    "prices": [{"source": "works", "price": 1}, {"source": "far", "price": 2}],
    "opening_orders": [{"source": "far", "arrives": "2026", "quantity": 2, "price": 1}],
    "sectors": [{"sector": "plant"}],
    "demand": [
        {"sector": "plant", "good": "ore", "from": year, "quantity": amount}
        for year, amount in (("2026", 6), ("2027", 4), ("2028", 3))
    ],
    "funds": [{"fund": "treasury"}, {"fund": "workshop", "uses": "operations"}],
    "budgets": [{"fund": "treasury", "amount": 30}, {"fund": "workshop", "amount": 5}],
    "projects": [{"project": "survey"}],
    "stages": [{"project": "survey", "stage": 1, "milestone": "report", "duration": "1", "cost": 1}],
    "resources": [
        {"resource": "machine", "unit": "h", "capacity": 6, "overtime": 2, "overtime_price": 3},
        {"resource": "dock", "unit": "days", "capacity": 5},
        {"resource": "crew"},
    ],
    "resource_use": [
        {"resource": "machine", "kind": "order", "name": "works", "per_unit": 1, "per_order": 2},
        {"resource": "machine", "kind": "stage", "name": "survey", "stage": 1, "over_stage": 1},
        {"resource": "dock", "kind": "delivery", "name": "far", "per_unit": 1, "per_order": 1},
        {"resource": "crew", "kind": "order", "name": "works", "per_unit": 0.5},
    ],
}


def working(tables: Tables = WORKING) -> tuple[Instance, Plan]:
    """In 2026 the machine works 4 + 2 hours for an order and 1 for the survey, one of them in overtime at 3.

    The dock takes 2 + 1 days for the order from before, and in 2027 all its 5 for 4 t.
    """
    instance = instance_of("working", 3, tables)
    texts = {
        "orders": "2026 works ore 4 0 2026\n2026 far ore 4 0 2027\n2028 works ore 3 0 2028",
        "order_steps": "2026 works 1 4 1\n2026 far 1 4 2\n2028 works 1 3 1",
        "deliveries": "2026 works ore 2026 4 4 0\n2026 far ore - 2 2 0\n2027 far ore 2026 4 8 0\n2028 works ore 2028 3 3 0",
        "balance": """
            2026 ore 0 0 6 6 0 0 0 0 0 0
            2027 ore 0 0 4 4 0 0 0 0 0 0
            2028 ore 0 0 3 3 0 0 0 0 0 0
            """,
        "service": "2026 plant ore 6 6 0 0\n2027 plant ore 4 4 0 0\n2028 plant ore 3 3 0 0",
        "go": "2026 survey 1 report 1 2027",
        "disbursements": "2026 survey 1 treasury 1",
        "exposure": "2026 treasury survey 1 0 0",
        "resources": """
            2026 machine 7 6 1 3
            2026 dock 3 5 0 0
            2026 crew 2 2 0 0
            2027 machine 0 6 0 0
            2027 dock 5 5 0 0
            2027 crew 0 0 0 0
            2028 machine 5 6 0 0
            2028 dock 0 5 0 0
            2028 crew 1.5 1.5 0 0
            """,
        "payments": """
            2026 treasury purchases 6
            2026 treasury projects 1
            2026 workshop overtime 3
            2027 treasury purchases 8
            2028 treasury purchases 3
            """,
        "funds": """
            2026 treasury 0 30 0 0 0 7 0 0 0 23 0
            2027 treasury 23 0 0 0 0 8 0 0 0 15 0
            2028 treasury 15 0 0 0 0 3 0 0 0 12 0
            2026 workshop 0 5 0 0 0 3 0 0 0 2 0
            2027 workshop 2 0 0 0 0 0 0 0 0 2 0
            2028 workshop 2 0 0 0 0 0 0 0 0 2 0
            """,
    }
    return instance, plan_of(instance, {"purchases": 17.0, "projects": 1.0, "overtime": 3.0}, texts)
