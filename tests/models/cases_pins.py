"""Instances in which what is used, kept and borrowed is pinned."""

from __future__ import annotations

from typing import Any

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, demand, make


def pin(name: str, decision: str, of: str, **cells: Any) -> dict[str, Any]:
    """A pin."""
    return {"pin": name, "decision": decision, "name": of, **cells}


def pinned_use() -> Instance:
    """Against what is cheapest: the mill is served, gas is rationed, ore is sold at a loss, thrown away and kept.

    Oil may not be thrown away before 2027, little gas is sold or kept for the dear year, and a bank whose money does not
    count lends little.
    """
    return make(
        "pinned-use",
        2,
        {
            "goods": [{"good": "ore"}, {"good": "gas"}, {"good": "oil"}],
            "stores": [{"store": "yard"}],
            "storage": [
                {"good": g, "store": "yard", "holding_cost": h} for g, h in (("ore", 1), ("gas", 0), ("oil", 3))
            ],
            "opening_stock": [{"good": "oil", "store": "yard", "age": "1", "quantity": 5}],
            "sources": [{"source": "mine", "good": "ore"}, {"source": "well", "good": "gas"}],
            "prices": [
                {"source": "mine", "price": 4},
                {"source": "well", "price": 1},
                {"source": "well", "from": "2027", "price": 9},
            ],
            "rotation": [{"good": "ore", "price": 1, "depth": 5}, {"good": "gas", "price": 3, "depth": 5}],
            "sectors": [*SECTOR, {"sector": "mill"}],
            "demand": [
                *demand(6, 6),
                *demand(6, 6, good="gas"),
                {"sector": "mill", "good": "ore", "from": "2026", "quantity": 5},
            ],
            "tiers": [{**TIER[0], "good": None}, {**TIER[0], "sector": "mill", "good": None, "penalty": 2}],
            "funds": [
                {"fund": "treasury"},
                {"fund": "free bank", "kind": "credit", "credit_limit": 90, "public": False},
            ],
            "budgets": [
                {"fund": "treasury", "amount": 500},
                {"fund": "free bank", "from": "2027", "amount": 9},
            ],
            "pins": [
                pin("a", "service", "ore", sector="mill", at_least=4),
                pin("b", "service", "gas", until="2027", at_most=5),
                pin("c", "sale", "ore", at_least=2),
                pin("d", "sale", "gas", at_most=3),
                pin("e", "disposal", "ore", at_least=1),
                pin("f", "disposal", "oil", until="2027", at_most=2),
                pin("g", "stock", "ore", until="2027", at_least=3),
                pin("h", "stock", "gas", at_most=2),
                pin("i", "draw", "free bank", at_most=7),
            ],
        },
    )


PIN_CASES = (pinned_use,)
