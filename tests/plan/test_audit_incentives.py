"""The audit of incentives."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile import engine
from stockpile.plan.audit import audit
from tests.models.base import SECTOR, Rows, demand, make
from tests.plan.plans import changed, messages
from tests.plan.plans_incentives import REWARDED, rewarded

MOVED: list[tuple[str, int, dict[str, Any], str]] = [
    ("incentives", 0, {"rate": 3}, "2027: treasury pays 6 USD to mine for ore-credit, but owes 9 USD"),
    ("incentives", 0, {"rate": 3}, "2027: mine is written to have earned 6 USD of ore-credit, but it is 9 USD"),
    ("incentives", 0, {"rate": 3}, "2027: treasury pays 6 USD for incentives, but owes 9 USD"),
    ("incentives", 1, {"from": "2029"}, "2028: treasury pays 3 USD to mine for ore-credit, but owes 6 USD"),
    ("incentives", 2, {"term": "1"}, "2027: bonus is written to pay mill for 1 t of metal, but 0 t counts"),
    ("incentives", 2, {"until": "2028"}, "2028: bonus is written to pay mill for 1 t of metal, but 0 t counts"),
    ("incentives", 2, {"cap": 5}, "2028: maker pays 2 USD to mill for bonus, but owes 1 USD"),
    ("incentives", 2, {"cap": 5}, "2028: maker has paid mill 6 USD so far for bonus, 1 USD over its cap of 5 USD"),
    ("incentives", 2, {"cap": None}, "2029: maker pays 0 USD to mill for bonus, but owes 4 USD"),
    ("incentives", 2, {"fund": "treasury"}, "2027: maker pays 4 USD for incentives, but owes 0 USD"),
    ("recipes", 1, {"amount": 0.4}, "2027: bonus is written to pay mill for 1 t of metal, but 0.8 t counts"),
    ("stages", 0, {"duration": "0"}, "2028: ore-credit is written to pay mine for 3 t of ore, but 0 t counts"),
]


@pytest.mark.parametrize(("table", "row", "cells", "words"), MOVED)
def test_terms_that_move_are_caught_in_the_planners_words(
    table: str, row: int, cells: dict[str, Any], words: str
) -> None:
    """The plan stays as it was and one cell of the instance moves, so that one figure is no longer right."""
    found = messages(audit(*rewarded(changed(REWARDED, table, row, **cells))))
    assert any(text.startswith(words) for text in found), found


#: A mine that supplies 2 a year, all of which is wanted, and is paid 1.5 for each.
MINE: dict[str, Rows] = {
    "goods": [{"good": "ore"}],
    "sources": [{"source": "mine", "good": "ore"}],
    "prices": [{"source": "mine", "price": 3}],
    "sectors": SECTOR,
    "demand": demand(2, 2, 2),
    "tiers": [{"tier": 1, "share": 1, "penalty": 50}],
    "funds": [{"fund": "treasury"}],
    "budgets": [{"fund": "treasury", "amount": 90}],
    "projects": [{"project": "mine"}],
    "stages": [{"project": "mine", "stage": 1, "duration": "1", "cost": 9}],
    "effects": [{"project": "mine", "after": 1, "kind": "supply", "name": "mine", "amount": 2}],
    "opening_stages": [{"project": "mine", "stage": 1, "age": "3"}],
}
CREDIT: dict[str, Any] = {"incentive": "credit", "project": "mine", "fund": "treasury", "rate": 1.5}


@pytest.mark.parametrize(("age", "paid"), [("3", [3.0, 3.0, 3.0]), ("5", [3.0]), ("6", []), ("9", [])])
def test_a_term_that_began_before_the_horizon_ends_when_it_would_have(age: str, paid: list[float]) -> None:
    """A mine verified a year after its release is paid for what it delivers in five years, of which some are over."""
    opening = [{"project": "mine", "stage": 1, "age": age}]
    tables = {**MINE, "opening_stages": opening, "incentives": [{**CREDIT, "term": "5"}]}
    plan = engine.solve(make("credited", 3, tables), gap=0)
    assert plan.tables["incentives"]["paid"].tolist() == pytest.approx(paid)
    assert plan.objective == pytest.approx(18 + sum(paid))
    assert plan.summary["audit"]["breaches"] == 0


@pytest.mark.parametrize(("cap", "paid"), [(None, [3.0] * 3), (9, [3.0] * 3), (7, [3.0, 3.0, 1.0]), (0, [0.0] * 3)])
def test_a_cap_that_cannot_be_passed_needs_no_integers(cap: int | None, paid: list[float]) -> None:
    """The mine earns 9 at most: a cap of 9 is none, one of 7 is reached in the last year alone, and needs one integer."""
    tables = {**MINE, "incentives": [CREDIT if cap is None else {**CREDIT, "cap": cap}]}
    plan = engine.solve(make("capped", 3, tables), gap=0)
    assert plan.tables["incentives"]["paid"].tolist() == pytest.approx(paid)
    plain = engine.solve(make("plain", 3, MINE), gap=0).summary["sizes"]["integers"]
    assert plan.summary["sizes"]["integers"] - plain == {None: 0, 9: 0, 7: 1, 0: 3}[cap]
    assert plan.summary["audit"]["breaches"] == 0


def test_what_is_under_way_when_a_project_is_given_up_is_paid_for() -> None:
    """A mine whose ore takes a year is given up in 2027: what was ordered in 2026 arrives, and is owed for."""
    tables = {
        **MINE,
        "sources": [{"source": "mine", "good": "ore", "lead_time": "1"}],
        "projects": [{"project": "mine", "may_abandon": True}],
        "pins": [{"pin": "end", "decision": "abandonment", "name": "mine", "from": "2027", "until": "2028", "at_least": 1}],
        "incentives": [CREDIT],
    }  # fmt: skip
    plan = engine.solve(make("given-up", 3, tables), gap=0)
    found = plan.tables["incentives"]
    assert found["period"].tolist() == ["2027"]
    assert found["paid"].tolist() == pytest.approx([3.0])
    assert plan.summary["audit"]["breaches"] == 0


def test_what_is_paid_is_spending() -> None:
    """A policy on what a fund spends sees the 9 that the credit costs beside the 18 for ore."""
    row = {"policy": "thrift", "kind": "spending", "fund": "treasury", "at_most": 20, "per": "horizon", "penalty": 1e-3}
    plan = engine.solve(make("thrifty", 3, {**MINE, "incentives": [CREDIT], "policies": [row]}), gap=0)
    assert plan.tables["policies"]["value"].tolist() == pytest.approx([27.0])
    assert plan.tables["policies"]["violation"].tolist() == pytest.approx([7.0])
    assert plan.summary["audit"]["breaches"] == 0


@pytest.mark.parametrize(("age", "paid"), [("3", [4.5, 3.0, 3.0]), ("6", [])])
def test_what_was_ordered_before_the_horizon_is_paid_for_while_the_term_lasts(age: str, paid: list[float]) -> None:
    """1 more arrives in 2026 of what was ordered when the mine was at work already."""
    tables = {
        **MINE,
        "opening_stages": [{"project": "mine", "stage": 1, "age": age}],
        "opening_orders": [{"source": "mine", "arrives": "2026", "quantity": 1, "price": 3}],
        "demand": demand(3, 2, 2),
        "incentives": [{**CREDIT, "term": "5"}],
    }
    plan = engine.solve(make("due", 3, tables), gap=0)
    assert plan.tables["incentives"]["paid"].tolist() == pytest.approx(paid)
    assert plan.summary["audit"]["breaches"] == 0


@pytest.mark.parametrize("variant", ["mine", "pit"])
def test_of_two_variants_the_one_that_is_built_is_paid(variant: str) -> None:
    """A mine and a pit would supply the same source; what is promised for the mine is paid where that is the one."""
    tables = {
        **MINE,
        "opening_stages": [],
        "projects": [{"project": p, "group": "works"} for p in ("mine", "pit")],
        "stages": [{"project": p, "stage": 1, "duration": "1", "cost": 9} for p in ("mine", "pit")],
        "effects": [{**MINE["effects"][0], "project": p} for p in ("mine", "pit")],
        "pins": [{"pin": "this", "decision": "release", "name": variant, "stage": 1, "until": "2027", "at_least": 1}],
        "incentives": [{**CREDIT, "cap": 5}],
    }
    plan = engine.solve(make("variants", 3, tables), gap=0)
    assert plan.tables["incentives"]["paid"].tolist() == pytest.approx([3.0, 2.0] if variant == "mine" else [])
    assert plan.deliveries["quantity"].sum() == pytest.approx(4.0)
    assert plan.summary["audit"]["breaches"] == 0
