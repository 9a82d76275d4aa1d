"""Instances in which demand waits."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, demand, make


def waiting() -> Instance:
    """Ore is cheap in 2028 alone, and waiting a year costs little: the 10 of 2027 are served then.

    What is wanted in 2026 may not wait so long: 5 fall short, and gas that comes in 2027 replaces 1.5.  Gas is scarce: it
    waits without limit, some of it beyond the end.
    """
    return make(
        "waiting",
        4,
        {
            "goods": [{"good": "ore"}, {"good": "gas"}],
            "sources": [{"source": "mine", "good": "ore"}, {"source": "well", "good": "gas"}],
            "supply": [{"source": "well", "from": "2027", "until": "2028", "capacity": 9}],
            "prices": [
                {"source": "mine", "price": 9},
                {"source": "mine", "from": "2028", "price": 2},
                {"source": "mine", "from": "2029", "price": 9},
                {"source": "well", "price": 1},
            ],
            "sectors": SECTOR,
            "demand": [*demand(10, 10, 10, 6), *demand(3, 3, 2, 5, good="gas")],
            "accepts": [{"sector": "plant", "wanted": "ore", "given": "gas", "rate": 2}],
            "tiers": [{**TIER[0], "share": 0.5, "penalty": 8}],
            "backlog": [
                {"sector": "plant", "cost": 1, "end_penalty": 7},
                {"sector": "plant", "good": "ore", "cost": 0.5, "max_wait": "1"},
            ],
        },
    )


BACKLOG_CASES = (waiting,)
