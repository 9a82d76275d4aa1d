"""The tree model and the scenarios side by side with explicit non-anticipativity have the same optimum."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, seed

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from stockpile.solver.highs import Options, run
from stockpile.tree import build_tree
from tests.oracle.scenarios import scenario_wise, with_scenarios
from tests.oracle.test_oracle import drawing
from tests.oracle.verdict import plan_or_verdict

PARTS, EXAMPLES = 4, 40


def side_by_side(instance: Instance) -> float:
    """The optimum of the scenarios side by side in model money; inf where there is no plan."""
    outcome = run(scenario_wise(instance), Options(gap=0.0, time_limit=60.0))
    values = {"infeasible": math.inf, "unbounded": -math.inf}
    return values.get(outcome.status, outcome.objective)


@pytest.mark.parametrize(
    ("part", "examples"), [(0, 20), *(pytest.param(part, EXAMPLES, marks=pytest.mark.soak) for part in range(1, PARTS))]
)
def test_the_tree_is_the_scenarios_with_equal_decisions(part: int, examples: int) -> None:
    """A node that is shared too long, or a lag that leaves its path, would give another optimum."""
    seen = compared(part, with_scenarios(), examples)
    assert min(seen["plan"], seen["branches"]) >= examples // 4, seen
    assert min(seen["cvar"], seen["worst"], seen["before"], seen["duration"]) >= 1, seen


@pytest.mark.parametrize(("part", "examples"), [(PARTS, 6), pytest.param(PARTS + 1, 40, marks=pytest.mark.soak)])
def test_the_tree_is_the_scenarios_where_stages_fail(part: int, examples: int) -> None:
    """What is written off, paid and seen where a project ends is the same in both."""
    seen = compared(part, with_scenarios(failing=True), examples)
    assert min(seen["plan"], seen["outcome"]) >= examples // 6, seen
    assert seen["failed"] >= examples // 12, seen


def compared(part: int, strategy: Any, examples: int) -> Counter[str]:
    """Compare the two on random instances; how often what occurred in them."""
    seen: Counter[str] = Counter()

    @seed(part)
    @drawing(examples)
    @given(strategy)
    def compare(instance: Instance) -> None:
        from stockpile.data import make_data

        tree = build_tree(instance)
        plan = plan_or_verdict(instance)
        apart = side_by_side(instance) * make_data(instance, tree).money_scale
        if isinstance(plan, Plan):
            assert plan.summary["audit"]["breaches"] == 0
            size = max(abs(apart), sum(abs(cost) for cost in plan.costs.values()))
            assert math.isfinite(apart), plan.objective
            assert abs(plan.objective - apart) <= 1e-6 * size + 1e-8, (plan.objective, apart)
        else:
            assert plan == apart
        seen.update({"plan" if isinstance(plan, Plan) else "none"})
        seen.update({"branches"} if tree.branches else ())
        seen.update({instance.settings.risk.measure})
        quantities = set(instance.table("shocks")["quantity"]) if isinstance(plan, Plan) else set()
        seen.update(quantities & {"duration", "outcome"})
        seen.update({"failed"} if isinstance(plan, Plan) and len(plan.abandonments) and "outcome" in quantities else ())
        seen.update(
            {"before"} if "before" in (instance.settings.decisions.orders, instance.settings.decisions.releases) else ()
        )

    compare()
    return seen
