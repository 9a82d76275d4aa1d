"""Markets: instances in which the steps that several sources share decide the optimum."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, demand, make


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


def normal_trade() -> Instance:
    """The market buys up to 6 in two steps, of which half arrives in 2027; works that sell to it save dear ore of the reserve.

    All payers count: what the market buys costs 2 or 5 and half as much again in duty, ore of the reserve costs 9.
    """
    return make(
        "normal-trade",
        3,
        {
            "goods": [{"good": "ore"}],
            "stores": [{"store": "yard"}],
            "storage": [{"good": "ore", "store": "yard", "holding_cost": 1}],
            "sources": [
                {"source": "trade", "good": "ore", "paid_by": "market", "origin": "far"},
                {"source": "dear", "good": "ore"},
            ],
            "supply": [{"source": "trade", "capacity": 6}],
            "prices": [
                {"source": "trade", "step": 1, "width": 4, "price": 2},
                {"source": "trade", "step": 2, "price": 5},
                {"source": "dear", "price": 9},
            ],
            "arrivals": [{"source": "trade", "from": "2027", "until": "2028", "share": 0.5}],
            "duties": [{"origin": "far", "rate": 0.5}],
            "sectors": [*SECTOR, {"sector": "civil"}],
            "demand": [*demand(6, 6, 6), {"sector": "civil", "good": "ore", "quantity": 3}],
            "tiers": TIER,
            "projects": [{"project": "works"}],
            "stages": [{"project": "works", "stage": 1, "duration": "1", "cost": 3}],
            "effects": [{"project": "works", "after": 1, "kind": "supply", "name": "trade", "amount": 4}],
        },
        perspective="all",
    )


def normal_first() -> Instance:
    """What the market buys comes a year late from a market in which the reserve buys too, and in lots by train.

    Normal consumption takes the cheap steps: were it free to take others, the reserve would pay less.  The port unloads both.
    """
    return make(
        "normal-first",
        3,
        {
            "goods": [{"good": "ore"}, {"good": "gas"}],
            "sources": [
                {"source": "ships", "good": "ore", "paid_by": "market", "market": "spot", "lead_time": "1"},
                {"source": "own ships", "good": "ore", "market": "spot", "premium": 0.5},
                {"source": "train", "good": "gas", "paid_by": "market", "lot_size": 4, "min_order": 5},
                {"source": "pipe", "good": "gas", "order_cost": 1},
            ],
            "supply": [{"source": "ships", "capacity": 7}],
            "markets": [
                {"market": "spot", "step": 1, "width": 5, "price": 2},
                {"market": "spot", "step": 2, "width": 4, "price": 5},
                {"market": "spot", "step": 3, "price": 9},
            ],
            "prices": [{"source": "train", "width": 12, "price": 1}, {"source": "pipe", "width": 20, "price": 7}],
            "opening_orders": [{"source": "ships", "arrives": "2026", "quantity": 4, "price": 2}],
            "resources": [{"resource": "port", "capacity": 9, "overtime": 5, "overtime_price": 1}],
            "resource_use": [
                {"resource": "port", "kind": "delivery", "name": "ships", "per_unit": 1},
                {"resource": "port", "kind": "delivery", "name": "own ships", "per_unit": 1},
            ],
            "sectors": SECTOR,
            "demand": [*demand(9, 11, 12), *demand(3, 6, 11, good="gas")],
            "tiers": [{**TIER[0], "good": good} for good in ("ore", "gas")],
        },
    )


MARKET_CASES = (shared_market, normal_trade, normal_first)
