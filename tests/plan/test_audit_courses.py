"""The audit of stages that are late or fail."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from stockpile.engine import solve
from stockpile.instance import Instance
from stockpile.plan.audit import audit
from stockpile.plan.plan import Plan
from tests.models.base import Rows
from tests.models.cases_courses import fails, held_up
from tests.plan.mutations import mutations
from tests.plan.plans import messages


@cache
def planned(make: Callable[[], Instance]) -> tuple[Instance, Plan]:
    """An instance with its plan."""
    instance = make()
    return instance, solve(instance)


def without(instance: Instance, *scenarios: str) -> Instance:
    """The instance without the shocks of some scenarios."""
    shocks = instance.tables["shocks"]
    return Instance.from_tables(
        instance.name,
        instance.settings.as_document(),
        {**instance.tables, "shocks": shocks[~shocks["scenario"].isin(scenarios)]},
    )


def test_the_failure_by_hand() -> None:
    """The pilot takes 30 in 2026.  In 2028 it has failed or the mill and the second stage go ahead, and 20 are due in 2029.

    Good: imports of 5, 5, 4, 1.5, 0 and 0 at 20, the rest from the plant at 1.  Bad: 30 at 20, 2 to end it; of the 36.3 owed a
    quarter comes back.
    """
    instance, plan = planned(fails)
    assert messages(audit(instance, plan)) == []
    assert plan.go[["node", "project", "stage", "verified"]].to_numpy().tolist() == [
        ["2026", "plant", 1, ""],
        ["2028 good", "plant", 2, "2029"],
        ["2028 good", "mill", 1, "2028"],
    ]
    assert plan.tables["abandonments"][["node", "project", "cost"]].to_numpy().tolist() == [["2028 bad", "plant", 2]]
    bad = plan.outcomes.set_index("scenario")["cost"]["bad"]
    assert bad == pytest.approx(600 + 30 + 2 - 0.25 * 36.3)


def test_the_delay_by_hand() -> None:
    """Released in 2026 the first stage ends in 2028, or in 2029 when the strike is over; its tranche is due then, as promised."""
    instance, plan = planned(held_up)
    assert messages(audit(instance, plan)) == []
    paid = plan.tables["disbursements"].groupby(["node", "project", "stage"])["amount"].sum()
    assert paid.to_dict() == pytest.approx(
        {
            ("2027 good", "dam", 1): 10,
            ("2028 good", "plant", 1): 30,
            ("2028 good", "plant", 2): 20,
            ("2029 bad", "dam", 1): 10,
            ("2029 bad", "plant", 1): 30,
            ("2029 bad", "plant", 2): 20,
        }
    )
    used = plan.tables["resources"].query("used > 0")["node"].tolist()
    assert used == ["2026", "2027 good", "2027 bad", "2028 good", "2028 bad", "2029 bad"]


@pytest.mark.parametrize("make", [fails, held_up])
def test_every_changed_number_is_caught(make: Callable[[], Instance]) -> None:
    """Numbers of every table, and rows gone or doubled."""
    instance, plan = planned(make)
    assert [what for what, mutant in mutations(plan) if audit(instance, mutant).clean] == []


@pytest.mark.parametrize("make", [fails, held_up])
def test_a_plan_for_other_courses_is_caught(make: Callable[[], Instance]) -> None:
    """The plan of the tree with its shocks is none for the instance without them."""
    instance, plan = planned(make)
    assert not audit(without(instance, "bad"), plan).clean


def test_going_on_after_a_failure_is_caught() -> None:
    """Without its row of abandonments the plan goes on with a plant that failed."""
    instance, plan = planned(fails)
    tables = {**plan.tables, "abandonments": plan.tables["abandonments"].iloc[:0]}
    found = messages(audit(instance, Plan(plan.summary, tables)))
    assert any("stage 1 of plant fails, which ends the project, but the plan goes on with it" in text for text in found)


def test_shocks_from_the_start_are_other_data() -> None:
    """A delay in all futures that everybody knows of is a longer stage, and a plant that must fail is not begun."""
    instance = held_up()
    always: Rows = [{"shock": "strike", "quantity": "duration", "project": "plant", "factor": 2}]
    rest = {name: frame for name, frame in instance.tables.items() if name not in ("scenarios", "shocks")}
    stages = instance.tables["stages"].copy()
    stages["duration"] = ["4", "2", "2"]
    document = instance.settings.as_document()
    shocked = solve(Instance.from_tables("always", document, {**rest, "shocks": always}))
    longer = solve(Instance.from_tables("longer", document, {**rest, "stages": stages}))
    assert shocked.objective == pytest.approx(longer.objective)
    assert shocked.go["verified"].tolist() == longer.go["verified"].tolist()
