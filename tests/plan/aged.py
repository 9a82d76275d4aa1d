"""Plans made by hand for goods that are kept by age."""

from __future__ import annotations

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

#: Ore that halves between its second and its third year and sells for half from the second on; a laboratory that takes it
#: instead of gas, but not in its third.
AGED: Tables = {
    "goods": [{"good": "ore", "shelf_life": "3", "terminal_value": 2}, {"good": "gas"}],
    "ages": [
        {"good": "ore", "age": "1", "loss_rate": 0.5, "price_factor": 0.5},
        {"good": "ore", "age": "2", "price_factor": 0.5},
    ],
    "freshness": [{"sector": "lab", "good": "ore", "max_age": "1"}],
    "stores": [{"store": "yard"}],
    "storage": [{"good": "ore", "store": "yard"}],
    "opening_stock": [
        {"good": "ore", "store": "yard", "age": "0", "quantity": 3},
        {"good": "ore", "store": "yard", "age": "1", "quantity": 2},
        {"good": "ore", "store": "yard", "age": "2", "quantity": 4},
    ],
    "rotation": [{"good": "ore", "mode": "sale", "price": 4, "depth": 2}],
    "sectors": [{"sector": "plant"}, {"sector": "lab"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 1}, {"sector": "lab", "good": "gas", "quantity": 1}],
    "accepts": [{"sector": "lab", "wanted": "gas", "given": "ore"}],
    "tiers": [{"tier": 1, "share": 1, "penalty": 10}],
}


def aged(tables: Tables = AGED) -> tuple[Instance, Plan]:
    """Of 4 t that are two years old 2 are lost; 1 of them and 1 younger sell for 2 each; 1 t is left, worth half of 2."""
    instance = instance_of("aged", 2, tables)
    texts = {
        "stock": "2026 ore yard 3 0\n2027 ore yard 1 0",
        "balance": """
            2026 ore 6 2 3 2 2 0 3 0 0 0
            2026 gas 0 0 0 0 0 0 0 0 0 0
            2027 ore 3 0 0 2 0 0 1 0 0 0
            2027 gas 0 0 0 0 0 0 0 0 0 0
            """,
        "cohorts": """
            2026 ore 0 0 0 3 0 3
            2026 ore 1 2 0 0 2 0
            2026 ore 2 4 2 0 2 0
            2027 ore 1 3 0 0 2 1
            """,
        "cohort_flows": """
            2026 ore 1 sale - 1
            2026 ore 2 sale - 1
            2026 ore 1 sector lab 1
            2026 ore 2 other - 1
            2027 ore 1 sector lab 1
            2027 ore 1 other - 1
            """,
        "rotation": "2026 ore sale 2 4 4 0",
        "service": "2026 plant ore 1 1 0 0\n2026 lab gas 1 0 1 0\n2027 plant ore 1 1 0 0\n2027 lab gas 1 0 1 0",
        "substitution": "2026 lab gas ore 1 1 0\n2027 lab gas ore 1 1 0",
        "funds": "2026 unlimited 0 0 0 0 0 0 0 0 0 0 0\n2027 unlimited 0 0 0 0 0 0 0 0 0 0 0",
    }
    return instance, plan_of(instance, {"sales": -4.0, "terminal_value": -1.0}, texts)


#: Ore that sells for half from its second year on, along a demand curve with room for 3 t at 10 and 5 t at 4.
CURVED: Tables = {
    "goods": [{"good": "ore"}],
    "ages": [{"good": "ore", "age": "1", "price_factor": 0.5}],
    "stores": [{"store": "yard"}],
    "storage": [{"good": "ore", "store": "yard"}],
    "opening_stock": [
        {"good": "ore", "store": "yard", "age": "0", "quantity": 4},
        {"good": "ore", "store": "yard", "age": "1", "quantity": 4},
    ],
    "rotation": [{"good": "ore", "mode": "sale"}],
    "sales": [
        {"good": "ore", "step": 1, "width": 3, "price": 10},
        {"good": "ore", "step": 2, "width": 5, "price": 4},
    ],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 0}],
}


def curved(tables: Tables = CURVED) -> tuple[Instance, Plan]:
    """In 2026 3 t of the new ore sell at 10, 1 t at 4 and 1 t of the old at 2; in 2027 3 t, old by then, sell at 5."""
    instance = instance_of("curved", 2, tables)
    texts = {
        "stock": "2026 ore yard 3 0",
        "balance": "2026 ore 4 0 4 0 5 0 3 0 0 0\n2027 ore 3 0 0 0 3 0 0 0 0 0",
        "cohorts": "2026 ore 0 0 0 4 4 0\n2026 ore 1 4 0 0 1 3\n2027 ore 1 3 0 0 3 0",
        "cohort_flows": "2026 ore 0 sale - 4\n2026 ore 1 sale - 1\n2027 ore 1 sale - 3",
        "rotation": "2026 ore sale 5 7.2 36 0\n2027 ore sale 3 5 15 0",
        "sale_steps": "2026 ore 1 3 10\n2026 ore 2 2 4\n2027 ore 1 3 10",
        "service": "2026 plant ore 0 0 0 0\n2027 plant ore 0 0 0 0",
        "funds": "2026 unlimited 0 0 0 0 0 0 0 0 0 0 0\n2027 unlimited 0 0 0 0 0 0 0 0 0 0 0",
    }
    return instance, plan_of(instance, {"sales": -51.0}, texts)
