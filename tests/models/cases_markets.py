"""Markets: instances in which the steps that several sources share decide the optimum."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, demand, make


def shared_market() -> Instance:
    """Two sources of a market of 4 at 2 and 3 at 5, one with a premium and a lead time; ore for 9 beside it."""
    return make(
        "shared-market",
        3,
        {
            "goods": [{"good": "ore"}],
            "stores": [{"store": "yard"}],
            "storage": [{"good": "ore", "store": "yard", "holding_cost": 1}],
            "sources": [
                {"source": "near", "good": "ore", "market": "spot"},
                {"source": "far", "good": "ore", "market": "spot", "premium": 0.5, "lead_time": "1"},
                {"source": "dear", "good": "ore"},
            ],
            "supply": [{"source": "near", "capacity": 5}],
            "markets": [
                {"market": "spot", "step": 1, "width": 4, "price": 2},
                {"market": "spot", "step": 2, "width": 3, "price": 5},
                {"market": "spot", "step": 2, "from": "2028", "price": 6},
            ],
            "prices": [{"source": "dear", "price": 9}],
            "sectors": SECTOR,
            "demand": demand(6, 8, 8),
        },
    )
