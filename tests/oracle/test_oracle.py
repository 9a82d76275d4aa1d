"""The engine finds the truth on small random instances of every kind."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from stockpile import engine
from stockpile.errors import InfeasibleError, UnboundedError
from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.oracle.coverage import features
from tests.oracle.strategies import instances
from tests.oracle.truth import truth

PARTS, EXAMPLES = 4, 60

QUIET = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


def plan_or_verdict(instance: Instance) -> Plan | float:
    """The plan; inf where the engine says infeasible, -inf where it says unbounded."""
    try:
        return engine.solve(instance, gap=0)
    except InfeasibleError:
        return math.inf
    except UnboundedError:
        return -math.inf


def agrees(instance: Instance, plan: Plan | float, value: float | None) -> bool:
    """Whether a plan or a verdict is that of the truth, to 1e-6 of the costs that make up the objective."""
    wanted = math.inf if value is None else value
    if not isinstance(plan, Plan):
        return plan == wanted
    size = max(abs(wanted), sum(abs(cost) for cost in plan.costs.values()))
    return math.isfinite(wanted) and abs(plan.objective - wanted) <= 1e-6 * size + 1e-8


@pytest.mark.parametrize("part", range(PARTS))
def test_the_engine_finds_the_truth(part: int) -> None:
    """Every discrete assignment was tried, each with a linear program that shares nothing with the model."""
    seen: Counter[str] = Counter()

    @seed(part)
    @QUIET
    @given(instances())
    def compare(instance: Instance) -> None:
        best = truth(instance)
        plan = plan_or_verdict(instance)
        assert agrees(instance, plan, best.objective), (getattr(plan, "objective", plan), best)
        if isinstance(plan, Plan):
            assert plan.summary["audit"]["breaches"] == 0
            assert plan.status == "optimal"
        seen.update(features(instance, plan if isinstance(plan, Plan) else None))
        seen.update(
            {"instances"}, {"infeasible"} if best.objective is None else {f"two to the {bits(best.assignments)}"}
        )

    compare()
    assert seen["instances"] >= EXAMPLES
    assert not {name: count for name, count in least(EXAMPLES).items() if seen[name] < count}, seen


def bits(count: int) -> int:
    """The power of two at or below a count."""
    return count.bit_length() - 1
