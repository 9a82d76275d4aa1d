"""A second solver: SCIP reads the exported model and finds the optimum that HiGHS found."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, seed
from pyscipopt import Model

from stockpile import engine
from stockpile.instance import Instance
from stockpile.instance.generate import random_instance
from stockpile.instance.provenance import links_of
from stockpile.instance.settings import Goal
from stockpile.plan.plan import Plan
from tests.oracle.strategies import instances
from tests.oracle.test_oracle import drawing
from tests.oracle.verdict import plan_or_verdict

#: Parts of the random instances, how many there are in each, and how many of these have a plan at least.
DRAWN_PARTS = [(0, 24, 9), *(pytest.param(part, 45, 17, marks=pytest.mark.soak) for part in (0, 1))]


def optimum(path: Path) -> float:
    """SCIP's optimum of an MPS file, in the money that the file's comment names; inf or -inf where there is none.

    SCIP 10.0 takes some integers for ones that are whole by themselves, and they are not: then it is asked again without
    its presolve.
    """
    scip = solved(path)
    if not whole(scip):
        scip = solved(path, presolve=False)
        assert whole(scip)
    status = scip.getStatus()
    if status in ("infeasible", "unbounded"):
        return math.inf if status == "infeasible" else -math.inf
    assert status == "optimal", status
    return float(scip.getObjVal()) * money_of_one(path)


def solved(path: Path, presolve: bool = True) -> Model:
    """SCIP, done with an MPS file."""
    scip = Model()
    scip.hideOutput()
    scip.readProblem(str(path))
    scip.setParam("limits/gap", 0.0)
    scip.setParam("limits/absgap", 0.0)
    if not presolve:
        scip.setParam("presolving/maxrounds", 0)
    scip.optimize()
    return scip


def whole(scip: Model) -> bool:
    """Whether every integer of the best point is one."""
    if not scip.getNSols():
        return True
    integers = [v for v in scip.getVars() if v.vtype() != "CONTINUOUS"]
    return all(abs(scip.getVal(v) - round(scip.getVal(v))) <= 1e-5 for v in integers)


def money_of_one(path: Path) -> float:
    """What 1 in the objective stands for."""
    notes = [line for line in path.read_text().splitlines() if line.startswith("* 1 in the objective is ")]
    return float(notes[0].split()[6])


@pytest.mark.parametrize(("part", "examples", "plans"), DRAWN_PARTS)
def test_scip_agrees_on_the_exported_model(part: int, examples: int, plans: int, tmp_path: Path) -> None:
    """Instances of 4 to 8 periods and thousands of assignments, too many to list."""
    path, seen = tmp_path / "model.mps", Counter[str]()

    @seed(100 + part)
    @drawing(examples)
    @given(instances(periods=8, room=100_000, scattered=True, least=4))
    def compare(instance: Instance) -> None:
        engine.export(instance, path)
        second = optimum(path)
        plan = plan_or_verdict(instance)
        if not isinstance(plan, Plan):
            seen["no plan"] += 1
            assert second == plan
            return
        size = max(abs(second), sum(abs(cost) for cost in plan.costs.values()))
        assert abs(plan.objective - second) <= 2e-6 * size + 1e-8, (plan.objective, second)
        assert plan.summary["audit"]["breaches"] == 0
        seen["plans"] += 1
        seen["with integers"] += plan.summary["sizes"]["integers"] > 0
        seen["of five periods or more"] += plan.summary["sizes"]["periods"] >= 5

    compare()
    assert seen["plans"] >= plans
    assert min(seen["with integers"], seen["of five periods or more"]) >= examples // 4, seen


#: Goods and number of random instances; in the last two rules follow goods back through processes.
DRAWN = [(2, 1), (2, 3), (2, 4), (3, 15), (3, 44)]
MORE = [(2, 2), (2, 5), (2, 6), (2, 7), (2, 8), (2, 9), (2, 10)]


def test_some_of_the_random_instances_follow_goods_back() -> None:
    """Without it another draw could leave batches out."""
    assert all(links_of(random_instance(goods, 6, 1, number, "all")) for goods, number in DRAWN[-2:])


@pytest.mark.parametrize(("goods", "number"), DRAWN + [pytest.param(*drawn, marks=pytest.mark.soak) for drawn in MORE])
def test_scip_agrees_on_random_instances_with_all_rules(goods: int, number: int, tmp_path: Path) -> None:
    """What `stockpile new --rules all` makes: two goods or three, six quarters, a project; its cost, where shortfall comes first."""
    instance = random_instance(goods, 6, 1, number, "all")
    settings = replace(instance.settings, objective=Goal())
    instance = Instance.from_tables(instance.name, settings.as_document(), instance.tables)
    engine.export(instance, tmp_path / "model.mps")
    plan = engine.solve(instance, gap=0)
    assert plan.objective == pytest.approx(optimum(tmp_path / "model.mps"), rel=1e-6)
    assert plan.summary["audit"]["breaches"] == 0
