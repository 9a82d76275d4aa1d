"""The audit of demand that waits: what it says, in the planner's words, where a rule of it is broken."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.plan.audit import audit
from tests.plan.mutations import with_cell
from tests.plan.plans import changed, messages
from tests.plan.plans_backlog import WAITING, waiting

LIMITS: list[tuple[dict[str, Any], str]] = [
    ({"cost": 1}, "2026: the cost of waiting of plant for ore is 1.5 USD, but what waits makes it 3 USD"),
    (
        {"end_penalty": 7},
        "2028: the end penalty of waiting of plant for ore is 6 USD, but what waits at the end makes it 7",
    ),
    ({"end_penalty": None}, "2028: 1 t of the demand of plant for ore still waits at the end of the horizon"),
    ({"max_wait": "0"}, "2026: plant is served and short 1 t of ore together, but wants 4 t"),
    ({"sector": "plant", "good": "gas"}, "record 2 of backlog: good 'ore': the instance has no such one here"),
]


@pytest.mark.parametrize(("cells", "words"), LIMITS)
def test_a_rule_that_moves_is_caught(cells: dict[str, Any], words: str) -> None:
    """The plan stays as it was and one cell of the instance moves."""
    tables = {**WAITING, "goods": [{"good": "ore"}, {"good": "gas"}]} if "good" in cells else WAITING
    found = messages(audit(*waiting(changed(tables, "backlog", 0, **cells))))
    assert any(text.startswith(words) for text in found), found


CELLS: list[tuple[str, int, float, str]] = [
    (
        "postponed",
        0,
        3.5,
        "2026: plant postpones 3.5 t of its demand for ore, 0.5 t more than it wants and is not lost",
    ),
    ("caught_up", 1, 4, "2027: plant is caught up with 4 t of ore, 1 t more than waited before (3 t)"),
    (
        "waiting",
        1,
        1,
        "2027: 1 t of the demand of plant for ore is written to wait, but what is postponed and not caught",
    ),
    (
        "waiting",
        1,
        2.5,
        "2027: 2.5 t of the demand of plant for ore waits, 0.5 t more than was postponed within its longest",
    ),
    ("cost", 2, 0, "2028: the cost of waiting of plant for ore is 0 USD, but what waits makes it 0.5 USD"),
]


@pytest.mark.parametrize(("column", "row", "value", "words"), CELLS)
def test_a_number_that_moves_is_caught(column: str, row: int, value: float, words: str) -> None:
    """The instance stays as it was and one number of the plan moves."""
    instance, plan = waiting()
    found = messages(audit(instance, with_cell(plan, "backlog", row, column, float(value))))
    assert any(text.startswith(words) for text in found), found


def test_the_longest_wait_binds() -> None:
    """The 3 t of 2026 must be served in 2027 before any other demand: what waits then is what was postponed then."""
    rows = audit(*waiting()).find("longest_wait")
    assert [(r.node, r.left, r.right) for r in rows] == [("2026", 3.0, 3.0), ("2027", 2.0, 2.0), ("2028", 1.0, 1.0)]
