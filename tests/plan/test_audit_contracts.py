"""The audit of contracts: what it says, in the planner's words, where one of their rules is broken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from stockpile.plan.audit import audit
from stockpile.plan.plan import TABLES
from tests.plan.mutations import with_cell, with_table
from tests.plan.plans import changed, messages
from tests.plan.plans_contracts import CONTRACTED, OFFTAKE, begun_with_plant, contracted

LIMITS: list[tuple[str, int, dict[str, Any], str]] = [
    ("contracts", 0, {"sign_from": "2027"}, "2026: offtake is signed before its window opens"),
    ("contracts", 1, {"sign_until": "2027", "sign_from": None}, "2027: option is signed after its window has closed"),
    ("contracts", 0, {"duration": "1"}, "2027: 2 t is called under offtake while it does not run, or its source takes"),
    ("contracts", 0, {"max_rate": 2.5}, "2026: 3 t is called under offtake, 0.5 t over the 2.5 t that may be"),
    ("contracts", 0, {"min_rate": 3}, "2027: 2 t is called or paid for under offtake, 1 t below the least of 3 t"),
    ("contracts", 0, {"min_rate": 0.5}, "2027: 1 t is paid for under offtake and not taken, 0.5 t over the least of"),
    ("contracts", 0, {"price": 2}, "2026: the price of offtake is written as 3 USD/t, but it is 4 USD/t"),
    ("contracts", 0, {"index_factor": 1}, "2026: the price of offtake is written as 3 USD/t, but it is 5 USD/t"),
    ("contracts", 0, {"price_fixed": "call"}, "2027: the price of offtake is written as 3 USD/t, but it is 5 USD/t"),
    ("indices", 0, {"price": 6}, "2026: the price of offtake is written as 3 USD/t, but it is 4 USD/t"),
    ("prices", 1, {"price": 11}, "2028: the price of option is written as 6.75 USD/t, but it is 7.25 USD/t"),
    ("contracts", 1, {"ceiling": 7}, "2028: the price of option is written as 6.75 USD/t, but it is 7.5 USD/t"),
    ("contracts", 1, {"upside_share": 0.5}, "2028: the price of option is written as 6.75 USD/t, but it is 7.5 USD/t"),
    ("contracts", 1, {"floor": 5.5}, "2027: the price of option is written as 5 USD/t, but it is 5.5 USD/t"),
    ("contracts", 1, {"premium": 2}, "2027: signing option costs 1 USD, but its premium is 2 USD"),
    ("contracts", 2, {"price": 5}, "2026: the price of old is written as 4 USD/t, but it is 5 USD/t"),
    (
        "opening_contracts",
        0,
        {"contract": "offtake", "price": 3},
        "2026: offtake is signed although it was signed before",
    ),
    (
        "sources",
        1,
        {"qualified_from": "2027"},
        "2026: 3 t is called under offtake while it does not run, or its source",
    ),
    ("sources", 2, {"until": "2027"}, "2027: option is signed although nothing could arrive under it"),
    ("supply", 0, {"capacity": 1.5}, "2027: orders at works are 2 t, 0.5 t over its capacity of 1.5 t"),
    ("arrivals", 0, {"share": 1}, "2028: 0.5 t arrives under offtake, but of what was called for then 1 t does"),
    ("duties", 0, {"rate": 0.4}, "2027: the duty on what arrives under offtake is 4.5 USD, but the rate makes it 3.6"),
    ("funds", 0, {"commitment_limit": 8}, "2026: treasury has promised 9 USD that it has not yet paid, 1 USD over its"),
    (
        "resource_use",
        0,
        {"per_unit": 2},
        "2027: 8 of crew is written as used, but orders, deliveries, runs and stages t",
    ),
    (
        "resource_use",
        1,
        {"per_unit": 1},
        "2027: 8 of crew is written as used, but orders, deliveries, runs and stages ",
    ),
    ("pins", 0, {"from": "2028"}, "2028: pin have it: 0 is signed, 1 below the 1 required"),
    ("pins", 0, {"at_least": 0, "at_most": 0}, "2028: pin have it: 1 is signed, 1 over the 0 allowed"),
    ("funds", 1, {"uses": "projects"}, "2027: agency pays 2 USD of contracts, which it may not pay for"),
]


@pytest.mark.parametrize(("table", "row", "cells", "words"), LIMITS)
def test_a_limit_that_moves_is_caught_in_the_planners_words(
    table: str, row: int, cells: dict[str, Any], words: str
) -> None:
    """The plan stays as it was and one cell of the instance moves, so that one rule no longer holds."""
    result = audit(*contracted(changed(CONTRACTED, table, row, **cells)))
    assert any(text.startswith(words) for text in messages(result)), messages(result)


CELLS: list[tuple[str, int, str, object, str]] = [
    (
        "contracts",
        0,
        "until",
        "2026",
        "2026: contracts of offtake: until '2026' is not the last period in which it runs",
    ),
    ("contracts", 0, "source", "works", "2026: contracts of offtake: source 'works' is not whom the contract is with"),
    ("calls", 0, "arrives", "2026", "2026: calls of offtake: arrives '2026' is not when it arrives"),
    ("calls", 0, "cost", 8.0, "2026: what is called under offtake costs 8 USD, but at its price it is 9 USD"),
    (
        "contract_deliveries",
        1,
        "cost",
        8.0,
        "2027: what arrives under offtake costs 8 USD, but at its price it is 9 USD",
    ),
    ("commitments", 0, "amount", 8.0, "2026: funds promise 11 USD for the least rate of offtake, but it costs 12 USD"),
    ("payments", 1, "amount", 4.0, "2027: treasury pays 4 USD for contracts, 0.5 USD less than the 4.5 USD for which"),
]


@pytest.mark.parametrize(("table", "row", "column", "value", "words"), CELLS)
def test_a_cell_that_moves_is_caught_in_the_planners_words(
    table: str, row: int, column: str, value: object, words: str
) -> None:
    """The instance stays as it was and one cell of the plan moves."""
    instance, plan = contracted()
    found = messages(audit(instance, with_cell(plan, table, row, column, value)))
    assert any(text.startswith(words) for text in found), found


def test_a_contract_is_signed_once() -> None:
    """A second signing would let it run for longer."""
    instance, plan = contracted()
    again = pd.DataFrame([["2027", "2027", "offtake", "far", 3.0, "2028"]], columns=TABLES["contracts"].names)
    frame = pd.concat([plan.contracts, again], ignore_index=True)
    assert "2027: offtake is signed 2 times" in messages(audit(instance, with_table(plan, "contracts", frame)))


def test_nothing_is_called_before_it_is_signed() -> None:
    """The option of 2027 gives nothing in 2026."""
    instance, plan = contracted()
    frame = plan.contracts.assign(node=["2026", "2028"], period=["2026", "2028"])
    found = messages(audit(instance, replace(plan, tables={**plan.tables, "contracts": frame})))
    assert any(text.startswith("2027: 2 t is called under option while it does not run") for text in found), found


def test_what_binds_is_known() -> None:
    """The treasury has promised all that it may in 2026; the least rate of the offtake is met to the last tonne in 2027."""
    slacks = audit(*contracted()).slacks
    full = slacks[slacks["slack"] == 0]
    found = set(zip(full["family"], full["key"], full["node"], strict=True))
    assert ("commitment_limit", ("treasury",), "2026") in found
    assert ("take_or_pay", ("offtake",), "2027") in found
    assert ("greatest_rate", ("old",), "2026") not in found


WAITED: list[tuple[str, int, dict[str, Any], str]] = [
    ("stages", 0, {"duration": "2"}, "2027: offtake begins 1 times, but by its signature and its project 0 times"),
    ("stages", 0, {"duration": "2"}, "2027: 2 t is called under offtake while it does not run, or its source takes"),
    (
        "contracts",
        0,
        {"project": None},
        "record 2 of commencements: contract 'offtake': the instance has no such one here",
    ),
    ("contracts", 0, {"project": "line"}, "2026: offtake begins 0 times, but by its signature and its project 1 times"),
    ("contracts", 0, {"duration": "3"}, "2029: 0 t is called or paid for under offtake, 1 t below the least of 1 t"),
    (
        "requires",
        0,
        {"needs_contract": "swap"},
        "2026: stage 1 of plant is released before swap, which it needs, is signed",
    ),
    (
        "requires",
        1,
        {"needs_contract": "swap"},
        "2026: stage 1 of line is released before all that one of its alternatives needs is verified or signed",
    ),
]


@pytest.mark.parametrize(("table", "row", "cells", "words"), WAITED)
def test_what_waits_for_what_is_caught(table: str, row: int, cells: dict[str, Any], words: str) -> None:
    """The plan stays as it was, and the contract waits for something else, or what lenders ask for is another contract."""
    found = messages(audit(*begun_with_plant(changed(OFFTAKE, table, row, **cells))))
    assert any(text.startswith(words) for text in found), found


@pytest.mark.parametrize(
    ("table", "column", "value", "words"),
    [
        (
            "commencements",
            "until",
            "2027",
            "2027: commencements of offtake: until '2027' is not the last period in which it",
        ),
        ("commencements", "project", "line", "2027: commencements of offtake: project 'line' is not the project that"),
        ("contracts", "until", "2028", "2026: contracts of offtake: until '2028' is not the last period in which it"),
    ],
)
def test_when_it_begins_and_ends_is_told_truly(table: str, column: str, value: str, words: str) -> None:
    """What the plan says of a beginning is what follows from the signature and the project."""
    instance, plan = begun_with_plant()
    found = messages(audit(instance, with_cell(plan, table, 0, column, value)))
    assert any(text.startswith(words) for text in found), found


def test_a_project_that_delivers_is_not_abandoned() -> None:
    """Given up in 2028, the plant would owe the second year of the offtake; in 2029 it may be."""
    instance, plan = begun_with_plant()
    words = "the project of offtake is abandoned, but the contract runs"
    for year, wrong in (("2028", True), ("2029", False)):
        row = pd.DataFrame([[year, year, "plant", 3.0]], columns=TABLES["abandonments"].names)
        found = messages(audit(instance, with_table(plan, "abandonments", row)))
        assert (f"{year}: {words}" in found) == wrong, found


def test_what_was_signed_and_built_before_has_begun() -> None:
    """With a plant of before the horizon the offtake has a year left: what the plan calls in 2027 and 2028 is too late."""
    before = {"opening_stages": [{"project": "plant", "stage": 1, "age": "2"}]}
    old = {**OFFTAKE, **before, "opening_contracts": [{"contract": "offtake", "age": "3"}]}
    found = messages(audit(*begun_with_plant(old)))
    assert any(text.startswith("2026: 0 t is called or paid for under offtake, 1 t below the least") for text in found)
    assert any(text.startswith("2027: 2 t is called under offtake while it does not run") for text in found)
