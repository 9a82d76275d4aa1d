"""Tiny instances with plans made by hand: every number in them was worked out on paper."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pandas as pd

from stockpile.instance import Instance
from stockpile.plan.audit import Audit
from stockpile.plan.context import context_of
from stockpile.plan.plan import TABLES, Plan
from stockpile.tree import build_tree
from tests.models.base import make

Rows = list[dict[str, Any]]
Tables = dict[str, Rows]
Make = Callable[..., tuple[Instance, Plan]]


def instance_of(name: str, periods: int, tables: Tables, **economics: Any) -> Instance:
    """An instance in years, with rates per period, in tonnes and USD."""
    return make(name, periods, tables, quantity="t", **economics)


def messages(result: Audit) -> list[str]:
    """The breaches of a verdict, in words."""
    return [str(breach) for breach in result.breaches]


def changed(tables: Tables, name: str, row: int = 0, /, **cells: Any) -> Tables:
    """The tables with cells of one row replaced."""
    rows = [dict(r) for r in tables[name]]
    rows[row] |= cells
    return {**tables, name: rows}


def plan_of(instance: Instance, costs: dict[str, float], texts: dict[str, str]) -> Plan:
    """A plan from lines: the node, then the cells of the row after ``node`` and ``period``; ``-`` is an empty cell, ``~`` a blank in one.

    Cells at the end may be left out: they are 0, and instruments are grants.
    """
    tables = {name: _frame(name, texts.get(name, "")) for name in TABLES}
    every = (
        "purchases order_charges duties contracts market_purchases storage transfers disposal rotation_charges overtime processing exit_costs guarantees price_floors incentives projects interest "
        "sales releases revenue repayments shortfall substitution backlog target_shortfall policies terminal_value end_values risk"
    )
    named = {name: costs.get(name, 0.0) for name in every.split()}
    objective = sum(named.values())
    summary = {
        "format": 1,
        "instance": {"name": instance.name, "title": instance.title, "hash": instance.hash},
        "status": "optimal",
        "stopped_by": None,
        "objective": objective,
        "bound": objective,
        "gap": 0.0,
        "costs": named,
        "units": {"quantity": "t", "price": "USD/t", "money": "USD"},
        "options": {"gap": 1e-4},
        "context": context_of(
            instance, build_tree(instance), tables["deliveries"]["source"], tables["contract_deliveries"]["contract"]
        ),
    }
    return Plan(summary, tables)


#: What a cell at the end of a row holds where it is left out, if not 0.
LATER = {"instrument": "grant", "sector": ""}


@cache
def _typed(name: str, text: str) -> pd.DataFrame:
    """A table from its lines, made once."""
    table = TABLES[name]
    lines = [line.split() for line in text.strip().splitlines()]
    cells = [[line[0], line[0], *line[1:]] for line in lines]
    cells = [row + [LATER.get(name, "0") for name in table.names[len(row) :]] for row in cells]
    frame = pd.DataFrame(
        [["" if c == "-" else c.replace("~", " ") for c in row] for row in cells], columns=table.names, dtype=object
    )
    return frame.astype({c.name: c.dtype for c in table.columns})


def _frame(name: str, text: str) -> pd.DataFrame:
    """A table from its lines, to be changed at will."""
    return _typed(name, text).copy()


#: Orders in two price steps with a charge, a minimum, a lead time and a duty; loss, disposal, shortfall, end values.
BUYING: Tables = {
    "goods": [{"good": "ore", "loss_rate": 0.1, "disposal_cost": 0.5, "terminal_value": 1, "end_stock": 4}],
    "stores": [{"store": "yard", "capacity": 30}],
    "storage": [{"good": "ore", "store": "yard", "holding_cost": 1, "capacity": 20}],
    "opening_stock": [{"good": "ore", "store": "yard", "age": "1", "quantity": 10}],
    "sources": [
        {"source": "mine", "good": "ore", "origin": "far", "lead_time": "1", "order_cost": 5, "min_order": 4},
    ],
    "supply": [{"source": "mine", "capacity": 9}],
    "prices": [
        {"source": "mine", "step": 1, "width": 6, "price": 2},
        {"source": "mine", "step": 2, "price": 3},
    ],
    "duties": [{"origin": "far", "from": "2027", "rate": 0.1}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 4}],
    "tiers": [{"sector": "plant", "good": "ore", "tier": 1, "share": 0.5, "penalty": 10}],
}


def buying(tables: Tables = BUYING) -> tuple[Instance, Plan]:
    """8 t are ordered in 2026 (6 at 2, 2 at 3, charge 5) and arrive in 2027 with 10 % duty; 1 t falls short in 2028.

    Discount factors at 10 %: 1, 1/1.1, 1/1.21, and 1/1.331 for the 4 t that are left.
    """
    instance = instance_of("buying", 3, tables, discount_rate=0.1)
    costs = {
        "purchases": 18 / 1.1,
        "order_charges": 5.0,
        "duties": 1.8 / 1.1,
        "storage": 5 + 8.5 / 1.1 + 4 / 1.21,
        "disposal": 0.325 / 1.21,
        "shortfall": 10 / 1.21,
        "terminal_value": -4 / 1.331,
    }
    texts = {
        "orders": "2026 mine ore 8 5 2027",
        "order_steps": "2026 mine 1 6 2\n2026 mine 2 2 3",
        "deliveries": "2027 mine ore 2026 8 18 1.8",
        "stock": "2026 ore yard 5 5\n2027 ore yard 8.5 8.5\n2028 ore yard 4 4",
        "balance": """
            2026 ore 10 1 0 4 0 0 5 0 0 0
            2027 ore 5 0.5 8 4 0 0 8.5 0 0 0
            2028 ore 8.5 0.85 0 3 0 0.65 4 0 0 0
            """,
        "rotation": "2028 ore disposal 0.65 0.5 0.325 0",
        "service": "2026 plant ore 4 4 0 0\n2027 plant ore 4 4 0 0\n2028 plant ore 4 3 0 1",
        "shortfall": "2028 plant ore 1 1 10",
        "payments": """
            2026 unlimited order_charges 5
            2026 unlimited storage 5
            2027 unlimited purchases 18
            2027 unlimited duties 1.8
            2027 unlimited storage 8.5
            2028 unlimited storage 4
            2028 unlimited disposal 0.325
            """,
        "funds": """
            2026 unlimited 0 10 0 0 0 10 0 0 0 0 0
            2027 unlimited 0 28.3 0 0 0 28.3 0 0 0 0 0
            2028 unlimited 0 4.325 0 0 0 4.325 0 0 0 0 0
            """,
    }
    return instance, plan_of(instance, costs, texts)


#: A shelf life of two years, a sale into a shallow market, targets, two goods in one store, cash that lapses by half.
AGEING: Tables = {
    "goods": [{"good": "ore", "shelf_life": "2"}, {"good": "gas"}],
    "stores": [{"store": "yard", "capacity": 8}],
    "storage": [{"good": "ore", "store": "yard"}, {"good": "gas", "store": "yard"}],
    "opening_stock": [
        {"good": "ore", "store": "yard", "age": "1", "quantity": 3},
        {"good": "ore", "store": "yard", "age": "0", "quantity": 2},
        {"good": "gas", "store": "yard", "age": "3", "quantity": 5},
    ],
    "sources": [{"source": "mine", "good": "ore"}],
    "prices": [{"source": "mine", "price": 3}],
    "rotation": [
        {"good": "ore", "mode": "sale", "discount": 0.5, "price": 4, "depth": 2, "proceeds_to": "treasury"},
    ],
    "sectors": [{"sector": "plant"}],
    "demand": [
        {"sector": "plant", "good": "ore", "quantity": 2},
        {"sector": "plant", "good": "ore", "from": "2028", "quantity": 1},
    ],
    "targets": [
        {"good": "ore", "cover": 365.25, "penalty": 0.5},
        {"good": "gas", "from": "2027", "quantity": 6, "penalty": 3},
    ],
    "funds": [{"fund": "treasury", "carry_over": 0.5}],
    "budgets": [{"fund": "treasury", "amount": 4, "every": "year"}],
}


def ageing(tables: Tables = AGEING) -> tuple[Instance, Plan]:
    """Of 3 t that must leave in 2026 two serve and one is sold for 2; 1 t is bought in 2027; half the cash lapses."""
    instance = instance_of("ageing", 3, tables)
    costs = {"purchases": 3.0, "sales": -2.0, "target_shortfall": 7.0}
    texts = {
        "orders": "2027 mine ore 1 0 2027",
        "order_steps": "2027 mine 1 1 3",
        "deliveries": "2027 mine ore 2027 1 3 0",
        "stock": "2026 ore yard 2 0\n2026 gas yard 5 0\n2027 ore yard 1 0\n2027 gas yard 5 0\n2028 gas yard 5 0",
        "balance": """
            2026 ore 3 0 2 2 1 0 2 2 0 0
            2026 gas 5 0 0 0 0 0 5 0 0 0
            2027 ore 2 0 1 2 0 0 1 2 1 0.5
            2027 gas 5 0 0 0 0 0 5 6 1 3
            2028 ore 1 0 0 1 0 0 0 1 1 0.5
            2028 gas 5 0 0 0 0 0 5 6 1 3
            """,
        "rotation": "2026 ore sale 1 2 2 0",
        "service": "2026 plant ore 2 2 0 0\n2027 plant ore 2 2 0 0\n2028 plant ore 1 1 0 0",
        "payments": "2027 treasury purchases 3",
        "funds": """
            2026 treasury 0 4 0 2 0 0 0 0 3 3 0
            2027 treasury 3 4 0 0 0 3 0 0 2 2 0
            2028 treasury 2 4 0 0 0 0 0 0 3 3 0
            """,
    }
    return instance, plan_of(instance, costs, texts)


#: A plant in two stages that needs a pilot, paid by treasury, bank and a credit facility; its variant is not built.
FINANCED: Tables = {
    "goods": [{"good": "ore"}],
    "stores": [{"store": "yard", "capacity": 0}],
    "storage": [{"good": "ore", "store": "yard", "holding_cost": 0.5}],
    "sources": [{"source": "works", "good": "ore"}],
    "prices": [{"source": "works", "price": 1}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "from": "2028", "quantity": 3}],
    "funds": [
        {"fund": "treasury", "limit": 20},
        {"fund": "bank", "kind": "private", "uses": "projects"},
        {"fund": "facility", "kind": "credit", "credit_limit": 18, "interest": 0.1, "maturity": "2"},
    ],
    "budgets": [
        {"fund": "treasury", "amount": 20},
        {"fund": "bank", "amount": 10},
        {"fund": "facility", "from": "2029", "amount": 10, "every": "year"},
    ],
    "projects": [
        {"project": "large", "group": "works", "start_until": "2027", "min_private_share": 0.25},
        {"project": "small", "group": "works"},
        {"project": "pilot"},
    ],
    "stages": [
        {"project": "large", "stage": 1, "milestone": "permit", "duration": "1", "cost": 10},
        {"project": "large", "stage": 2, "milestone": "start", "duration": "1", "cost": 20, "pay_on": "verification"},
        {"project": "small", "stage": 1, "milestone": "start", "duration": "1", "cost": 15},
        {"project": "pilot", "stage": 1, "milestone": "assay", "duration": "0", "cost": 2},
    ],
    "requires": [{"project": "large", "stage": 2, "needs_project": "pilot", "needs_stage": 1}],
    "financing": [
        {"project": "large", "fund": "treasury"},
        {"project": "large", "fund": "bank", "min_share": 0.25, "max_share": 0.5},
        {"project": "large", "fund": "facility", "max_share": 0.75},
    ],
    "effects": [
        {"project": "large", "after": 2, "kind": "supply", "name": "works", "amount": 6, "ramp": "2"},
        {"project": "large", "after": 1, "kind": "capacity", "name": "yard", "amount": 5},
        {"project": "large", "after": 2, "kind": "revenue", "name": "treasury", "amount": 3},
    ],
}


def financed(tables: Tables = FINANCED, **economics: Any) -> tuple[Instance, Plan]:
    """The large plant starts up in 2028 and gives 3 t, then 6 t a year; 15 are drawn in 2028 and repaid with 10 %.

    Public money counts: 9 + 15 for projects, 9 for ore, 1.5 for holding, 1.5 + 0.7 interest, less 3 x 3 revenue.
    """
    instance = instance_of("financed", 5, tables, **economics)
    costs = {"projects": 24.0, "purchases": 9.0, "storage": 1.5, "interest": 2.2, "revenue": -9.0}
    texts = {
        "orders": "2028 works ore 3 0 2028\n2029 works ore 6 0 2029",
        "order_steps": "2028 works 1 3 1\n2029 works 1 6 1",
        "deliveries": "2028 works ore 2028 3 3 0\n2029 works ore 2029 6 6 0",
        "stock": "2029 ore yard 3 1.5",
        "balance": """
            2026 ore 0 0 0 0 0 0 0 0 0 0
            2027 ore 0 0 0 0 0 0 0 0 0 0
            2028 ore 0 0 3 3 0 0 0 0 0 0
            2029 ore 0 0 6 3 0 0 3 0 0 0
            2030 ore 3 0 0 3 0 0 0 0 0 0
            """,
        "service": """
            2026 plant ore 0 0 0 0
            2027 plant ore 0 0 0 0
            2028 plant ore 3 3 0 0
            2029 plant ore 3 3 0 0
            2030 plant ore 3 3 0 0
            """,
        "go": "2026 large 1 permit 10 2027\n2026 pilot 1 assay 2 2026\n2027 large 2 start 20 2028",
        "disbursements": """
            2026 large 1 treasury 7
            2026 large 1 bank 3
            2026 pilot 1 treasury 2
            2028 large 2 bank 5
            2028 large 2 facility 15
            """,
        "exposure": "2026 treasury large 7 0\n2026 bank large 3 0",
        "effects": """
            2027 large 1 capacity yard 5
            2028 large 1 capacity yard 5
            2029 large 1 capacity yard 5
            2030 large 1 capacity yard 5
            2028 large 2 supply works 3
            2029 large 2 supply works 6
            2030 large 2 supply works 6
            2028 large 2 revenue treasury 3
            2029 large 2 revenue treasury 3
            2030 large 2 revenue treasury 3
            """,
        "payments": """
            2026 treasury projects 9
            2026 bank projects 3
            2028 treasury purchases 3
            2028 bank projects 5
            2028 facility projects 15
            2029 treasury purchases 6
            2029 treasury storage 1.5
            """,
        "funds": """
            2026 treasury 0 20 0 0 0 9 0 0 0 11 0
            2027 treasury 11 0 0 0 0 0 0 0 0 11 0
            2028 treasury 11 0 0 0 3 3 0 0 0 11 0
            2029 treasury 11 0 0 0 3 7.5 0 0 0 6.5 0
            2030 treasury 6.5 0 0 0 3 0 0 0 0 9.5 0
            2026 bank 0 10 0 0 0 3 0 0 0 7 0
            2027 bank 7 0 0 0 0 0 0 0 0 7 0
            2028 bank 7 0 0 0 0 5 0 0 0 2 0
            2029 bank 2 0 0 0 0 0 0 0 0 2 0
            2030 bank 2 0 0 0 0 0 0 0 0 2 0
            2026 facility 0 0 0 0 0 0 0 0 0 0 0
            2027 facility 0 0 0 0 0 0 0 0 0 0 0
            2028 facility 0 0 15 0 0 15 0 0 0 0 15
            2029 facility 0 10 0 0 0 0 1.5 8 0 0.5 7
            2030 facility 0.5 10 0 0 0 0 0.7 7 0 2.8 0
            """,
    }
    return instance, plan_of(instance, costs, texts)


#: A sector that takes gas instead of the ore it wants.
REPLACING: Tables = {
    "goods": [{"good": "ore"}, {"good": "gas"}],
    "stores": [{"store": "yard"}],
    "storage": [{"good": "gas", "store": "yard"}],
    "opening_stock": [{"good": "gas", "store": "yard", "age": "1", "quantity": 5}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 4}],
    "accepts": [{"sector": "plant", "wanted": "ore", "given": "gas", "rate": 1.5, "cost": 0.5}],
    "tiers": [{"sector": "plant", "good": "ore", "tier": 1, "share": 1, "penalty": 10}],
}


def replacing(tables: Tables = REPLACING) -> tuple[Instance, Plan]:
    """Of 4 t of ore 3 are replaced by 4.5 t of gas at 0.5 each, and 1 falls short."""
    instance = instance_of("replacing", 1, tables)
    texts = {
        "stock": "2026 gas yard 0.5 0",
        "balance": "2026 ore 0 0 0 0 0 0 0 0 0 0\n2026 gas 5 0 0 4.5 0 0 0.5 0 0 0",
        "service": "2026 plant ore 4 0 3 1",
        "substitution": "2026 plant ore gas 4.5 3 2.25",
        "shortfall": "2026 plant ore 1 1 10",
        "funds": "2026 unlimited 0 0 0 0 0 0 0 0 0 0 0",
    }
    return instance, plan_of(instance, {"shortfall": 10.0, "substitution": 2.25}, texts)
