"""The audit of processing: what it says, in the planner's words, where one of its rules is broken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from stockpile.plan.audit import audit
from tests.plan.mutations import with_cell, with_table
from tests.plan.plans import changed, messages
from tests.plan.plans_processing import BLENDING, MAKING, SPARING, blending, making, sparing

LIMITS: list[tuple[str, int, dict[str, Any], str]] = [
    ("capacity", 0, {"capacity": 4}, "2027: separation is run 5 t, 1 t over its capacity of 4 t"),
    ("capacity", 1, {"capacity": 2.5}, "2028: smelting is run 5 t, 0.5 t over its capacity of 4.5 t"),
    ("capacity", 2, {"until": "2027"}, "2027: casting is run 0.8 t, 0.8 t over its capacity of 0 t"),
    ("effects", 0, {"amount": 1}, "2028: smelting is run 5 t, 1 t over its capacity of 4 t"),
    ("effects", 0, {"amount": 1}, "2028: the process that stage 1 of furnace brings to smelting is 2 t, but it is 1 t"),
    ("processes", 0, {"lead_time": "2"}, "2027: separation is run 5 t although what it makes would arrive after the h"),
    ("processes", 0, {"cost": 2}, "2026: cost of the run of separation is 3 USD, but its level makes it 6 USD"),
    ("processes", 0, {"energy": 3}, "2026: energy of the run of separation is 6 MWh, but its level makes it 9 MWh"),
    ("processes", 0, {"emissions": 1}, "2026: emissions of the run of separation is 1.5 t, but its level makes it 3 t"),
    ("processes", 0, {"energy": 3}, "plan.json: energy of processes is 16 MWh, but the tables make it 24 MWh"),
    ("processes", 1, {"set_up_cost": 5}, "2026: the set-up of smelting costs 3 USD, but its charge is 5 USD"),
    ("processes", 1, {"min_run": 2.5}, "2027: smelting is run 2 t, 0.5 t below its least run of 2.5 t"),
    ("processes", 1, {"runs_with": "casting"}, "2026: smelting runs although casting does not, which must run with it"),
    (
        "processes",
        0,
        {"store": "south"},
        "2026: 0 t of oxide is put into store south, 3 t less than is delivered there",
    ),
    ("processes", 1, {"store": "north"}, "2026: 0 t of oxide is taken from store north, 3 t less than is served from"),
    (
        "recipes",
        0,
        {"amount": -5},
        "2026: taken of ore by separation is written as 12 t, but by its recipe the run take",
    ),
    (
        "recipes",
        2,
        {"amount": 3},
        "2027: brought of cerium by separation is written as 6 t, but by its recipe the runs b",
    ),
    (
        "opening_runs",
        0,
        {"level": 4},
        "2026: brought of oxide by separation is written as 3 t, but by its recipe the ru",
    ),
    (
        "resource_use",
        0,
        {"per_unit": 2},
        "2028: 7 of crew is written as used, but orders, deliveries, runs and stages t",
    ),
    (
        "resource_use",
        0,
        {"per_order": 3},
        "2027: 4 of crew is written as used, but orders, deliveries, runs and stages",
    ),
    ("funds", 1, {"uses": "storage"}, "2026: works pays 12 USD of processing, which it may not pay for"),
]


@pytest.mark.parametrize(("table", "row", "cells", "words"), LIMITS)
def test_a_limit_that_moves_is_caught_in_the_planners_words(
    table: str, row: int, cells: dict[str, Any], words: str
) -> None:
    """The plan stays as it was and one cell of the instance moves, so that one rule no longer holds."""
    found = messages(audit(*making(changed(MAKING, table, row, **cells))))
    assert any(text.startswith(words) for text in found), found


BLENDS: list[tuple[str, int, dict[str, Any], str]] = [
    ("blend", 0, {"min": 7}, "2026: hardness of what goes into melting is 30 together, 5 below its bound of 35"),
    ("blend", 1, {"max": 3.5}, "2027: hardness of what goes into melting is 12 together, 1.5 over its bound of 10.5"),
    (
        "attributes",
        0,
        {"value": 9},
        "2027: hardness of what goes into melting is 12.6 together, 0.6 over its bound of 12",
    ),
    ("attributes", 1, {"value": 2}, "2026: the mean hardness of what goes into melting is written as 6, but it is 5.6"),
    (
        "recipes",
        2,
        {"amount": 1},
        "2026: brought of alloy by melting is written as 4.5 t, but by its recipe the runs brin",
    ),
]


@pytest.mark.parametrize(("table", "row", "cells", "words"), BLENDS)
def test_a_bound_of_a_blend_that_moves_is_caught(table: str, row: int, cells: dict[str, Any], words: str) -> None:
    """The plan stays as it was and one cell of the instance moves."""
    found = messages(audit(*blending(changed(BLENDING, table, row, **cells))))
    assert any(text.startswith(words) for text in found), found


def test_free_inputs_are_the_run() -> None:
    """What goes in and is not counted would make the alloy out of nothing."""
    instance, plan = blending()
    row = int(np.flatnonzero(plan.conversions["good"] == "soft")[0])
    found = messages(audit(instance, with_cell(plan, "conversions", row, "taken", 1.0)))
    assert "2026: the free inputs of melting add up to 4 t, but it is run 5 t" in found


def test_what_falls_away_of_demand_is_what_projects_bring() -> None:
    """Demand, tiers and days of cover are those of what is left."""
    found = messages(audit(*sparing(changed(SPARING, "effects", 0, amount=0.2))))
    assert "2028: the demand share that stage 1" not in found
    for words in (
        "2027: the demand of plant for Dy is written as 8 t, but it is 9 t",
        "2028: the target of Dy is written as 1.2 t, but it is 1.6 t",
        "2028: the demand that stage 1 of lean brings to Dy is 0.4, but it is 0.2",
    ):
        assert words in found, found
    tight = messages(audit(*sparing(changed(SPARING, "tiers", 0, share=0.1))))
    assert "2027: shortfall of Dy for plant in tier 1 is 1 t, 0.2 t over the tier's share of demand" in tight


def test_a_chain_closes_to_a_millionth_of_what_goes_through() -> None:
    """0.00002 t of 12 + 3 + 6 + 2.4 t that go through the chain of 2026 may be lost in rounding, 0.0002 t may not."""
    instance, plan = making()
    row = int(np.flatnonzero(plan.balance["good"] == "ore")[0])
    for lost, told in ((2e-6, False), (2e-4, True)):
        frame = with_cell(plan, "balance", row, "received", 12 + lost).balance
        found = messages(audit(instance, with_table(plan, "balance", frame)))
        assert any(text.startswith("2026: the chain of processes of ore:") for text in found) == told, found


def test_energy_and_emissions_are_in_plan_json_where_there_are_processes() -> None:
    """A total that is missing, or one of a plan without processes, says something that nobody checked."""
    instance, plan = making()
    bare = replace(plan, summary={k: v for k, v in plan.summary.items() if k != "energy"})
    assert "plan.json: energy is there if and only if the instance has processes" in messages(audit(instance, bare))
    joules = replace(plan, summary={**plan.summary, "energy": {"value": 16.0, "unit": "GJ"}})
    assert "plan.json: energy is in 'GJ', but the instance has 'MWh'" in messages(audit(instance, joules))
    odd = replace(plan, summary={**plan.summary, "emissions": 4})
    assert "plan.json: emissions is 4, not a value and a unit" in messages(audit(instance, odd))
    other, without = sparing()
    more = replace(without, summary={**without.summary, "energy": {"value": 0.0, "unit": "MWh"}})
    assert "plan.json: energy is there if and only if the instance has processes" in messages(audit(other, more))


def test_what_binds_is_known() -> None:
    """The furnace is full in 2026 and, enlarged, in 2028, and run at its least in 2027."""
    slacks = audit(*making()).slacks
    full = slacks[(slacks["slack"].abs() < 1e-9) & slacks["family"].isin(["process_capacity", "least_run"])]
    assert set(zip(full["family"], full["key"], full["node"], strict=True)) == {
        ("process_capacity", ("smelting",), "2026"),
        ("process_capacity", ("smelting",), "2028"),
        ("least_run", ("smelting",), "2027"),
    }
