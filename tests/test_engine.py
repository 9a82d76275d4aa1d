"""The main job and how it can end."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyomo.environ as pyo
import pytest

from stockpile import engine
from stockpile.errors import InfeasibleError, NoPlanError, UnboundedError
from stockpile.instance import load
from stockpile.instance.generate import new_instance, random_instance
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
    plan = engine.solve(random_instance(4, 16, 3, 7), gap=1e-4, progress=seen.append)
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


def test_a_plan_tells_what_it_needs_to_be_made_again(tmp_path: Path) -> None:
    """Who has the folder alone cannot ask how the search was started; changes of cells and limits change the answer."""
    new_instance(tmp_path / "reserve")
    instance = load(tmp_path / "reserve", ["prices[*].price*=1.2"])
    first = engine.solve(instance, gap=0.01, threads=1, seed=7)
    assert first.summary["instance"]["path"] == str(tmp_path / "reserve")
    assert first.summary["platform"] == platform.platform()
    assert first.summary["versions"]["python"] == platform.python_version()
    options = {"gap": 0.01, "threads": 1, "threads_used": 1, "seed": 7, "set": ["prices[*].price*=1.2"]}
    assert {**options, "time_limit": instance.settings.solver.time_limit} == first.summary["options"]
    first.write(tmp_path / "plan")
    start, most = first.read(tmp_path / "plan"), {"shortfall": 1e6}
    options = engine.find(instance, gap=0.01, start=start, most=most).plan.summary["options"]
    assert (options["start"], options["most"]) == ({"path": str(tmp_path / "plan"), "hash": first.hash}, most)
    assert options["threads"] == 0
    assert 1 <= options["threads_used"] <= (os.cpu_count() or 1)
    assert engine.solve(random_instance(3, 8, 2, 1)).summary["instance"]["path"] is None


def test_the_threads_that_the_solver_chooses_are_told() -> None:
    """It takes as many as there are cores that it may use: with one alone a plan may be another."""
    code = "import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])\n"
    code += "from stockpile.solver.threads import chosen_threads; print(chosen_threads())"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "1\n"
