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
from tests.models.cases_courses import at_stake, careful, covered, fails, held_up
from tests.models.cases_scenarios import with_sections
from tests.plan.mutations import missed
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
    assert missed(instance, plan) == []


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


def test_the_nested_measure_by_hand() -> None:
    """180 if prices stay, 264 if they rise, when all is bought at once and the rest kept for 24, whatever follows.

    Their mean is 222, and the mean of the worst 40 % is 264: half of each counts.
    """
    instance, plan = planned(careful)
    assert messages(audit(instance, plan)) == []
    assert plan.outcomes["cost"].tolist() == pytest.approx([180, 264, 264])
    assert plan.summary["risk"]["tail"] == pytest.approx(243)
    assert plan.objective == pytest.approx(243)
    assert solve(with_sections(instance, risk={})).objective == pytest.approx(222)


def test_nested_is_cvar_where_there_is_one_fork() -> None:
    """The tail of what follows the only fork is the tail of all."""
    instance, _ = planned(covered)
    for of in ("cost", "shortfall"):
        found = [
            solve(with_sections(instance, risk={"measure": measure, "of": of, "level": 0.6, "weight": 0.4})).objective
            for measure in ("nested", "cvar")
        ]
        assert found[0] == pytest.approx(found[1])


def test_the_chance_of_cover_by_hand() -> None:
    """5.5 of the 6 are kept: half a unit is short, for 6, with 80 % at most, and 14.5 with the rest. Two are enough on average."""
    instance, plan = planned(covered)
    assert messages(audit(instance, plan)) == []
    assert plan.outcomes["shortfall"].tolist() == pytest.approx([0, 6, 174])
    assert plan.summary["cover"] == pytest.approx({"asked": 0.75, "shortfall": 6, "probability": 0.8})
    free = solve(with_sections(instance, risk={}))
    assert free.objective < plan.objective - 1
    assert any("but 0.75 is asked" in text for text in messages(audit(instance, with_risk_of(free, plan))))


def with_risk_of(plan: Plan, other: Plan) -> Plan:
    """A plan that says of risk what another says."""
    return Plan({**plan.summary, "cover": other.summary["cover"]}, plan.tables)


def test_what_taxpayers_may_lose_decides() -> None:
    """A quarter of what was lent comes back, and half of what the bank lent is guaranteed: 4 + 0.75 x 2 + 0.375 x 18.2 are lost."""
    instance, plan = planned(at_stake)
    assert messages(audit(instance, plan)) == []
    assert plan.go.empty
    bold = with_sections(instance, risk={"measure": "worst", "of": "taxpayer_loss", "limit": 13})
    found = solve(bold)
    assert messages(audit(bold, found)) == []
    assert found.outcomes["taxpayer_loss"].tolist() == pytest.approx([0, 4 + 0.75 * 2 + 0.375 * 18.2])
    assert found.objective < plan.objective - 1
    lost = found.tables["outcomes"].copy()
    lost.loc[1, "taxpayer_loss"] = 9.0
    told = Plan(found.summary, {**found.tables, "outcomes": lost})
    assert any("is written to lose taxpayers" in text for text in messages(audit(bold, told)))
