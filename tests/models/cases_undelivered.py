"""Goods on order at the end: an instance in which what they are worth decides what is ordered last."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, demand, make


def left_on_order(limit: float = 18) -> Instance:
    """A mine whose last orders are worth more than their first step, within what a bank may promise; a ship under way.

    The lots of the far mine are worth ordering for the end only in 2028, when they are cheap.
    """
    return make(
        "left-on-order",
        3,
        {
            "goods": [{"good": "ore"}],
            "stores": [{"store": "yard"}],
            "storage": [{"good": "ore", "store": "yard", "holding_cost": 1}],
            "sources": [
                {"source": "mine", "good": "ore", "origin": "abroad", "lead_time": "1"},
                {"source": "far", "good": "ore", "lead_time": "2", "lot_size": 4, "order_cost": 1},
                {"source": "near", "good": "ore"},
            ],
            "prices": [
                {"source": "mine", "step": 1, "width": 6, "price": 2},
                {"source": "mine", "step": 2, "width": 9, "price": 4},
                {"source": "far", "width": 10, "price": 5},
                {"source": "far", "from": "2028", "width": 10, "price": 1},
                {"source": "near", "price": 8},
            ],
            "duties": [{"origin": "abroad", "rate": 0.25}],
            "arrivals": [{"source": "far", "from": "2028", "share": 0.5}],
            "opening_orders": [{"source": "far", "arrives": "2029", "quantity": 3, "price": 2}],
            "sectors": SECTOR,
            "demand": demand(3, 7, 5),
            "tiers": TIER,
            "funds": [{"fund": "bank", "kind": "private", "commitment_limit": limit}],
            "budgets": [{"fund": "bank", "amount": 500}],
            "end_values": [
                {"kind": "order", "value": 3},
                {"kind": "order", "name": "far", "value": 4},
            ],
        },
        perspective="all",
        discount_rate=0.1,
    )


UNDELIVERED = (left_on_order,)
