"""The compiler against Pyomo's own standard form, and on what that form does not keep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from stockpile.errors import SolverError
from stockpile.solver.compile import Compiled, compile_model
from stockpile.solver.highs import Options, run
from tests.solver.examples import purchasing

Row = dict[str, float]


def ours(compiled: Compiled) -> dict[tuple[str, str], tuple[Row, float]]:
    """Every comparison of the compiled model: (constraint, sense) -> coefficients by variable, right-hand side."""
    found = {}
    for i in range(compiled.rows):
        part = slice(compiled.start[i], compiled.start[i + 1])
        row = {
            compiled.column_names[int(j)]: v for j, v in zip(compiled.index[part], compiled.value[part], strict=True)
        }
        lower, upper = compiled.row_lower[i], compiled.row_upper[i]
        if lower == upper:
            found[compiled.row_names[i], "="] = row, upper
            continue
        if upper < np.inf:
            found[compiled.row_names[i], "<="] = row, upper
        if lower > -np.inf:
            found[compiled.row_names[i], ">="] = row, lower
    return found


def pyomos(model: Any) -> dict[tuple[str, str], tuple[Row, float]]:
    """The same from Pyomo's standard form."""
    form = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None)
    table = form.A.tocsr()
    found = {}
    for i, (constraint, kind) in enumerate(form.rows):
        part = slice(table.indptr[i], table.indptr[i + 1])
        row = {form.columns[j].name: v for j, v in zip(table.indices[part], table.data[part], strict=True)}
        found[constraint.name, {0: "=", 1: "<=", -1: ">="}[kind]] = row, form.rhs[i]
    return found


@pytest.mark.parametrize("maximise", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_rows_equal_those_of_pyomo(seed: int, maximise: bool) -> None:
    """Coefficients and right-hand sides agree row by row, with the constants of fixed variables moved."""
    model = purchasing(seed, maximise=maximise)
    mine, theirs = ours(compile_model(model)), pyomos(model)
    theirs = {name: row for name, row in theirs.items() if np.isfinite(row[1])}
    assert mine.keys() == theirs.keys()
    for name, (row, right) in theirs.items():
        assert mine[name][0] == pytest.approx(row, rel=1e-12)
        assert mine[name][1] == pytest.approx(right, rel=1e-12)


@pytest.mark.parametrize("maximise", [False, True])
def test_objective_equals_that_of_pyomo(maximise: bool) -> None:
    """Same costs, offset and sense as Pyomo at a random point."""
    model = purchasing(4, maximise=maximise)
    compiled = compile_model(model)
    x = np.random.default_rng(0).uniform(0, 5, compiled.columns)
    variables = {v.name: v for v in model.component_data_objects(pyo.Var)}
    for name, value in zip(compiled.column_names, x, strict=True):
        variables[name].set_value(float(value), skip_validation=True)
    assert compiled.maximise is maximise
    assert compiled.objective(x) == pytest.approx(pyo.value(model.objective), rel=1e-12)
    assert compiled.cost_values(x) == pytest.approx({k: pyo.value(model.cost[k]) for k in model.COSTS}, rel=1e-12)
    activity = compiled.activity(x)
    constraints = {c.name: c for c in model.component_data_objects(pyo.Constraint)}
    for i, constraint in enumerate(constraints[name] for name in compiled.row_names):
        if constraint.has_ub():
            expected = pyo.value(constraint.body) - constraint.ub
            assert activity[i] - compiled.row_upper[i] == pytest.approx(expected, abs=1e-9)


def test_bounds_and_integers_are_those_of_the_variables() -> None:
    """A column has the bounds and the integrality of its variable; missing bounds are infinite."""
    model = purchasing(0)
    compiled = compile_model(model)
    variables = {v.name: v for v in model.component_data_objects(pyo.Var)}
    for j, v in enumerate(variables[name] for name in compiled.column_names):
        assert (compiled.lower[j], compiled.upper[j]) == (-np.inf if v.lb is None else v.lb, v.ub)
        assert compiled.integer[j] == v.is_integer()
    assert compiled.integer.sum() == 18 - 1 + 1


def test_ranges_stay_one_row_and_rows_without_bounds_vanish() -> None:
    """Rows of a family are together; a range is one row, its bounds less the constant of the body."""
    compiled = compile_model(purchasing(0))
    sizes = {name: len(rows) for name, rows in compiled.families.items()}
    assert sizes == {"balance": 6, "link": 18, "total": 1, "twice": 1, "satisfied": 0, "free": 0}
    (total,) = compiled.families["total"]
    assert (compiled.row_lower[total], compiled.row_upper[total]) == (4, 59)
    for name, rows in compiled.families.items():
        assert all(compiled.row_names[i].split("[")[0] == name for i in rows)


def test_a_variable_is_read_in_the_order_of_its_index_set() -> None:
    """Values come by index, those of fixed elements from the time of compilation, for scalars and elements too."""
    model = purchasing(0)
    compiled = compile_model(model)
    model.placed["south", 0].fix(0)
    x = np.arange(compiled.columns, dtype=np.float64)
    placed = compiled.read(model.placed, x)
    columns = compiled.columns_of(model.placed)
    for place, (k, t) in enumerate(model.placed.index_set()):
        if (k, t) == ("south", 0):
            assert (columns[place], placed[place]) == (-1, 1.0)
        else:
            assert compiled.column_names[int(columns[place])] == f"placed[{k},{t}]"
            assert placed[place] == columns[place]
    assert compiled.read(model.store.start, x).tolist() == [model.store.start.value]
    assert compiled.read(model.placed["north", 3], x).tolist() == [compiled.columns_of(model.placed["north", 3])[0]]


def test_variables_that_occur_nowhere_keep_within_their_bounds() -> None:
    """They are columns: the plan has a value for them."""
    model = purchasing(0)
    compiled = compile_model(model)
    outcome = run(compiled, Options())
    assert outcome.x is not None
    unused = compiled.read(model.unused, outcome.x)
    assert ((unused >= -4) & (unused <= -2)).all()


def test_references_and_lazy_elements_are_the_same_columns() -> None:
    """A Reference adds no columns; elements of a variable made on demand exist once compiled."""
    model = pyo.ConcreteModel()
    model.x = pyo.Var(["a", "b", "c"], dense=False, bounds=(1, 5))
    model.y = pyo.Reference(model.x)
    model.o = pyo.Objective(expr=2 * model.x["b"])
    compiled = compile_model(model)
    assert compiled.columns == 3
    assert compiled.columns_of(model.y["b"]).tolist() == compiled.columns_of(model.x["b"]).tolist()
    assert compiled.cost[compiled.columns_of(model.x)].tolist() == [0, 2, 0]


def test_terms_of_a_variable_are_added_up() -> None:
    """x + 2 y + x - 2 y <= 3 has the one coefficient 2."""
    model = pyo.ConcreteModel()
    model.x, model.y = pyo.Var(), pyo.Var()
    model.c = pyo.Constraint(expr=model.x + 2 * model.y + model.x - 2 * model.y <= 3)
    compiled = compile_model(model)
    assert (compiled.index.tolist(), compiled.value.tolist()) == ([0], [2.0])


def test_a_variable_of_an_inactive_block_becomes_a_column() -> None:
    """What an active row needs is there even if its block is switched off."""
    model = pyo.ConcreteModel()
    model.b = pyo.Block()
    model.b.x = pyo.Var([1, 2], bounds=(0, 4))
    model.b.deactivate()
    model.c = pyo.Constraint(expr=model.b.x[2] >= 3)
    model.o = pyo.Objective(expr=model.b.x[2])
    compiled = compile_model(model)
    outcome = run(compiled, Options())
    assert outcome.x is not None
    assert compiled.read(model.b.x, outcome.x)[1] == 3


@pytest.mark.parametrize(("value", "status"), [(5.0, "optimal"), (5 - 1e-12, "optimal"), (4.9, "infeasible")])
def test_a_row_emptied_by_fixing_is_judged(value: float, status: str) -> None:
    """z >= 5 with z fixed: dropped where it holds, an empty row that cannot hold otherwise."""
    model = pyo.ConcreteModel()
    model.x = pyo.Var(bounds=(0, 1))
    model.z = pyo.Var()
    model.z.fix(value)
    model.c = pyo.Constraint(expr=model.z >= 5)
    model.o = pyo.Objective(expr=model.x)
    compiled = compile_model(model)
    assert run(compiled, Options()).status == status
    assert compiled.rows == (status == "infeasible")
    if compiled.rows:
        assert compiled.row_names[0] == "c"


def _nonlinear(model: Any) -> None:
    model.c = pyo.Constraint(expr=model.x * model.y <= 3)


def _nonlinear_objective(model: Any) -> None:
    model.o = pyo.Objective(expr=model.x**2)


def _nonlinear_cost(model: Any) -> None:
    model.cost = pyo.Expression(["bad"], initialize=model.x * model.y)


def _not_a_number(model: Any) -> None:
    model.c = pyo.Constraint(expr=float("nan") * model.x <= 3)


def _no_constant(model: Any) -> None:
    model.p = pyo.Param(initialize=float("nan"), within=pyo.Any)
    model.c = pyo.Constraint(expr=model.x + model.p <= 3)


def _infinite(model: Any) -> None:
    model.c = pyo.Constraint(expr=float("inf") * model.x + model.y <= 3)


def _infinite_objective(model: Any) -> None:
    model.o = pyo.Objective(expr=float("inf") * model.x)


def _no_bound(model: Any) -> None:
    model.p = pyo.Param(initialize=float("nan"), mutable=True, within=pyo.Any)
    model.c = pyo.Constraint(expr=model.x <= model.p)


def _two_objectives(model: Any) -> None:
    model.o, model.q = pyo.Objective(expr=model.x), pyo.Objective(expr=model.y)


def _fixed_to_nothing(model: Any) -> None:
    model.x.fix()


def _ordered_sets(model: Any) -> None:
    model.s = pyo.SOSConstraint(var=model.z, sos=1)


def _odd_domain(model: Any) -> None:
    model.w = pyo.Var(domain=pyo.Set(initialize=[1, 3, 9]))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_nonlinear, "c is not linear"),
        (_nonlinear_objective, "o is not linear"),
        (_nonlinear_cost, r"cost\[bad\] is not linear"),
        (_not_a_number, "c has a coefficient"),
        (_no_constant, "c has a coefficient or constant"),
        (_infinite, "c has a coefficient"),
        (_infinite_objective, "o has a coefficient"),
        (_no_bound, "c has a"),
        (_two_objectives, "2 active objectives: o, q"),
        (_fixed_to_nothing, "x is fixed but has no value"),
        (_ordered_sets, "not linear rows, columns or objectives: s"),
        (_odd_domain, "domain of variable w"),
    ],
)
def test_what_is_no_linear_model_is_refused_by_name(spoil: Any, said: str) -> None:
    """Each fault would otherwise give a wrong plan or an error that names nothing."""
    model = pyo.ConcreteModel()
    model.x, model.y = pyo.Var(), pyo.Var()
    model.z = pyo.Var([1, 2])
    spoil(model)
    with pytest.raises(SolverError, match=said):
        compile_model(model)


def test_a_model_without_objective_asks_for_any_plan() -> None:
    """Cost 0 everywhere."""
    model = pyo.ConcreteModel()
    model.x = pyo.Var(bounds=(2, 3))
    outcome = run(compile_model(model), Options())
    assert (outcome.status, outcome.objective) == ("optimal", 0.0)


def test_a_foreign_variable_cannot_be_read() -> None:
    """Reading another model's variable is an error, not a zero."""
    compiled, other = compile_model(purchasing(0)), purchasing(0)
    with pytest.raises(KeyError):
        compiled.read(other.order, np.zeros(compiled.columns))
