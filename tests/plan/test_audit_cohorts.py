"""The audit of stock by age: clean on a plan made by hand, and awake to every number, row and rule in it."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.engine import solve
from stockpile.plan.audit import audit
from tests.plan.aged import AGED, CURVED, aged, curved
from tests.plan.mutations import with_cell
from tests.plan.plans import Tables, changed, messages


def test_the_plan_made_by_hand_is_clean() -> None:
    """Sales 2 x 0.5 x 4, and 1 t of the second year left at 0.5 x 2; without ages the plan would say 8 and 2."""
    instance, plan = aged()
    result = audit(instance, plan)
    assert messages(result) == []
    assert result.costs == pytest.approx(plan.costs, abs=1e-9)


def test_the_best_plan_sells_new_ore_and_keeps_the_rest_for_the_plant() -> None:
    """In 2026 one new unit is sold for 4 and one old for 2; of the younger one kept for 2027 half is left, which frees new
    ore worth 1 there.  Without ages the 4 t would not halve, and all would sell at the whole price.
    """
    assert solve(aged()[0]).objective == pytest.approx(-7.0)


RULES: list[tuple[str, int, dict[str, Any], str]] = [
    ("ages", 0, {"loss_rate": 0.25}, "2026: ore of age 2: loss is 2 t, but the loss rate makes it 1 t"),
    ("ages", 0, {"age": "0"}, "2026: ore of age 1: loss is 0 t, but the loss rate makes it 1 t"),
    ("ages", 0, {"price_factor": 0.25}, "2026: the amount of the sale of ore is 4 USD, but quantity and price make it"),
    ("ages", 0, {"price_factor": 0.25}, "plan.json: the cost terminal_value is -1 USD, but the tables make it -0.5"),
    ("ages", 1, {"loss_rate": 0.5}, ""),
    ("freshness", 0, {"max_age": "0"}, "2026: lab takes 1 t of ore at age 1, older than it may be"),
    ("freshness", 0, {"sector": "plant"}, "2026: the ages of ore that plant takes add up to 0 t, but it takes 1 t"),
    ("goods", 0, {"shelf_life": None}, ""),
    (
        "opening_stock",
        2,
        {"quantity": 5},
        "2026: ore of age 2: opening is 4 t, but what closed a period younger is 5 t",
    ),
    ("opening_stock", 0, {"quantity": 4}, "2026: the ages of ore add up to 3 t, but 4 t is received"),
    ("goods", 0, {"shelf_life": "2"}, "record 4 of cohorts: age '2': the instance has no such one here"),
]


@pytest.mark.parametrize(("table", "row", "cells", "words"), RULES)
def test_a_rule_that_moves_is_caught(table: str, row: int, cells: dict[str, Any], words: str) -> None:
    """The instance says otherwise than the plan: told in the planner's words, and nothing where the rule does not matter here."""
    tables: Tables = changed(AGED, table, row, **cells)
    if cells == {"shelf_life": "2"}:
        tables = {**tables, "opening_stock": tables["opening_stock"][:2], "ages": tables["ages"][:1]}
    found = messages(audit(*aged(tables)))
    assert any(text.startswith(words) for text in found) if words else found == []


CELLS: list[tuple[str, int, str, float | str, str]] = [
    ("cohorts", 0, "age", 1, "2026: 3 t of ore is received at age 1; what arrives has age 0"),
    ("cohorts", 1, "left", 1, "2026: 1 t of ore leaves at age 1, but its uses add up to 2 t"),
    ("cohorts", 2, "closing", 1, "2026: 1 t of ore stays at age 2, beyond its shelf life"),
    ("cohorts", 0, "closing", 2, "2026: the ages of ore add up to 2 t, but 3 t is in the stores"),
    ("cohort_flows", 0, "age", 0, "2026: 2 t of ore leaves at age 1, but its uses add up to 1 t"),
    ("cohort_flows", 0, "use", "other", "2026: the ages of ore add up to 1 t, but 2 t is sold"),
    ("cohort_flows", 2, "use", "other", "record 4 of cohort_flows: the instance does not combine"),
    ("cohort_flows", 2, "age", 2, "2026: lab takes 1 t of ore at age 2, older than it may be"),
]


@pytest.mark.parametrize(("table", "row", "column", "value", "words"), CELLS)
def test_a_cell_that_moves_is_caught(table: str, row: int, column: str, value: float | str, words: str) -> None:
    """The plan says otherwise than its other tables."""
    instance, plan = aged()
    found = messages(audit(instance, with_cell(plan, table, row, column, value)))
    assert any(text.startswith(words) for text in found), found


def test_a_last_age_holds_all_that_is_older() -> None:
    """Without a shelf life nothing changes after the second year: the 4 t are of age 2 for good, and may stay."""
    instance, _ = aged(changed(AGED, "goods", 0, shelf_life=None))
    plan = solve(instance)
    assert messages(audit(instance, plan)) == []
    assert plan.cohorts["age"].max() == 2


@pytest.mark.parametrize(
    ("table", "row", "cells", "words"),
    [
        (
            "ages",
            0,
            {"price_factor": 1},
            "the amount of the sale of ore is 36 USD, but quantity and price make it 38 USD",
        ),
        ("ages", 0, {"price_factor": 0.25}, "is 36 USD, but quantity and price make it 35 USD"),
        ("sales", 1, {"price": 2}, "the price of ore in step 2 is written as 4 USD/t, but it is 2 USD/t"),
        ("sales", 0, {"width": 2}, "step 1 of ore takes 3 t, 1 t over its width of 2 t"),
    ],
)
def test_along_a_curve_the_freshest_are_sold_first(table: str, row: int, cells: dict[str, Any], words: str) -> None:
    """3 x 10 + 1 x 4 + 1 x 0.5 x 4 in 2026: the old unit in the first step, and a new one in the second, would bring 1 less."""
    assert messages(audit(*curved())) == []
    assert solve(curved()[0]).objective == pytest.approx(-51)
    said = messages(audit(*curved(changed(CURVED, table, row, **cells))))
    assert any(words in line for line in said), said
