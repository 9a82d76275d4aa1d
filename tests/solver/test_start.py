"""First plans: from the relaxation, from an older plan, and never instead of the best one."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from stockpile import engine
from stockpile.data import make_data
from stockpile.instance import Instance
from stockpile.instance.generate import random_instance
from stockpile.models.build import build_model
from stockpile.plan.guess import guide_of
from stockpile.plan.plan import Plan
from stockpile.solver.compile import compile_model
from stockpile.solver.highs import Options, run
from stockpile.solver.job import Job
from stockpile.solver.start import Guide, find_first
from stockpile.tree import build_tree
from tests.solver.examples import knapsack, purchasing


@cache
def planned() -> tuple[Instance, Plan]:
    """A random instance and its plan."""
    instance = random_instance(6, 20, 4, 11)
    return instance, engine.solve(instance, gap=1e-3)


def test_a_relaxation_that_is_near_enough_needs_no_search() -> None:
    """Within 2 % the first plan does: no node is searched, and the bound that proves it is that of the relaxation."""
    instance, best = planned()
    plan = engine.solve(instance, gap=0.02)
    assert plan.summary["search"]["nodes"] == 0
    assert plan.status == "optimal"
    assert plan.gap <= 0.02
    assert plan.bound <= best.objective
    assert plan.summary["audit"]["breaches"] == 0


def test_the_search_sets_out_from_an_older_plan(tmp_path: Any) -> None:
    """Read from its folder, the old plan is found again at once, and no worse."""
    instance, old = planned()
    old.write(tmp_path / "plan")
    plan = engine.solve(instance, gap=max(old.gap * 1.5, 0.004), start=Plan.read(tmp_path / "plan"))
    assert plan.objective <= old.objective * (1 + 1e-9)
    assert plan.summary["search"]["nodes"] == 0


def test_a_plan_of_a_like_instance_helps_too() -> None:
    """Demand 3 % up, one source gone and a new one: what the old plan knows by name is used."""
    instance, old = planned()
    tables = {name: frame.copy() for name, frame in instance.tables.items()}
    tables["demand"]["quantity"] *= 1.03
    first = tables["sources"]["source"].iloc[0]
    for name in ("sources", "prices", "supply"):
        tables[name] = tables[name].assign(source=tables[name]["source"].replace(first, "a new name"))
    like = Instance.from_tables("like", {**instance.settings.as_document(), "name": "like"}, tables)
    plan = engine.solve(like, gap=1e-3, start=old)
    other = engine.solve(like, gap=1e-3)
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(other.objective, rel=2e-3)


def test_guesses_keep_precedence_and_groups() -> None:
    """A guess that releases a stage before what it needs would be thrown away by the LP, and the work with it."""
    instance = random_instance(4, 24, 8, 5)
    data = make_data(instance, build_tree(instance))
    model = build_model(data)
    compiled = compile_model(model)
    guide = guide_of(model, compiled, None)
    random = np.random.default_rng(0)
    started = compiled.columns_of(model.started).reshape(len(model.STAGES), -1)
    x = np.zeros(compiled.columns)
    x[started[:, -len(model.NODES) :]] = np.sort(random.uniform(0, 0.9, (len(model.STAGES), len(model.NODES))), axis=1)
    for guess in guide.guesses(x):
        activity = compiled.activity(guess)
        rows = compiled.families["releases_add_up"]
        assert np.allclose(activity[rows], compiled.row_upper[rows])
        assert set(np.unique(guess[started])) <= {0.0, 1.0}


@pytest.mark.parametrize("seed", range(12))
def test_a_bad_start_does_not_hide_the_best_plan(seed: int) -> None:
    """Whatever the guesses are, and whatever HiGHS makes of them, the optimum is the optimum."""
    compiled = compile_model(purchasing(seed) if seed % 2 else knapsack(seed, 25, 5))
    best = run(compiled, Options(gap=0.0, threads=1))
    random = Random(seed)
    whole = np.flatnonzero(compiled.integer)

    def guesses(x: Any) -> Any:
        for _ in range(3):
            x[whole] = [random.randint(0, 1) for _ in whole]
            yield x

    start = np.full(compiled.columns, np.nan)
    start[whole] = compiled.upper[whole] if seed % 3 else compiled.lower[whole]
    guided = run(compiled, Options(gap=0.0, threads=1), guide=Guide(guesses, start))
    assert guided.status == best.status == "optimal"
    assert guided.objective == pytest.approx(best.objective, rel=1e-9)


def test_the_same_plan_every_time() -> None:
    """First plans end by work and not by the clock: two runs give the same numbers to the last bit."""
    instance = random_instance(8, 24, 5, 2)
    one, two = (engine.solve(instance, gap=0.01) for _ in range(2))
    for name, table in one.tables.items():
        assert table.equals(two.tables[name]), name
    assert one.objective == two.objective


@pytest.mark.parametrize("seed", range(8))
def test_what_cannot_be_decided_at_once_is_decided_part_by_part(seed: int) -> None:
    """Rounding all items of a knapsack up together bursts it; one after the other they fit, and the last ones stay out."""
    compiled = compile_model(knapsack(seed, 25, 5))
    whole = np.flatnonzero(compiled.integer).astype(np.int32)
    asked: list[int] = []

    def near(x: Any, part: float) -> Any:
        point = x.copy()
        point[whole] = (x[whole] > part).astype(float)
        return point

    def guesses(x: Any) -> Any:
        """Only where every item is in or out."""
        asked.append(int((np.abs(x[whole] - np.round(x[whole])) > 1e-6).sum()))
        return [x] if asked[-1] == 0 else []

    def first(guide: Guide) -> Any:
        return find_first(Job(compiled, Options(gap=0.0, threads=1), None, time.perf_counter()), guide, None)

    found = first(Guide(guesses, parts=tuple(whole[i : i + 1] for i in range(len(whole))), near=near))
    assert asked[0] > 0
    assert asked[-1] == 0
    activity = compiled.activity(found.plan.x)
    assert (activity <= compiled.row_upper + 1e-6).all()
    best = run(compiled, Options(gap=0.0, threads=1))
    assert found.bound <= best.objective <= compiled.objective(found.plan.x) < 0.8 * best.objective < 0
    assert len(asked) == 2
    asked.clear()
    first(Guide(guesses, near=near))
    assert len(asked) == 1


@pytest.mark.parametrize("futures", [1, 3])
def test_a_long_path_is_relaxed_from_inside(futures: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interior point ends at a basis, from which the guesses set out as from that of simplex; trees are left to simplex."""
    instance = random_instance(4, 16, 3, 5, scenarios=futures)
    usual = engine.solve(instance, gap=1e-6)
    monkeypatch.setattr("stockpile.solver.start.LONG", 0)
    log = tmp_path / "log"
    plan = engine.solve(instance, gap=1e-6, log_file=log)
    assert ("IPX" in log.read_text()) == (futures == 1)
    assert plan.status == usual.status == "optimal"
    assert plan.objective == pytest.approx(usual.objective, rel=2e-6)
    assert plan.summary["audit"]["breaches"] == 0
