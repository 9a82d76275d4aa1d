"""The audit of markets: what it says where a rule of one is broken."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from stockpile.plan.audit import audit
from tests.plan.mutations import with_cell, with_table
from tests.plan.plans import changed, messages
from tests.plan.plans_markets import SHARING, TRADING, TURNING, sharing, trading, turning

LIMITS: list[tuple[str, int, dict[str, Any], str]] = [
    (
        "markets",
        0,
        {"width": 3},
        "2026: orders in price step 1 of market spot are 4 t, 1 t over the width of 3",
    ),
    (
        "markets",
        1,
        {"price": 9, "width": 1},
        "2026: orders in price step 2 of market spot are 2 t, 1 t over the width of 1",
    ),
    (
        "markets",
        0,
        {"width": 5},
        "2026: step 2 of market spot is used, but of the step before only 4 t of 5 t",
    ),
    (
        "markets",
        0,
        {"width": None},
        "2026: step 2 of market spot is used, but of the step before only 4 t of 6",
    ),
    (
        "markets",
        1,
        {"price": 7},
        "2026: price step 2 of near is written as 6 USD/t, but the price in force is 8",
    ),
    (
        "sources",
        0,
        {"premium": 2},
        "2026: price step 2 of near is written as 6 USD/t, but the price in force is 7",
    ),
    (
        "sources",
        1,
        {"premium": -1},
        "2026: price step 1 of far is written as 2 USD/t, but the price in force is 1",
    ),
    (
        "sources",
        1,
        {"premium": -1},
        "2026: the duty on the delivery of far is 4 USD, but the rate in force makes it 2",
    ),
]


@pytest.mark.parametrize(("table", "row", "cells", "words"), LIMITS)
def test_a_market_that_changes_is_caught_in_the_planners_words(
    table: str, row: int, cells: dict[str, Any], words: str
) -> None:
    """The plan stays as it was and one cell of the instance moves, so that one rule no longer holds."""
    found = messages(audit(*sharing(changed(SHARING, table, row, **cells))))
    assert any(text.startswith(words) for text in found), found


TRADED: list[tuple[str, int, dict[str, Any], str]] = [
    ("supply", 0, {"capacity": 5}, "2026: orders at trade are 6 t, 1 t over its capacity of 5 t"),
    ("prices", 0, {"width": 5}, "2026: step 2 of trade is used, but of the step before only 4 t of 5 t"),
    ("arrivals", 0, {"share": 0.25}, "2026: sectors get 3 t of the ore that the market buys, but 1.5 t arrives"),
    (
        "sources",
        0,
        {"paid_by": None},
        "2026: balance of ore: received is 2 t, but deliveries",
    ),
    ("sources", 0, {"paid_by": None}, "2026: funds pay 16 USD of purchases, but 23 USD is spent"),
    ("duties", 0, {"rate": 0.2}, "plan.json: the cost market_purchases is 7.7 USD, but the tables make it 8.4 USD"),
]


@pytest.mark.parametrize(("table", "row", "cells", "words"), TRADED)
def test_trade_that_changes_is_caught_in_the_planners_words(
    table: str, row: int, cells: dict[str, Any], words: str
) -> None:
    """The same where the market buys for itself."""
    found = messages(audit(*trading(changed(TRADING, table, row, **cells))))
    assert any(text.startswith(words) for text in found), found


TURNS: list[tuple[str, int, dict[str, Any], str]] = [
    (
        "markets",
        0,
        {"width": 5},
        "2026: normal consumption takes 4 t of the 5 t of step 1 of market spot, but has taken of later steps",
    ),
    ("markets", 1, {"width": 3}, "2026: orders in price step 2 of market spot are 4 t, 1 t over the width of 3 t"),
    ("sources", 0, {"lead_time": None}, "2026: sectors get 3 t of the ore that the market buys, but 9 t arrives"),
    ("sources", 0, {"order_cost": 4}, "2026: the charge of the order at trade is 3 USD, but an order costs 4 USD"),
    ("sources", 0, {"min_order": 7}, "2026: the order at trade is 6 t, 1 t below the minimum of 7 t"),
    ("sources", 0, {"lot_size": 4}, "2026: the order at trade is 6 t, which is no whole number of its lots"),
    ("opening_orders", 0, {"quantity": 4}, "2026: sectors get 3 t of the ore that the market buys, but 4 t arrives"),
    ("opening_orders", 0, {"price": 2}, "2026: the delivery of trade costs 3 USD, but at the prices when it was"),
    (
        "opening_orders",
        0,
        {"price": 2},
        "plan.json: the cost market_purchases is 26.1 USD, but the tables make it 29.4",
    ),
    ("resource_use", 0, {"per_unit": 1}, "2027: 3 h of port is written as used, but"),
    ("resources", 0, {"capacity": 4}, "2026: 4.5 h of port is used, 0.5 h over its capacity"),
    (
        "duties",
        0,
        {"from": "2027"},
        "2026: the duty on the delivery of trade is 0.3 USD, but the rate in force makes it 0",
    ),
]


@pytest.mark.parametrize(("table", "row", "cells", "words"), TURNS)
def test_normal_consumption_that_changes_is_caught_in_the_planners_words(
    table: str, row: int, cells: dict[str, Any], words: str
) -> None:
    """The same where the market orders in time, and where it takes the cheap steps of a market."""
    found = messages(audit(*turning(changed(TURNING, table, row, **cells))))
    assert any(text.startswith(words) for text in found), found


def test_the_reserve_does_not_take_the_cheap_steps_of_normal_consumption() -> None:
    """The total of each step is the same when the reserve takes 2 t of the first, and normal consumption all of the third."""
    instance, plan = turning()
    steps = plan.order_steps.assign(quantity=[3.0, 2.0, 2.0, 1.0])
    extra = steps.iloc[[1]].assign(step=3, quantity=1.0, price=9.0)
    found = messages(audit(instance, with_table(plan, "order_steps", pd.concat([steps, extra]))))
    assert any("normal consumption takes 3 t of the 4 t of step 1 of market spot" in text for text in found), found
    assert any("normal consumption takes 2 t of the 4 t of step 2 of market spot" in text for text in found), found


def test_the_charges_of_the_market_cost_the_funds_nothing() -> None:
    """The 3 for the order, and all that it pays, count where all payers do: with the public 19 are left."""
    found = audit(*turning(perspective="public"))
    assert found.costs["market_purchases"] == 0.0
    assert found.costs["order_charges"] == 0.0
    assert found.objective == 19.0


def test_what_the_market_has_ordered_is_no_commitment_of_a_fund() -> None:
    """The reserve's fund may promise nothing, and yet the market's order comes a year later."""
    funds = {"funds": [{"fund": "unlimited", "commitment_limit": 0}], "budgets": [{"fund": "unlimited", "amount": 19}]}
    instance, plan = turning({**TURNING, **funds})
    books = plan.funds.assign(budget=[19.0, 0.0])
    assert messages(audit(instance, with_table(plan, "funds", books))) == []


def test_what_sectors_get_of_the_market_counts_in_their_demand() -> None:
    """A tonne more for the plant is a tonne too many for it, and one that nobody bought."""
    instance, plan = trading()
    found = messages(audit(instance, with_cell(plan, "market_supply", 0, "quantity", 3.0)))
    assert "2026: plant is served and short 5 t of ore together, but wants 4 t" in found
    assert "2026: sectors get 4 t of the ore that the market buys, but 3 t arrives" in found


def test_what_the_market_pays_is_no_cost_of_public_funds() -> None:
    """The 7.7 count where all payers do, and only there."""
    found = audit(*trading(perspective="public"))
    assert found.costs["market_purchases"] == 0.0
    assert found.costs["purchases"] == 16.0
