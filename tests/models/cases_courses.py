"""Instances whose stages are late or fail in some scenarios."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, Rows, demand, make
from tests.models.cases_scenarios import with_sections

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


def at_stake() -> Instance:
    """A grant and a guaranteed loan for a plant that may fail, which is begun in 2026 or never: taxpayers may lose 12 at worst."""
    shocks: Rows = [
        {"scenario": "bad", "shock": "yields", "quantity": "outcome", "project": "plant", "stage": 1, "value": 0}
    ]
    tables = _works(
        5,
        EVEN,
        shocks,
        projects=[{"project": "plant", "may_abandon": True, "recovery": 0.25, "start_until": "2027"}],
        stages=[{"project": "plant", "stage": i, "duration": "1", "cost": 20} for i in (1, 2)],
        funds=[{"fund": "treasury"}, {"fund": "state"}, {"fund": "bank", "kind": "private", "uses": "projects"}],
        budgets=[{"fund": f, "amount": 900} for f in ("treasury", "state", "bank")],
        financing=[
            {"project": "plant", "fund": "treasury", "min_share": 0.2},
            {"project": "plant", "fund": "state", "instrument": "loan", "tenor": "2", "min_share": 0.1},
            {"project": "plant", "fund": "bank", "instrument": "loan", "tenor": "2", "max_share": 0.7, "interest": 0.3},
        ],
        guarantees=[{"project": "plant", "lender": "bank", "fund": "treasury", "share": 0.5}],
    )
    risk = {"measure": "worst", "of": "taxpayer_loss", "limit": 12}
    return with_sections(make("at-stake", 5, tables), risk=risk)


def careful() -> Instance:
    """A price that may triple in 2027, and then again in 2028: what is kept from 2026 costs 4 a year."""
    tables: dict[str, Rows] = {
        "goods": [{"good": "ore"}],
        "stores": [{"store": "yard"}],
        "storage": [{"good": "ore", "store": "yard", "holding_cost": 4}],
        "sources": [{"source": "mine", "good": "ore", "market": None}],
        "prices": [
            {"source": "mine", "price": 10, "width": 15},
            {"source": "mine", "step": 2, "price": 13, "width": 40},
        ],
        "sectors": SECTOR,
        "demand": demand(6, 6, 6),
        "tiers": TIER,
        "scenarios": [{"scenario": s, "probability": p} for s, p in (("calm", 0.5), ("dear", 0.3), ("dearest", 0.2))],
        "shocks": [
            {"scenario": s, "shock": "price", "quantity": "price", "source": "mine", "from": "2027", "factor": 1.5}
            for s in ("dear", "dearest")
        ]
        + [
            {
                "scenario": "dearest",
                "shock": "price",
                "quantity": "price",
                "source": "mine",
                "from": "2028",
                "factor": 2.5,
            }
        ],
    }
    risk = {"measure": "nested", "level": 0.6, "weight": 0.5}
    return with_sections(make("careful", 3, tables), risk=risk)


def covered() -> Instance:
    """Demand may triple or grow tenfold in 2027, when nothing can be bought; three futures of four are to be covered."""
    tables: dict[str, Rows] = {
        "goods": [{"good": "ore"}],
        "stores": [{"store": "yard"}],
        "storage": [{"good": "ore", "store": "yard", "holding_cost": 1}],
        "sources": [{"source": "mine", "good": "ore", "until": "2027"}],
        "prices": [{"source": "mine", "price": 10}],
        "sectors": SECTOR,
        "demand": demand(2, 2),
        "tiers": [{**TIER[0], "penalty": 12}],
        "scenarios": [{"scenario": s, "probability": p} for s, p in (("calm", 0.5), ("boom", 0.3), ("rush", 0.2))],
        "shocks": [
            {"scenario": s, "shock": s, "quantity": "demand", "from": "2027", "factor": f}
            for s, f in (("boom", 3), ("rush", 10))
        ],
    }
    return with_sections(make("covered", 2, tables), risk={"cover": 0.75, "cover_shortfall": 6})


COURSE_CASES = (fails, held_up, at_stake, careful, covered)
