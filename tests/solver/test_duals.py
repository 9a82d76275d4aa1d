"""Duals by name and with the right sign: each is held against what the optimum does when its row moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest

from stockpile.data import make_data
from stockpile.errors import SolverError
from stockpile.models.build import build_model
from stockpile.solver.compile import Compiled, compile_model
from stockpile.solver.duals import marginal_values, reduced_costs
from stockpile.solver.highs import Options, Outcome, run
from stockpile.tree import build_tree
from stockpile.vector import Constraint, Var
from tests.models.cases import CASES

EXACT = Options(gap=0.0, threads=1)
STEP = 1e-3


def fixed(compiled: Compiled) -> tuple[Compiled, Outcome]:
    """The model with the integers of its optimum fixed, and that optimum."""
    outcome = run(compiled, EXACT)
    assert outcome.x is not None
    whole = compiled.integer
    compiled.lower[whole] = compiled.upper[whole] = np.round(outcome.x[whole])
    compiled.integer[:] = False
    return compiled, run(compiled, EXACT)


def moved(compiled: Compiled, row: int, lower: float, upper: float) -> float:
    """The optimum with the sides of a row moved; inf where there is none."""
    compiled.row_lower[row] += lower
    compiled.row_upper[row] += upper
    outcome = run(compiled, EXACT)
    compiled.row_lower[row] -= lower
    compiled.row_upper[row] -= upper
    return outcome.objective if outcome.x is not None else np.inf


def inequalities(compiled: Compiled) -> Iterator[tuple[str, int, int]]:
    """Family, position and row of some rows of every family."""
    for name, rows in compiled.families.items():
        places = compiled.origin.rows[name].place
        for i in sorted({rows.start, rows.stop - 1, (rows.start + rows.stop) // 2}):
            if i in rows:
                at = i - rows.start
                yield name, at if places is None else int(places[at]), i


@pytest.mark.parametrize("case", CASES)
def test_a_row_is_worth_what_its_dual_says(case: str) -> None:
    """Between the slopes to both sides lies the dual: more room by a little gains no more, less costs no less."""
    instance = CASES[case]()
    compiled, outcome = fixed(compile_model(build_model(make_data(instance, build_tree(instance)))))
    worth = marginal_values(compiled, outcome)
    base, tolerance = outcome.objective, 1e-6 * max(1.0, abs(outcome.objective))
    for name, position, row in inequalities(compiled):
        value = worth[name][position]
        if compiled.row_lower[row] == compiled.row_upper[row]:
            turned = compiled.origin.rows[name].turned
            sign = -1.0 if turned is not None and turned[position] else 1.0
            for step in (STEP, -STEP):
                assert moved(compiled, row, sign * step, sign * step) >= base + value * step - tolerance, (
                    name,
                    position,
                )
        else:
            assert value >= 0
            assert moved(compiled, row, -STEP, STEP) >= base - value * STEP - tolerance, (name, position)
            assert moved(compiled, row, STEP, -STEP) >= base + value * STEP - tolerance, (name, position)


def model(greater: bool) -> Any:
    """Meet a demand of 4 from a cheap source of 3 and a dear one: one row written either way round."""
    m = pyo.ConcreteModel()
    m.KINDS = pyo.Set(initialize=["cheap", "dear"])
    m.x = Var(m.KINDS, domain=pyo.NonNegativeReals)
    m.ONE = pyo.Set(initialize=["only"])
    m.room = Var(m.ONE, bounds=(3, 3))
    rules = [lambda m, o: m.x["cheap"] <= m.room[o], lambda m, o: m.room[o] >= m.x["cheap"]]
    m.cap = Constraint(m.ONE, rule=rules[greater])
    m.need = Constraint(m.ONE, rule=lambda m, o: m.x["cheap"] + m.x["dear"] == 4)
    m.cost = pyo.Objective(expr=2 * m.x["cheap"] + 7 * m.x["dear"])
    return m


@pytest.mark.parametrize("greater", [False, True])
def test_the_sign_does_not_depend_on_how_a_row_is_written(greater: bool) -> None:
    """One more cheap unit saves 5, one more wanted costs 7; nothing can be saved by more of the dear one."""
    m = model(greater)
    compiled = compile_model(m)
    outcome = run(compiled, EXACT)
    worth = marginal_values(compiled, outcome)
    assert worth["cap"].tolist() == pytest.approx([5.0])
    assert worth["need"].tolist() == pytest.approx([7.0])
    assert reduced_costs(compiled, outcome, m.x).tolist() == pytest.approx([0.0, 0.0])


def test_without_duals_there_is_an_error_and_no_zero() -> None:
    """A plan whose LP was not solved has no prices."""
    compiled = compile_model(model(False))
    outcome = run(compiled, EXACT)
    bare = Outcome(**{**outcome.__dict__, "row_dual": None, "reduced_cost": None})
    with pytest.raises(SolverError):
        marginal_values(compiled, bare)
    with pytest.raises(SolverError):
        reduced_costs(compiled, bare, None)
