"""The audit of instruments that move risk."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.plan.audit import audit
from tests.plan.cases import CASES, made
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
    ("backed", "guarantees", 0, {"share": 0.6}, "2026: agency guarantees 12 USD of what bank lent mine for stage 1, but 10 USD"),
    ("backed", "guarantees", 0, {"share": 0.6}, "2027: agency owes bank 18 USD for what it guarantees of mine, stage 1, but 15"),
    ("backed", "guarantees", 0, {"share": 0.6}, "2028: agency gets back 7.2 USD for what it guaranteed of mine, stage 1, but 6"),
    ("backed", "guarantees", 0, {"share": 0.6}, "2026: exposure of bank in mine: unverified is written as 10 USD, but it has 8"),
    ("backed", "guarantees", 0, {"share": 0.6}, "2027: exposure of agency in mine: lost is written as 16.25 USD, but it has"),
    ("backed", "guarantees", 0, {"share": 0.6}, "2027: agency pays 16.25 USD for guarantees, but owes 19.25 USD"),
    ("backed", "guarantees", 0, {"share": 0.6}, "2027: returned of bank is written as 16.25 USD, but loans and equity bring"),
    ("backed", "guarantees", 0, {"fee": 0.2}, "2026: agency earns 2 USD with what it guarantees of mine, stage 1, but 1 USD is"),
    ("backed", "guarantees", 0, {"stage": 2}, "2026: agency is written to have promised 19 USD that it has not yet paid, but"),
    ("backed", "guarantees", 1, {"share": 0.4}, "2027: agency owes bank 2.5 USD for what it guarantees of mine, stage 0, but"),
    ("backed", "guarantees", 3, {"share": 0.5}, "2027: agency guarantees 4 USD of what bank lent mill for stage 1, but 8 USD"),
    ("backed", "guarantees", 3, {"share": 0.5}, "2026: agency is written to have promised 19 USD that it has not yet paid, but"),
    ("backed", "projects", 0, {"recovery": 0.5}, "2028: agency gets back 7.5 USD for what it guaranteed of mine, stage 1, but"),
    ("backed", "projects", 0, {"recovery_lag": "0"}, "2027: agency gets back 6 USD for what it guaranteed of mine, stage 1, but 0"),
    ("backed", "financing", 0, {"interest": 0.4}, "2027: agency owes bank 14 USD for what it guarantees of mine, stage 1, but 15"),
    ("backed", "funds", 1, {"commitment_limit": 18}, "2026: agency has promised 19 USD that it has not yet paid, 1 USD over its"),
    ("backed", "funds", 1, {"exposure_limit": 24}, "2027: 24.25 USD is at risk by agency, 0.25 USD over its exposure limit of 24"),
    ("backed", "funds", 0, {"exposure_limit": 14}, "2027: 20 USD is at risk by bank, 6 USD over its exposure limit of 14 USD"),
    ("backed", "projects", 0, {"exposure_limit": 36}, "2027: 36.25 USD is at risk in mine, 0.25 USD over its exposure limit"),
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
    instance, plan = made("protected")
    found = messages(audit(instance, with_cell(with_cell(plan, "abandonments", 0, "node", "2028"), "abandonments", 0, "period", "2028")))  # fmt: skip
    assert "2028: the floor of treasury is written to cover 3 t of mine, but it is 0 t" in found
