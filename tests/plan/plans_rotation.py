"""Plans made by hand in which goods leave the reserve for money, or for fresh ones."""

from __future__ import annotations

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

#: Ore sold along a demand curve at half its prices; a sector that pays for ore and for the gas that it takes instead.
SELLING: Tables = {
    "goods": [{"good": "ore"}, {"good": "gas"}],
    "stores": [{"store": "yard"}],
    "storage": [{"good": "ore", "store": "yard"}, {"good": "gas", "store": "yard"}],
    "opening_stock": [
        {"good": "ore", "store": "yard", "age": "1", "quantity": 12},
        {"good": "gas", "store": "yard", "age": "1", "quantity": 3},
    ],
    "rotation": [{"good": "ore", "mode": "sale", "discount": 0.5, "proceeds_to": "treasury"}],
    "sales": [
        {"good": "ore", "step": 1, "width": 3, "price": 8},
        {"good": "ore", "step": 2, "width": 4, "price": 4},
    ],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 4}],
    "accepts": [{"sector": "plant", "wanted": "ore", "given": "gas"}],
    "release_prices": [
        {"sector": "plant", "good": "ore", "price": 1, "proceeds_to": "treasury"},
        {"sector": "plant", "good": "gas", "price": 2},
    ],
    "funds": [{"fund": "treasury"}],
}


def selling(tables: Tables = SELLING) -> tuple[Instance, Plan]:
    """5 t of ore are sold in 2026 (3 at 4, 2 at 2) and 2 t in 2027 (at 4); 5 t of ore are paid at 1, 3 t of gas at 2."""
    instance = instance_of("selling", 2, tables)
    texts = {
        "stock": "2026 ore yard 5 0\n2026 gas yard 1 0",
        "balance": """
            2026 ore 12 0 0 2 5 0 5 0 0 0
            2026 gas 3 0 0 2 0 0 1 0 0 0
            2027 ore 5 0 0 3 2 0 0 0 0 0
            2027 gas 1 0 0 1 0 0 0 0 0 0
            """,
        "rotation": "2026 ore sale 5 3.2 16 0\n2027 ore sale 2 4 8 0",
        "sale_steps": "2026 ore 1 3 4\n2026 ore 2 2 2\n2027 ore 1 2 4",
        "service": "2026 plant ore 4 2 2 0\n2027 plant ore 4 3 1 0",
        "substitution": "2026 plant ore gas 2 2 0\n2027 plant ore gas 1 1 0",
        "releases": """
            2026 plant ore 2 1 2
            2026 plant gas 2 2 4
            2027 plant ore 3 1 3
            2027 plant gas 1 2 2
            """,
        "funds": """
            2026 treasury 0 0 0 18 0 0 0 0 0 18 0
            2027 treasury 18 0 0 11 0 0 0 0 0 29 0
            """,
    }
    return instance, plan_of(instance, {"sales": -24.0, "releases": -11.0}, texts)


#: Ore that is sold and lent at a charge, in lots, while some of it was lent before.
ROTATING: Tables = {
    "goods": [{"good": "ore"}],
    "stores": [{"store": "yard"}],
    "storage": [{"good": "ore", "store": "yard"}],
    "opening_stock": [{"good": "ore", "store": "yard", "age": "1", "quantity": 20}],
    "opening_lent": [{"good": "ore", "due": "2027", "quantity": 2}],
    "end_values": [{"kind": "lent", "name": "ore", "value": 1.5}],
    "rotation": [
        {"good": "ore", "mode": "sale", "price": 3, "depth": 6, "fixed_cost": 2, "min_lot": 4},
        {
            "good": "ore",
            "mode": "exchange",
            "lag": "1",
            "premium": 0.5,
            "depth": 5,
            "credit_limit": 8,
            "fixed_cost": 1,
            "min_lot": 2,
        },
    ],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 4}],
}


def rotating(tables: Tables = ROTATING) -> tuple[Instance, Plan]:
    """5 t are sold in 2026; 4 t are lent and come back as 6 t a year later, then 2 t as 3 t, and 2 t after the horizon."""
    instance = instance_of("rotating", 3, tables)
    texts = {
        "stock": "2026 ore yard 7 0\n2027 ore yard 9 0\n2028 ore yard 6 0",
        "balance": """
            2026 ore 20 0 0 4 9 0 7 0 0 0
            2027 ore 7 0 8 4 2 0 9 0 0 0
            2028 ore 9 0 3 4 2 0 6 0 0 0
            """,
        "rotation": """
            2026 ore sale 5 3 15 2
            2026 ore exchange 4 0 0 1
            2027 ore exchange 2 0 0 1
            2028 ore exchange 2 0 0 1
            """,
        "exchange": """
            2026 ore 4 2027 0 8
            2027 ore 2 2028 8 3
            2028 ore 2 - 3 3
            """,
        "end_values": "2028 lent ore 4.5 -4.5",
        "service": "2026 plant ore 4 4 0 0\n2027 plant ore 4 4 0 0\n2028 plant ore 4 4 0 0",
        "payments": """
            2026 unlimited rotation_charges 3
            2027 unlimited rotation_charges 1
            2028 unlimited rotation_charges 1
            """,
        "funds": """
            2026 unlimited 0 3 0 0 0 3 0 0 0 0 0
            2027 unlimited 0 1 0 0 0 1 0 0 0 0 0
            2028 unlimited 0 1 0 0 0 1 0 0 0 0 0
            """,
    }
    return instance, plan_of(instance, {"sales": -15.0, "rotation_charges": 5.0, "end_values": -4.5}, texts)
