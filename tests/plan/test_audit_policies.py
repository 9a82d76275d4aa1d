"""The audit of policies: what it says, in the planner's words, where one of their rules is broken."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.plan.audit import audit
from tests.plan.mutations import with_cell, with_table
from tests.plan.plans import BUYING, buying, changed, messages
from tests.plan.plans_policies import LIMITED, YEARS, in_quarters, limited
from tests.plan.plans_processing import MAKING, making

#: Rows of the table of policies.
(CAP, MINED, ONE, LEAST, LITTLE, HUB, WORLD, DAYS, SPEND, SURVEY, USE, SOOT, RISK) = range(13)

MOVED: list[tuple[str, int, dict[str, Any], str]] = [
    ("policies", CAP, {"penalty": None}, "2027: policy cap is kept, but it is missed by 0.8 t"),
    ("policies", CAP, {"penalty": 3}, "2027: policy cap: missing it costs 1.6 USD, but at its penalty it is 2.4 USD"),
    ("policies", CAP, {"at_most": 0.5}, "2026: policy cap: its limit is written as 4.2 t, but it is 3.5 t"),
    ("policies", CAP, {"at_most": 0.5}, "2027: policy cap: 4.2 t, 0.7 t over the 3.5 t allowed"),
    ("policies", CAP, {"origin": "Z"}, "2026: policy cap: its value is written as 2 t, but the plan makes it 5 t"),
    ("policies", CAP, {"per": "horizon"}, "2026: the policy cap at_most has a row, but asks for nothing then"),
    ("policies", CAP, {"until": "2028"}, "2028: the policy cap at_most has a row, but asks for nothing then"),
    ("policies", MINED, {"by": "processed"}, "2028: policy mined: its value is written as 11 t, but the plan makes it 0"),
    ("policies", MINED, {"group": "allied"}, "2028: policy mined: its value is written as 11 t, but the plan makes it 0"),
    ("policies", MINED, {"at_most": 0.6}, "2028: policy mined: 11 t, 0.2 t over the 10.8 t allowed"),
    ("policies", ONE, {"until": None}, "2028: the policy one at_least has no row"),
    ("policies", ONE, {"at_least": 0.6}, "2027: policy one: 7 t, 1.4 t below the 8.4 t required"),
    ("policies", ONE, {"good": None}, "2027: policy one: its limit is written as 4.2 t, but it is 5.4 t"),
    ("policies", LEAST, {"at_least": 8}, "2028: policy least: 7 t, 1 t below the 8 t required"),
    ("policies", LEAST, {"per": "period"}, "2027: the policy least at_least has no row"),
    ("policies", LITTLE, {"at_most": 0}, "2028: policy little: 4 t, 4 t over the 0 t allowed"),
    ("policies", LITTLE, {"from": None}, "2026: the policy little at_most has no row"),
    ("policies", HUB, {"at_most": 0.5}, "2026: policy hub: 5 t, 1 t over the 4 t allowed"),
    ("markets", 0, {"width": 6}, "2026: policy hub: 5 t, 0.8 t over the 4.2 t allowed"),
    ("sources", 1, {"until": "2028"}, "2028: policy hub: its limit is written as 5.6 t, but it is 0 t"),
    ("policies", HUB, {"market": None, "good": "ore"}, "2026: policy hub: its value is written as 5 t, but the plan ma"),
    ("policies", HUB, {"market": None, "good": "ore", "source": "far"}, "2026: policy hub: its limit is written as 5.6 t, but it is 12.6"),
    ("policies", WORLD, {"volume": 15}, "2027: policy world: 2 t, 0.5 t over the 1.5 t allowed"),
    ("policies", DAYS, {"at_least": 91.3125}, "2026: policy days: 1 t, 0.5 t below the 1.5 t required"),
    ("policies", DAYS, {"good": None}, "2026: policy days: its limit is written as 1 t, but it is 1.33333333 t"),
    ("demand", 0, {"quantity": 9}, "2026: policy days: its limit is written as 1 t, but it is 1.5 t"),
    ("policies", SPEND, {"at_least": 40}, "2028: policy spend: 34 USD, 6 USD below the 40 USD required"),
    ("policies", SPEND, {"from": "2027"}, "2028: policy spend: its value is written as 34 USD, but the plan makes it 17"),
    ("policies", SURVEY, {"at_most": 2}, "2026: policy survey: 3 USD, 1 USD over the 2 USD allowed"),
    ("policies", SURVEY, {"project": None}, "2026: policy survey: its value is written as 3 USD, but the plan makes it 1"),
    ("policies", USE, {"at_most": 0.5}, "2028: policy use: 34 USD, 14 USD over the 20 USD allowed"),
    ("budgets", 0, {"amount": 60}, "2028: policy use: its limit is written as 36 USD, but it is 54 USD"),
    ("policies", SOOT, {"origin": "X"}, "2028: policy soot: its value is written as 3.5 t, but the plan makes it 0 t"),
    ("policies", SOOT, {"penalty": None}, "2028: policy soot is kept, but it is missed by 0.5 t"),
    ("sources", 0, {"emissions": 1}, "2028: policy soot: its value is written as 3.5 t, but the plan makes it 7 t"),
    ("sources", 1, {"emissions": 1}, "2028: policy soot: its value is written as 3.5 t, but the plan makes it 14.5 t"),
    ("policies", SOOT, {"kind": "energy"}, "2028: policy soot: its value is written as 3.5 MWh, but the plan makes it 0"),
    ("policies", RISK, {"at_most": 2}, "2026: policy risk: 3 USD, 1 USD over the 2 USD allowed"),
    ("stages", 0, {"duration": "2"}, "2027: policy risk: its value is written as 0 USD, but the plan makes it 3 USD"),
    ("opening_orders", 0, {"quantity": 3}, "2026: policy cap: its value is written as 2 t, but the plan makes it 3 t"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "cells", "words"), MOVED)
def test_a_policy_that_moves_is_caught_in_the_planners_words(
    table: str, row: int, cells: dict[str, Any], words: str
) -> None:
    """The plan stays as it was and one cell of the instance moves, so that one rule no longer holds."""
    found = messages(audit(*limited(changed(LIMITED, table, row, **cells))))
    assert any(text.startswith(words) for text in found), found


YEARLY: list[tuple[int, dict[str, Any], str]] = [
    (0, {"per": "fiscal-year"}, "2026Q4: the policy a at_most has a row, but asks for nothing then"),
    (0, {"per": "horizon"}, "2027Q2: policy a: its value is written as 4 t, but the plan makes it 10 t"),
    (0, {"at_most": 0.5}, "2026Q4: policy a: 6 t, 2 t over the 4 t allowed"),
    (1, {"at_most": 5}, "2026Q4: policy b: 6 t, 1 t over the 5 t allowed"),
    (2, {"from": "2026Q4"}, "2026Q3: the policy b at_most has no row"),
]


@pytest.mark.parametrize(("row", "cells", "words"), YEARLY)
def test_years_end_where_they_do(row: int, cells: dict[str, Any], words: str) -> None:
    """A calendar year ends with December, a fiscal one with March, and a new row of a policy begins anew."""
    found = messages(audit(*in_quarters(changed(YEARS, "policies", row, **cells))))
    assert any(text.startswith(words) for text in found), found


def test_what_the_market_buys_counts_where_it_is_asked_for() -> None:
    """Gas that the market buys is no delivery to the reserve; a policy may speak of it, or of both."""
    by = {"sources": [*LIMITED["sources"][:2], {**LIMITED["sources"][2], "paid_by": "market"}]}
    for payer, amount in (("fund", 0), ("market", 2), ("both", 2)):
        policy = {"policy": "gas", "kind": "deliveries", "good": "gas", "at_most": 0, "paid_by": payer}
        found = messages(audit(*limited({**LIMITED, **by, "policies": [*LIMITED["policies"], policy]})))
        said = f"2027: policy gas: {amount} t, {amount} t over the 0 t allowed"
        assert (said in found) == (amount > 0), found


@pytest.mark.parametrize(("side", "amount"), [("at_least", "37.625"), ("at_most", "42.625")])
def test_a_least_amount_of_spending_counts_no_charges(side: str, amount: str) -> None:
    """The charge of 5 for an order could be paid for an order of nothing, and so is no use of a budget."""
    policy = {"policy": "a", "kind": "spending", side: 40, "per": "horizon"}
    found = messages(audit(*buying({**BUYING, "policies": [policy]})))
    assert f"2028: policy a: its value is written as 0 USD, but the plan makes it {amount} USD" in found


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"kind": "energy"}, "MWh"),
        ({"kind": "energy", "process": "separation"}, "MWh"),
        ({"kind": "energy", "process": "smelting"}, ""),
        ({"kind": "energy", "source": "mine"}, ""),
        ({"kind": "energy", "origin": "X"}, "MWh"),
        ({"kind": "energy", "origin": "X", "by": "mined"}, ""),
        ({"kind": "emissions", "group": "covered"}, "t"),
    ],
)
def test_what_is_run_counts_where_it_is_asked_for(cells: dict[str, Any], words: str) -> None:
    """The separation of X takes 2 MWh and emits 0.5 t for each of the 11 t of ore that it is run for."""
    processes = [{**MAKING["processes"][0], "origin": "X"}, *MAKING["processes"][1:]]
    sources = [{**MAKING["sources"][0], "mined_in": "X"}]
    more = {"processes": processes, "sources": sources, "origins": [{"origin": "X", "group": "covered"}]}
    policy = {"policy": "a", "at_most": 1, "per": "horizon", **cells}
    instance, plan = making({**MAKING, **more, "policies": [policy]})
    found = [text for text in messages(audit(instance, plan)) if "its value is written as 0" in text]
    level = plan.tables["runs"].query("process == 'separation'")["level"].sum()
    amount = level * (2 if cells["kind"] == "energy" else 0.5)
    said = f"2028: policy a: its value is written as 0 {words}, but the plan makes it {amount:g} {words}"
    assert found == ([said] if words else [])


def test_a_violation_is_not_negative() -> None:
    """It would make the limit tighter, and the penalty a gain."""
    instance, plan = limited()
    found = messages(audit(instance, with_cell(plan, "policies", 0, "violation", -1.0)))
    assert any(text.startswith("2026: policy cap: its violation is negative, ") for text in found), found


def test_a_row_that_is_missing_is_caught() -> None:
    """A policy that the plan does not tell of could be broken unseen."""
    instance, plan = limited()
    rest = plan.tables["policies"].iloc[1:]
    assert "2026: the policy cap at_most has no row" in messages(audit(instance, with_table(plan, "policies", rest)))


def test_what_binds_is_known() -> None:
    """The share of the world's gas is used up in every year, the survey's money in the first."""
    slacks = audit(*limited()).slacks
    full = slacks[slacks["family"].isin(["policy_at_most", "policy_at_least"]) & (slacks["slack"].abs() < 1e-9)]
    assert set(zip(full["key"], full["node"], strict=True)) == {
        *((("world",), year) for year in ("2026", "2027", "2028")),
        (("days",), "2026"),
        (("survey",), "2026"),
        (("cap",), "2027"),
        (("cap",), "2028"),
        (("soot",), "2028"),
    }
