"""Small instances of goods kept by age, each made so that rows of the cohorts decide its optimum."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, Rows, demand, make


def ages() -> Instance:
    """Ore that must be used within 3 years; after the first it is lost faster and sells for half; the laboratory wants it new.

    A unit of gas that is 2 years old stays with all that is older, sells for a quarter and counts so at the end.
    """
    both: Rows = [{"sector": "plant"}, {"sector": "laboratory"}]
    return make(
        "ages",
        4,
        {
            "goods": [{"good": "ore", "shelf_life": "3"}, {"good": "gas", "loss_rate": 0.1, "terminal_value": 2}],
            "ages": [
                {"good": "ore", "age": "0", "loss_rate": 0.05},
                {"good": "ore", "age": "1", "loss_rate": 0.2, "price_factor": 0.5},
                {"good": "gas", "age": "2", "price_factor": 0.25},
            ],
            "freshness": [
                {"sector": "laboratory", "good": "ore", "max_age": "0"},
                {"sector": "plant", "good": "ore", "max_age": "1"},
            ],
            "stores": [{"store": "yard"}],
            "storage": [{"good": g, "store": "yard"} for g in ("ore", "gas")],
            "opening_stock": [
                {"good": "ore", "store": "yard", "age": "1", "quantity": 6},
                {"good": "ore", "store": "yard", "age": "2", "quantity": 3},
                {"good": "ore", "store": "yard", "age": "0", "quantity": 4},
                {"good": "gas", "store": "yard", "age": "1", "quantity": 4},
                {"good": "gas", "store": "yard", "age": "5", "quantity": 4},
            ],
            "sources": [{"source": "mine", "good": "ore"}],
            "prices": [{"source": "mine", "price": 3}, {"source": "mine", "from": "2027", "price": 8}],
            "rotation": [
                {"good": "ore", "mode": "sale", "price": 4, "depth": 4},
                {"good": "gas", "mode": "sale", "price": 3, "depth": 1, "proceeds_to": "treasury"},
            ],
            "sectors": both,
            "demand": [
                *demand(4, 4, 4, 4),
                {"sector": "laboratory", "good": "ore", "quantity": 1},
                {"sector": "plant", "good": "gas", "quantity": 1},
            ],
            "tiers": [{"share": 1.0, "penalty": 20}],
            "funds": [{"fund": "treasury"}],
            "budgets": [{"fund": "treasury", "amount": 40, "every": "year"}],
        },
    )


def fresh_substitute() -> Instance:
    """Old gas would replace dear ore, but the plant takes it only as it comes; the old gas is thrown away."""
    return make(
        "fresh-substitute",
        2,
        {
            "goods": [{"good": "ore"}, {"good": "gas"}],
            "freshness": [{"sector": "plant", "good": "gas", "max_age": "0"}],
            "stores": [{"store": "tank"}],
            "storage": [{"good": "gas", "store": "tank"}],
            "opening_stock": [{"good": "gas", "store": "tank", "age": "1", "quantity": 5}],
            "sources": [{"source": "mine", "good": "ore"}, {"source": "well", "good": "gas"}],
            "prices": [{"source": "mine", "price": 9}, {"source": "well", "price": 2}],
            "supply": [{"source": "well", "capacity": 3}],
            "sectors": SECTOR,
            "demand": demand(4, 4),
            "accepts": [{"sector": "plant", "wanted": "ore", "given": "gas"}],
            "tiers": TIER,
        },
    )


COHORT_CASES = (ages, fresh_substitute)
