"""Arrays -> HiGHS -> an answer that says what was proven, and a plan whose integers are integers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import highspy
import numpy as np

from stockpile.errors import SolverError
from stockpile.solver.compile import Compiled, Floats
from stockpile.solver.launch import Listener, Progress, Quiet, gap_between, launch

MIP_TOLERANCES = (1e-6, 1e-9)
"""How far an integer may be from whole: the second is tried where the first hid a cost from the solver."""
LP_TOLERANCES = (1e-9, 1e-7)
"""How far a row or bound may be violated: the second is tried where the first leads to no answer."""
HIDDEN = 1e-7
"""The gap that rounding may add before the run counts as short of its asked gap."""
SAME = 1e-9
"""Objective and bound that differ by no more than this are equal."""
LEAST_POLISH_SECONDS = 10.0

STOPPED = {
    "kTimeLimit": "time limit",
    "kInterrupt": "interrupt",
    "kHighsInterrupt": "interrupt",
    "kMemoryLimit": "memory limit",
    "kIterationLimit": "iteration limit",
    "kSolutionLimit": "solution limit",
    "kUnknown": "numerical trouble",
    "kSolveError": "numerical trouble",
    "kPostsolveError": "numerical trouble",
}
UNCLEAR = ("kUnbounded", "kUnboundedOrInfeasible")

Status = Literal["optimal", "feasible", "infeasible", "unbounded", "no plan"]
Tidy = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Options:
    """How to run: relative gap, seconds (None: no limit), threads (0: the solver's choice), seed, log file."""

    gap: float = 1e-4
    time_limit: float | None = 600.0
    threads: int = 0
    seed: int = 0
    log_file: Path | None = None


@dataclass(frozen=True)
class Outcome:
    """What a run found, in the model's units.

    ``optimal``: the asked gap is proven; ``feasible``: a plan, but stopped before that; ``no plan``: stopped with
    nothing proven.  ``stopped_by`` is "time limit", "interrupt", "memory limit", "iteration limit", "solution limit",
    "numerical trouble" or "rounding" (whole integers cost more than the solver's tolerance let it see, or allow no
    plan: then ``x`` has the solver's almost whole ones), None where the run ended by itself.  Without a plan ``x`` is None, the objective NaN and the gap infinite.  ``row_dual`` is
    the change of the objective per unit of the row's bound, ``reduced_cost`` per unit of the column's, both of the LP
    with the integers fixed; None where that LP was not solved.
    """

    status: Status
    stopped_by: str | None
    x: Floats | None
    objective: float
    bound: float
    gap: float
    nodes: int
    iterations: int
    row_dual: Floats | None = None
    reduced_cost: Floats | None = None


def run(compiled: Compiled, options: Options, progress: Listener | None = None, tidy: Tidy | None = None) -> Outcome:
    """Solve a compiled model.

    After a model with integers has been searched, ``tidy`` may set integers that nothing needs to 0; the integers are
    rounded and fixed, the LP is solved again, and objective and gap are those of its answer.  The LP may take as long
    again as the time limit, and at least 10 s.  Ctrl-C keeps the best plan found.  Raises SolverError if HiGHS refuses
    the model or fails.
    """
    if options.log_file is not None:
        options.log_file.write_text("", encoding="utf-8")
    job = _Job(compiled, options, progress, time.perf_counter())
    if not compiled.columns:
        return _constant(compiled)
    return _search(job, tidy) if compiled.integer.any() else _linear(job)


@dataclass(frozen=True)
class _Answer:
    """One HiGHS run: its status by HiGHS's name, and the point it ended with if that is feasible."""

    status: str
    x: Floats | None
    bound: float
    nodes: int
    iterations: int
    row_dual: Floats | None = None
    reduced_cost: Floats | None = None


@dataclass(frozen=True)
class _Plan:
    """A feasible point; ``broken`` if its integers are whole only within the solver's tolerance."""

    x: Floats
    broken: bool
    row_dual: Floats | None = None
    reduced_cost: Floats | None = None


@dataclass(frozen=True)
class _Job:
    compiled: Compiled
    options: Options
    progress: Listener | None
    started: float

    @property
    def worst_bound(self) -> float:
        return np.inf if self.compiled.maximise else -np.inf

    def cost(self, x: Floats) -> float:
        """The objective at x, less is better."""
        objective = self.compiled.objective(x)
        return -objective if self.compiled.maximise else objective

    def rank(self, plan: _Plan) -> tuple[bool, float]:
        """Order of preference: whole integers first, then the objective."""
        return plan.broken, self.cost(plan.x)

    def remaining(self) -> float:
        """Seconds left of the time limit."""
        limit = self.options.time_limit
        return np.inf if limit is None else max(limit - (time.perf_counter() - self.started), 0.0)

    def load(self, compiled: Compiled, seconds: float, **more: Any) -> Any:
        """A new HiGHS with the model and the options; HiGHS counts time per object, so each run has its own."""
        highs = Quiet()
        options: dict[str, Any] = {
            "log_file": "" if self.options.log_file is None else str(self.options.log_file),
            "time_limit": seconds,
            "threads": self.options.threads,
            "random_seed": self.options.seed,
            "mip_rel_gap": self.options.gap,
            "mip_abs_gap": 0.0,
            **more,
        }
        for name, value in options.items():
            if highs.setOptionValue(name, value) == highspy.HighsStatus.kError:
                raise SolverError(f"HiGHS does not accept {value!r} for its option {name}")
        _pass(highs, compiled)
        return highs

    def solve(self, highs: Any, compiled: Compiled) -> _Answer:
        """Run to an answer; progress is reported for models with integers only."""
        launch(highs, self.started, self.progress)
        info, solution = highs.getInfo(), highs.getSolution()
        feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        integers = bool(compiled.integer.any())
        return _Answer(
            status=highs.getModelStatus().name,
            x=np.array(solution.col_value, np.float64) if feasible else None,
            bound=info.mip_dual_bound if integers else self.worst_bound,
            nodes=max(int(info.mip_node_count), 0),
            iterations=int(max(info.simplex_iteration_count, 0) + max(info.ipm_iteration_count, 0)),
            row_dual=np.array(solution.row_dual, np.float64) if solution.dual_valid else None,
            reduced_cost=np.array(solution.col_dual, np.float64) if solution.dual_valid else None,
        )


def _pass(highs: Any, compiled: Compiled) -> None:
    arrays = (
        compiled.columns,
        compiled.rows,
        compiled.nonzeros,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMaximize if compiled.maximise else highspy.ObjSense.kMinimize),
        compiled.offset,
        compiled.cost,
        compiled.lower,
        compiled.upper,
        compiled.row_lower,
        compiled.row_upper,
        compiled.start,
        compiled.index,
        compiled.value,
        compiled.integer.astype(np.int32),
    )
    if highs.passModel(*arrays) == highspy.HighsStatus.kError:
        raise SolverError("HiGHS refuses the model")


def _constant(compiled: Compiled) -> Outcome:
    """A model without columns: HiGHS would call it empty and look at neither its rows nor its constant."""
    if ((compiled.row_lower > 0) | (compiled.row_upper < 0)).any():
        return _without_plan("infeasible", None, compiled.maximise)
    nothing, objective = np.zeros(0), compiled.offset
    return Outcome("optimal", None, nothing, objective, objective, 0.0, 0, 0, np.zeros(compiled.rows), nothing)


def _without_plan(
    status: Status, stopped_by: str | None, maximise: bool, bound: float | None = None, nodes: int = 0
) -> Outcome:
    worst = np.inf if maximise else -np.inf
    return Outcome(status, stopped_by, None, np.nan, worst if bound is None else bound, np.inf, nodes, 0)


def _solve_lp(job: _Job, compiled: Compiled, seconds: float) -> _Answer:
    """Solve without integers.  What fails or is infeasible within 1e-9 is tried again within 1e-7."""
    relaxed = replace(compiled, integer=np.zeros(compiled.columns, np.bool_))
    for tolerance in LP_TOLERANCES:
        highs = job.load(relaxed, seconds, primal_feasibility_tolerance=tolerance)
        answer = job.solve(highs, relaxed)
        if answer.status not in ("kInfeasible", "kUnknown", "kSolveError", "kPostsolveError"):
            break
    return answer


def _linear(job: _Job) -> Outcome:
    compiled = job.compiled
    answer = _solve_lp(job, compiled, job.remaining())
    if answer.status == "kOptimal" and answer.x is not None:
        objective = compiled.objective(answer.x)
        return Outcome(
            "optimal", None, answer.x, objective, objective, 0.0, 0, answer.iterations, answer.row_dual,
            answer.reduced_cost,
        )  # fmt: skip
    if answer.x is None or answer.status in UNCLEAR:
        return _explain_no_plan(job, answer)
    objective = compiled.objective(answer.x)
    stopped_by = _stopped_by(answer.status)
    return Outcome("feasible", stopped_by, answer.x, objective, job.worst_bound, np.inf, 0, answer.iterations)


def _stopped_by(status: str) -> str:
    if status not in STOPPED:
        raise SolverError(f"HiGHS ended with status {status}")
    return STOPPED[status]


def _explain_no_plan(job: _Job, answer: _Answer) -> Outcome:
    """Infeasible, unbounded, or stopped before anything was known.

    HiGHS may say "unbounded or infeasible", and for integers "unbounded" speaks of the relaxation.  The model without
    costs tells the two apart.
    """
    maximise = job.compiled.maximise
    if answer.status in UNCLEAR:
        flat = replace(job.compiled, cost=np.zeros(job.compiled.columns))
        silent = replace(job, progress=None)
        answer = silent.solve(silent.load(flat, job.remaining()), flat)
        if answer.x is not None:
            return _without_plan("unbounded", None, maximise)
    if answer.status == "kInfeasible":
        return _without_plan("infeasible", None, maximise)
    return _without_plan("no plan", _stopped_by(answer.status), maximise, answer.bound, answer.nodes)


def _search(job: _Job, tidy: Tidy | None) -> Outcome:
    """Branch and bound, rounding and the LP; once more with stricter integers where rounding spoilt the plan."""
    compiled = job.compiled
    plan: _Plan | None = None
    bound = job.worst_bound
    nodes = iterations = 0
    stopped_by: str | None = None
    for tolerance in MIP_TOLERANCES:
        highs = job.load(compiled, job.remaining(), mip_feasibility_tolerance=tolerance)
        if plan is not None:
            highs.setSolution(compiled.columns, np.arange(compiled.columns, dtype=np.int32), plan.x)
        answer = job.solve(highs, compiled)
        nodes, iterations = nodes + answer.nodes, iterations + answer.iterations
        if answer.x is None or answer.status in UNCLEAR:
            if plan is None:
                return _explain_no_plan(job, answer)
            break
        found = _polish(job, answer.x, tidy)
        plan = found if plan is None else min(plan, found, key=job.rank)
        bound = min(bound, answer.bound) if compiled.maximise else max(bound, answer.bound)
        stopped_by = None if answer.status == "kOptimal" else _stopped_by(answer.status)
        missed = gap_between(compiled.objective(plan.x), bound) > job.options.gap + HIDDEN
        if stopped_by or not job.remaining() or not (missed or plan.broken):
            break
    assert plan is not None
    return _judge(job, plan, bound, stopped_by, nodes, iterations)


def _polish(job: _Job, x: Floats, tidy: Tidy | None) -> _Plan:
    """The plan with the integers of tidy(x), or those of x where that costs more; x itself if neither has a plan."""
    found = []
    for start in (x,) if tidy is None else (tidy(x.copy()), x):
        plan = _fix(job, start)
        if plan is not None:
            found.append(plan)
            if job.cost(plan.x) <= job.cost(x) + HIDDEN * abs(job.cost(x)):
                break
    return min(found, key=job.rank, default=_Plan(x, broken=True))


def _fix(job: _Job, x: Floats) -> _Plan | None:
    compiled, whole = job.compiled, job.compiled.integer
    lower, upper = compiled.lower.copy(), compiled.upper.copy()
    lower[whole] = upper[whole] = np.clip(np.round(x[whole]), np.ceil(lower[whole]), np.floor(upper[whole]))
    limit = job.options.time_limit
    seconds = np.inf if limit is None else max(limit, LEAST_POLISH_SECONDS)
    answer = _solve_lp(job, replace(compiled, lower=lower, upper=upper), seconds)
    if answer.status != "kOptimal" or answer.x is None:
        return None
    point = answer.x
    point[whole] = lower[whole]
    return _Plan(point, False, answer.row_dual, answer.reduced_cost)


def _judge(job: _Job, plan: _Plan, bound: float, stopped_by: str | None, nodes: int, iterations: int) -> Outcome:
    """Status and gap of the plan against the bound; a bound beyond the plan is the plan's own objective."""
    objective = job.compiled.objective(plan.x)
    passed = bound < objective if job.compiled.maximise else bound > objective
    if passed or abs(bound - objective) <= SAME:
        bound = objective
    gap = gap_between(objective, bound)
    reached = gap <= job.options.gap + HIDDEN and not plan.broken
    if reached:
        stopped_by = None
    elif stopped_by is None:
        stopped_by = "rounding"
    status: Status = "optimal" if reached else "feasible"
    return Outcome(
        status, stopped_by, plan.x, objective, bound, gap, nodes, iterations, plan.row_dual, plan.reduced_cost
    )


__all__ = ["Options", "Outcome", "Progress", "run"]
