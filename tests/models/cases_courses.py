"""Instances whose stages are late or fail in some scenarios."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, Rows, demand, make

EVEN: Rows = [{"scenario": "good", "probability": 0.5}, {"scenario": "bad", "probability": 0.5}]


def _works(periods: int, scenarios: Rows, shocks: Rows, **tables: Rows) -> dict[str, Rows]:
    """A plant that a treasury and a bank pay for, with a yearly demand of 5 that imports at 20 meet as well."""
    return {
        "goods": [{"good": "ore"}],
        "sources": [{"source": "import", "good": "ore"}, {"source": "plant", "good": "ore"}],
        "prices": [{"source": "import", "price": 20}, {"source": "plant", "price": 1}],
        "supply": [{"source": "plant", "capacity": 0}],
        "sectors": SECTOR,
        "demand": demand(*[5] * periods),
        "tiers": TIER,
        "projects": [{"project": "plant", "may_abandon": True, "exit_cost": 2, "recovery": 0.25}],
        "effects": [{"project": "plant", "after": 2, "kind": "supply", "name": "plant", "amount": 5, "ramp": "2"}],
        "scenarios": scenarios,
        "shocks": shocks,
        **tables,
    }


def fails() -> Instance:
    """The pilot of a plant fails in half of the futures, once it is over; a mill needs it too, and what was lent is lost."""
    shocks: Rows = [
        {"scenario": "bad", "shock": "yields", "quantity": "outcome", "project": "plant", "stage": 1, "value": 0}
    ]
    tables = _works(
        6,
        EVEN,
        shocks,
        projects=[
            {"project": "plant", "may_abandon": True, "exit_cost": 2, "recovery": 0.25},
            {"project": "mill"},
        ],
        stages=[
            {"project": "plant", "stage": 1, "duration": "2", "cost": 30},
            {"project": "plant", "stage": 2, "duration": "1", "cost": 20, "pay_on": "verification"},
            {"project": "mill", "stage": 1, "duration": "0", "cost": 1},
        ],
        requires=[{"project": "mill", "stage": 1, "needs_project": "plant", "needs_stage": 1}],
        effects=[
            {"project": "plant", "after": 2, "kind": "supply", "name": "plant", "amount": 5, "ramp": "2"},
            {"project": "plant", "after": 1, "kind": "supply", "name": "plant", "amount": 1},
            {"project": "mill", "after": 1, "kind": "revenue", "name": "treasury", "amount": 1},
        ],
        funds=[{"fund": "treasury", "exposure_limit": 60}],
        budgets=[{"fund": "treasury", "amount": 900}],
        financing=[{"project": "plant", "fund": "treasury", "instrument": "loan", "interest": 0.1, "tenor": "2"}],
        pins=[{"pin": "go", "decision": "release", "name": "plant", "stage": 1, "until": "2027", "at_least": 1}],
    )
    tables["financing"].append({"project": "mill", "fund": "treasury"})
    return make("fails", 6, tables)


def held_up() -> Instance:
    """A strike doubles the time of building from 2027 to 2029, and of what was begun in 2025; money and teams wait."""
    shocks: Rows = [
        {"scenario": "bad", "shock": "strike", "quantity": "duration", "project": "plant", "from": "2027", "until": "2029", "factor": 2},
        {"scenario": "bad", "shock": "strike", "quantity": "duration", "project": "dam", "value": 4},
    ]  # fmt: skip
    tables = _works(
        8,
        EVEN,
        shocks,
        projects=[{"project": "plant"}, {"project": "dam"}],
        stages=[
            {"project": "plant", "stage": 1, "duration": "2", "cost": 30, "pay_on": "verification"},
            {"project": "plant", "stage": 2, "duration": "1", "cost": 20},
            {"project": "dam", "stage": 1, "duration": "2", "cost": 10, "pay_on": "verification"},
        ],
        opening_stages=[{"project": "dam", "stage": 1, "age": "1"}],
        effects=[
            {"project": "plant", "after": 2, "kind": "supply", "name": "plant", "amount": 5, "ramp": "2"},
            {"project": "dam", "after": 1, "kind": "revenue", "name": "treasury", "amount": 3},
        ],
        funds=[{"fund": "treasury", "exposure_limit": 60, "commitment_limit": 40}, {"fund": "bank"}],
        budgets=[{"fund": "treasury", "amount": 900}, {"fund": "bank", "amount": 30}],
        financing=[
            {"project": "plant", "fund": "treasury"},
            {"project": "plant", "fund": "bank", "instrument": "loan", "interest": 0.1, "tenor": "2", "max_share": 0.5},
            {"project": "dam", "fund": "treasury"},
        ],
        resources=[{"resource": "teams", "unit": "team", "capacity": 1}],
        resource_use=[
            {"resource": "teams", "kind": "stage", "name": "plant", "stage": i, "over_stage": 1} for i in (1, 2)
        ],
        price_floors=[
            {"project": "plant", "source": "plant", "fund": "treasury", "index": "import", "floor": 21, "term": "2"}
        ],
        end_values=[{"kind": "project", "name": "plant", "value": 9}],
    )
    return make("held-up", 8, tables)


COURSE_CASES = (fails, held_up)
