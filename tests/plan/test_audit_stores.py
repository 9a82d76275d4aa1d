"""The audit of goods that move between stores: what it says, in the planner's words, where a rule is broken."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.plan.audit import audit
from stockpile.plan.plan import TABLES
from tests.plan.mutations import with_cell
from tests.plan.plans import changed, messages
from tests.plan.plans_stores import MOVING, moving

LIMITS: list[tuple[str, int, dict[str, Any], str]] = [
    ("transfers", 0, {"capacity": 7}, "2026: 8 t of ore is sent from port to cavern, 1 t over the capacity of 7 t"),
    ("transfers", 0, {"from": "2027"}, "2026: 8 t of ore is sent from port to cavern, 8 t over the capacity of 0 t"),
    (
        "transfers",
        0,
        {"cost": 1},
        "2026: moving ore from port to cavern costs 2 USD, but the price in force makes it 4",
    ),
    ("transfers", 0, {"lead_time": "2"}, "2026: 4 t of ore is sent from port to cavern at age 1, which is beyond its"),
    ("transfers", 0, {"lead_time": "2"}, "2027: arrived of ore at store cavern, age 1, is written as 3.6 t, but"),
    ("transfers", 0, {"lead_time": "3"}, "2026: 8 t of ore is sent from port to cavern although it would arrive after"),
    ("transfers", 1, {"good": "ore"}, "record 4 of transfers: good 'gas': the instance has no such one here"),
    ("goods", 0, {"shelf_life": "2"}, "2027: 5.4 t of ore in store cavern is kept at age 1, beyond its shelf life"),
    ("goods", 0, {"loss_rate": 0.2}, "2027: arrived of ore at store cavern, age 2, is written as 3.6 t, but transfers"),
    ("goods", 0, {"loss_rate": 0.2}, "2027: balance of ore: loss is 1.2 t, but the loss rate makes it 2.4 t"),
    ("sources", 0, {"store": "cavern"}, "2026: 2 t of ore is put into store cavern, 6 t less than is delivered there"),
    (
        "opening_stock",
        1,
        {"store": "port"},
        "2026: 6 t of ore is put into store port, 2 t less than is delivered there",
    ),
    (
        "opening_stock",
        0,
        {"store": "cavern"},
        "2026: stock of ore in store port, age 1, closes with 0 t, but what came",
    ),
    (
        "sectors",
        0,
        {"store": "cavern"},
        "2026: 0 t of ore is taken from store cavern, 5 t less than is served from there",
    ),
    ("stores", 0, {"release_rate": 12}, "2026: 13 t leaves store port, 1 t over its release rate of 12 t"),
    ("storage", 0, {"release_rate": 12}, "2026: 13 t of ore leaves store port, 1 t over its release rate of 12 t"),
    ("opening_stock", 2, {"age": "0"}, "2026: 0 t of gas is put into stores, but 3 t arrives"),
]


@pytest.mark.parametrize(("table", "row", "cells", "words"), LIMITS)
def test_a_rule_that_moves_is_caught(table: str, row: int, cells: dict[str, Any], words: str) -> None:
    """The plan stays as it was and one cell of the instance changes."""
    found = messages(audit(*moving(changed(MOVING, table, row, **cells))))
    assert any(text.startswith(words) for text in found), found


CELLS: list[tuple[str, int, str, float, str]] = [
    ("store_balance", 0, "received", 5, "2026: 7 t of ore is put into stores, but 8 t arrives"),
    ("store_balance", 5, "received", 1, "2027: 1 t of ore is put into store port at age 1; what arrives is fresh"),
    ("store_balance", 5, "taken", 1, "2027: 4.6 t of ore is taken from stores, but 4 t leaves"),
    (
        "store_balance",
        6,
        "sent",
        1,
        "2027: sent of ore at store cavern, age 1, is written as 1 t, but transfers take 0 t",
    ),
    (
        "store_balance",
        6,
        "closing",
        5,
        "2027: stock of ore in store cavern, age 1, closes with 5 t, but what came in less",
    ),
    ("store_balance", 6, "closing", 5, "2027: the ages of ore in store cavern add up to 5 t, but its stock is 5.4 t"),
    ("balance", 0, "under_way", 7, "2026: balance of ore: under_way is 7 t, but transfers put on their way 8 t"),
    ("balance", 0, "under_way", 7, "2026: balance of ore: closing is 4 t, but opening and received less loss and what"),
    ("payments", 1, "amount", 6, "2026: funds pay 6 USD of transfers, but 7 USD is spent"),
]


@pytest.mark.parametrize(("table", "row", "column", "value", "words"), CELLS)
def test_a_number_that_moves_is_caught(table: str, row: int, column: str, value: float, words: str) -> None:
    """The instance stays as it was and one number of the plan moves."""
    instance, plan = moving()
    found = messages(audit(instance, with_cell(plan, table, row, column, float(value))))
    assert any(text.startswith(words) for text in found), found


def test_no_amount_is_negative() -> None:
    """What is less than nothing in one store could hide what is not there in another."""
    instance, plan = moving()
    for table in ("transfers", "store_balance"):
        for column in (c.name for c in TABLES[table].columns if c.is_amount):
            found = messages(audit(instance, with_cell(plan, table, 0, column, -1.0)))
            assert any(f"{column} is negative, -1" in text for text in found), column
