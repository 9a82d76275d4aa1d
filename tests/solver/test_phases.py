"""Two objectives in order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from stockpile import engine
from stockpile.errors import InfeasibleError, UnboundedError
from stockpile.instance import Instance, load
from stockpile.instance.settings import Goal
from stockpile.instance.write import write
from stockpile.plan.audit import audit
from stockpile.plan.plan import Plan
from stockpile.report.terminal import render
from stockpile.solver.compile import compile_model
from stockpile.solver.highs import Options
from stockpile.solver.phases import run_in_order, with_row
from tests.models.base import make
from tests.models.cases import financed
from tests.solver.examples import knapsack


def dear(penalty: float = 3, tolerance: float = 0.0, **more: Any) -> Instance:
    """Ore at 5 for a sector that values it at ``penalty``: cost alone would buy nothing.  10 a year, 8 to be had."""
    instance = make(
        "dear",
        2,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "mine", "good": "ore", "order_cost": 7}],
            "prices": [{"source": "mine", "width": 8, "price": 5}],
            "sectors": [{"sector": "plant"}],
            "demand": [{"sector": "plant", "good": "ore", "quantity": 10}],
            "tiers": [{"share": 1.0, "penalty": penalty}],
            **more,
        },
    )
    settings = replace(instance.settings, objective=Goal("least-shortfall", tolerance))
    return Instance.from_tables("dear", settings.as_document(), instance.tables)


def test_what_is_short_is_made_least_before_cost() -> None:
    """By cost nothing is bought: 2 x 10 x 3 = 60.  By shortfall 8 a year are: 2 x 2 x 3 = 12, and 2 x (40 + 7) paid."""
    instance = dear()
    plan = engine.solve(instance, gap=0)
    assert plan.costs["shortfall"] == pytest.approx(12)
    assert plan.objective == pytest.approx(106)
    assert plan.bound == pytest.approx(106)
    assert plan.summary["first"] == pytest.approx(
        {"objective": "shortfall", "value": 12, "bound": 12, "gap": 0, "tolerance": 0}
    )
    assert engine.solve(replaced(instance, Goal()), gap=0).objective == pytest.approx(60)


def replaced(instance: Instance, goal: Goal) -> Instance:
    """The same tables with another goal."""
    settings = replace(instance.settings, objective=goal)
    return Instance.from_tables(instance.name, settings.as_document(), instance.tables)


def test_the_tolerance_is_used_where_it_saves_money() -> None:
    """A quarter more shortfall, 15 instead of 12, is one ton less bought: 5 - 3 = 2 saved."""
    plan = engine.solve(dear(tolerance=0.25), gap=0)
    assert plan.costs["shortfall"] == pytest.approx(15)
    assert plan.objective == pytest.approx(104)


def test_without_shortfall_the_cheapest_such_plan_is_found() -> None:
    """All can be served; the second phase still chooses the cheaper source."""
    tables: dict[str, Any] = {
        "sources": [{"source": "mine", "good": "ore"}, {"source": "well", "good": "ore"}],
        "prices": [{"source": "mine", "price": 5}, {"source": "well", "price": 4}],
    }
    plan = engine.solve(dear(**tables), gap=0)
    assert plan.costs["shortfall"] == pytest.approx(0, abs=1e-8)
    assert plan.objective == pytest.approx(80)
    assert plan.summary["first"]["gap"] == 0


def test_verdicts_are_those_of_the_instance() -> None:
    """Infeasible in the first phase, unbounded in the second."""
    with pytest.raises(InfeasibleError):
        engine.solve(dear(tiers=[{"share": 0.1, "penalty": 3}]))
    endless: dict[str, Any] = {
        "goods": [{"good": "ore", "terminal_value": 9}],
        "prices": [{"source": "mine", "price": 5}],
    }
    stored: dict[str, Any] = {"stores": [{"store": "yard"}], "storage": [{"good": "ore", "store": "yard"}]}
    with pytest.raises(UnboundedError):
        engine.solve(dear(sources=[{"source": "mine", "good": "ore"}], **endless, **stored))


def test_the_search_that_is_stopped_in_its_first_phase_says_so() -> None:
    """Half of a knapsack is made most first; a hundredth of a second does not prove it."""
    model = knapsack(5, items=120)
    compiled = compile_model(model)
    weights = np.where(np.arange(compiled.columns) < 60, compiled.cost, 0.0)
    at = np.arange(compiled.columns, dtype=np.int32)
    compiled = replace(compiled, costs={"half": (at, weights, 0.0)})
    found = run_in_order(compiled, ["half"], 0.0, Options(gap=0.0, time_limit=0.2))
    assert found.first.status == "feasible"
    assert found.last.status == "feasible"
    assert found.last.stopped_by == found.first.stopped_by == "time limit"
    assert found.last.x is not None
    assert weights @ found.last.x <= found.limit + 1e-6


def test_a_row_more_holds() -> None:
    """The new row has the weights as its coefficients."""
    compiled = compile_model(knapsack(1, items=6, rows=2))
    more = with_row(compiled, np.array([0.0, 2, 0, 0, 1, 0]), 2.5)
    assert more.rows == compiled.rows + 1
    x = np.arange(6.0)
    assert more.activity(x)[-1] == 2 * 1 + 4
    assert (more.activity(x)[:-1] == compiled.activity(x)).all()


def test_the_plan_and_its_page_tell_both_phases(tmp_path: Any) -> None:
    """A reader sees what shortfall was found, its bound, and what was kept."""
    instance = dear(tolerance=0.25)
    write(instance, tmp_path / "dear")
    assert load(tmp_path / "dear").settings.objective == Goal("least-shortfall", 0.25)
    assert load(tmp_path / "dear").hash == instance.hash
    plan = engine.solve(instance, gap=0)
    page = render(instance, plan, audit(instance, plan), width=80, colour=False, hints=[])
    assert "shortfall first" in page
    assert "least possible: 12.00 USD" in page
    assert max(len(line) for line in page.splitlines()) <= 80


def test_the_goal_of_old_instances_changes_nothing() -> None:
    """Least cost alone is no news: the content hash and the settings as written stay as they were."""
    document = financed().settings.as_document()
    assert "objective" not in document
    instance = Instance.from_tables("x", document, financed().tables)
    same = Instance.from_tables("x", {**document, "objective": {"goal": "least-cost"}}, financed().tables)
    assert same.hash == instance.hash
    assert replaced(instance, Goal("least-shortfall")).hash != instance.hash


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": 10.0}, "shortfall costs 12 USD, but the first phase found 10 USD"),
        ({"bound": 13.0}, "the bound of shortfall, 13 USD, is above what was found"),
        ({"gap": 0.5}, "the gap of shortfall is 0.5"),
        ({"tolerance": 0.5}, "the tolerance for shortfall is 0.5"),
    ],
)
def test_the_audit_checks_the_first_phase(change: dict[str, float], words: str) -> None:
    """What the summary says of it goes with the tables."""
    instance = dear()
    plan = engine.solve(instance, gap=0)
    said = {**plan.summary, "first": {**plan.summary["first"], **change}}
    assert any(words in breach.message for breach in audit(instance, Plan(said, plan.tables)).breaches)
    without = {k: v for k, v in plan.summary.items() if k != "first"}
    assert any("first is missing" in b.message for b in audit(instance, Plan(without, plan.tables)).breaches)
