"""The audit of resources: what it says, in the planner's words, where one of their rules is broken."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.plan.audit import audit
from tests.plan.mutations import with_cell
from tests.plan.plans import changed, messages
from tests.plan.plans_resources import WORKING, working

LIMITS: list[tuple[str, int, dict[str, Any], str]] = [
    ("resources", 0, {"capacity": 5}, "2026: the capacity of machine is written as 6 h, but it is 5 h"),
    ("resources", 0, {"capacity": 5}, "2026: 7 h of machine is used, 1 h over its capacity and overtime of 6 h"),
    ("resources", 0, {"overtime": 0.5}, "2026: overtime of machine is 1 h, 0.5 h over the 0.5 h allowed"),
    ("resources", 0, {"overtime_price": 4}, "2026: overtime of machine costs 3 USD, but at its price it is 4 USD"),
    ("resources", 0, {"until": "2028"}, "2028: 5 h of machine is used, 5 h over its capacity and overtime of 0 h"),
    ("resources", 1, {"capacity": 4}, "2027: 5 days of dock is used, 1 days over its capacity and overtime of 4 days"),
    ("resources", 2, {"capacity": 9}, "2026: the capacity of crew is written as 2, but it is 9"),
    (
        "resource_use",
        0,
        {"per_unit": 2},
        "2026: 7 h of machine is written as used, but orders, deliveries, runs and stages t",
    ),
    (
        "resource_use",
        0,
        {"per_order": 0},
        "2026: 7 h of machine is written as used, but orders, deliveries, runs and stages",
    ),
    (
        "resource_use",
        1,
        {"over_stage": 2},
        "2026: 7 h of machine is written as used, but orders, deliveries, runs and stages",
    ),
    (
        "resource_use",
        2,
        {"per_order": 2},
        "2026: 3 days of dock is written as used, but orders, deliveries, runs and stages ",
    ),
    (
        "resource_use",
        2,
        {"per_order": 2},
        "2027: 5 days of dock is written as used, but orders, deliveries, runs and stages ",
    ),
    (
        "resource_use",
        2,
        {"kind": "order"},
        "2026: 3 days of dock is written as used, but orders, deliveries, runs and stages",
    ),
    (
        "stages",
        0,
        {"duration": "2"},
        "2027: 0 h of machine is written as used, but orders, deliveries, runs and stages take ",
    ),
    ("funds", 1, {"uses": "storage"}, "2026: workshop pays 3 USD of overtime, which it may not pay for"),
]


@pytest.mark.parametrize(("table", "row", "cells", "words"), LIMITS)
def test_a_limit_that_moves_is_caught_in_the_planners_words(
    table: str, row: int, cells: dict[str, Any], words: str
) -> None:
    """The plan stays as it was and one cell of the instance moves, so that one rule no longer holds."""
    result = audit(*working(changed(WORKING, table, row, **cells)))
    assert any(text.startswith(words) for text in messages(result)), messages(result)


def test_a_stage_of_no_duration_takes_the_period_of_its_release() -> None:
    """Verified at once, the survey still takes its hour in 2026: only the label of its milestone moves."""
    result = audit(*working(changed(WORKING, "stages", 0, duration="0")))
    assert all("verified" in text or "hash" in text or "instance" in text for text in messages(result)), messages(
        result
    )


def test_a_delivery_of_which_nothing_arrives_takes_nothing() -> None:
    """All of the opening order is lost: neither its quantity nor its unloading counts."""
    tables = {**WORKING, "arrivals": [{"source": "far", "share": 0, "until": "2027"}]}
    words = "2026: 3 days of dock is written as used, but orders, deliveries, runs and stages take 0 days"
    assert any(text.startswith(words) for text in messages(audit(*working(tables))))


def test_overtime_is_not_negative() -> None:
    """It would make room that nobody has."""
    instance, plan = working()
    found = messages(audit(instance, with_cell(plan, "resources", 3, "overtime", -1.0)))
    assert any(text == "2027: overtime of machine is negative, -1 h" for text in found)


def test_what_binds_is_known() -> None:
    """The dock is full in 2027, and the machine with its overtime in 2026."""
    slacks = audit(*working()).slacks
    full = slacks[(slacks["family"] == "resource_capacity") & (slacks["slack"] == 0)]
    assert set(zip(full["key"], full["node"], full["unit"], strict=True)) == {
        (("machine",), "2026", "h"),
        (("dock",), "2027", "days"),
    }
