"""The audit of goods on order at the end: what it says where they are not what they are written to be."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile import engine
from stockpile.plan.audit import audit
from tests.models.cases_undelivered import left_on_order
from tests.plan.mutations import with_cell
from tests.plan.plans import changed, messages
from tests.plan.plans_ends import ORDERED, ordered

LIMITS: list[tuple[str, int, dict[str, Any], str]] = [
    ("end_values", 1, {"value": 5}, "2027: order of mine at the end is written as 15 USD, but it is 12.5 USD"),
    ("end_values", 1, {"value": 5}, "2027: order of mine counts -6.75 USD at the end, but it should count -4.25 USD"),
    ("end_values", 1, {"name": "far"}, "2027: order of far at the end is written as 32 USD, but it is 48 USD"),
    ("end_values", 1, {"value": 0}, "2027: 5 t is ordered at mine although it would arrive after the horizon"),
    ("prices", 2, {"price": 3}, "2027: order of far counts -21 USD at the end, but it should count -18 USD"),
    ("duties", 0, {"rate": 0.1}, "2027: order of mine counts -6.75 USD at the end, but it should count -8.95 USD"),
    ("duties", 0, {"until": "2027"}, "2027: order of mine counts -6.75 USD at the end, but it should count -9.5 USD"),
    ("arrivals", 0, {"until": "2027"}, "2027: order of mine at the end is written as 15 USD, but it is 30 USD"),
    ("opening_orders", 0, {"price": 2}, "2027: order of far counts -21 USD at the end, but it should count -16 USD"),
    ("opening_orders", 0, {"quantity": 6}, "2027: order of far at the end is written as 32 USD, but it is 36 USD"),
    ("opening_orders", 0, {"arrives": "2027"}, "2027: order of far at the end is written as 32 USD, but it is 12 USD"),
    (
        "sources",
        1,
        {"lead_time": "1"},
        "2026: orders of far: arrives '' is not when the order arrives; it should be '2027'",
    ),
]


@pytest.mark.parametrize(("table", "row", "cells", "words"), LIMITS)
def test_what_is_on_order_is_worth_what_the_instance_says(
    table: str, row: int, cells: dict[str, Any], words: str
) -> None:
    """The plan stays as it was and one cell of the instance moves, so that one rule no longer holds."""
    found = messages(audit(*ordered(changed(ORDERED, table, row, **cells))))
    assert any(text.startswith(words) for text in found), found


def test_duties_count_at_the_end_where_they_would_before_it() -> None:
    """Paid by a public fund they come back to it: the mine's ore counts 9.5, and 6.75 where a company pays."""
    funds = [{"fund": "unlimited", "public": True}]
    paid = {**ORDERED, "funds": funds, "budgets": [{"fund": "unlimited", "amount": 8}]}
    found = messages(audit(*ordered(paid)))
    assert "2027: order of mine counts -6.75 USD at the end, but it should count -9.5 USD" in found
    company = {**paid, "funds": [{"fund": "unlimited", "kind": "private"}]}
    assert not any("counts" in text for text in messages(audit(*ordered(company, perspective="all"))))


def test_an_order_that_is_not_paid_at_the_end_stays_a_commitment() -> None:
    """The bank's 18 are 8 for two lots from afar and 10 for 5 t of the mine, of which a sixth would still pay."""
    instance = left_on_order()
    plan = engine.solve(instance, gap=0)
    assert plan.funds["committed"].iloc[-1] == pytest.approx(18)
    assert plan.orders["arrives"].tolist()[-2:] == ["", ""]
    tighter = engine.solve(left_on_order(limit=15), gap=0)
    assert tighter.objective > plan.objective + 0.1
    moved = with_cell(plan, "funds", len(plan.funds) - 1, "committed", 4.0)
    assert any("its promises make it 18 USD" in text for text in messages(audit(instance, moved)))
