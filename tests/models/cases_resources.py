"""Small instances in which orders, deliveries and stages share resources."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, demand, make


def shared_machine() -> Instance:
    """Two parts from one machine with a set-up time for each; a dock for deliveries; overtime at 3 an hour.

    2 + 1 hours go into set-ups where both parts are made in a year; holding at 2 is dearer than a set-up alone.
    """
    return make(
        "shared-machine",
        3,
        {
            "goods": [{"good": "rod"}, {"good": "cap"}],
            "stores": [{"store": "yard"}],
            "storage": [{"good": g, "store": "yard", "holding_cost": 2} for g in ("rod", "cap")],
            "sources": [
                {"source": "rods", "good": "rod"},
                {"source": "caps", "good": "cap", "lead_time": "1"},
                {"source": "import", "good": "cap", "order_cost": 1},
            ],
            "prices": [
                {"source": "rods", "price": 1},
                {"source": "caps", "price": 1},
                {"source": "import", "price": 9},
            ],
            "opening_orders": [{"source": "caps", "arrives": "2026", "quantity": 4, "price": 1}],
            "sectors": SECTOR,
            "demand": [*demand(8, 8, 8, good="rod"), *demand(4, 6, 5, good="cap")],
            "tiers": [{"good": "rod", "share": 1, "penalty": 40}, {"good": "cap", "share": 1, "penalty": 40}],
            "resources": [
                {"resource": "machine", "unit": "h", "capacity": 16, "overtime": 2, "overtime_price": 3},
                {"resource": "machine", "unit": "h", "from": "2028", "capacity": 9, "overtime": 4, "overtime_price": 5},
                {"resource": "dock", "capacity": 7},
                {"resource": "dock", "from": "2028"},
            ],
            "resource_use": [
                {"resource": "machine", "kind": "order", "name": "rods", "per_unit": 1, "per_order": 2},
                {"resource": "machine", "kind": "order", "name": "caps", "per_unit": 1, "per_order": 1},
                {"resource": "dock", "kind": "delivery", "name": "caps", "per_unit": 1, "per_order": 2},
                {"resource": "dock", "kind": "delivery", "name": "import", "per_unit": 1},
            ],
        },
    )


def shared_team() -> Instance:
    """Two plants that one team of engineers cannot build at the same time, and a survey of no duration that they make."""
    return make(
        "shared-team",
        4,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "import", "good": "ore"}, {"source": "plant", "good": "ore"}],
            "prices": [{"source": "import", "price": 30}, {"source": "plant", "price": 1}],
            "sectors": SECTOR,
            "demand": demand(10, 10, 10, 10),
            "projects": [{"project": "north"}, {"project": "south"}],
            "stages": [
                {"project": "north", "stage": 1, "duration": "2", "cost": 20},
                {"project": "south", "stage": 1, "duration": "0", "cost": 5},
                {"project": "south", "stage": 2, "duration": "1", "cost": 10},
            ],
            "effects": [
                {"project": p, "after": i, "kind": "supply", "name": "plant", "amount": 4}
                for p, i in (("north", 1), ("south", 2))
            ],
            "resources": [{"resource": "engineers", "capacity": 5}],
            "resource_use": [
                {"resource": "engineers", "kind": "stage", "name": p, "stage": i, "over_stage": use}
                for p, i, use in (("north", 1, 3), ("south", 1, 3), ("south", 2, 2))
            ],
        },
    )
