"""The audit of scenarios: paths, what each costs, risk, and decisions in the dark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from stockpile.engine import solve
from stockpile.instance import Instance
from stockpile.plan.audit import audit
from stockpile.plan.plan import Plan
from tests.models.cases_scenarios import built_in_the_dark, gamble, unseen
from tests.plan.mutations import missed, with_cell
from tests.plan.plans import messages


@cache
def planned(make: Callable[[], Instance]) -> tuple[Instance, Plan]:
    """An instance with its plan."""
    instance = make()
    return instance, solve(instance)


def test_the_gamble_by_hand() -> None:
    """4 of the 10 are stored at 15 each: 40 + 100 + 60 without a ban, 40 + 40 + 60 + 240 with it, which the limit allows.

    The mean is 0.7 x 200 + 0.3 x 380 = 254; a tenth of the 126 that the worst fifth is above it counts.
    """
    instance, plan = planned(gamble)
    assert messages(audit(instance, plan)) == []
    assert plan.outcomes[["scenario", "probability", "cost"]].to_numpy().tolist() == [
        ["calm", 0.7, 200],
        ["ban", 0.3, 380],
    ]
    assert plan.summary["risk"] == pytest.approx(
        {"measure": "cvar", "of": "cost", "level": 0.8, "weight": 0.1, "limit": 380, "mean": 254, "tail": 380}
    )
    assert plan.costs["risk"] == pytest.approx(12.6)
    assert plan.objective == pytest.approx(266.6)


@pytest.mark.parametrize("make", [gamble, unseen, built_in_the_dark])
def test_every_changed_number_of_scenarios_is_caught(make: Callable[[], Instance]) -> None:
    """Numbers of every table, and rows gone or doubled: of paths, outcomes and all that stands by node."""
    instance, plan = planned(make)
    assert missed(instance, plan) == []
    paths = plan.tables["paths"]
    for frame in (paths.iloc[1:], paths.assign(scenario=paths["scenario"].iloc[0])):
        assert not audit(instance, replace(plan, tables={**plan.tables, "paths": frame})).clean


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"tail": 379.0}, "plan.json: tail of risk is 379.0, but it is 380.0"),
        ({"mean": 200.0}, "plan.json: mean of risk is 200.0, but it is 254.0"),
        ({"level": 0.9}, "plan.json: level of risk is 0.9, but it is 0.8"),
        ({"measure": "worst"}, "plan.json: measure of risk is 'worst', but it is 'cvar'"),
    ],
)
def test_what_is_said_of_risk_is_checked(cells: dict[str, Any], words: str) -> None:
    """A tail that is shown smaller than it is would be trusted."""
    instance, plan = planned(gamble)
    told = replace(plan, summary={**plan.summary, "risk": {**plan.summary["risk"], **cells}})
    assert words in messages(audit(instance, told))


def test_a_limit_that_is_broken_is_caught() -> None:
    """The same plan where 370 is the most."""
    instance, plan = planned(gamble)
    document = instance.settings.as_document()
    tight = Instance.from_tables("gamble", {**document, "risk": {**document["risk"], "limit": 370}}, instance.tables)
    found = messages(audit(tight, plan))
    assert "the mean of the tail is 380 USD, but its limit is 370 USD" in found


def test_risk_where_there_is_none_is_caught() -> None:
    """A plan that claims to be careful for an instance that is not."""
    instance, plan = planned(built_in_the_dark)
    told = replace(plan, summary={**plan.summary, "risk": {"measure": "cvar"}})
    assert "plan.json: risk is there, but the instance takes no account of it" in messages(audit(instance, told))


def test_an_order_that_peeks_is_caught() -> None:
    """More is ordered where demand doubled, though nobody could know."""
    instance, plan = planned(unseen)
    steps = plan.order_steps
    row = int(steps.index[steps["node"] == "2027 ban"][0])
    more = float(steps["quantity"].iloc[row]) + 1
    found = messages(audit(instance, with_cell(plan, "order_steps", row, "quantity", more)))
    assert any("but where the same is known" in text for text in found), found


def test_seeing_what_cannot_be_seen_would_pay() -> None:
    """The price of deciding before the period is seen is more than nothing."""
    for make in (unseen, built_in_the_dark):
        instance, plan = planned(make)
        document = {k: v for k, v in instance.settings.as_document().items() if k != "decisions"}
        assert solve(Instance.from_tables("seen", document, instance.tables)).objective < plan.objective - 1
