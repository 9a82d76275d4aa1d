"""The audit of what funds have, lend and promise."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.plan.audit import audit
from tests.plan.cases import CASES, made
from tests.plan.mutations import with_cell
from tests.plan.plans import changed, messages

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
    (
        "lent",
        "financing",
        0,
        {"interest": 0.4},
        "2027: interest of treasury on what it lent plant for stage 1 is 5 USD, but",
    ),
    (
        "lent",
        "financing",
        0,
        {"tenor": "3"},
        "2028: plant repays treasury 13.5 USD of what it got for stage 1, but its terms",
    ),
    (
        "lent",
        "financing",
        0,
        {"grace": "1"},
        "2028: plant repays treasury 13.5 USD of what it got for stage 1, but its terms",
    ),
    (
        "lent",
        "financing",
        1,
        {"dividend": 0.1},
        "2028: plant repays agency 2 USD of what it got for stage 1, but its terms",
    ),
    (
        "lent",
        "financing",
        1,
        {"instrument": "grant", "dividend": 0},
        "2026: disbursements of plant 1 agency: instrument 'equity'",
    ),
    (
        "lent",
        "opening_loans",
        0,
        {"principal": 7},
        "2026: mill owes treasury 9 USD of what it got for stage 0, but its terms",
    ),
    (
        "lent",
        "opening_loans",
        0,
        {"first_instalment": "2028"},
        "2027: mill repays treasury 13.5 USD of what it got for",
    ),
    (
        "lent",
        "opening_loans",
        1,
        {"grace": "0"},
        "2028: plant repays agency 0 USD of what it got for stage 0, but its terms",
    ),
    (
        "lent",
        "opening_loans",
        1,
        {"tenor": "2"},
        "2029: returned of agency is written as 3 USD, but loans and equity bring 4",
    ),
    (
        "lent",
        "stages",
        0,
        {"duration": "2"},
        "2028: plant repays treasury 13.5 USD of what it got for stage 1, but its terms",
    ),
    (
        "promised",
        "funds",
        0,
        {"commitment_limit": 11},
        "2026: treasury has promised 12 USD that it has not yet paid, 1 USD over its commitment limit of 11 USD",
    ),
    (
        "promised",
        "prices",
        0,
        {"price": 5},
        "2026: funds promise 12 USD for the order at mine, but its price is 15 USD",
    ),
    ("promised", "stages", 0, {"cost": 11}, "2026: funds promise 10 USD for stage 1 of pilot, but 11 USD will be due"),
    (
        "promised",
        "arrivals",
        0,
        {"share": 0.6},
        "2027: treasury pays 4 USD for purchases, 0.8 USD less than the 4.8 USD",
    ),
    (
        "lent",
        "funds",
        1,
        {"exposure_limit": 13},
        "2026: 14 USD is at risk by agency, 1 USD over its exposure limit of 13 USD",
    ),
    (
        "lent",
        "projects",
        0,
        {"exposure_limit": 28},
        "2027: 29 USD is at risk in plant, 1 USD over its exposure limit of 28",
    ),
    (
        "lent",
        "stages",
        0,
        {"duration": "2"},
        "2027: exposure of agency in plant: unverified is written as 0 USD, but it has",
    ),
    (
        "lost",
        "projects",
        0,
        {"recovery": 0.5},
        "2028: treasury recovers 6 USD of what it lent plant for stage 1, but it",
    ),
    (
        "lost",
        "projects",
        0,
        {"recovery_lag": "0"},
        "2027: agency recovers 0 USD of what it lent plant for stage 0, but it",
    ),
    (
        "lost",
        "financing",
        0,
        {"interest": 0.4},
        "2027: treasury writes off 15 USD of what it lent plant for stage 1, but it",
    ),
    (
        "lost",
        "financing",
        0,
        {"instrument": "grant", "tenor": None, "interest": None},
        "2027: exposure of treasury in plant: lost is written as 15 USD, but it",
    ),
    (
        "lost",
        "funds",
        1,
        {"exposure_limit": 16},
        "2027: 16.25 USD is at risk by agency, 0.25 USD over its exposure limit",
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


def test_who_promised_pays() -> None:
    """A fund that pays what another had promised would let both keep to their limits on paper."""
    instance, plan = made("promised")
    swapped = with_cell(with_cell(plan, "disbursements", 0, "amount", 5.0), "disbursements", 1, "amount", 5.0)
    found = messages(audit(instance, swapped))
    assert "2027: treasury pays 5 USD for stage 1 of pilot, 1 USD more than the 4 USD that it promised" in found
