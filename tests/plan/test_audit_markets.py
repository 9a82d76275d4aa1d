"""The audit of markets: what it says where a rule of one is broken."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.plan.audit import audit
from tests.plan.plans import changed, messages
from tests.plan.plans_markets import SHARING, sharing

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
