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


def aged_curve() -> Instance:
    """Ore of three ages that fetches less the older it is, along a demand curve: the freshest goes to who pays most.

    What is kept for the plant until 2027 is young enough for it then; gas goes to a bank whose money does not count.
    """
    return make(
        "aged-curve",
        2,
        {
            "goods": [{"good": "ore"}, {"good": "gas", "disposal_cost": 1}],
            "ages": [
                {"good": "ore", "age": "1", "price_factor": 0.75},
                {"good": "ore", "age": "2", "price_factor": 0.5},
                {"good": "gas", "age": "1", "price_factor": 0.25},
            ],
            "stores": [{"store": "yard"}],
            "storage": [{"good": g, "store": "yard", "holding_cost": 1} for g in ("ore", "gas")],
            "opening_stock": [
                {"good": g, "store": "yard", "age": a, "quantity": q}
                for g, a, q in (("ore", "0", 4), ("ore", "1", 4), ("ore", "2", 6), ("gas", "0", 3), ("gas", "1", 3))
            ],
            "sources": [{"source": "mine", "good": "ore"}],
            "prices": [{"source": "mine", "price": 20}],
            "rotation": [
                {"good": "ore", "mode": "sale", "discount": 0.1},
                {"good": "gas", "mode": "sale", "proceeds_to": "bank"},
            ],
            "sales": [
                {"good": g, "step": s, "width": w, "price": p}
                for g, s, w, p in (
                    ("ore", 1, 3, 10),
                    ("ore", 2, 5, 6),
                    ("ore", 3, 9, 2),
                    ("gas", 1, 2, 4),
                    ("gas", 2, 9, 2),
                )
            ],
            "sectors": SECTOR,
            "demand": [*demand(2, 2), *demand(1, 1, good="gas")],
            "tiers": [{"share": 1.0, "penalty": 50}],
            "funds": [{"fund": "treasury"}, {"fund": "bank", "kind": "private"}],
            "budgets": [{"fund": "treasury", "amount": 90}],
        },
    )


COHORT_CASES = (ages, fresh_substitute, aged_curve)
