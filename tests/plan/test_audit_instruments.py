"""The audit of instruments that move risk."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.plan.audit import audit
from tests.plan.cases import CASES
from tests.plan.mutations import with_cell
from tests.plan.plans import changed, messages

MOVED: list[tuple[str, str, int, dict[str, Any], str]] = [
    ("protected", "price_floors", 0, {"floor": 7}, "2027: treasury pays 4.5 USD to mine for its price floor, but owes 3 USD"),
    (
        "protected",
        "price_floors",
        0,
        {"share": 0.25},
        "2027: the floor of treasury is written to cover 1.5 t of mine, but it is 0.75 t",
    ),
    ("protected", "price_floors", 0, {"until": "2027"}, "2027: treasury pays 4.5 USD for price floors, but owes 0 USD"),
    ("protected", "price_floors", 1, {"strike": 11}, "2028: treasury gets 3 USD of the prices of mine, but is owed 1.5 USD"),
    ("protected", "price_floors", 1, {"strike": None}, "2028: treasury gets 3 USD of the prices of mine, but is owed 4.5"),
    ("protected", "price_floors", 1, {"upside_share": 0.25}, "2028: revenue of treasury is written as 3 USD, but projects bring 1.5"),
    ("protected", "price_floors", 1, {"term": "1"}, "2028: the floor of treasury is written to cover 3 t of mine, but it is 0"),
    ("protected", "price_floors", 2, {"term": "2"}, "2028: the floor of agency is written to cover 0 t of mine, but it is 3 t"),
    ("protected", "price_floors", 1, {"from": "2027"}, "2027: treasury pays 4.5 USD to mine for its price floor, but owes 6"),
    ("protected", "effects", 0, {"ramp": "3"}, "2027: the floor of treasury is written to cover 1.5 t of mine, but it is 1 t"),
    (
        "protected",
        "prices",
        1,
        {"price": 11},
        "2028: the market price of what mine supplies to works is written as 12 USD/t, but it is 11 USD/t",
    ),
    ("protected", "stages", 0, {"duration": "2"}, "2027: the floor of agency is written to cover 1.5 t of mine, but it is 0"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "table", "row", "cells", "words"), MOVED)
def test_terms_that_move_are_caught_in_the_planners_words(
    name: str, table: str, row: int, cells: dict[str, Any], words: str
) -> None:
    """The plan stays as it was and one cell of the instance moves, so that one figure is no longer right."""
    make, tables = CASES[name]
    found = messages(audit(*make(changed(tables, table, row, **cells))))
    assert any(text.startswith(words) for text in found), found


def test_cover_ends_with_the_project() -> None:
    """A mine that was given up in 2027 would supply nothing, and no floor would be owed."""
    instance, plan = CASES["protected"][0]()
    found = messages(audit(instance, with_cell(with_cell(plan, "abandonments", 0, "node", "2028"), "abandonments", 0, "period", "2028")))  # fmt: skip
    assert "2028: the floor of treasury is written to cover 3 t of mine, but it is 0 t" in found
