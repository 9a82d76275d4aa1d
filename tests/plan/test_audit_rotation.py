"""The audit of sales, loans and releases that are paid for: what it says, in the planner's words, where a rule is broken."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.plan.audit import audit
from tests.plan.cases import CASES
from tests.plan.mutations import with_cell, with_table
from tests.plan.plans import changed, messages
from tests.plan.plans_rotation import selling

LIMITS: list[tuple[str, str, int, dict[str, Any], str]] = [
    ("selling", "sales", 1, {"width": 1}, "2026: 5 t of ore is sold, 1 t over what the market takes (4 t)"),
    ("selling", "sales", 0, {"width": 2}, "2026: step 1 of ore takes 3 t, 1 t over its width of 2 t"),
    ("selling", "sales", 0, {"width": 4}, "2026: 3 t of ore is sold in step 1, but where the first steps are filled"),
    ("selling", "sales", 1, {"price": 2}, "2026: the price of ore in step 2 is written as 2 USD/t, but it is 1 USD/t"),
    ("selling", "sales", 1, {"price": 2}, "2026: the amount of the sale of ore is 16 USD, but quantity and price make"),
    ("selling", "sales", 0, {"until": "2027"}, "2027: step 1 of ore takes 2 t, 2 t over its width of 0 t"),
    ("selling", "rotation", 0, {"discount": 0.25}, "2027: the price of the sale of ore is written as 4 USD/t, but it"),
    ("selling", "rotation", 0, {"until": "2027"}, "2027: 2 t of ore is sold, 2 t over what the market takes (0 t)"),
    (
        "selling",
        "rotation",
        0,
        {"proceeds_to": None},
        "2026: proceeds of treasury is written as 18 USD, but sales and releases bring 2 USD",
    ),
    (
        "selling",
        "release_prices",
        0,
        {"proceeds_to": None},
        "2027: proceeds of treasury is written as 11 USD, but sales and releases bring 8 USD",
    ),
    (
        "selling",
        "release_prices",
        0,
        {"price": 3},
        "2027: the price of ore for plant is written as 1 USD/t, but it is 3",
    ),
    (
        "selling",
        "release_prices",
        1,
        {"price": 3},
        "2026: plant pays 4 USD for its gas, but quantity and price make it 6",
    ),
    (
        "selling",
        "release_prices",
        1,
        {"until": "2027"},
        "2027: plant is written to pay for 1 t of gas, but it gets 0 t",
    ),
    ("rotating", "rotation", 0, {"fixed_cost": 3}, "2026: the charge of the sale of ore is 2 USD, but it costs 3 USD"),
    ("rotating", "rotation", 0, {"min_lot": 5.5}, "2026: the sale of ore is 5 t, 0.5 t below the least lot of 5.5 t"),
    ("rotating", "rotation", 1, {"fixed_cost": 9}, "2027: 2 t of ore leaves by exchange without its charge"),
    ("rotating", "rotation", 1, {"min_lot": 3}, "2027: the exchange of ore is 2 t, 1 t below the least lot of 3 t"),
    ("rotating", "rotation", 1, {"depth": 3}, "2026: 4 t of ore is lent, 1 t over what industry takes (3 t)"),
    ("rotating", "rotation", 1, {"until": "2028"}, "2028: 2 t of ore is lent, 2 t over what industry takes (0 t)"),
    (
        "rotating",
        "rotation",
        1,
        {"credit_limit": 7},
        "2026: borrowers owe 8 t of ore, 1 t over the credit limit of 7 t",
    ),
    ("rotating", "rotation", 1, {"premium": 0.25}, "2027: 8 t of ore is written as returned, but of what was lent 7 t"),
    ("rotating", "rotation", 1, {"premium": 0.25}, "2028: borrowers are written to owe 3 t of ore, but what was lent"),
    (
        "rotating",
        "rotation",
        1,
        {"lag": "2"},
        "2027: 8 t of ore is written as returned, but of what was lent 2 t comes",
    ),
    (
        "rotating",
        "rotation",
        1,
        {"lag": "2"},
        "2026: exchange of ore: due '2027' is not when it comes back; it should be",
    ),
    ("rotating", "opening_lent", 0, {"quantity": 3}, "2027: balance of ore: received is 8 t, but deliveries, returned"),
    (
        "rotating",
        "opening_lent",
        0,
        {"due": "2028"},
        "2028: 3 t of ore is written as returned, but of what was lent 5 t",
    ),
    ("rotating", "end_values", 0, {"value": 2}, "2028: lent of ore at the end is written as 4.5 USD, but it is 6 USD"),
]


@pytest.mark.parametrize(("name", "table", "row", "cells", "words"), LIMITS)
def test_a_limit_that_moves_is_caught_in_the_planners_words(
    name: str, table: str, row: int, cells: dict[str, Any], words: str
) -> None:
    """The plan stays as it was and one cell of the instance moves, so that one rule no longer holds."""
    make, tables = CASES[name]
    found = messages(audit(*make(changed(tables, table, row, **cells))))
    assert any(text.startswith(words) for text in found), found


def test_a_plan_that_sells_cheap_first_earns_less_than_it_says() -> None:
    """Two tonnes that were sold at 4 in the second step: the market would have paid the price of the first."""
    instance, plan = selling()
    rows = plan.sale_steps.drop(index=0)
    found = messages(audit(instance, with_table(plan, "sale_steps", rows)))
    assert "2026: 0 t of ore is sold in step 1, but where the first steps are filled first it is 3 t" in found


def test_a_release_is_paid_for_what_is_given() -> None:
    """The gas that is taken instead of ore counts, and no more than that."""
    instance, plan = selling()
    found = messages(audit(instance, with_cell(plan, "releases", 1, "quantity", 3.0)))
    assert "2026: plant is written to pay for 3 t of gas, but it gets 2 t" in found
