"""The main job and how it can end."""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo
import pytest

from stockpile import engine
from stockpile.errors import InfeasibleError, NoPlanError, UnboundedError
from stockpile.instance.generate import random_instance
from stockpile.solver.launch import Progress
from tests.models.base import SECTOR, TIER, demand, make


def impossible() -> dict[str, Any]:
    """A demand of 10 that no tier lets fall short, and a source of 4."""
    return {
        "goods": [{"good": "ore"}],
        "sources": [{"source": "mine", "good": "ore"}],
        "supply": [{"source": "mine", "capacity": 4}],
        "prices": [{"source": "mine", "price": 2}],
        "sectors": SECTOR,
        "demand": demand(10),
    }


def test_an_infeasible_instance_says_what_is_hard() -> None:
    """The planner learns where to look."""
    with pytest.raises(InfeasibleError, match="ore for plant"):
        engine.solve(make("impossible", 1, impossible()))


def test_cost_that_falls_without_end_is_unbounded_not_optimal() -> None:
    """Bought at 2 and sold at 3 without limit."""
    tables = {**impossible(), "tiers": TIER, "rotation": [{"good": "ore", "mode": "sale", "price": 3}]}
    tables["supply"] = [{"source": "mine"}]
    with pytest.raises(UnboundedError):
        engine.solve(make("unbounded", 1, tables))


def test_time_running_out_is_not_infeasible() -> None:
    """With no time there is no plan, and nothing is proven."""
    with pytest.raises(NoPlanError, match="does not mean that there is none"):
        engine.solve(random_instance(8, 24, 4, 1), time_limit=0)


def test_progress_is_in_the_instances_money() -> None:
    """The last figures reported are those of the plan: in MUSD, not in the units of the model."""
    seen: list[Progress] = []
    plan = engine.solve(random_instance(8, 40, 5, 7), gap=1e-4, progress=seen.append)
    best = [p.best for p in seen if p.best is not None]
    assert best
    assert best[-1] == pytest.approx(plan.objective, rel=1e-2)


def test_build_gives_an_ordinary_pyomo_model() -> None:
    """Anybody can add a row of their own and solve it with their own solver."""
    tables = {**impossible(), "tiers": TIER}
    model = engine.build(make("own", 1, tables))
    assert isinstance(model, pyo.ConcreteModel)
    model.mine = pyo.Constraint(expr=sum(model.order["mine", 1, n] for n in model.NODES) <= 0)
    result = pyo.SolverFactory("appsi_highs").solve(model)
    assert pyo.value(model.objective) > 0
    assert str(result.solver.termination_condition) == "optimal"


def test_costs_sum_to_the_objective_and_phases_to_the_total() -> None:
    """Nothing is left out of the summary."""
    summary = engine.solve(random_instance(3, 8, 2, 5), gap=0).summary
    assert sum(summary["costs"].values()) == pytest.approx(summary["objective"], rel=1e-12)
    seconds = dict(summary["seconds"])
    assert seconds.pop("total") == pytest.approx(sum(seconds.values()), abs=0.01)
    assert summary["gap"] == pytest.approx((summary["objective"] - summary["bound"]) / summary["objective"], abs=1e-9)
