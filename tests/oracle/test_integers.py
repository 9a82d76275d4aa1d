"""Whole units: the engine, the linear programs of the oracle and a planner that only counts agree."""

from __future__ import annotations

import math
from random import Random

import pytest

from stockpile import engine
from stockpile.errors import InfeasibleError
from tests.oracle.integers import Case, instance_of, least_cost, random_case
from tests.oracle.truth import truth

CASES = [random_case(Random(seed)) for seed in range(60)]


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_counting_finds_the_same_optimum(case: Case) -> None:
    """Every order, release, sale and disposal in whole units was tried."""
    counted = least_cost(case)
    instance = instance_of(case)
    best = truth(instance).objective
    assert (math.inf if best is None else best) == pytest.approx(counted, abs=1e-7)
    if best is None:
        with pytest.raises(InfeasibleError):
            engine.solve(instance, gap=0)
    else:
        assert engine.solve(instance, gap=0).objective == pytest.approx(counted, abs=1e-6)


def test_the_cases_reach_what_they_are_for() -> None:
    """Lots, ages, sales, projects and impossible targets all occur."""
    costs = [least_cost(case) for case in CASES]
    assert sum(math.isinf(cost) for cost in costs) >= 3
    assert sum(c.order_cost > 0 and math.isfinite(v) for c, v in zip(CASES, costs, strict=True)) >= 20
    assert sum(c.life < c.periods and math.isfinite(v) for c, v in zip(CASES, costs, strict=True)) >= 20
    assert sum(c.project_supply > 0 and math.isfinite(v) for c, v in zip(CASES, costs, strict=True)) >= 15
