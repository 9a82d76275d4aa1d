"""Frontiers: each point is what a search of its own finds, and shortfall is bought down to what it says."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import pytest

from stockpile.engine import solve
from stockpile.errors import DataError
from stockpile.instance import Instance, load
from stockpile.instance.generate import random_instance
from stockpile.study.frontier import Point, Search, against_shortfall, along, values_of

QUICKSTART = Path(__file__).parents[2] / "instances" / "quickstart"

SEARCH = Search(gap=1e-6, threads=1)


@pytest.fixture(scope="module")
def quick() -> Instance:
    return load(QUICKSTART)


def cost(point: Point) -> float:
    assert point.plan is not None
    return point.plan.objective


@pytest.mark.parametrize("key", ["prices[*].price*=", "tiers[*].penalty*=", "goods[*].loss_rate="])
def test_a_point_is_what_a_search_of_its_own_finds(key: str, quick: Instance) -> None:
    """The intervals from bound to cost overlap, though each search sets out from the plan before."""
    instance = random_instance(3, 8, 2, 4) if "penalty" in key else quick
    values = [value / 4 for value in values_of(0.05, 2.0, 4)] if "rate" in key else values_of(0.05, 2.0, 4)
    points = along(instance, key, values, SEARCH)
    assert [point.value for point in points] == values
    for point in points:
        own = solve(instance.changed([f"{key}{point.value}"]), gap=1e-6)
        assert point.status == own.status == "optimal"
        assert point.bound <= own.objective + 1e-9
        assert own.bound <= cost(point) + 1e-9
        assert point.plan is not None
        assert point.plan.summary["audit"]["breaches"] == 0


@pytest.mark.parametrize("seed", range(3))
def test_shortfall_is_bought_down(seed: int) -> None:
    """Less may fall short from point to point at no less cost; the ends are those of the two goals."""
    instance = random_instance(3, 8, 2, seed).changed(["tiers[*].penalty*=0.3"])
    points = against_shortfall(instance, 5, SEARCH)
    first, last = (solve(instance.changed([f"objective.goal=least-{g}"]), gap=1e-6) for g in ("shortfall", "cost"))
    assert len(points) == 5
    assert points[0].value == pytest.approx(first.costs["shortfall"], rel=1e-5, abs=1e-5)
    assert cost(points[-1]) == pytest.approx(last.objective, rel=2e-6)
    assert points[-1].value > points[0].value + 1e-3
    for point in points:
        assert point.plan is not None
        assert point.plan.costs["shortfall"] <= point.value * (1 + 1e-6) + 1e-6
        assert point.plan.summary["audit"]["breaches"] == 0
    for tight, loose in pairwise(points):
        assert loose.value > tight.value
        assert loose.bound <= cost(tight) * (1 + 1e-6)


def test_a_limit_between_costs_what_a_cap_on_shortfall_would(quick: Instance) -> None:
    """Of quickstart the curve is known: the less may fall short, the more each unit of it costs."""
    points = against_shortfall(quick, 4, SEARCH)
    assert [point.value for point in points] == pytest.approx([0, 35 / 3, 70 / 3, 35], abs=1e-6)
    assert [cost(point) for point in points] == pytest.approx([421.235294, 419.568627, 418.333333, 418.0], abs=1e-5)


def test_nothing_to_trade_is_one_point(quick: Instance) -> None:
    """Where the cheapest plan has the least shortfall there is, it is the frontier."""
    points = against_shortfall(quick.changed(["tiers[*].penalty*=1000"]), 4, SEARCH)
    assert len(points) == 1
    assert points[0].value == pytest.approx(0.0, abs=1e-6)


def test_a_point_without_a_plan_is_a_point(quick: Instance) -> None:
    """A limit that nothing keeps is told as infeasible, and the others go on."""
    hard = along(quick, "goods[*].end_stock=", [0.0, 1e6], SEARCH)
    assert [point.status for point in hard] == ["optimal", "infeasible"]
    assert hard[1].plan is None
    assert hard[1].bound == math.inf


def test_what_cannot_be_varied_is_said(quick: Instance) -> None:
    """Before anything is solved."""
    with pytest.raises(DataError, match="nosuch"):
        along(quick, "nosuch.thing=", [1.0, 2.0], SEARCH)


def test_tables_that_are_at_fault_at_a_value_name_it(quick: Instance) -> None:
    """In two years the second stage cannot be reached: the fault stands in a table, and the value that makes it one is told."""
    with pytest.raises(DataError) as error:
        along(quick, "horizon.periods=", [4, 2], Search())
    (problem,) = error.value.problems
    assert problem.file == "stages.csv"
    assert problem.message.startswith("with horizon.periods=2: stage 2 of 'smelter' can never be reached")
