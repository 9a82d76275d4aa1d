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


def alternatives() -> Instance:
    """A plant that needs a permit or a pilot and a licence; the permit is dear, and the pilot may be abandoned."""
    return make(
        "alternatives",
        4,
        {
            **ORE,
            "demand": demand(2, 2, 2, 2),
            "projects": [
                {"project": "plant"},
                {"project": "permit"},
                {"project": "pilot", "may_abandon": True},
                {"project": "licence"},
            ],
            "stages": [
                {"project": "plant", "stage": 1, "duration": "0", "cost": 5},
                {"project": "permit", "stage": 1, "duration": "1", "cost": 70},
                {"project": "pilot", "stage": 1, "duration": "1", "cost": 4},
                {"project": "licence", "stage": 1, "duration": "1", "cost": 3},
            ],
            "requires": [
                {"project": "plant", "stage": 1, "alternative": a, "needs_project": q, "needs_stage": 1}
                for a, q in ((1, "permit"), (2, "pilot"), (2, "licence"))
            ],
            "effects": [{"project": "plant", "after": 1, "kind": "supply", "name": "plant", "amount": 2}],
        },
    )


def begun() -> Instance:
    """Before the start: a mine verified whose output still grows, a mill whose tranche is due in 2027, a kiln to give up."""
    return make(
        "begun",
        4,
        {
            **ORE,
            "demand": demand(9, 9, 9, 9),
            "projects": [
                {"project": "mine"},
                {"project": "mill", "group": "site"},
                {"project": "works", "group": "site"},
                {"project": "kiln", "may_abandon": True, "exit_cost": 1},
            ],
            "stages": [
                {"project": "mine", "stage": 1, "duration": "1", "cost": 50},
                {"project": "mine", "stage": 2, "duration": "1", "cost": 4},
                {"project": "mill", "stage": 1, "duration": "3", "cost": 20, "pay_on": "verification"},
                {"project": "works", "stage": 1, "duration": "0", "cost": 1},
                {"project": "kiln", "stage": 1, "duration": "3", "cost": 30, "pay_on": "verification"},
            ],
            "opening_stages": [
                {"project": "mine", "stage": 1, "age": "2"},
                {"project": "mill", "stage": 1, "age": "2"},
                {"project": "kiln", "stage": 1, "age": "1"},
            ],
            "effects": [
                {"project": "mine", "after": 1, "kind": "supply", "name": "plant", "amount": 4, "ramp": "4"},
                {"project": "mine", "after": 2, "kind": "supply", "name": "plant", "amount": 1},
                {"project": "mill", "after": 1, "kind": "supply", "name": "plant", "amount": 1},
                {"project": "works", "after": 1, "kind": "supply", "name": "plant", "amount": 5},
            ],
        },
    )
