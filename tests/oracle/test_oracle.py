"""The engine finds the truth on small random instances of every kind."""

from __future__ import annotations

import math
from collections import Counter
from itertools import islice

import pytest
from hypothesis import HealthCheck, Phase, assume, given, seed, settings

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.oracle.assignments import assignments
from tests.oracle.coverage import EVERY, features
from tests.oracle.draw_lineage import chains
from tests.oracle.facts import Facts
from tests.oracle.strategies import instances
from tests.oracle.truth import truth
from tests.oracle.verdict import plan_or_verdict

PARTS, EXAMPLES = 5, 60
MOST = 1024
"""Assignments of an instance that is small enough to try them all; another is drawn for one with more."""
REACHED = 1600
"""Instances among which every block is to occur, and LEAST times at that."""
LEAST = 3
CHAINS = 200
"""Chains of traced goods that are counted, too; ``test_lineage.py`` compares such."""


def drawing(examples: int) -> settings:
    """The same examples in every run."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


def agrees(instance: Instance, plan: Plan | float, value: float | None) -> bool:
    """Whether a plan or a verdict is that of the truth, to 1e-6 of the costs that make up the objective."""
    wanted = math.inf if value is None else value
    if not isinstance(plan, Plan):
        return plan == wanted
    size = max(abs(wanted), sum(abs(cost) for cost in plan.costs.values()))
    return math.isfinite(wanted) and abs(plan.objective - wanted) <= 1e-6 * size + 1e-8


@pytest.mark.parametrize(
    ("part", "examples"), [(0, 30), *(pytest.param(part, EXAMPLES, marks=pytest.mark.soak) for part in range(PARTS))]
)
def test_the_engine_finds_the_truth(part: int, examples: int) -> None:
    """Every discrete assignment was tried, each with a linear program that shares nothing with the model.

    The examples of part 0 shrink when they fail; those of the others differ more.
    """
    seen: Counter[str] = Counter()

    @seed(part)
    @drawing(examples)
    @given(instances(scattered=part > 0))
    def compare(instance: Instance) -> None:
        assume(sum(1 for _ in islice(assignments(Facts(instance)), MOST + 1)) <= MOST)
        best = truth(instance)
        plan = plan_or_verdict(instance)
        assert agrees(instance, plan, best.objective), (getattr(plan, "objective", plan), best)
        if isinstance(plan, Plan):
            assert plan.summary["audit"]["breaches"] == 0
            assert plan.status == "optimal"
        seen.update({"instances", "none" if best.objective is None else "plan"})
        seen.update({"many assignments"} if best.assignments >= 4 else ())

    compare()
    assert seen["instances"] >= examples
    assert min(seen["plan"], seen["many assignments"]) >= examples // 4, seen


@pytest.mark.soak
def test_the_instances_reach_every_block() -> None:
    """Without it a feature could drop out of the strategy, and nothing would check it any more."""
    seen: Counter[str] = Counter()
    for examples, strategy in ((REACHED, instances(scattered=True)), (CHAINS, chains())):

        @seed(0)
        @drawing(examples)
        @given(strategy)
        def count(instance: Instance) -> None:
            plan = plan_or_verdict(instance)
            seen.update(features(instance, plan if isinstance(plan, Plan) else None))

        count()
    assert not {name: seen[name] for name in EVERY if seen[name] < LEAST}
