"""The audit, rule by rule: what it says, in the planner's words, where one of them is broken."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from stockpile.plan.audit import audit
from stockpile.plan.plan import TABLES
from tests.plan.cases import CASES, made
from tests.plan.mutations import with_cell, with_table
from tests.plan.plans import AGEING, ageing, changed, financed, messages

LIMITS: list[tuple[str, str, int, dict[str, Any], str]] = [
    ("buying", "prices", 0, {"width": 5}, "2026: the order at mine in price step 1 is 6 t, 1 t over the width of 5 t"),
    (
        "buying",
        "prices",
        1,
        {"from": "2027"},
        "2026: the order at mine in price step 2 is 2 t, 2 t over the width of 0",
    ),
    (
        "buying",
        "prices",
        1,
        {"price": 4},
        "2026: price step 2 of mine is written as 3 USD/t, but the price in force is 4",
    ),
    ("buying", "supply", 0, {"capacity": 7}, "2026: orders at mine are 8 t, 1 t over its capacity of 7 t"),
    ("buying", "sources", 0, {"min_order": 9}, "2026: the order at mine is 8 t, 1 t below the minimum of 9 t"),
    ("buying", "sources", 0, {"lot_size": 3}, "2026: the order at mine is 8 t, which is no whole number of its lots"),
    ("buying", "sources", 0, {"discount": "all-units"}, "2026: the order at mine stands in 2 price steps; one of them"),
    (
        "buying",
        "sources",
        0,
        {"discount": "all-units"},
        "2026: the order at mine is 2 t in price step 2, 4 t below the 6",
    ),
    ("buying", "sources", 0, {"order_cost": 6}, "2026: the charge of the order at mine is 5 USD, but an order costs 6"),
    ("buying", "sources", 0, {"qualified_from": "2027"}, "2026: 8 t is ordered at mine before it is qualified"),
    (
        "buying",
        "sources",
        0,
        {"lead_time": "2"},
        "2027: 8 t of mine is delivered, but of what was ordered for then 0 t",
    ),
    (
        "buying",
        "duties",
        0,
        {"rate": 0.2},
        "2027: the duty on the delivery of mine is 1.8 USD, but the rate in force makes",
    ),
    (
        "buying",
        "duties",
        0,
        {"from": "2028"},
        "2027: the duty on the delivery of mine is 1.8 USD, but the rate in force",
    ),
    ("buying", "storage", 0, {"capacity": 8}, "2027: stock of ore is 0.5 t over what store yard may keep of it (8 t)"),
    (
        "buying",
        "storage",
        0,
        {"holding_cost": 2},
        "2026: holding ore in store yard costs 5 USD, but its stock makes it 10",
    ),
    ("buying", "stores", 0, {"capacity": 8}, "2027: stock is 0.5 t over the capacity of store yard (8 t)"),
    (
        "buying",
        "opening_stock",
        0,
        {"quantity": 9},
        "2026: balance of ore: opening is 10 t, but the period before closed",
    ),
    ("buying", "goods", 0, {"loss_rate": 0.2}, "2026: balance of ore: loss is 1 t, but the loss rate makes it 2 t"),
    ("buying", "goods", 0, {"end_stock": 5}, "2028: stock of ore at the end is 4 t, 1 t below the 5 t required"),
    (
        "buying",
        "goods",
        0,
        {"disposal_cost": 1},
        "2028: the price of the disposal of ore is written as 0.5 USD/t, but it is",
    ),
    ("buying", "goods", 0, {"shelf_life": "3"}, "2027: stock of ore is 8.5 t, 0.5 t more than may be kept within"),
    ("buying", "demand", 0, {"quantity": 5}, "2026: plant is served and short 4 t of ore together, but wants 5 t"),
    ("buying", "tiers", 0, {"share": 0.2}, "2028: shortfall of ore for plant in tier 1 is 1 t, 0.2 t over the tier's"),
    (
        "buying",
        "tiers",
        0,
        {"penalty": 11},
        "2028: the penalty of plant for ore in tier 1 is 10 USD, but the shortfall makes",
    ),
    ("buying", "tiers", 0, {"tier": 2}, "record 2 of shortfall: tier '1': the instance has no such one here"),
    (
        "replacing",
        "accepts",
        0,
        {"rate": 2},
        "2026: plant takes gas instead of ore: replaces is 3 t, but at the rate it is 2.25 t",
    ),
    (
        "replacing",
        "accepts",
        0,
        {"cost": 1},
        "2026: plant takes gas instead of ore at a cost of 2.25 USD, but it costs 4.5",
    ),
    ("ageing", "stores", 0, {"capacity": 6}, "2026: stock is 1 t over the capacity of store yard (6 t)"),
    ("ageing", "rotation", 0, {"depth": 0.5}, "2026: 1 t of ore is sold, 0.5 t over what the market takes (0.5 t)"),
    ("ageing", "rotation", 0, {"from": "2027"}, "2026: 1 t of ore is sold, 1 t over what the market takes (0 t)"),
    (
        "ageing",
        "rotation",
        0,
        {"discount": 0.25},
        "2026: the price of the sale of ore is written as 2 USD/t, but it is 3",
    ),
    (
        "ageing",
        "rotation",
        0,
        {"proceeds_to": None},
        "2026: proceeds of treasury is written as 2 USD, but sales bring 0",
    ),
    ("ageing", "targets", 1, {"quantity": 7}, "2027: the target of gas is written as 6 t, but it is 7 t"),
    ("ageing", "targets", 0, {"cover": 730.5}, "2026: the target of ore is written as 2 t, but it is 4 t"),
    ("ageing", "targets", 1, {"penalty": None}, "2027: 1 t of gas is missing to a target that must be met"),
    (
        "ageing",
        "targets",
        1,
        {"penalty": 4},
        "2027: the penalty for missing the target of gas is 3 USD, but it should be 4",
    ),
    ("ageing", "funds", 0, {"carry_over": 0.25}, "2026: 3 USD of treasury lapses, but 4.5 USD should"),
    ("ageing", "funds", 0, {"uses": "storage"}, "2027: treasury pays 3 USD of purchases, which it may not pay for"),
    ("ageing", "funds", 0, {"limit": 2}, "2027: payments of treasury so far are 3 USD, 1 USD over its limit of 2 USD"),
    (
        "ageing",
        "budgets",
        0,
        {"amount": 5},
        "2026: budget of treasury is written as 4 USD, but the budget pays in 5 USD",
    ),
    (
        "ageing",
        "budgets",
        0,
        {"every": None},
        "2027: budget of treasury is written as 4 USD, but the budget pays in 0 USD",
    ),
    ("financed", "sources", 0, {"until": "2029"}, "2029: 6 t is ordered at works after it ends"),
    ("financed", "effects", 0, {"amount": 5}, "2029: orders at works are 6 t, 1 t over its capacity of 5 t"),
    (
        "financed",
        "effects",
        0,
        {"ramp": "3"},
        "2028: the supply that stage 2 of large brings to works is 3 t, but it is 2 t",
    ),
    (
        "financed",
        "effects",
        0,
        {"after": 1},
        "record 6 of effects: the instance does not combine large, 2, supply, works",
    ),
    ("financed", "effects", 1, {"amount": 2}, "2029: stock is 1 t over the capacity of store yard (2 t)"),
    ("financed", "effects", 2, {"name": "bank"}, "2028: revenue of bank is written as 0 USD, but projects bring 3 USD"),
    (
        "financed",
        "projects",
        0,
        {"start_from": "2027", "start_until": "2028"},
        "2026: large is started outside its window",
    ),
    (
        "financed",
        "projects",
        0,
        {"min_private_share": 0.3},
        "2028: private funds pay 5 USD for stage 2 of large, 1 USD below",
    ),
    ("financed", "projects", 2, {"group": "works"}, "2026: 2 projects of the group works are started; only one may be"),
    (
        "financed",
        "stages",
        0,
        {"duration": "2"},
        "2027: stage 2 of large is released before stage 1 of large, which it",
    ),
    ("financed", "stages", 0, {"milestone": "licence"}, "2026: go of large 1: milestone 'permit' is not the milestone"),
    ("financed", "stages", 1, {"duration": "2"}, "2027: go of large 2: verified '2028' is not when the milestone is"),
    (
        "financed",
        "stages",
        1,
        {"cost": 22},
        "2027: stage 2 of large is released at a cost of 20 USD, but it costs 22 USD",
    ),
    ("financed", "stages", 1, {"pay_on": "release"}, "2027: 0 USD is paid for stage 2 of large, but 20 USD is due"),
    (
        "financed",
        "stages",
        3,
        {"duration": "2"},
        "2027: stage 2 of large is released before stage 1 of pilot, which it",
    ),
    (
        "financed",
        "financing",
        1,
        {"min_share": 0.4},
        "2026: bank pays 3 USD for stage 1 of large, 1 USD below its least",
    ),
    ("financed", "financing", 1, {"max_share": 0.27}, "2026: bank pays 3 USD for stage 1 of large, 0.3 USD over its"),
    (
        "financed",
        "financing",
        2,
        {"fund": "bank", "stage": 1},
        "2028: facility pays 15 USD for stage 2 of large, 15 USD over",
    ),
    ("financed", "funds", 2, {"credit_limit": 14}, "2028: facility owes 15 USD, 1 USD over its credit limit of 14 USD"),
    ("financed", "funds", 2, {"interest": 0.2}, "2029: facility pays interest of 1.5 USD, but its debt makes it 3 USD"),
    (
        "financed",
        "funds",
        2,
        {"maturity": "1"},
        "2029: facility owes 7 USD, 7 USD more than it drew within its maturity",
    ),
    ("financed", "funds", 0, {"limit": 15}, "2029: payments of treasury so far are 19.5 USD, 4.5 USD over its limit"),
    ("financed", "funds", 2, {"uses": "storage"}, "2028: facility pays 15 USD of projects, which it may not pay for"),
]


LIMITS += [
    (
        "leaving",
        "end_values",
        2,
        {"value": 9},
        "2027: project of mill at the end is written as 10 USD, but it is 9 USD",
    ),
    (
        "leaving",
        "end_values",
        0,
        {"value": 0.25},
        "2027: debt of facility counts 4 USD at the end, but it should count 2 USD",
    ),
    (
        "leaving",
        "end_values",
        0,
        {"kind": "project", "name": "works"},
        "record 2 of end_values: kind 'debt': the instance has no such one here",
    ),
]


@pytest.mark.parametrize(("name", "table", "row", "cells", "words"), LIMITS)
def test_a_limit_that_moves_is_caught_in_the_planners_words(
    name: str, table: str, row: int, cells: dict[str, Any], words: str
) -> None:
    """The plan stays as it was and one cell of the instance moves, so that one rule no longer holds."""
    make, tables = CASES[name]
    result = audit(*make(changed(tables, table, row, **cells)))
    assert any(text.startswith(words) for text in messages(result)), messages(result)


ROWS: list[tuple[str, str, dict[str, Any], str]] = [
    (
        "buying",
        "arrivals",
        {"source": "mine", "from": "2027", "share": 0.5},
        "2027: 8 t of mine is delivered, but of what was ordered for then 4 t",
    ),
    (
        "buying",
        "arrivals",
        {"source": "mine", "from": "2027", "share": 0.5},
        "2027: the delivery of mine costs 18 USD, but at the prices when it was ordered it costs 9 USD",
    ),
    (
        "buying",
        "opening_orders",
        {"source": "mine", "arrives": "2027", "quantity": 2},
        "2027: 8 t of mine is delivered, but of what was ordered for then 10 t",
    ),
    (
        "buying",
        "opening_orders",
        {"source": "mine", "arrives": "2027", "quantity": 2, "price": 5},
        "2027: the delivery of mine costs 18 USD, but at the prices when it was ordered it costs 28 USD",
    ),
    (
        "buying",
        "pins",
        {"pin": "a", "decision": "order", "name": "mine", "at_least": 9},
        "2028: pin a: 8 t is ordered, 1 t below the 9 t required",
    ),
    (
        "buying",
        "pins",
        {"pin": "a", "decision": "order", "name": "mine", "until": "2027", "at_most": 7},
        "2028: pin a: 8 t is ordered, 1 t over the 7 t allowed",
    ),
    (
        "financed",
        "pins",
        {"pin": "b", "decision": "release", "name": "small", "stage": 1, "at_least": 1},
        "2030: pin b: 0 is released, 1 below the 1 required",
    ),
    (
        "financed",
        "pins",
        {"pin": "b", "decision": "release", "name": "large", "stage": 2, "at_most": 0},
        "2030: pin b: 1 is released, 1 over the 0 allowed",
    ),
    (
        "buying",
        "opening_orders",
        {"source": "mine", "arrives": "2026", "quantity": 2},
        "2026: 0 t of mine is delivered, but of what was ordered for then 2 t",
    ),
]


@pytest.mark.parametrize(("name", "table", "cells", "words"), ROWS)
def test_a_row_that_is_new_is_caught_in_the_planners_words(
    name: str, table: str, cells: dict[str, Any], words: str
) -> None:
    """The plan stays as it was and the instance gets a table with one row."""
    make, tables = CASES[name]
    found = messages(audit(*make({**tables, table: [cells]})))
    assert any(text.startswith(words) for text in found), found


CELLS: list[tuple[str, str, int, str, float, str]] = [
    (
        "replacing",
        "substitution",
        0,
        "quantity",
        5,
        "2026: balance of gas: released is 4.5 t, but sectors are served 5 t",
    ),
    (
        "replacing",
        "service",
        0,
        "substituted",
        2,
        "2026: plant is written to have 2 t of its ore substituted, but what",
    ),
    ("buying", "deliveries", 0, "quantity", 9, "2027: 9 t of mine is delivered, but of what was ordered for then 8 t"),
    ("buying", "deliveries", 0, "cost", 17, "2027: the delivery of mine costs 17 USD, but at the prices when it was"),
    (
        "buying",
        "balance",
        1,
        "opening",
        6,
        "2027: balance of ore: opening is 6 t, but the period before closed with 5 t",
    ),
    ("buying", "balance", 1, "received", 7, "2027: balance of ore: received is 7 t, but deliveries, returned loans"),
    ("buying", "balance", 1, "released", 3, "2027: balance of ore: released is 3 t, but sectors are served 4 t"),
    ("buying", "balance", 1, "sold", 1, "2027: balance of ore: sold is 1 t, but sales and loans are 0 t"),
    ("buying", "balance", 2, "disposed", 1, "2028: balance of ore: disposed is 1 t, but disposals are 0.65 t"),
    ("buying", "balance", 2, "closing", 3, "2028: balance of ore: closing is 3 t, but the stores hold 4 t"),
    ("buying", "balance", 2, "closing", 3, "2028: balance of ore: closing is 3 t, but opening and received less loss"),
    ("buying", "rotation", 0, "amount", 1, "2028: the amount of the disposal of ore is 1 USD, but quantity and price"),
    ("buying", "service", 0, "demand", 5, "2026: the demand of plant for ore is written as 5 t, but it is 4 t"),
    ("buying", "service", 2, "short", 2, "2028: plant is short 2 t of ore, but the tiers add up to 1 t"),
    ("buying", "payments", 0, "amount", 6, "2026: funds pay 6 USD of order_charges, but 5 USD is spent"),
    ("buying", "funds", 0, "paid", 11, "2026: paid of unlimited is written as 11 USD, but payments add up to 10 USD"),
    (
        "ageing",
        "balance",
        3,
        "under_target",
        0.5,
        "2027: stock of gas, with what is written as missing, is 5.5 t, 0.5 t",
    ),
    ("ageing", "funds", 1, "opening", 2, "2027: treasury opens with 2 USD, but closed the period before with 3 USD"),
    ("ageing", "funds", 1, "closing", 1, "2027: cash of treasury closes with 1 USD, but what came in less what went"),
    ("financed", "payments", 0, "amount", 8, "2026: treasury pays 8 USD for projects, but its tranches are 9 USD"),
]


@pytest.mark.parametrize(("name", "table", "row", "column", "value", "words"), CELLS)
def test_a_number_that_moves_is_caught_in_the_planners_words(
    name: str, table: str, row: int, column: str, value: float, words: str
) -> None:
    """The instance stays as it was and one number of the plan moves: the row that knows it better says so."""
    instance, plan = made(name)
    found = messages(audit(instance, with_cell(plan, table, row, column, float(value))))
    assert any(text.startswith(words) for text in found), found


#: Deliveries, releases and effects are equal to what other tables say, and cash has a row of its own; the rest is tested apart.
APART = (
    "deliveries",
    "go",
    "effects",
    "abandonments",
    "end_values",
    "resources",
    "policies",
    "grades",
    "contracts",
    "contract_deliveries",
    "transfers",
    "store_balance",
)
NOT_NEGATIVE = [
    (table.name, column.name)
    for table in TABLES.values()
    for column in table.columns
    if column.is_amount and column.kind != "price" and table.name not in APART
    if (table.name, column.name) != ("funds", "closing") and table.name != "outcomes"
]


@pytest.mark.parametrize(("table", "column"), NOT_NEGATIVE)
def test_no_amount_is_negative(table: str, column: str) -> None:
    """Stock, cash flows and shortfall below zero could be made to add up, and would hide what is not there."""
    names = ["ageing" if table == "funds" else "buying", *CASES]
    instance, plan = next(case for case in map(made, names) if len(case[1].tables[table]))
    found = messages(audit(instance, with_cell(plan, table, 0, column, -1.0)))
    assert any(f"{column} is negative, -1" in text for text in found), found


def test_debt_is_drawn_for_uses_and_repaid_from_cash() -> None:
    """A draw of 15 where only 14 is paid would be debt for nothing."""
    instance, plan = financed()
    funds = plan.funds
    row = int(funds.index[(funds["fund"] == "facility") & (funds["node"] == "2028")][0])
    result = audit(instance, with_cell(plan, "funds", row, "drawn", 16.0))
    assert "2028: facility draws 16 USD, 1 USD more than it pays for its uses" in messages(result)
    assert "2028: facility owes 15 USD, but its debt, draws and repayment make it 16 USD" in messages(result)


def test_only_a_credit_facility_has_debt() -> None:
    """Otherwise any fund could borrow from nobody."""
    instance, plan = ageing()
    lent = with_cell(with_cell(plan, "funds", 0, "drawn", 1.0), "funds", 0, "repaid", 1.0)
    found = messages(audit(instance, lent))
    assert "2026: treasury draws 1 USD, but is no credit facility" in found
    assert "2026: treasury repays 1 USD of a debt that it cannot have" in found


def test_cash_is_never_negative() -> None:
    """A fund cannot pay before its budget comes."""
    tables = changed(AGEING, "budgets", 0, **{"from": "2028"})
    instance, plan = ageing(changed(tables, "rotation", 0, proceeds_to=None))
    frame = plan.funds.assign(
        opening=[0.0, 0.0, -3.0],
        budget=[0.0, 0.0, 4.0],
        proceeds=[0.0, 0.0, 0.0],
        lapsed=[0.0, -1.5, 0.5],
        closing=[0.0, -1.5, 0.5],
    )
    assert "2027: treasury closes with -1.5 USD; cash may not be negative" in messages(
        audit(instance, with_table(plan, "funds", frame))
    )


def test_a_stage_is_released_once() -> None:
    """The pilot cannot be begun again a year later."""
    instance, plan = financed()
    again = pd.DataFrame([["2027", "2027", "pilot", 1, "assay", 2.0, "2027"]], columns=TABLES["go"].names)
    found = messages(audit(instance, with_table(plan, "go", pd.concat([plan.go, again], ignore_index=True))))
    assert "2027: stage 1 of pilot has been released 2 times" in found
    assert "2027: 0 USD is paid for stage 1 of pilot, but 2 USD is due" in found


def test_half_a_release_is_caught() -> None:
    """A stage is released whole or not at all: half its cost is not a release."""
    instance, plan = financed()
    found = messages(audit(instance, with_cell(plan, "go", 0, "cost", 5.0)))
    assert found == ["2026: stage 1 of large is released at a cost of 5 USD, but it costs 10 USD"]


def test_a_milestone_beyond_the_horizon_is_no_milestone() -> None:
    """Released in 2030 with a year to go, the small plant would be verified in 2031."""
    instance, plan = financed()
    late = pd.DataFrame([["2030", "2030", "small", 1, "start", 15.0, "2030"]], columns=TABLES["go"].names)
    found = messages(audit(instance, with_table(plan, "go", pd.concat([plan.go, late], ignore_index=True))))
    assert "2030: stage 1 of small is released too late for its milestone to fall in the horizon" in found
    assert "2030: 2 projects of the group works are started; only one may be" in found
