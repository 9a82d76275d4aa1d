"""Every constraint family is felt, templates, and keeps its golden form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyomo.core.base.constraint as pyomo_constraint
import pyomo.environ as pyo
import pytest

from stockpile.data import make_data
from stockpile.models.build import build_model
from stockpile.solver.compile import Compiled, compile_model
from stockpile.solver.highs import Options, run
from stockpile.tree import build_tree
from tests.models.cases import CASES


def built(case: str) -> Any:
    """A fresh model of a case."""
    instance = CASES[case]()
    return build_model(make_data(instance, build_tree(instance)))


def optimum(compiled: Compiled) -> float:
    """Optimal objective in model money; inf where infeasible, -inf where unbounded."""
    outcome = run(compiled, Options(gap=0.0, time_limit=60.0))
    values = {"infeasible": np.inf, "unbounded": -np.inf}
    return values.get(outcome.status, outcome.objective)


def without(compiled: Compiled, family: str) -> Compiled:
    """The model whose rows of a family hold nothing back."""
    lower, upper = compiled.row_lower.copy(), compiled.row_upper.copy()
    lower[compiled.families[family]], upper[compiled.families[family]] = -np.inf, np.inf
    return replace(compiled, row_lower=lower, row_upper=upper)


def felt(case: str, wanted: set[str]) -> set[str]:
    """The families of those wanted without which the optimum of a case changes."""
    compiled = compile_model(built(case))
    whole = optimum(compiled)
    assert np.isfinite(whole), case
    found = set()
    for name in wanted & {f for f, rows in compiled.families.items() if rows.stop > rows.start}:
        other = optimum(without(compiled, name))
        if not np.isfinite(other) or abs(other - whole) > 1e-6 * max(1.0, abs(whole)):
            found.add(name)
    return found


def every_family() -> list[str]:
    """All families that the mathematics has, from the names it gives its components."""
    return sorted({c.name for case in CASES for c in built(case).component_objects(pyo.Constraint)})


@pytest.mark.soak
def test_every_family_is_felt_by_some_instance() -> None:
    """A family whose rows no instance feels is either wrong, needless, or untested."""
    left = set(every_family())
    for case in CASES:
        left -= felt(case, left)
    assert left == set()


@pytest.mark.parametrize("case", CASES)
def test_every_family_templates(case: str) -> None:
    """Rules written without looking at an index: Pyomo's own template mode gives the same matrix, row by row."""
    plain = compile_model(built(case))
    templated = compile_model(resolved(built(case)))
    assert templated.rows == plain.rows
    assert np.array_equal(dense(templated), dense(plain))
    assert np.array_equal(templated.row_lower, plain.row_lower)
    assert np.array_equal(templated.row_upper, plain.row_upper)


def resolved(model: Any) -> Any:
    """The same model with rows of Pyomo's own, made in its template mode and written out from their templates."""
    for component in list(model.component_objects(pyo.Constraint)):
        component.deactivate()
        pyomo_constraint.TEMPLATIZE_CONSTRAINTS = True
        try:
            made = pyo.Constraint(component.index_set(), rule=component.rule._fcn)
            model.add_component(f"{component.name}_template", made)
        finally:
            pyomo_constraint.TEMPLATIZE_CONSTRAINTS = False
        rows = {}
        for index, row in made.items():
            assert isinstance(row, pyomo_constraint.TemplateConstraintData), row.name
            rows[index] = row.expr
        made.deactivate()
        model.add_component(
            f"{component.name}_resolved",
            pyo.Constraint(list(rows), rule=lambda _, *index, rows=rows: rows[index if len(index) > 1 else index[0]]),
        )
    return model


@pytest.mark.parametrize("case", CASES)
def test_no_family_falls_back(case: str, caplog: pytest.LogCaptureFixture) -> None:
    """A rule that cannot be templated is compiled row by row, a hundred times slower, and nobody would notice."""
    with caplog.at_level("DEBUG", logger="stockpile.vector"):
        compile_model(built(case))
    assert caplog.messages == []


def dense(compiled: Any) -> Any:
    """The matrix with all its zeros."""
    out = np.zeros((compiled.rows, compiled.columns))
    row = np.repeat(np.arange(compiled.rows), np.diff(compiled.start))
    np.add.at(out, (row, compiled.index), compiled.value)
    return out


@pytest.mark.parametrize("case", CASES)
def test_parts_sum_to_the_objective(case: str) -> None:
    """Named costs are the objective and nothing else."""
    compiled = compile_model(built(case))
    x = np.random.default_rng(1).uniform(0, 5, compiled.columns)
    assert sum(compiled.cost_values(x).values()) == pytest.approx(compiled.objective(x), rel=1e-12)
