"""The audit of what funds have, lend and promise: clean on plans made by hand, and awake to everything in them."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.plan.audit import audit
from stockpile.plan.plan import TABLES
from tests.plan.mutations import mutations, with_cell
from tests.plan.plans import changed, messages
from tests.plan.plans_money import CASES


@pytest.mark.parametrize("name", CASES)
def test_a_plan_made_by_hand_is_clean(name: str) -> None:
    """A false alarm would make every true one worthless."""
    instance, plan = CASES[name][0]()
    result = audit(instance, plan)
    assert messages(result) == []
    assert result.costs == pytest.approx(plan.costs, abs=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_every_change_is_caught(name: str) -> None:
    """Any numeric column of any table, up and down; a row deleted, doubled, or without a number; any name in a first row."""
    instance, plan = CASES[name][0]()
    missed = [what for what, mutant in mutations(plan) if audit(instance, mutant).clean]
    for table in TABLES.values():
        for column in table.columns:
            if not column.is_amount and column.kind != "number" and len(plan.tables[table.name]):
                mutant = with_cell(plan, table.name, 0, column.name, "elsewhere")
                missed += [f"{table.name}.{column.name}"] if audit(instance, mutant).clean else []
    assert missed == []


LIMITS: list[tuple[str, str, int, dict[str, Any], str]] = [
    (
        "indebted",
        "opening_cash",
        0,
        {"cash": 6},
        "2026: facility opens with 5 USD, but closed the period before with 6",
    ),
    (
        "indebted",
        "opening_cash",
        1,
        {"debt": 7},
        "2026: facility owes 4 USD, but its debt, draws and repayment make it 5",
    ),
    (
        "indebted",
        "opening_cash",
        1,
        {"debt": 7},
        "2026: facility pays interest of 1 USD, but its debt makes it 1.1 USD",
    ),
    ("indebted", "opening_cash", 0, {"paid": 18}, "2028: payments of facility so far are 21 USD, 1 USD over its limit"),
    (
        "indebted",
        "opening_cash",
        0,
        {"age": "3"},
        "2027: facility owes 4 USD, 4 USD more than it drew within its maturity",
    ),
    (
        "indebted",
        "funds",
        0,
        {"maturity": "2"},
        "2027: facility owes 4 USD, 4 USD more than it drew within its maturity",
    ),
]


@pytest.mark.parametrize(("name", "table", "row", "cells", "words"), LIMITS)
def test_a_limit_that_moves_is_caught_in_the_planners_words(
    name: str, table: str, row: int, cells: dict[str, Any], words: str
) -> None:
    """The plan stays as it was and one cell of the instance moves, so that one rule no longer holds."""
    make, tables = CASES[name]
    found = messages(audit(*make(changed(tables, table, row, **cells))))
    assert any(text.startswith(words) for text in found), found
