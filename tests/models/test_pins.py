"""Pins, where they meet other rules."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.engine import solve
from stockpile.errors import InfeasibleError
from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, Rows, demand, make


def one_order(*pins: dict[str, Any], **more: Rows) -> Instance:
    """10 wanted in the first of two years, from a mine with a charge of 40 for an order, at 2."""
    tables: dict[str, Rows] = {
        "goods": [{"good": "ore"}],
        "stores": [{"store": "yard"}],
        "storage": [{"good": "ore", "store": "yard"}],
        "sources": [{"source": "mine", "good": "ore", "order_cost": 40}],
        "prices": [{"source": "mine", "price": 2}],
        "sectors": SECTOR,
        "demand": demand(10, 0),
        "tiers": TIER,
        "pins": [{"pin": f"pin {i}", **pin} for i, pin in enumerate(pins)],
        **more,
    }
    return make("one-order", 2, tables)


@pytest.mark.parametrize(
    ("pin", "cost"),
    [
        ({"decision": "stock", "name": "ore", "at_least": 50}, 40 + 2 * 60),
        ({"decision": "stock", "name": "ore", "from": "2027", "at_least": 50}, 40 + 2 * 60),
        ({"decision": "disposal", "name": "ore", "at_least": 70}, 40 + 2 * 80),
        ({"decision": "service", "name": "ore", "at_most": 4}, 40 + 2 * 4 + 50 * 6),
    ],
)
def test_one_order_is_as_large_as_its_pins_require(pin: dict[str, Any], cost: float) -> None:
    """A link of the order to its charge that knows of the demand of 10 alone would find no plan, or pay two charges."""
    assert solve(one_order(pin), threads=1).objective == pytest.approx(cost)


@pytest.mark.parametrize(
    ("pin", "words"),
    [
        (
            {"decision": "service", "name": "ore", "sector": "plant", "at_least": 12},
            "2 unit less can be released to sectors",
        ),
        ({"decision": "sale", "name": "ore", "at_least": 12}, "7 unit less can be sold than its 12 unit"),
        (
            {"decision": "disposal", "name": "ore", "at_most": 1},
            "3 unit more must be thrown away than its 1",
        ),
        (
            {"decision": "stock", "name": "ore", "from": "2027", "at_least": 90},
            "30 unit less can be kept than its 90 unit",
        ),
        (
            {"decision": "stock", "name": "ore", "from": "2027", "at_most": 12},
            "8 unit more must be kept than its 12 unit",
        ),
        ({"decision": "draw", "name": "bank", "at_most": 10}, "8 USD more must be drawn than its 10 USD"),
    ],
)
def test_a_pin_that_no_plan_keeps_says_by_how_much(pin: dict[str, Any], words: str) -> None:
    """Gas of no use fills the yard, the bank alone may pay, and a pin on orders that arrive too late says nothing."""
    name = "gas" if pin["decision"] == "disposal" else pin["name"]
    instance = one_order(
        {"decision": "order", "name": "late", "at_most": 5},
        {**pin, "name": name},
        goods=[{"good": "ore", "end_stock": 20}, {"good": "gas", "shelf_life": "2"}],
        stores=[{"store": "yard", "capacity": 60}],
        storage=[{"good": "ore", "store": "yard"}, {"good": "gas", "store": "yard"}],
        opening_stock=[{"good": "gas", "store": "yard", "quantity": 4}],
        sources=[
            {"source": "mine", "good": "ore", "until": "2027"},
            {"source": "late", "good": "ore", "lead_time": "2"},
        ],
        prices=[{"source": "mine", "price": 0.9}, {"source": "late", "price": 1}],
        rotation=[{"good": "ore", "from": "2027", "price": 1, "depth": 5}],
        funds=[
            {"fund": "bank", "kind": "credit", "credit_limit": 300, "maturity": "1"},
            {"fund": "other", "uses": "projects"},
        ],
        budgets=[{"fund": "bank", "from": "2027", "amount": 300}],
    )
    with pytest.raises(InfeasibleError, match="pin 1 cannot be kept") as found:
        solve(instance, threads=1)
    assert words in str(found.value)
    assert "pin 0" not in str(found.value)
