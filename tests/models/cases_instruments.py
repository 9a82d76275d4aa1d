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


def guaranteed() -> Instance:
    """A mine that must be begun and is given up: a bank lends to it, and an agency guarantees most of that for a fee.

    What the agency guarantees leaves no room for its loan to a plant at the same time, and little for promises.
    """
    terms = {"instrument": "loan", "interest": 0.1, "tenor": "2"}
    return make(
        "guaranteed",
        6,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "import", "good": "ore"}, {"source": "plant", "good": "ore"}],
            "prices": [{"source": "import", "price": 9}, {"source": "plant", "price": 1}],
            "sectors": SECTOR,
            "demand": demand(10, 10, 10, 10, 10, 10),
            "tiers": TIER,
            "funds": [
                {"fund": "treasury"},
                {"fund": "bank", "kind": "private", "uses": "projects", "exposure_limit": 12},
                {"fund": "agency", "exposure_limit": 45, "commitment_limit": 26},
            ],
            "budgets": [
                {"fund": "treasury", "amount": 200, "every": "year"},
                {"fund": "bank", "amount": 60},
                {"fund": "agency", "amount": 80},
            ],
            "projects": [
                {"project": "mine", "may_abandon": True, "recovery": 0.5, "recovery_lag": "1"},
                {"project": "plant"},
                {"project": "mill"},
            ],
            "stages": [
                {"project": "mine", "stage": 1, "duration": "1", "cost": 20},
                {"project": "mine", "stage": 2, "duration": "1", "cost": 9000, "deadline": "2028"},
                {"project": "plant", "stage": 1, "duration": "1", "cost": 30},
                {"project": "mill", "stage": 1, "duration": "1", "cost": 24, "pay_on": "verification"},
            ],
            "financing": [
                {"project": "mine", "fund": "bank", **terms},
                {"project": "mine", "stage": 2, "fund": "treasury"},
                {"project": "plant", "fund": "agency", **terms},
                {"project": "mill", "fund": "bank", **terms},
                {"project": "mill", "fund": "treasury"},
            ],
            "opening_loans": [{"project": "mine", "fund": "bank", "principal": 5, "interest": 0.1, "tenor": "3"}],
            "guarantees": [
                {"project": "mine", "lender": "bank", "fund": "agency", "share": 0.75, "fee": 0.02},
                {"project": "mine", "stage": 0, "lender": "bank", "fund": "agency", "share": 0.5},
                {"project": "mill", "lender": "bank", "fund": "agency", "share": 0.875, "fee": 0.01},
                {"project": "mill", "lender": "bank", "fund": "treasury", "share": 0.125},
            ],
            "effects": [
                {"project": "plant", "after": 1, "kind": "supply", "name": "plant", "amount": 5},
                {"project": "mill", "after": 1, "kind": "supply", "name": "plant", "amount": 5},
            ],
            "pins": [
                {"pin": "a", "decision": "release", "name": "mine", "stage": 1, "until": "2027", "at_least": 1},
            ],
        },
    )


INSTRUMENT_CASES = (floored, guaranteed)
