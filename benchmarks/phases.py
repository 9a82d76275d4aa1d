"""The whole job on random instances from files, phase by phase."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.raw import hand_over

#: Goods, quarters and projects of instances with about so many coefficients.
INSTANCES = {"50k": (16, 40, 5), "500k": (100, 80, 20), "3M": (240, 240, 20), "10M": (420, 420, 20)}
#: One number at a time is doubled from the first; each with the numbers of goods, quarters and projects.
GROWTH = {
    "goods": ((60, 60, 20), (120, 60, 20), (240, 60, 20)),
    "periods": ((60, 60, 20), (60, 120, 20), (60, 240, 20)),
    "projects": ((60, 60, 20), (60, 60, 40), (60, 60, 80), (60, 60, 160)),
}
#: Phases up to a HiGHS that could run.
BEFORE = ("read and check", "data", "build", "compile", "hand over")
#: The first plan is one within this gap; what is asked after 1 %.
FIRST, ASKED = 0.05, 0.001


class Clock:
    """Seconds by phase."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, phase: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[phase] = time.perf_counter() - started


def to_solver(folder: Path, clock: Clock) -> tuple[Any, ...]:
    """Files to HiGHS."""
    from stockpile.data import make_data
    from stockpile.instance import load
    from stockpile.models.build import build_model
    from stockpile.solver.compile import compile_model
    from stockpile.tree import build_tree

    with clock("read and check"):
        instance = load(folder)
    tree = build_tree(instance)
    with clock("data"):
        data = make_data(instance, tree)
    with clock("build"):
        model = build_model(data)
    with clock("compile"):
        compiled = compile_model(model)
    with clock("hand over"):
        hand_over(compiled, compiled.offset)
    return instance, tree, data, model, compiled


def growth() -> dict[str, list[dict[str, Any]]]:
    """Files to HiGHS of instances of which one number at a time grows; the least of three times."""
    return {
        name: [min((prepared(numbers) for _ in range(3)), key=lambda m: float(m["total"])) for numbers in series]
        for name, series in GROWTH.items()
    }


def prepared(numbers: tuple[int, int, int]) -> dict[str, Any]:
    """One instance from its files to HiGHS: its numbers, coefficients and seconds."""
    from stockpile.instance.generate import random_instance
    from stockpile.instance.write import write

    clock = Clock()
    with tempfile.TemporaryDirectory() as home:
        write(random_instance(*numbers, 1), Path(home) / "instance")
        compiled = to_solver(Path(home) / "instance", clock)[-1]
    return {"numbers": numbers, "nonzeros": compiled.nonzeros, "total": sum(clock.seconds[p] for p in BEFORE)}


def measure(size: str, solve: bool, ask: bool = False) -> dict[str, Any]:
    """All phases of one size; the audit and the rest are of the plan that does nothing where it is not solved."""
    from stockpile.instance.generate import random_instance
    from stockpile.instance.write import write

    clock = Clock()
    goods, periods, projects = INSTANCES[size]
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "instance"
        write(random_instance(goods, periods, projects, 1), folder)
        parts = to_solver(folder, clock)
        compiled = parts[-1]
        _after(parts, clock, solve, ask, Path(home) / "plan")
    sizes = {"rows": compiled.rows, "columns": compiled.columns, "nonzeros": compiled.nonzeros}
    return {"goods": goods, "periods": periods, "projects": projects, **sizes, "seconds": clock.seconds}


def _after(parts: tuple[Any, ...], clock: Clock, solve: bool, ask: bool, folder: Path) -> None:
    """Read-back, writing and audit of a plan."""
    import numpy as np

    from stockpile.plan.audit import audit
    from stockpile.plan.extract import extract, tidy
    from stockpile.plan.guess import guide_of
    from stockpile.plan.plan import Plan
    from stockpile.solver.highs import Options, run
    from stockpile.solver.job import Job
    from stockpile.solver.start import find_first

    instance, tree, data, model, compiled = parts
    x = np.clip(np.zeros(compiled.columns), compiled.lower, compiled.upper)
    if solve:
        guide = guide_of(model, compiled, None)
        options = Options(gap=0.01, time_limit=600, threads=1)
        with clock("first plan"):
            job = Job(compiled, replace(options, gap=FIRST), None, time.perf_counter())
            first = find_first(job, guide, lambda y: tidy(model, compiled, y))
        assert first.plan is not None
        with clock("1 % gap"):
            outcome = run(compiled, options, None, lambda y: tidy(model, compiled, y), guide)
        assert outcome.x is not None
        x = outcome.x
    if ask:
        with clock("asked gap"):
            run(compiled, replace(options, gap=ASKED), None, lambda y: tidy(model, compiled, y), guide)
    with clock("read back"):
        tables, costs = extract(instance, tree, data, model, compiled, x)
    objective = sum(costs.values())
    units = instance.settings.units
    summary = {
        "format": 1, "instance": {"name": instance.name, "title": "", "hash": instance.hash}, "status": "feasible",
        "stopped_by": "benchmark", "objective": objective, "bound": None, "gap": None, "costs": costs,
        "units": {"quantity": units.quantity, "price": units.price, "money": units.money},
    }  # fmt: skip
    plan = Plan(summary, tables)
    with clock("write"):
        plan.write(folder)
    with clock("audit"):
        audit(instance, plan)
