"""The audit of projects begun before the horizon: what it says where what was paid, lent and promised for them is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile import engine
from stockpile.plan.audit import audit
from tests.models.base import make
from tests.plan.mutations import with_cell
from tests.plan.plans import changed, messages
from tests.plan.plans_opening import CARRIED, carried

LIMITS: list[tuple[str, int, dict[str, Any], str]] = [
    ("opening_disbursements", 0, {"amount": 5}, "2026: mill owes bank 13.31 USD of what it got for stage 1, but"),
    ("opening_disbursements", 2, {"amount": 5}, "2026: exposure of treasury in kiln: unverified is written as 6 USD"),
    ("opening_disbursements", 3, {"amount": 4}, "2026: works repays treasury 2 USD of what it got for stage 1, but"),
    ("opening_disbursements", 4, {"amount": 5}, "2026: works repays bank 2 USD of what it got for stage 1, but its"),
    ("opening_disbursements", 4, {"amount": 5}, "2026: exposure of bank in works: outstanding is written as 10 USD"),
    ("opening_stages", 0, {"age": "4"}, "2026: interest of bank on what it lent mill for stage 1 is 1.21 USD, but"),
    ("opening_stages", 3, {"age": "5"}, "2027: works repays treasury 2 USD of what it got for stage 1, but its"),
    ("opening_stages", 3, {"age": "2"}, "2027: works owes treasury 2 USD of what it got for stage 1, but its terms"),
    ("opening_stages", 2, {"age": "2"}, "2026: exposure of treasury in kiln: unverified is written as 6 USD, but it"),
    ("opening_stages", 1, {"age": "2"}, "2026: treasury is written to have promised 12 USD that it has not yet paid"),
    ("financing", 0, {"grace": "1", "tenor": "1"}, ""),
    ("financing", 2, {"grace": "1"}, "2027: works owes treasury 2 USD of what it got for stage 1, but its terms"),
    ("financing", 2, {"grace": "2"}, "2026: works repays treasury 2 USD of what it got for stage 1, but its terms"),
    ("financing", 2, {"tenor": "2"}, "2027: works repays treasury 2 USD of what it got for stage 1, but its terms"),
    ("financing", 3, {"dividend": 0.1}, "2026: works repays bank 2 USD of what it got for stage 1, but its terms"),
    ("funds", 0, {"commitment_limit": 11}, "2026: treasury has promised 12 USD that it has not yet paid, 1 USD over"),
    ("funds", 0, {"exposure_limit": 9}, "2026: 10 USD is at risk by treasury, 1 USD over its exposure limit of 9 USD"),
]


@pytest.mark.parametrize(("table", "row", "cells", "words"), LIMITS)
def test_another_past_is_caught_in_the_planners_words(table: str, row: int, cells: dict[str, Any], words: str) -> None:
    """The plan stays as it was and one cell of the instance moves; what makes no difference within the horizon is no fault."""
    found = messages(audit(*carried(changed(CARRIED, table, row, **cells))))
    assert any(text.startswith(words) for text in found) if words else found == [], found


def test_a_promise_from_before_is_settled_at_the_start() -> None:
    """Whoever pays the 12 of the mill in 2027 has promised it from 2026 on."""
    instance, plan = carried()
    late = with_cell(with_cell(plan, "commitments", 0, "node", "2027"), "commitments", 0, "period", "2027")
    found = messages(audit(instance, late))
    assert "2026: funds promise 0 USD for stage 2 of mill, but 12 USD will be due" in found
    assert "2027: treasury pays 12 USD for stage 2 of mill, 12 USD more than the 0 USD that it promised" in found


def owing(age: str, grace: str = "0", **loan: Any) -> Any:
    """A mill verified a year after its release, to which a bank lent 100 at 10 % for four years, told in one way or another."""
    stage = {"project": "mill", "stage": 1, "duration": "1", "cost": 100}
    terms = {"interest": 0.1, "tenor": "4", "grace": grace}
    paid = {"project": "mill", "stage": 1, "fund": "bank", "amount": 100}
    return make(
        "owing",
        3,
        {
            "goods": [{"good": "ore"}],
            "sectors": [{"sector": "plant"}],
            "demand": [{"sector": "plant", "good": "ore", "quantity": 0}],
            "funds": [{"fund": "bank"}],
            "projects": [{"project": "mill"}],
            "stages": [stage],
            "opening_stages": [{"project": "mill", "stage": 1, "age": age}],
            "financing": [{"project": "mill", "fund": "bank", "instrument": "loan", **terms}],
            **(
                {"opening_loans": [{"project": "mill", "fund": "bank", **loan}]}
                if loan
                else {"opening_disbursements": [paid]}
            ),
        },
    )


LEVEL = 110 / sum(1.1**-k for k in range(1, 5))


@pytest.mark.parametrize(
    ("age", "grace", "owed", "due", "years"),
    [
        ("1", "0", 100.0, 2027, 4),
        ("2", "0", 110.0, 2026, 4),
        ("3", "0", 110 * 1.1 - LEVEL, 2026, 3),
        ("5", "0", ((110 * 1.1 - LEVEL) * 1.1 - LEVEL) * 1.1 - LEVEL, 2026, 1),
        ("3", "1", 121.0, 2026, 4),
        ("3", "2", 121.0, 2027, 4),
        ("9", "0", 0.0, 0, 0),
    ],
)
def test_a_loan_that_is_told_as_it_was_paid_is_the_loan_that_is_owed(
    age: str, grace: str, owed: float, due: int, years: int
) -> None:
    """What was lent 1 to 9 years before, and the same told as what is owed at the start with the date of its first instalment."""
    plan = engine.solve(owing(age, grace), gap=0)
    if not owed:
        assert plan.costs["repayments"] == 0.0
        return
    told = {"principal": owed, "interest": 0.1, "tenor": str(years), "first_instalment": str(due)}
    assert plan.costs["repayments"] == pytest.approx(engine.solve(owing(age, grace, **told), gap=0).costs["repayments"])
    assert plan.costs["repayments"] < -LEVEL / 2


def test_what_is_owed_and_waits_for_a_project_that_stands_is_repaid_at_once() -> None:
    """The mill was commissioned before the start: the first instalment of 100 over two years, 57.62, is due in the first."""
    loan: dict[str, Any] = {"principal": 100, "interest": 0.1, "tenor": "2"}
    plan = engine.solve(owing("3", **loan), gap=0)
    assert plan.loans["repaid"].tolist() == pytest.approx([121 / 2.1, 121 / 2.1])
    assert plan.loans["node"].tolist() == ["2026", "2027"]


@pytest.mark.parametrize(("age", "paid"), [("3", 8.0), ("5", 4.0), ("6", 0.0), ("9", 0.0)])
def test_the_term_of_a_price_floor_ends_when_it_would_have(age: str, paid: float) -> None:
    """A mine verified a year after its release supplies 2, protected for five years at 2 above the market, of which some are over."""
    instance = make(
        "protected",
        2,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "mine", "good": "ore"}],
            "prices": [{"source": "mine", "price": 3}],
            "sectors": [{"sector": "plant"}],
            "demand": [{"sector": "plant", "good": "ore", "quantity": 0}],
            "funds": [{"fund": "treasury"}],
            "budgets": [{"fund": "treasury", "amount": 50}],
            "projects": [{"project": "mine"}],
            "stages": [{"project": "mine", "stage": 1, "duration": "1", "cost": 9}],
            "effects": [{"project": "mine", "after": 1, "kind": "supply", "name": "mine", "amount": 2}],
            "price_floors": [
                {"project": "mine", "source": "mine", "fund": "treasury", "index": "mine", "floor": 5, "term": "5"}
            ],
            "opening_stages": [{"project": "mine", "stage": 1, "age": age}],
        },
    )
    plan = engine.solve(instance, gap=0)
    assert plan.objective == pytest.approx(paid)
    assert plan.summary["audit"]["breaches"] == 0
