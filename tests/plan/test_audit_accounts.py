"""The audit of accounts: what it says, in the planner's words, where one of their rules is broken."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.plan.audit import audit
from tests.plan.mutations import with_cell
from tests.plan.plans import changed, messages
from tests.plan.plans_accounts import PARTICIPATING, participating

LIMITS: list[tuple[int, dict[str, Any], str]] = [
    (0, {"entitlement": 1}, "2026: plant has 2 t of ore unsettled, 1 t over its entitlement of 1 t"),
    (0, {"within": "2"}, "2027: 2 t of ore is written as replaced by plant, but by its draws it is 0 t"),
    (
        0,
        {"settled_by": "purchase", "price": 4},
        "2027: 0 t of ore is written as bought by plant, but by its draws it is 2 t",
    ),
    (0, {"until": "2027"}, "2027: plant draws 2 t of ore while its account is not open"),
    (0, {"entry_fee": 3}, "2026: plant is written to pay 3 USD for fees on its account of ore, but it owes 4 USD"),
    (
        0,
        {"carrying_cost": 1},
        "2027: plant is written to pay 1 USD for fees on its account of ore, but it owes 2 USD",
    ),
    (
        1,
        {"price": 9},
        "2027: plant is written to pay 8 USD for what it bought on its account of flux, but it owes 9 USD",
    ),
    (1, {"proceeds_to": "vault"}, "2027: proceeds of vault is written as 1 USD, but sales and releases bring 9 USD"),
]


@pytest.mark.parametrize(("row", "cells", "words"), LIMITS)
def test_an_account_with_other_terms_is_caught(row: int, cells: dict[str, Any], words: str) -> None:
    """The plan stays as it was and one cell of the instance moves, so that one rule no longer holds."""
    found = messages(audit(*participating(changed(PARTICIPATING, "accounts", row, **cells))))
    assert any(text.startswith(words) for text in found), found


@pytest.mark.parametrize(
    ("record", "column", "value", "words"),
    [
        (0, "drawn", 3.0, "2026: plant draws 3 t of ore, 1 t more than the 2 t that it gets"),
        (0, "unsettled", 1.0, "2026: plant is written to have 1 t of ore unsettled, but its draws make it 2 t"),
        (2, "replaced", 1.0, "2027: 1 t of ore is written as replaced by plant, but by its draws it is 2 t"),
        (4, "replaced", 0.0, "2028: 0 t of ore is written as replaced by plant, but by its draws it is 2 t"),
    ],
)
def test_what_the_plan_says_of_an_account_is_checked(record: int, column: str, value: float, words: str) -> None:
    """The instance stays as it was and one cell of the plan moves."""
    instance, plan = participating()
    found = messages(audit(instance, with_cell(plan, "accounts", record, column, value)))
    assert any(text.startswith(words) for text in found), found


def test_what_comes_back_is_received() -> None:
    """Without replacements the ore of 2027 would come from nowhere."""
    tables = {name: rows for name, rows in PARTICIPATING.items() if name != "accounts"}
    found = messages(audit(*participating(tables)))
    assert any(text.startswith("2027: ") and "ore" in text and "receiv" in text for text in found), found


def test_what_binds_is_known() -> None:
    """The entitlement is used to the last tonne in 2026 and 2027."""
    slacks = audit(*participating()).slacks
    full = slacks[(slacks["family"] == "entitlement") & (slacks["slack"] == 0)]
    assert {("plant", "ore"), ("plant", "flux")} == set(full["key"])
    assert set(full.loc[[key == ("plant", "ore") for key in full["key"]], "node"]) == {"2026", "2027"}
