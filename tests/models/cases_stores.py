"""Small instances in which goods move between stores at a cost, slowly, or as fast as a store gives them."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, demand, make


def transfers() -> Instance:
    """Cheap ore is delivered to a full port; what is wanted later goes to a cavern, two years away, before it is too old.

    Gas lies in the port at first, where it costs a lot to keep, and moves at once, as much as the pipe takes.
    """
    return make(
        "transfers",
        4,
        {
            "goods": [
                {"good": "ore", "shelf_life": "4", "loss_rate": 0.1},
                {"good": "gas", "terminal_value": 1},
            ],
            "stores": [{"store": "port", "capacity": 9}, {"store": "cavern"}],
            "storage": [
                {"good": "ore", "store": "port", "holding_cost": 1, "capacity": 3},
                {"good": "ore", "store": "cavern", "capacity": 9},
                {"good": "gas", "store": "port", "holding_cost": 2},
                {"good": "gas", "store": "cavern"},
            ],
            "opening_stock": [
                {"good": "gas", "store": "port", "age": "1", "quantity": 6},
                {"good": "gas", "store": "port", "age": "0", "quantity": 3},
                {"good": "ore", "store": "port", "age": "1", "quantity": 3},
            ],
            "transfers": [
                {"good": "ore", "from_store": "port", "to_store": "cavern", "lead_time": "2", "capacity": 5, "cost": 1},
                {"from_store": "port", "to_store": "cavern", "capacity": 4, "cost": 0.5},
                {"from_store": "cavern", "to_store": "port"},
            ],
            "sources": [{"source": "mine", "good": "ore", "store": "port"}, {"source": "dear", "good": "ore"}],
            "prices": [
                {"source": "mine", "price": 1},
                {"source": "mine", "from": "2027", "price": 30},
                {"source": "dear", "price": 20},
            ],
            "opening_orders": [{"source": "mine", "arrives": "2027", "quantity": 1}],
            "sectors": SECTOR,
            "demand": demand(4, 4, 6, 6),
            "tiers": TIER,
        },
    )


def release_rates() -> Instance:
    """A cavern full of ore and gas that gives little at a time; the plant takes its ore there, and gas instead of ore."""
    return make(
        "release-rates",
        3,
        {
            "goods": [{"good": "ore"}, {"good": "gas"}],
            "stores": [{"store": "cavern", "release_rate": 7}, {"store": "yard"}],
            "storage": [
                {"good": "ore", "store": "cavern", "release_rate": 4},
                {"good": "ore", "store": "cavern", "from": "2028"},
                {"good": "gas", "store": "cavern"},
                {"good": "ore", "store": "yard", "holding_cost": 0.5},
            ],
            "opening_stock": [
                {"good": "ore", "store": "cavern", "age": "1", "quantity": 16},
                {"good": "gas", "store": "cavern", "age": "1", "quantity": 12},
                {"good": "ore", "store": "yard", "age": "1", "quantity": 5},
            ],
            "transfers": [{"good": "ore", "from_store": "yard", "to_store": "cavern", "cost": 3}],
            "sources": [{"source": "mine", "good": "ore"}],
            "prices": [{"source": "mine", "price": 60}],
            "sectors": [{"sector": "plant", "store": "cavern"}, {"sector": "port"}],
            "demand": [*demand(6, 8, 8), {"sector": "port", "good": "ore", "quantity": 1}],
            "accepts": [{"sector": "plant", "wanted": "ore", "given": "gas", "rate": 1.5, "cost": 1}],
            "tiers": [{**TIER[0], "sector": None}],
        },
    )


STORES = (transfers, release_rates)
