"""Small instances with instruments that move risk and no money at first, each made so that certain rows decide its optimum."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, demand, make


def floored() -> Instance:
    """A mill whose floor ends after two years of its ramp, a mine that is given up for the sake of its floor, and upside."""
    return make(
        "floored",
        6,
        {
            "goods": [{"good": "ore"}],
            "sources": [
                {"source": "import", "good": "ore"},
                {"source": "plant", "good": "ore"},
                {"source": "shaft", "good": "ore"},
            ],
            "prices": [
                {"source": "import", "price": 9},
                {"source": "import", "from": "2029", "price": 14},
                {"source": "plant", "price": 1},
                {"source": "shaft", "price": 1},
            ],
            "sectors": SECTOR,
            "demand": demand(10, 10, 10, 10, 10, 10),
            "tiers": TIER,
            "funds": [{"fund": "treasury"}],
            "budgets": [{"fund": "treasury", "amount": 250, "every": "year"}],
            "projects": [{"project": "mill"}, {"project": "mine", "may_abandon": True}],
            "stages": [
                {"project": "mill", "stage": 1, "duration": "1", "cost": 12},
                {"project": "mine", "stage": 1, "duration": "0", "cost": 6},
            ],
            "effects": [
                {"project": "mill", "after": 1, "kind": "supply", "name": "plant", "amount": 6, "ramp": "3"},
                {"project": "mine", "after": 1, "kind": "supply", "name": "shaft", "amount": 4},
            ],
            "price_floors": [
                {
                    "project": "mill",
                    "source": "plant",
                    "fund": "treasury",
                    "floor": 12,
                    "index": "import",
                    "share": 0.5,
                    "upside_share": 0.3,
                    "strike": 13,
                    "term": "2",
                },
                {
                    "project": "mine",
                    "source": "shaft",
                    "fund": "treasury",
                    "floor": 15,
                    "index": "import",
                    "until": "2029",
                },
                {
                    "project": "mine",
                    "source": "shaft",
                    "fund": "treasury",
                    "floor": 30,
                    "index": "import",
                    "from": "2029",
                },
            ],
        },
    )


INSTRUMENT_CASES = (floored,)
