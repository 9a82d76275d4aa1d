"""Instances with scenarios: a choice under risk, and decisions before their period is seen."""

from __future__ import annotations

from typing import Any

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, Rows, demand, make

FUTURES: Rows = [{"scenario": "calm", "probability": 0.7}, {"scenario": "ban", "probability": 0.3}]


def with_sections(instance: Instance, **sections: dict[str, Any]) -> Instance:
    """The same instance with sections of its settings."""
    document = {**instance.settings.as_document(), **sections}
    return Instance.from_tables(instance.name, document, instance.tables)


def gamble() -> Instance:
    """A ban cuts the mine off in 2027: stock of 2026 costs 15 to keep, the spot market 40; the limit asks for 4 in stock."""
    tables: dict[str, Rows] = {
        "goods": [{"good": "ore"}],
        "stores": [{"store": "yard"}],
        "storage": [{"good": "ore", "store": "yard", "holding_cost": 15}],
        "sources": [{"source": "mine", "good": "ore"}, {"source": "spot", "good": "ore"}],
        "prices": [{"source": "mine", "price": 10}, {"source": "spot", "price": 30}],
        "sectors": SECTOR,
        "demand": demand(4, 10),
        "tiers": TIER,
        "scenarios": FUTURES,
        "shocks": [
            {"scenario": "ban", "shock": "ban", "quantity": "supply", "source": "mine", "from": "2027", "factor": 0},
            {"scenario": "ban", "shock": "ban", "quantity": "price", "source": "spot", "from": "2027", "value": 40},
        ],
    }
    risk = {"measure": "cvar", "level": 0.8, "weight": 0.1, "limit": 380}
    return with_sections(make("gamble", 2, tables), risk=risk)


def boom() -> dict[str, Rows]:
    """Demand may double in 2027, when a plant can be built; the mine alone has too little then."""
    return {
        "goods": [{"good": "ore", "disposal_cost": 1}],
        "sources": [{"source": "mine", "good": "ore"}, {"source": "plant", "good": "ore"}],
        "prices": [{"source": "mine", "price": 10}, {"source": "plant", "price": 9}],
        "supply": [{"source": "plant", "capacity": 0}, {"source": "mine", "capacity": 14}],
        "sectors": SECTOR,
        "demand": demand(4, 10, 10),
        "tiers": [{**TIER[0], "penalty": 20}],
        "projects": [{"project": "plant", "start_from": "2027"}],
        "stages": [{"project": "plant", "stage": 1, "duration": "0", "cost": 90}],
        "effects": [{"project": "plant", "after": 1, "kind": "supply", "name": "plant", "amount": 7}],
        "scenarios": FUTURES,
        "shocks": [{"scenario": "ban", "shock": "boom", "quantity": "demand", "from": "2027", "factor": 2}],
    }


def unseen() -> Instance:
    """Orders are placed before it is known whether demand doubles; what lacks at worst counts too."""
    risk = {"measure": "worst", "of": "shortfall", "weight": 0.5}
    return with_sections(make("unseen", 3, boom()), risk=risk, decisions={"orders": "before"})


def built_in_the_dark() -> Instance:
    """The tranche of 2027 is released before it is known whether demand doubles."""
    return with_sections(make("built-in-the-dark", 3, boom()), decisions={"releases": "before"})


SCENARIO_CASES = (gamble, unseen, built_in_the_dark)
