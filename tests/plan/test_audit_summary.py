"""The audit of plan.json: identity, costs, objective, bound, gap and status go with the tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from stockpile.plan.audit import audit
from stockpile.plan.plan import Plan
from tests.plan.plans import ageing, messages


def with_summary(plan: Plan, **values: Any) -> Plan:
    return replace(plan, summary={**plan.summary, **values})


SUMMARIES: list[tuple[dict[str, Any], str]] = [
    ({"format": 2}, "plan.json: format 2 is not 1"),
    ({"objective": 9.0}, "plan.json: the objective is 9 USD, but the tables make it 8 USD"),
    ({"objective": None}, "plan.json: objective is None, not a number"),
    ({"bound": 8.5}, "plan.json: the bound 8.5 USD is above the objective"),
    ({"bound": 4.0}, "plan.json: the gap is 0, but the tables make it 0.5"),
    ({"bound": 4.0, "gap": 0.5}, "plan.json: optimal, but the gap 0.5 is above the 0.0001 asked for"),
    ({"bound": None, "gap": None}, "plan.json: a plan that is 'optimal' has a bound and a gap"),
    ({"status": "best"}, "plan.json: status 'best' is neither 'optimal' nor 'feasible'"),
    ({"status": "feasible"}, "plan.json: 'feasible' does not go with stopped_by None"),
    ({"stopped_by": "time limit"}, "plan.json: 'optimal' does not go with stopped_by 'time limit'"),
    ({"costs": {}}, "plan.json: the cost purchases is missing"),
    ({"objective": float("nan")}, "plan.json: objective is nan, not a number"),
    ({"context": None}, "plan.json: the context does not have horizon, discount_rate"),
    ({"context": {"horizon": {}}}, "plan.json: horizon of the context is not that of the instance"),
    ({"units": {}}, "plan.json: units {} are not those of the instance"),
    (
        {"instance": {"hash": "0"}},
        "plan.json: the plan was made for another instance, or the instance has changed since",
    ),
]


@pytest.mark.parametrize(("values", "words"), SUMMARIES)
def test_a_summary_that_does_not_go_with_the_tables_is_caught(values: dict[str, Any], words: str) -> None:
    """plan.json is what most readers see."""
    instance, plan = ageing()
    assert any(text.startswith(words) for text in messages(audit(instance, with_summary(plan, **values))))


def test_each_named_cost_is_caught() -> None:
    """Two costs changed against each other leave the objective right."""
    instance, plan = ageing()
    costs = {**plan.costs, "purchases": 4.0, "interest": -1.0}
    assert messages(audit(instance, with_summary(plan, costs=costs))) == [
        "plan.json: the cost purchases is 4 USD, but the tables make it 3 USD",
        "plan.json: the cost interest is -1 USD, but the tables make it 0 USD",
    ]
    more = with_summary(plan, costs={**plan.costs, "gifts": 0.0})
    assert messages(audit(instance, more)) == ["plan.json: gifts is not a cost"]


def test_a_plan_stopped_early_is_clean_without_a_bound() -> None:
    """A search that was stopped at once may know a plan and no bound."""
    instance, plan = ageing()
    stopped = with_summary(plan, status="feasible", stopped_by="time limit", bound=None, gap=None)
    assert messages(audit(instance, stopped)) == []
