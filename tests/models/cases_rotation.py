"""Small instances in which goods leave the reserve for money."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, demand, make


def demand_curve() -> Instance:
    """Old ore is sold at falling prices, and a plant pays for ore and gas: that money buys what the budget does not."""
    return make(
        "demand-curve",
        2,
        {
            "goods": [{"good": "ore", "shelf_life": "3"}, {"good": "gas"}],
            "stores": [{"store": "yard"}],
            "storage": [{"good": g, "store": "yard"} for g in ("ore", "gas")],
            "opening_stock": [
                {"good": "ore", "store": "yard", "age": "1", "quantity": 20},
                {"good": "gas", "store": "yard", "age": "1", "quantity": 3},
            ],
            "sources": [{"source": "well", "good": "gas"}],
            "prices": [{"source": "well", "price": 6}],
            "rotation": [
                {"good": "ore", "mode": "sale", "discount": 0.25, "proceeds_to": "treasury"},
                {"good": "gas", "mode": "sale", "price": 1, "depth": 1},
            ],
            "sales": [
                {"good": "ore", "step": 1, "width": 3, "price": 8},
                {"good": "ore", "step": 2, "width": 5, "price": 4},
                {"good": "ore", "step": 2, "from": "2027", "width": 5, "price": 2},
                {"good": "ore", "step": 3, "price": 1},
            ],
            "sectors": SECTOR,
            "demand": [*demand(4, 4), *demand(2, 9, good="gas")],
            "accepts": [{"sector": "plant", "wanted": "gas", "given": "ore", "rate": 2}],
            "tiers": [*TIER, {**TIER[0], "good": "gas", "penalty": 30}],
            "release_prices": [
                {"sector": "plant", "good": "ore", "price": 2, "proceeds_to": "treasury"},
                {"sector": "plant", "good": "gas", "price": 1, "proceeds_to": "treasury"},
                {"sector": "plant", "good": "gas", "from": "2027", "price": 3},
            ],
            "funds": [{"fund": "treasury", "carry_over": 0.9}],
            "budgets": [{"fund": "treasury", "amount": 2}],
        },
    )


def sale_events() -> Instance:
    """Old ore is worth selling, at 5 for every year in which it is and at least 4 of it; gas is sold by at least 3."""
    return make(
        "sale-events",
        3,
        {
            "goods": [{"good": "ore", "disposal_cost": 1}, {"good": "gas", "disposal_cost": 3}],
            "stores": [{"store": "yard", "capacity": 5}],
            "storage": [{"good": g, "store": "yard", "holding_cost": 0.25} for g in ("ore", "gas")],
            "opening_stock": [
                {"good": "ore", "store": "yard", "age": "1", "quantity": 11},
                {"good": "gas", "store": "yard", "age": "1", "quantity": 2},
            ],
            "sources": [{"source": "mine", "good": "ore"}],
            "prices": [{"source": "mine", "price": 40}],
            "rotation": [
                {"good": "ore", "mode": "sale", "price": 2, "depth": 6, "fixed_cost": 5, "min_lot": 4},
                {"good": "ore", "mode": "sale", "from": "2027", "price": 2, "depth": 6, "fixed_cost": 3},
                {"good": "gas", "mode": "sale", "price": 4, "depth": 5, "min_lot": 3},
            ],
            "sectors": SECTOR,
            "demand": demand(0, 1, 3),
            "tiers": TIER,
        },
    )


def exchange() -> Instance:
    """Old ore is lent and comes back fresh, half as much again; little may be owed, and lending costs 2 and takes at least 4."""
    return make(
        "exchange",
        4,
        {
            "goods": [{"good": "ore", "shelf_life": "3"}],
            "stores": [{"store": "yard"}],
            "storage": [{"good": "ore", "store": "yard", "holding_cost": 0.5}],
            "opening_stock": [{"good": "ore", "store": "yard", "age": "1", "quantity": 16}],
            "opening_lent": [{"good": "ore", "due": "2027", "quantity": 3}],
            "end_values": [{"kind": "lent", "value": 0.5}],
            "sources": [{"source": "mine", "good": "ore"}],
            "prices": [{"source": "mine", "price": 20}],
            "rotation": [
                {
                    "good": "ore",
                    "mode": "exchange",
                    "lag": "2",
                    "premium": 0.5,
                    "credit_limit": 12,
                    "fixed_cost": 2,
                    "min_lot": 4,
                },
                {
                    "good": "ore",
                    "mode": "exchange",
                    "from": "2028",
                    "lag": "1",
                    "premium": 0.25,
                    "depth": 5,
                    "min_lot": 4,
                },
            ],
            "sectors": SECTOR,
            "demand": demand(4, 4, 9, 9),
            "tiers": [{**TIER[0], "penalty": 6}],
        },
    )


ROTATION_CASES = (demand_curve, sale_events, exchange)
