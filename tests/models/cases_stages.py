"""Small instances with deadlines and abandonment, each made so that certain rows decide its optimum."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, Rows, demand, make

ORE: dict[str, Rows] = {
    "goods": [{"good": "ore"}],
    "sources": [{"source": "import", "good": "ore"}, {"source": "plant", "good": "ore"}],
    "prices": [{"source": "import", "price": 30}, {"source": "plant", "price": 1}],
    "sectors": SECTOR,
    "tiers": TIER,
}


def abandoned() -> Instance:
    """A plant that must be begun, a kiln that must be finished, a mill whose deadline passes, a pilot that a line needs."""
    return make(
        "abandoned",
        5,
        {
            **ORE,
            "stores": [{"store": "yard", "capacity": 0}],
            "storage": [{"good": "ore", "store": "yard"}],
            "demand": demand(2, 2, 2, 2, 2),
            "funds": [{"fund": "treasury"}],
            "budgets": [{"fund": "treasury", "amount": 900}],
            "projects": [
                {"project": "plant", "may_abandon": True, "exit_cost": 3},
                {"project": "mill", "may_abandon": True, "exit_cost": 7},
                {"project": "pilot", "may_abandon": True},
                {"project": "kiln", "may_abandon": True},
                {"project": "line"},
            ],
            "stages": [
                {"project": "plant", "stage": 1, "duration": "1", "cost": 40, "pay_on": "verification"},
                {"project": "kiln", "stage": 1, "duration": "2", "cost": 20, "pay_on": "verification"},
                {"project": "kiln", "stage": 2, "duration": "0", "cost": 0},
                {"project": "mill", "stage": 1, "duration": "0", "cost": 1},
                {"project": "mill", "stage": 2, "duration": "1", "cost": 200, "deadline": "2028"},
                {"project": "pilot", "stage": 1, "duration": "2", "cost": 6, "pay_on": "verification"},
                {"project": "line", "stage": 1, "duration": "0", "cost": 1},
            ],
            "requires": [{"project": "line", "stage": 1, "needs_project": "pilot", "needs_stage": 1}],
            "effects": [
                {"project": "mill", "after": 1, "kind": "supply", "name": "plant", "amount": 1},
                {"project": "mill", "after": 1, "kind": "revenue", "name": "treasury", "amount": 1, "ramp": "2"},
                {"project": "mill", "after": 1, "kind": "capacity", "name": "yard", "amount": 1},
                {"project": "line", "after": 1, "kind": "supply", "name": "plant", "amount": 1},
            ],
            "end_values": [{"kind": "project", "value": 2}],
            "pins": [
                {"pin": "a", "decision": "release", "name": "plant", "stage": 1, "at_least": 1},
                {"pin": "b", "decision": "release", "name": "kiln", "stage": 2, "at_least": 1},
            ],
        },
    )
