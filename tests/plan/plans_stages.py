"""Projects that are abandoned or were begun before the horizon, with plans made by hand."""

from __future__ import annotations

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

#: A mine in two stages that is given up before the second is verified, and a line that needs the first.
GIVEN_UP: Tables = {
    "goods": [{"good": "ore"}],
    "sources": [{"source": "works", "good": "ore"}],
    "prices": [{"source": "works", "price": 1}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "from": "2027", "quantity": 2}],
    "tiers": [{"sector": "plant", "good": "ore", "tier": 1, "share": 1, "penalty": 5}],
    "funds": [{"fund": "treasury"}],
    "budgets": [{"fund": "treasury", "amount": 20}],
    "projects": [{"project": "mine", "may_abandon": True, "exit_cost": 3}, {"project": "line"}],
    "stages": [
        {"project": "mine", "stage": 1, "milestone": "permit", "duration": "1", "cost": 4},
        {
            "project": "mine",
            "stage": 2,
            "milestone": "start",
            "duration": "2",
            "cost": 10,
            "pay_on": "verification",
            "deadline": "2028",
        },
        {"project": "line", "stage": 1, "milestone": "assay", "duration": "0", "cost": 0},
    ],
    "requires": [{"project": "line", "stage": 1, "needs_project": "mine", "needs_stage": 1}],
    "effects": [
        {"project": "mine", "after": 1, "kind": "supply", "name": "works", "amount": 2},
        {"project": "mine", "after": 1, "kind": "revenue", "name": "treasury", "amount": 1},
    ],
    "pins": [{"pin": "a", "decision": "release", "name": "mine", "stage": 2, "at_least": 1}],
}


def given_up(tables: Tables = GIVEN_UP) -> tuple[Instance, Plan]:
    """Abandoned in 2028, the mine gives 2 t and earns 1 in 2027 alone; the 10 of its second stage are never paid.

    The first stage costs 4, ore 2, the exit 3, and 2 t fall short at 5 in 2028 and 2029; what the permit is good for stays.
    """
    instance = instance_of("given-up", 4, tables)
    costs = {"projects": 4.0, "purchases": 2.0, "exit_costs": 3.0, "revenue": -1.0, "shortfall": 20.0}
    texts = {
        "orders": "2027 works ore 2 0 2027",
        "order_steps": "2027 works 1 2 1",
        "deliveries": "2027 works ore 2027 2 2 0",
        "balance": """
            2026 ore 0 0 0 0 0 0 0 0 0 0
            2027 ore 0 0 2 2 0 0 0 0 0 0
            2028 ore 0 0 0 0 0 0 0 0 0 0
            2029 ore 0 0 0 0 0 0 0 0 0 0
            """,
        "service": """
            2026 plant ore 0 0 0 0
            2027 plant ore 2 2 0 0
            2028 plant ore 2 0 0 2
            2029 plant ore 2 0 0 2
            """,
        "shortfall": "2028 plant ore 1 2 10\n2029 plant ore 1 2 10",
        "go": "2026 mine 1 permit 4 2027\n2027 mine 2 start 10 2029\n2029 line 1 assay 0 2029",
        "exposure": "2026 treasury mine 4 0\n2028 treasury mine 0 0 4\n2029 treasury mine 0 0 4",
        "abandonments": "2028 mine 3",
        "disbursements": "2026 mine 1 treasury 4",
        "effects": "2027 mine 1 supply works 2\n2027 mine 1 revenue treasury 1",
        "payments": "2026 treasury projects 4\n2027 treasury purchases 2\n2028 treasury exit_costs 3",
        "funds": """
            2026 treasury 0 20 0 0 0 4 0 0 0 16 0
            2027 treasury 16 0 0 0 1 2 0 0 0 15 0
            2028 treasury 15 0 0 0 0 3 0 0 0 12 0
            2029 treasury 12 0 0 0 0 0 0 0 0 12 0
            """,
    }
    return instance, plan_of(instance, costs, texts)


#: A pit verified before the horizon whose output still grows, a shaft under way, and a line that needs either.
UNDER_WAY: Tables = {
    "goods": [{"good": "ore"}],
    "sources": [{"source": "works", "good": "ore"}],
    "prices": [{"source": "works", "price": 1}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 5}],
    "tiers": [{"sector": "plant", "good": "ore", "tier": 1, "share": 1, "penalty": 9}],
    "projects": [{"project": "pit"}, {"project": "shaft"}, {"project": "line"}],
    "stages": [
        {"project": "pit", "stage": 1, "milestone": "start", "duration": "1", "cost": 50},
        {"project": "shaft", "stage": 1, "milestone": "depth", "duration": "3", "cost": 7, "pay_on": "verification"},
        {"project": "line", "stage": 1, "milestone": "test", "duration": "0", "cost": 2},
    ],
    "opening_stages": [
        {"project": "pit", "stage": 1, "age": "2"},
        {"project": "shaft", "stage": 1, "age": "2"},
    ],
    "requires": [
        {"project": "line", "stage": 1, "alternative": 1, "needs_project": "shaft", "needs_stage": 1},
        {"project": "line", "stage": 1, "alternative": 2, "needs_project": "pit", "needs_stage": 1},
    ],
    "effects": [
        {"project": "pit", "after": 1, "kind": "supply", "name": "works", "amount": 3, "ramp": "3"},
        {"project": "shaft", "after": 1, "kind": "supply", "name": "works", "amount": 1},
        {"project": "line", "after": 1, "kind": "supply", "name": "works", "amount": 1},
    ],
}


def under_way(tables: Tables = UNDER_WAY) -> tuple[Instance, Plan]:
    """The pit was verified a year before and gives 2 t, then 3; the line adds 1 at once, for it needs the pit alone.

    The shaft is verified in 2027, when its 7 are due, and adds 1 from then on: 3 t and 5 t are bought, 2 t fall short.
    """
    instance = instance_of("under-way", 2, tables)
    texts = {
        "orders": "2026 works ore 3 0 2026\n2027 works ore 5 0 2027",
        "order_steps": "2026 works 1 3 1\n2027 works 1 5 1",
        "deliveries": "2026 works ore 2026 3 3 0\n2027 works ore 2027 5 5 0",
        "balance": "2026 ore 0 0 3 3 0 0 0 0 0 0\n2027 ore 0 0 5 5 0 0 0 0 0 0",
        "service": "2026 plant ore 5 3 0 2\n2027 plant ore 5 5 0 0",
        "shortfall": "2026 plant ore 1 2 18",
        "go": "2026 line 1 test 2 2026",
        "disbursements": "2026 line 1 unlimited 2\n2027 shaft 1 unlimited 7",
        "effects": """
            2026 pit 1 supply works 2
            2026 line 1 supply works 1
            2027 pit 1 supply works 3
            2027 shaft 1 supply works 1
            2027 line 1 supply works 1
            """,
        "payments": """
            2026 unlimited purchases 3
            2026 unlimited projects 2
            2027 unlimited purchases 5
            2027 unlimited projects 7
            """,
        "funds": "2026 unlimited 0 5 0 0 0 5 0 0 0 0 0\n2027 unlimited 0 12 0 0 0 12 0 0 0 0 0",
    }
    return instance, plan_of(instance, {"purchases": 8.0, "projects": 9.0, "shortfall": 18.0}, texts)
