"""Projects begun before the horizon: an instance in which what is owed and promised for them decides the optimum."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, demand, make


def carried_on() -> Instance:
    """A mill whose loan waits for its last stage, a kiln to give up, works that repay, a pit that pays dividends.

    The bank may have little at risk and the treasury may promise little, so that the kiln is given up for the mill's last
    stage; the loan for the kiln is written off, and half of it comes back.
    """
    return make(
        "carried-on",
        4,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "import", "good": "ore"}, {"source": "plant", "good": "ore"}],
            "prices": [{"source": "import", "price": 30}, {"source": "plant", "price": 1}],
            "sectors": SECTOR,
            "demand": demand(4, 4, 4, 4),
            "tiers": TIER,
            "funds": [
                {"fund": "bank", "kind": "credit", "credit_limit": 500, "exposure_limit": 144},
                {"fund": "treasury", "exposure_limit": 60, "commitment_limit": 0.5},
            ],
            "budgets": [{"fund": "bank", "amount": 100}, {"fund": "treasury", "amount": 500}],
            "projects": [
                {"project": "mill"},
                {"project": "kiln", "may_abandon": True, "exit_cost": 1, "recovery": 0.5},
                {"project": "works"},
                {"project": "pit", "exposure_limit": 30},
                {"project": "new plant"},
            ],
            "stages": [
                {"project": "mill", "stage": 1, "duration": "1", "cost": 60},
                {"project": "mill", "stage": 2, "duration": "2", "cost": 30, "pay_on": "verification"},
                {"project": "kiln", "stage": 1, "duration": "3", "cost": 50},
                {"project": "works", "stage": 1, "duration": "1", "cost": 40},
                {"project": "pit", "stage": 1, "duration": "1", "cost": 20},
                {"project": "new plant", "stage": 1, "duration": "1", "cost": 45},
            ],
            "financing": [
                {"project": "mill", "fund": "bank", "instrument": "loan", "interest": 0.1, "tenor": "3", "grace": "1"},
                {"project": "mill", "fund": "treasury"},
                {"project": "kiln", "fund": "bank", "instrument": "loan", "interest": 0.05, "tenor": "2"},
                {"project": "kiln", "fund": "treasury"},
                {"project": "works", "fund": "bank", "instrument": "loan", "interest": 0.2, "tenor": "5"},
                {"project": "works", "fund": "treasury"},
                {"project": "pit", "fund": "bank", "instrument": "equity", "dividend": 0.25},
            ],
            "effects": [{"project": "new plant", "after": 1, "kind": "supply", "name": "plant", "amount": 4}],
            "opening_stages": [
                {"project": "mill", "stage": 1, "age": "3"},
                {"project": "mill", "stage": 2, "age": "1"},
                {"project": "kiln", "stage": 1, "age": "1"},
                {"project": "works", "stage": 1, "age": "4"},
                {"project": "pit", "stage": 1, "age": "7"},
            ],
            "opening_disbursements": [
                {"project": "mill", "stage": 1, "fund": "bank", "amount": 40},
                {"project": "mill", "stage": 1, "fund": "treasury", "amount": 20},
                {"project": "kiln", "stage": 1, "fund": "bank", "amount": 30},
                {"project": "kiln", "stage": 1, "fund": "treasury", "amount": 20},
                {"project": "works", "stage": 1, "fund": "bank", "amount": 10},
                {"project": "pit", "stage": 1, "fund": "bank", "amount": 20},
            ],
            "opening_loans": [
                {"project": "works", "fund": "treasury", "principal": 9, "interest": 0.1, "tenor": "2"},
            ],
        },
    )
