"""Plans made by hand in which incentives pay for what projects deliver: every number in them was worked out on paper."""

from __future__ import annotations

from dataclasses import replace

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

#: A mine whose ore a treasury pays for within two years, and less from 2028 on; a maker pays for its mill's metal up to 6.
REWARDED: Tables = {
    "goods": [{"good": "ore"}, {"good": "metal"}],
    "sources": [{"source": "works", "good": "ore"}],
    "prices": [{"source": "works", "price": 1}],
    "processes": [{"process": "smelting", "cost": 0.5}],
    "recipes": [
        {"process": "smelting", "good": "ore", "amount": -1},
        {"process": "smelting", "good": "metal", "amount": 0.5},
    ],
    "sectors": [{"sector": "plant"}],
    "demand": [
        {"sector": "plant", "good": "ore", "from": "2027", "quantity": 1},
        {"sector": "plant", "good": "metal", "from": "2027", "quantity": 1},
    ],
    "funds": [{"fund": "treasury"}, {"fund": "maker", "kind": "private", "uses": "projects"}],
    "budgets": [{"fund": "treasury", "amount": 40}, {"fund": "maker", "amount": 10}],
    "projects": [{"project": "mine"}, {"project": "mill"}],
    "stages": [
        {"project": "mine", "stage": 1, "milestone": "start", "duration": "1", "cost": 4},
        {"project": "mill", "stage": 1, "milestone": "start", "duration": "0", "cost": 3},
    ],
    "effects": [
        {"project": "mine", "after": 1, "kind": "supply", "name": "works", "amount": 6, "ramp": "2"},
        {"project": "mill", "after": 1, "kind": "process", "name": "smelting", "amount": 4},
    ],
    "incentives": [
        {"incentive": "ore-credit", "project": "mine", "fund": "treasury", "rate": 2, "term": "2"},
        {"incentive": "ore-credit", "project": "mine", "fund": "treasury", "from": "2028", "rate": 1, "term": "2"},
        {"incentive": "bonus", "project": "mill", "good": "metal", "fund": "maker", "rate": 4, "cap": 6},
    ],
}


def rewarded(tables: Tables = REWARDED) -> tuple[Instance, Plan]:
    """3 t of ore a year, of which 2 make 1 t of metal.  3 t in 2027 earn 2 each, 3 t in 2028 earn 1.

    In 2029 the mine's milestone is two years old, and nothing counts.  Metal earns 4 a year: 4, then the last 2 of 6.
    """
    instance = instance_of("rewarded", 4, tables)
    later = ("2027", "2028", "2029")
    texts = {
        "orders": "\n".join(f"{y} works ore 3 0 {y}" for y in later),
        "order_steps": "\n".join(f"{y} works 1 3 1" for y in later),
        "deliveries": "\n".join(f"{y} works ore {y} 3 3 0" for y in later),
        "balance": "2026 ore 0\n2026 metal 0\n"
        + "\n".join(f"{y} ore 0 0 3 1 0 0 0 0 0 0 0 2\n{y} metal 0 0 1 1" for y in later),
        "service": "2026 plant ore 0 0\n2026 plant metal 0 0\n"
        + "\n".join(f"{y} plant ore 1 1\n{y} plant metal 1 1" for y in later),
        "runs": "\n".join(f"{y} smelting 2 1 0 0 0 {y}" for y in later),
        "conversions": "\n".join(f"{y} smelting ore 2 0\n{y} smelting metal 0 1" for y in later),
        "go": "2026 mine 1 start 4 2027\n2026 mill 1 start 3 2026",
        "disbursements": "2026 mine 1 treasury 4\n2026 mill 1 treasury 3",
        "exposure": "2026 treasury mine 4",
        "effects": "2027 mine 1 supply works 3\n2028 mine 1 supply works 6\n2029 mine 1 supply works 6\n"
        + "\n".join(f"{y} mill 1 process smelting 4" for y in ("2026", *later)),
        "incentives": """
            2027 ore-credit mine ore treasury 3 6 6
            2028 ore-credit mine ore treasury 3 3 3
            2027 bonus mill metal maker 1 4 4
            2028 bonus mill metal maker 1 4 2
            2029 bonus mill metal maker 1 4 0
            """,
        "payments": """
            2026 treasury projects 7
            2027 treasury purchases 3
            2027 treasury processing 1
            2027 treasury incentives 6
            2027 maker incentives 4
            2028 treasury purchases 3
            2028 treasury processing 1
            2028 treasury incentives 3
            2028 maker incentives 2
            2029 treasury purchases 3
            2029 treasury processing 1
            """,
        "funds": """
            2026 treasury 0 40 0 0 0 7 0 0 0 33
            2027 treasury 33 0 0 0 0 10 0 0 0 23
            2028 treasury 23 0 0 0 0 7 0 0 0 16
            2029 treasury 16 0 0 0 0 4 0 0 0 12
            2026 maker 0 10 0 0 0 0 0 0 0 10
            2027 maker 10 0 0 0 0 4 0 0 0 6
            2028 maker 6 0 0 0 0 2 0 0 0 4
            2029 maker 4 0 0 0 0 0 0 0 0 4
            """,
    }
    costs = {"purchases": 9.0, "processing": 3.0, "projects": 7.0, "incentives": 9.0}
    plan = plan_of(instance, costs, texts)
    totals = {"energy": {"value": 0.0, "unit": "MWh"}, "emissions": {"value": 0.0, "unit": "t"}}
    return instance, replace(plan, summary=plan.summary | totals)
