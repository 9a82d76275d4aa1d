"""Chains of goods that rules follow back: the engine finds what trying every mixture of places finds."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, seed

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.oracle.draw_lineage import chains
from tests.oracle.test_oracle import agrees, drawing
from tests.oracle.truth import truth
from tests.oracle.verdict import plan_or_verdict


@pytest.mark.parametrize(("part", "examples"), [(11, 30), pytest.param(12, 60, marks=pytest.mark.soak)])
def test_what_is_passed_on_is_that_of_the_worst_input(part: int, examples: int) -> None:
    """In the truth every unit keeps all the places that any part of it comes from; the model has classes that rules tell apart."""
    seen: Counter[str] = Counter()

    @seed(part)
    @drawing(examples)
    @given(chains())
    def compare(instance: Instance) -> None:
        best, plan = truth(instance), plan_or_verdict(instance)
        assert agrees(instance, plan, best.objective), (getattr(plan, "objective", plan), best)
        if not isinstance(plan, Plan):
            return
        assert plan.summary["audit"]["breaches"] == 0
        made, fed = plan.tables["batches"], plan.tables["batch_inputs"]
        seen["plans"] += 1
        seen["batches"] += len(made) > 0
        seen["several batches of a run"] += bool(made.groupby(["node", "process"]).size().gt(1).any())
        both = fed.groupby(["node", "process", "batch"])["good"].nunique()
        seen["batches of two goods"] += bool(both.gt(1).any())
        several = fed.groupby(["node", "process", "batch", "good"]).size()
        seen["batches of several classes"] += bool(several.gt(1).any())

    compare()
    often = ("plans", "batches", "several batches of a run", "batches of two goods")
    assert min(seen[name] for name in often) >= examples // 6, seen
    assert seen["batches of several classes"] >= examples // 20, seen
