"""Runs of HiGHS against other solvers, and what is said when there is no proven plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pyscipopt
import pytest

from stockpile.errors import SolverError
from stockpile.solver import highs
from stockpile.solver.compile import Compiled, Floats, compile_model
from stockpile.solver.highs import Options, Outcome, Progress, run
from tests.solver.examples import knapsack, market_split, purchasing, transport, trickle

EXACT = Options(gap=0.0, threads=1)


def by_scip(compiled: Compiled) -> float:
    """The optimum of the same arrays by SCIP."""
    scip = pyscipopt.Model()
    scip.hideOutput()
    scip.setParam("limits/gap", 0.0)
    columns = [
        scip.addVar(
            lb=None if np.isinf(compiled.lower[j]) else compiled.lower[j],
            ub=None if np.isinf(compiled.upper[j]) else compiled.upper[j],
            vtype="I" if compiled.integer[j] else "C",
        )
        for j in range(compiled.columns)
    ]
    for i in range(compiled.rows):
        part = slice(compiled.start[i], compiled.start[i + 1])
        body = pyscipopt.quicksum(
            v * columns[j] for j, v in zip(compiled.index[part], compiled.value[part], strict=True)
        )
        if np.isfinite(compiled.row_lower[i]):
            scip.addCons(body >= compiled.row_lower[i])
        if np.isfinite(compiled.row_upper[i]):
            scip.addCons(body <= compiled.row_upper[i])
    objective = pyscipopt.quicksum(c * x for c, x in zip(compiled.cost, columns, strict=True)) + compiled.offset
    scip.setObjective(objective, "maximize" if compiled.maximise else "minimize")
    scip.optimize()
    return float(scip.getObjVal())


def by_pyomo(model: Any) -> float:
    """The optimum of the model by Pyomo's own interface to HiGHS."""
    solver = pyo.SolverFactory("appsi_highs")
    solver.highs_options = {"mip_rel_gap": 0.0}
    solver.solve(model)
    return float(pyo.value(model.objective))


def assert_plan(compiled: Compiled, outcome: Outcome) -> None:
    """The point keeps every row and bound, its integers are whole, and the objective is its own."""
    x = outcome.x
    assert x is not None
    activity = compiled.activity(x)
    assert (activity >= compiled.row_lower - 1e-7).all()
    assert (activity <= compiled.row_upper + 1e-7).all()
    assert (x >= compiled.lower - 1e-9).all()
    assert (x <= compiled.upper + 1e-9).all()
    assert (x[compiled.integer] == np.round(x[compiled.integer])).all()
    assert outcome.objective == compiled.objective(x)


@pytest.mark.parametrize("maximise", [False, True])
@pytest.mark.parametrize("integers", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_optimum_equals_that_of_two_other_ways(seed: int, integers: bool, maximise: bool) -> None:
    """The same optimum from SCIP on the arrays and from stock Pyomo on the model; the named costs add up to it."""
    model = purchasing(seed, integers, maximise)
    compiled = compile_model(model)
    outcome = run(compiled, EXACT)
    assert (outcome.status, outcome.stopped_by, outcome.gap) == ("optimal", None, 0.0)
    assert_plan(compiled, outcome)
    assert outcome.x is not None
    assert outcome.objective == pytest.approx(by_scip(compiled), rel=1e-6)
    assert outcome.objective == pytest.approx(by_pyomo(model), rel=1e-6)
    costs = sum(compiled.cost_values(outcome.x).values())
    assert outcome.objective == pytest.approx(-costs if maximise else costs, rel=1e-12)


@pytest.mark.parametrize("gap", [0.2, 0.02])
@pytest.mark.parametrize("seed", range(3))
def test_bound_and_gap_are_true(seed: int, gap: float) -> None:
    """A run that may stop early claims no bound beyond the optimum and no gap above the asked one."""
    compiled = compile_model(knapsack(seed, 40, 10))
    best = run(compiled, EXACT).objective
    outcome = run(compiled, replace(EXACT, gap=gap))
    assert outcome.status == "optimal"
    assert outcome.bound <= best + 1e-9 <= outcome.objective + 2e-9
    assert outcome.gap == pytest.approx((outcome.objective - outcome.bound) / abs(outcome.objective))
    assert outcome.gap <= gap


def small(**bounds: tuple[float | None, float | None]) -> Any:
    """x and y with the given bounds, and x - y <= 5."""
    m = pyo.ConcreteModel()
    m.x = pyo.Var(bounds=bounds.get("x", (0, None)))
    m.y = pyo.Var(bounds=bounds.get("y", (0, None)))
    m.c = pyo.Constraint(expr=m.x - m.y <= 5)
    m.objective = pyo.Objective(expr=-m.x)
    return m


@pytest.mark.parametrize("domain", [pyo.Reals, pyo.Integers])
@pytest.mark.parametrize("possible", [True, False])
def test_unbounded_is_told_from_infeasible(domain: Any, possible: bool) -> None:
    """x may grow without end; a second row that cannot hold makes it infeasible, not unbounded."""
    m = small()
    m.x.domain = domain
    m.z = pyo.Var(domain=pyo.Binary)
    m.d = pyo.Constraint(expr=2 * m.z == (2 if possible else 1))
    if domain is pyo.Reals:
        m.z.domain = pyo.Reals
        m.z.setub(0.4 if not possible else 1)
    outcome = run(compile_model(m), EXACT)
    assert outcome.status == ("unbounded" if possible else "infeasible")
    assert outcome.x is None
    assert outcome.stopped_by is None
    assert np.isnan(outcome.objective)


def test_a_relaxation_that_is_unbounded_proves_nothing() -> None:
    """No integers satisfy 2 z = 1, though the relaxation does and x could grow without end."""
    m = small()
    m.z = pyo.Var(domain=pyo.Integers)
    m.d = pyo.Constraint(expr=2 * m.z - 4 * m.y == 1)
    m.y.domain = pyo.Integers
    m.y.setub(50)
    m.x.domain = pyo.NonNegativeIntegers
    m.c.deactivate()
    assert run(compile_model(m), EXACT).status == "infeasible"


@pytest.mark.parametrize("domain", [pyo.Reals, pyo.Integers])
def test_bounds_in_conflict_are_infeasible(domain: Any) -> None:
    """Lower bound above upper bound, of a column and of a row."""
    column = small(x=(3, 2))
    column.x.domain = domain
    assert run(compile_model(column), EXACT).status == "infeasible"
    row = small(x=(0, 9))
    row.x.domain = domain
    row.low = pyo.Param(initialize=6, mutable=True)
    row.d = pyo.Constraint(expr=(row.low, row.x, 5))
    assert run(compile_model(row), EXACT).status == "infeasible"


def test_models_without_columns_are_judged() -> None:
    """HiGHS calls them empty: it neither looks at their rows nor adds the constant of the objective."""
    m = small()
    m.x.fix(2)
    m.y.fix(3)
    outcome = run(compile_model(m), EXACT)
    assert (outcome.status, outcome.objective, outcome.bound) == ("optimal", -2.0, -2.0)
    m.x.fix(20)
    assert run(compile_model(m), EXACT).status == "infeasible"


@pytest.mark.parametrize("rows", [True, False])
def test_models_without_rows_have_plans(rows: bool) -> None:
    """The bound of x is its best value."""
    m = small(x=(0, 4))
    if not rows:
        m.c.deactivate()
    assert run(compile_model(m), EXACT).objective == -4


def test_time_running_out_keeps_the_best_plan() -> None:
    """A plan is there, its proof is not: feasible, with a true bound."""
    compiled = compile_model(market_split(1, 5))
    outcome = run(compiled, Options(time_limit=0.5, threads=1))
    assert (outcome.status, outcome.stopped_by) == ("feasible", "time limit")
    assert_plan(compiled, outcome)
    assert 0 <= outcome.bound < outcome.objective
    assert outcome.gap == (outcome.objective - outcome.bound) / outcome.objective


@pytest.mark.parametrize("seconds", [0.0, 0.5])
def test_time_running_out_without_a_plan_is_not_infeasible(seconds: float) -> None:
    """Nothing found, nothing proven."""
    outcome = run(compile_model(market_split(1, 5, slack=False)), Options(time_limit=seconds, threads=1))
    assert (outcome.status, outcome.stopped_by, outcome.x) == ("no plan", "time limit", None)
    assert (outcome.gap, np.isnan(outcome.objective)) == (np.inf, True)


def test_time_running_out_in_an_lp_is_not_infeasible() -> None:
    """The same for a model without integers."""
    outcome = run(compile_model(transport(0, 60)), Options(time_limit=0.0, threads=1))
    assert (outcome.status, outcome.stopped_by, outcome.x) == ("no plan", "time limit", None)


def test_no_time_limit() -> None:
    """None stands for as long as it takes."""
    assert run(compile_model(purchasing(0)), replace(EXACT, time_limit=None)).status == "optimal"


def test_flow_does_not_trickle_through_an_order_that_is_zero() -> None:
    """A width of 1e7 instead of 1e3 gives the same plan.

    With the solver's usual tolerance alone y = 1e-7 counts as 0 and the objective comes out at 0.0 to 1.0.
    """
    for seed in range(3):
        tight = run(compile_model(trickle(seed, 1e3)), EXACT)
        compiled = compile_model(trickle(seed, 1e7))
        wide = run(compiled, EXACT)
        assert_plan(compiled, wide)
        assert wide.objective == pytest.approx(tight.objective, rel=1e-6)
        assert wide.status == "optimal"


def test_what_rounding_hides_is_reported() -> None:
    """A width of 1e8 is beyond the stricter tolerance too: the plan is no worse for it, its gap is not claimed away."""
    outcome = run(compile_model(trickle(3, 1e8)), EXACT)
    assert (outcome.status, outcome.stopped_by) == ("feasible", "rounding")
    assert outcome.objective == pytest.approx(run(compile_model(trickle(3, 1e3)), EXACT).objective, rel=1e-6)
    assert outcome.gap > 1e-3


def test_an_integer_that_carries_a_trace_is_raised_where_rounding_fails() -> None:
    """A width of 1e9: no order is placed, yet the rows hold within the tolerance.  The plan that is given is a true one."""
    compiled = compile_model(trickle(0, 1e9))
    outcome = run(compiled, EXACT)
    assert (outcome.status, outcome.stopped_by) == ("feasible", "rounding")
    assert_plan(compiled, outcome)
    assert outcome.objective == pytest.approx(run(compile_model(trickle(0, 1e3)), EXACT).objective, rel=1e-6)
    assert outcome.gap > 0.5


def test_a_plan_whose_rounding_fails_is_kept_but_not_called_optimal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no integers near the solver's have a plan, its almost whole ones are what there is."""
    monkeypatch.setattr(highs, "_fix", lambda job, x: None)
    outcome = run(compile_model(trickle(0, 1e9)), EXACT)
    assert (outcome.status, outcome.stopped_by) == ("feasible", "rounding")
    assert outcome.x is not None
    assert outcome.row_dual is None


def free_orders() -> tuple[Any, Compiled]:
    """Orders whose placing costs nothing: a search may leave placed = 1 without an order."""
    m = purchasing(1)
    for k, t in m.placed:
        m.placed[k, t].setub(1)
    m.cost["charges"] = 0
    return m, compile_model(m)


def test_tidy_sets_needless_integers_to_zero() -> None:
    """What tidy returns is fixed before the LP; here it places exactly the orders that carry something."""
    m, compiled = free_orders()
    seen = []

    def tidy(x: Floats) -> Floats:
        seen.append(x.copy())
        columns = compiled.columns_of(m.placed)
        needed = compiled.read(m.order, x) > 1e-9
        x[columns[columns >= 0]] = needed[columns >= 0]
        return x

    plain, tidied = run(compiled, EXACT), run(compiled, EXACT, tidy=tidy)
    assert len(seen) == 1
    assert tidied.x is not None
    assert tidied.objective == pytest.approx(plain.objective, rel=1e-9)
    columns = compiled.columns_of(m.placed)
    carried = compiled.read(m.order, tidied.x) > 1e-9
    assert (tidied.x[columns[columns >= 0]] <= carried[columns >= 0]).all()


def test_tidy_that_spoils_the_plan_is_not_followed() -> None:
    """Cancelling every order leaves demand unmet: the plan's own integers are kept."""
    compiled = compile_model(purchasing(1))

    def cancel(x: Floats) -> Floats:
        x[compiled.integer] = 0
        return x

    outcome = run(compiled, EXACT, tidy=cancel)
    assert outcome.status == "optimal"
    assert outcome.objective == run(compiled, EXACT).objective


@pytest.mark.parametrize("maximise", [False, True])
@pytest.mark.parametrize("integers", [False, True])
def test_duals_are_what_one_more_unit_is_worth(integers: bool, maximise: bool) -> None:
    """Moving the right-hand side of a row by 1e-4 moves the optimum by 1e-4 x its dual, the integers being fixed."""
    compiled = compile_model(purchasing(2, integers, maximise))
    outcome = run(compiled, EXACT)
    assert outcome.x is not None
    assert outcome.row_dual is not None
    assert outcome.reduced_cost is not None
    fixed = replace(compiled, integer=np.zeros(compiled.columns, np.bool_))
    fixed.lower = np.where(compiled.integer, outcome.x, compiled.lower)
    fixed.upper = np.where(compiled.integer, outcome.x, compiled.upper)
    assert np.abs(outcome.row_dual).max() > 0.1
    for i in compiled.families["balance"]:
        step = np.zeros(compiled.rows)
        step[i] = 1e-4
        moved = replace(fixed, row_lower=fixed.row_lower + step, row_upper=fixed.row_upper + step)
        change = run(moved, EXACT).objective - outcome.objective
        assert change / 1e-4 == pytest.approx(outcome.row_dual[i], abs=1e-4)
    table = np.zeros((compiled.rows, compiled.columns))
    row = np.repeat(np.arange(compiled.rows), np.diff(compiled.start))
    table[row, compiled.index] = compiled.value
    assert outcome.reduced_cost == pytest.approx(compiled.cost - outcome.row_dual @ table, abs=1e-6)


def test_same_input_same_answer() -> None:
    """Bit for bit for the same number of threads, also after a run with another number in the same process."""
    compiled = compile_model(knapsack(1))
    answers = {threads: [run(compiled, Options(threads=threads)) for _ in range(2)] for threads in (1, 2)}
    again = run(compiled, Options(threads=1))
    for one, other in (*answers.values(), (answers[1][0], again)):
        assert one.x is not None
        assert other.x is not None
        assert one.x.tobytes() == other.x.tobytes()
        assert (one.objective, one.bound, one.nodes) == (other.objective, other.bound, other.nodes)


def test_progress_tells_bound_best_plan_gap_and_nodes() -> None:
    """The last report agrees with the outcome; seconds and bound never go back."""
    reports: list[Progress] = []
    outcome = run(compile_model(market_split(1, 5)), Options(time_limit=1.0, threads=1), reports.append)
    assert len(reports) >= 2
    last = reports[-1]
    assert last.best == pytest.approx(outcome.objective)
    assert last.bound == pytest.approx(outcome.bound)
    assert last.gap == pytest.approx(outcome.gap)
    assert 0 < last.nodes <= outcome.nodes
    assert [r.seconds for r in reports] == sorted(r.seconds for r in reports)


def test_an_error_in_the_listener_ends_the_run() -> None:
    """It reaches the caller at once, and the next run works."""

    def broken(progress: Progress) -> None:
        raise ZeroDivisionError

    compiled = compile_model(market_split(1, 5))
    with pytest.raises(ZeroDivisionError):
        run(compiled, Options(time_limit=20.0, threads=1), broken)
    assert run(compile_model(purchasing(0)), EXACT).status == "optimal"


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    """Neither HiGHS's banner nor its log reaches standard output or error."""
    run(compile_model(knapsack(0, 30, 5)), EXACT)
    run(compile_model(small(x=(3, 2))), EXACT)
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_the_log_goes_to_a_file_of_its_own(tmp_path: Path) -> None:
    """The log of a run replaces what an earlier run left in the file."""
    log = tmp_path / "lög file.log"
    log.write_text("of old", encoding="utf-8")
    run(compile_model(purchasing(0)), replace(EXACT, log_file=log))
    text = log.read_text(encoding="utf-8")
    assert "of old" not in text
    assert "Solving report" in text
    size = len(text)
    run(compile_model(purchasing(0)), replace(EXACT, log_file=log))
    assert abs(len(log.read_text(encoding="utf-8")) - size) < 0.2 * size


def test_options_that_highs_refuses_are_named() -> None:
    """A negative gap is an error, not the default gap."""
    with pytest.raises(SolverError, match=r"-1\.0 .* mip_rel_gap"):
        run(compile_model(purchasing(0)), replace(EXACT, gap=-1.0))


def test_arrays_that_highs_refuses_are_an_error() -> None:
    """A column twice in a row would otherwise be solved as if the row were empty."""
    compiled = compile_model(purchasing(0))
    compiled.index[:2] = compiled.index[0]
    with pytest.raises(SolverError, match="refuses"):
        run(compiled, EXACT)
