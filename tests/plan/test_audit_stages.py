"""The audit of deadlines, abandonment, alternatives and stages under way: what it says, in the planner's words, where one of them is broken."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from stockpile.plan.audit import audit
from stockpile.plan.plan import TABLES
from tests.plan.mutations import with_cell, with_table
from tests.plan.plans import Tables, changed, messages
from tests.plan.plans_stages import GIVEN_UP, UNDER_WAY, given_up, under_way

LIMITS: list[tuple[str, int, dict[str, Any], str]] = [
    (
        "projects",
        0,
        {"may_abandon": None, "exit_cost": None},
        "record 2 of abandonments: project 'mine': the instance has no such one here",
    ),
    ("projects", 0, {"exit_cost": 5}, "2028: abandoning mine costs 3 USD, but its exit cost is 5 USD"),
    ("projects", 0, {"exit_cost": 5}, "2028: funds pay 3 USD of exit_costs, but 5 USD is spent"),
    ("stages", 1, {"pay_on": "release"}, "2027: 0 USD is paid for stage 2 of mine, but 10 USD is due"),
    ("stages", 1, {"duration": "1"}, "2028: 0 USD is paid for stage 2 of mine, but 10 USD is due"),
    ("requires", 0, {"needs_stage": 2}, "2029: stage 1 of line is released before stage 2 of mine, which it needs"),
    (
        "effects",
        0,
        {"after": 2, "kind": "capacity", "name": "yard"},
        "record 2 of effects: kind 'supply': the instance has no such one here",
    ),
]


@pytest.mark.parametrize(("table", "row", "cells", "words"), LIMITS)
def test_a_limit_that_moves_is_caught_in_the_planners_words(
    table: str, row: int, cells: dict[str, Any], words: str
) -> None:
    """The plan stays as it was and one cell of the instance moves, so that one rule no longer holds."""
    yard: Tables = {"stores": [{"store": "yard"}]}
    found = messages(audit(*given_up(changed({**GIVEN_UP, **yard}, table, row, **cells))))
    assert any(text.startswith(words) for text in found), found


def third(deadline: str) -> Tables:
    """The same with stages that take no time and a third one, which the plan never releases."""
    stage = {"project": "mine", "stage": 3, "milestone": "more", "duration": "0", "cost": 1, "deadline": deadline}
    return {**GIVEN_UP, "stages": [*({**row, "duration": "0"} for row in GIVEN_UP["stages"]), stage]}


def test_what_misses_a_deadline_is_abandoned() -> None:
    """A third stage due by 2027 is not released, so the mine may not go on until 2028; due by 2028 it may."""
    words = "2027: mine has not released stage 3 by its deadline, so it is abandoned, but the plan goes on with it"
    assert words in messages(audit(*given_up(third("2027"))))
    assert not [text for text in messages(audit(*given_up(third("2028")))) if "deadline" in text]


def test_a_stage_is_released_before_its_deadline() -> None:
    """The second stage may be released until 2027."""
    instance, plan = given_up()
    late = with_cell(with_cell(plan, "go", 1, "node", "2028"), "go", 1, "period", "2028")
    assert "2028: stage 2 of mine is released on or after its deadline" in messages(audit(instance, late))


def test_what_has_lapsed_is_not_begun() -> None:
    """Begun in 2027 with a third stage due by then, the mine would never be abandoned."""
    instance, plan = given_up(third("2027"))
    late = with_cell(with_cell(plan, "go", 0, "node", "2027"), "go", 0, "period", "2027")
    found = messages(audit(instance, late))
    assert "2027: mine is begun on or after the deadline of one of its stages, by which it lapses" in found


@pytest.mark.parametrize(
    ("year", "words"),
    [
        ("2026", "2026: mine is abandoned, but it was not begun in a period before"),
        ("2027", "2027: stage 2 of mine is released, but the project is abandoned"),
        ("2027", "2027: the supply that stage 1 of mine brings to works is 2 t, but it is 0 t"),
        ("2029", "2029: 0 USD is paid for stage 2 of mine, but 10 USD is due"),
        ("2029", "2028: the revenue that stage 1 of mine brings to treasury is 0 USD, but it is 1 USD"),
    ],
)
def test_abandoned_at_another_time(year: str, words: str) -> None:
    """What is verified in the period of abandonment is known before it, and paid for."""
    instance, plan = given_up()
    moved = with_cell(with_cell(plan, "abandonments", 0, "node", year), "abandonments", 0, "period", year)
    found = messages(audit(instance, moved))
    assert words in found


def test_a_project_is_abandoned_once() -> None:
    """A second exit would be paid for nothing."""
    instance, plan = given_up()
    again = pd.DataFrame([["2029", "2029", "mine", 3.0]], columns=TABLES["abandonments"].names)
    twice = pd.concat([plan.abandonments, again], ignore_index=True)
    assert "2029: mine has been abandoned 2 times" in messages(audit(instance, with_table(plan, "abandonments", twice)))


BEGUN: list[tuple[str, int, dict[str, Any], str]] = [
    (
        "opening_stages",
        0,
        {"age": "3"},
        "2026: the supply that stage 1 of pit brings to works is 2 t, but it is 3 t",
    ),
    ("opening_stages", 1, {"age": "3"}, "2026: 0 USD is paid for stage 1 of shaft, but 7 USD is due"),
    ("opening_stages", 1, {"age": "4"}, "2027: 7 USD is paid for stage 1 of shaft, but 0 USD is due"),
    (
        "requires",
        1,
        {"alternative": 1},
        "2026: stage 1 of line is released before stage 1 of shaft, which it needs, is verified",
    ),
    (
        "requires",
        1,
        {"needs_project": "shaft"},
        "2026: stage 1 of line is released before all that one of its alternatives needs is verified",
    ),
]


@pytest.mark.parametrize(("table", "row", "cells", "words"), BEGUN)
def test_another_past_is_caught(table: str, row: int, cells: dict[str, Any], words: str) -> None:
    """The plan stays as it was and what was released before the horizon, or what a release needs, is something else."""
    found = messages(audit(*under_way(changed(UNDER_WAY, table, row, **cells))))
    assert any(text.startswith(words) for text in found), found


def test_what_was_released_is_not_released_again() -> None:
    """The line was begun before the horizon: its second release would be paid for nothing."""
    again = [*UNDER_WAY["opening_stages"], {"project": "line", "stage": 1, "age": "1"}]
    found = messages(audit(*under_way({**UNDER_WAY, "opening_stages": again})))
    assert "2026: stage 1 of line has been released 2 times" in found
