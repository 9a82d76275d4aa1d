"""The audit of traced goods: what it says, in the planner's words, where one of their rules is broken."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.plan.audit import audit
from tests.plan.mutations import with_cell
from tests.plan.plans import changed, messages
from tests.plan.plans_tracing import FOLLOWED, PASSED_ON, followed, passed_on

MOVED: list[tuple[str, int, dict[str, Any], str]] = [
    ("sources", 0, {"origin": "Y"}, "2026: magnet of origin X: received is 3 t, but what arrives of that origin is 0 t"),
    ("sources", 0, {"origin": "W"}, "2026: magnet of origin other: received is 0 t, but what arrives of that origin is"),
    ("sources", 2, {"origin": "Y"}, "2026: sectors get 2 t of magnet of origin X that the market buys, but only 0 t of"),
    ("opening_stock", 0, {"origin": None}, "2026: magnet of origin allied: opening is 2 t, but the period before closed"),
    ("opening_stock", 0, {"age": "0"}, "2026: magnet of origin allied: received is 2 t, but what arrives of that origin"),
    ("opening_stock", 0, {"quantity": 3}, "2026: magnet of origin allied: loss is 0.2 t, but the loss rate makes it 0.3"),
    ("rotation", 0, {"premium": 0.2}, "2027: magnet of origin X: received is 1.5 t, but what arrives of that origin is 1"),
    ("policies", 0, {"at_most": 0.2}, "2028: policy plants: 0.5 t, 0.1 t over the 0.4 t allowed"),
    ("policies", 0, {"paid_by": None}, "2028: policy plants: its limit is written as 0.5 t, but it is 0.25 t"),
    ("policies", 0, {"sector": None}, "2028: policy plants: its value is written as 0.55 t, but the plan makes it 2.55 t"),
    ("policies", 1, {"at_least": 0.5}, "2028: policy army: 0 t, 3 t below the 3 t required"),
    ("policies", 1, {"by": "mined", "origin": "Y"}, "record 2 of traced_stock: origin 'X': the instance has no such one"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "cells", "words"), MOVED)
def test_a_rule_that_moves_is_caught_in_the_planners_words(
    table: str, row: int, cells: dict[str, Any], words: str
) -> None:
    """The plan stays as it was and one cell of the instance moves, so that one rule no longer holds."""
    found = messages(audit(*followed(changed(FOLLOWED, table, row, **cells))))
    assert any(text.startswith(words) for text in found), found


def test_no_class_is_kept_beyond_its_shelf_life() -> None:
    """The stock of Y that closes 2026 could not be there if magnets lasted for a year."""
    tables = changed(changed(FOLLOWED, "opening_stock", age="0"), "goods", shelf_life="1")
    words = "2026: stock of magnet of origin allied is 1.8 t, 1.8 t more than may be kept within its shelf life"
    assert words in messages(audit(*followed(tables)))


def test_a_sector_gets_only_what_it_accepts() -> None:
    """Magnets of X for the army are no use that the instance knows."""
    instance, plan = followed()
    row = int(plan.tables["traced_use"].query("sector == 'army'").index[0])
    found = messages(audit(instance, with_cell(plan, "traced_use", row, "origin", "X")))
    assert any("the instance does not combine army, magnet, X" in text for text in found), found


CELLS: list[tuple[str, int, str, float, str]] = [
    ("traced_use", 3, "quantity", 0.6, "2028: plant gets 1.05 t of magnet from the reserve of origins that it accepts, but 1 t in"),
    ("traced_use", 0, "market", 2.5, "2026: plant gets 2.5 t of magnet of what the market buys of origins that it accepts, but "),
    ("traced_use", 2, "quantity", 1, "2028: sectors get and borrowers take 1 t of magnet of origin X, but only 0.45 t of that l"),
    ("traced_stock", 0, "lent", 2, "2026: lent of all origins of magnet is 2 t, but lent of the good is 1 t"),
    ("traced_stock", 1, "closing", 1, "2027: closing of all origins of magnet is 1 t, but closing of the good is 0.5 t"),
    ("traced_stock", 1, "left", 2, "2027: magnet of origin X: closing is 0.5 t, but opening and received less loss and what left"),
    ("traced_stock", 5, "opening", 1, "2028: magnet of origin allied: opening is 1 t, but the period before closed with 0 t"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "column", "value", "words"), CELLS)
def test_a_number_that_moves_is_caught_in_the_planners_words(
    table: str, row: int, column: str, value: float, words: str
) -> None:
    """The instance stays as it was and one number of the plan moves: the row that knows it better says so."""
    instance, plan = followed()
    found = messages(audit(instance, with_cell(plan, table, row, column, float(value))))
    assert any(text.startswith(words) for text in found), found


PASSED: list[tuple[str, int, dict[str, Any], str]] = [
    ("recipes", 0, {"amount": -1.1}, "2026: batches of sintering that pass on covered (chain) take 1.5 t of metal, but by the"),
    ("processes", 0, {"lead_time": "2"}, "2027: magnet of origin covered (chain): received is 1.5 t, but what arrives of that "),
    ("processes", 0, {"origin": "X"}, "record 3 of batches: batch 'allied (all mined)': the instance has no such one"),
    ("sources", 1, {"mined_in": "X"}, "record 5 of traced_stock: the instance does not combine metal, allied (all mined)"),
    ("sources", 0, {"mined_in": "Y"}, "record 2 of batch_inputs: origin 'covered (chain)': the instance has no such one here"),
    ("opening_runs", 0, {"mined_in": "Y"}, "2026: magnet of origin covered (chain): received is 2 t, but what arrives of th"),
    ("opening_runs", 0, {"level": 3}, "2026: magnet of origin covered (chain): received is 2 t, but what arrives of that origin"),
    ("opening_stock", 0, {"mined_in": "X"}, "record 3 of batches: batch 'allied (all mined)': the instance has no such one"),
    ("goods", 1, {"trace": None}, "record 3 of batch_inputs: good 'dysprosium': the instance has no such one here"),
    ("policies", 1, {"by": "processed"}, "record 3 of batches: batch 'allied (all mined)': the instance has no such one"),
    ("policies", 1, {"at_least": 0.2}, "2027: policy mines: its limit is written as 1 t, but it is 0.4 t"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "cells", "words"), PASSED)
def test_what_is_passed_on_is_caught_where_it_moves(table: str, row: int, cells: dict[str, Any], words: str) -> None:
    """What batches make and take no longer fits to where their inputs come from, to the recipe or to the place."""
    found = messages(audit(*passed_on(changed(PASSED_ON, table, row, **cells))))
    assert any(text.startswith(words) for text in found), found


BATCHED: list[tuple[str, int, str, object, str]] = [
    ("batches", 0, "level", 1.0, "2026: the batches of sintering add up to 2.5 t, but it is run 3 t"),
    ("batch_inputs", 2, "taken", 2.0, "2026: batches of sintering that pass on allied (all mined) take 2 t of metal, but by t"),
    ("batch_inputs", 2, "taken", 2.0, "2026: sectors get, borrowers and batches take 2 t of metal of origin allied (all mined"),
    ("batch_inputs", 2, "origin", "covered (chain)", "record 4 of batch_inputs: the instance does not combine sintering, allie"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "column", "value", "words"), BATCHED)
def test_a_batch_that_moves_is_caught(table: str, row: int, column: str, value: object, words: str) -> None:
    """Batches make up a run, take what the recipe says of each input, and of no worse class than they pass on."""
    instance, plan = passed_on()
    found = messages(audit(instance, with_cell(plan, table, row, column, value)))
    assert any(text.startswith(words) for text in found), found
