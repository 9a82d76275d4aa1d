"""Arrays -> HiGHS -> an answer that says what was proven, and a plan whose integers are integers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from stockpile.errors import SolverError
from stockpile.solver.compile import Compiled, Floats, Ints
from stockpile.solver.job import Answer, Job, Options, Point, solve_lp
from stockpile.solver.launch import Listener, Progress, gap_between, interrupts
from stockpile.solver.start import Guide, Start, find_first

MIP_TOLERANCES = (1e-6, 1e-9)
"""How far an integer may be from whole: the second is tried where the first hid a cost from the solver."""
HIDDEN = 1e-7
"""The gap that rounding may add before the run counts as short of its asked gap."""
CLAIMED = 1e-6
"""How far, relatively, the objective of HiGHS's point may be from the one it claims."""
TRACE = 1e-12
"""How far an integer is above a whole number at least where it carries something."""
SAME = 1e-9
"""Objective and bound that differ by no more than this are equal."""
PLAN_KNOWN = {f"mip_heuristic_run_{name}": False for name in ("feasibility_jump", "root_reduced_cost")}
"""What HiGHS leaves out where a first plan is there."""
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
INTERRUPTED = ("kInterrupt", "kHighsInterrupt")
UNCLEAR = ("kUnbounded", "kUnboundedOrInfeasible")

Status = Literal["optimal", "feasible", "infeasible", "unbounded", "no plan"]
Tidy = Callable[[Floats], Floats]


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


def run(
    compiled: Compiled,
    options: Options,
    progress: Listener | None = None,
    tidy: Tidy | None = None,
    guide: Guide | None = None,
) -> Outcome:
    """Solve a compiled model.

    With a ``guide`` a first plan is made before the search, from the relaxation and from what the guide knows; where it is
    good enough the search is left out.  After a search ``tidy`` may set integers that nothing needs to 0; the integers are
    rounded and fixed, the LP is solved again, and objective and gap are those of its answer.  The LP may take as long
    again as the time limit, and at least 10 s.  Ctrl-C keeps the best plan found.  Raises SolverError if HiGHS refuses
    the model or fails.
    """
    if options.log_file is not None:
        options.log_file.write_text("", encoding="utf-8")
    job = Job(compiled, options, progress, time.perf_counter())
    if not compiled.columns:
        return _constant(compiled)
    with interrupts(job.stop):
        return _search(job, tidy, guide) if compiled.integer.any() else _linear(job)


def settle(compiled: Compiled, outcome: Outcome, options: Options, columns: Ints, values: Floats) -> Outcome:
    """The same plan with some columns at other values that cost no more, and the rest fitted to them.

    The outcome as it was where that would cost more or cannot be.
    """
    assert outcome.x is not None
    whole = compiled.integer
    lower, upper = compiled.lower.copy(), compiled.upper.copy()
    lower[whole] = upper[whole] = outcome.x[whole]
    lower[columns] = upper[columns] = values
    job = Job(compiled, replace(options, time_limit=None), None, time.perf_counter())
    answer = solve_lp(job, replace(compiled, lower=lower, upper=upper), np.inf)
    if answer.status != "kOptimal" or answer.x is None:
        return outcome
    x = answer.x
    x[whole] = outcome.x[whole]
    if job.cost(x) > job.cost(outcome.x) + HIDDEN * max(1.0, abs(job.cost(outcome.x))):
        return outcome
    return replace(outcome, x=x, objective=compiled.objective(x))


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


def _linear(job: Job) -> Outcome:
    compiled = job.compiled
    answer = solve_lp(job, compiled, job.remaining())
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


def _explain_no_plan(job: Job, answer: Answer) -> Outcome:
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


def _search(job: Job, tidy: Tidy | None, guide: Guide | None) -> Outcome:
    """A first plan; branch and bound, rounding and the LP; once more with stricter integers where rounding spoilt the plan."""
    compiled = job.compiled
    first = find_first(job, guide, tidy) if guide is not None else Start(None, job.worst_bound, 0)
    plan, bound, iterations = first.plan, first.bound, first.iterations
    nodes = 0
    stopped_by: str | None = None
    if plan is not None and (job.stop.is_set() or gap_between(compiled.objective(plan.x), bound) <= job.options.gap):
        return _judge(job, plan, bound, "interrupt" if job.stop.is_set() else None, nodes, iterations)
    for tolerance in MIP_TOLERANCES:
        answer = _branch(job, plan, bound, tolerance)
        nodes, iterations = nodes + answer.nodes, iterations + answer.iterations
        if plan is None and (answer.x is None or answer.status in UNCLEAR):
            return _explain_no_plan(job, answer)
        if answer.status in (*UNCLEAR, "kInfeasible"):
            break
        if answer.x is not None:
            found = _polish(job, answer.x, tidy)
            plan = found if plan is None else min(plan, found, key=job.rank)
        bound = min(bound, answer.bound) if compiled.maximise else max(bound, answer.bound)
        ended = answer.status == "kOptimal" or (answer.status in INTERRUPTED and not job.stop.is_set())
        stopped_by = None if ended else _stopped_by(answer.status)
        assert plan is not None
        missed = gap_between(compiled.objective(plan.x), bound) > job.options.gap + HIDDEN
        if stopped_by or not job.remaining() or not (missed or plan.broken):
            break
    assert plan is not None
    return _judge(job, plan, bound, stopped_by, nodes, iterations)


def _branch(job: Job, plan: Point | None, bound: float, tolerance: float) -> Answer:
    """One search of HiGHS's, which ends once its figures and what is known already close the gap together.

    The plan that is known is not given to HiGHS (1.16): with one it closes the gap no sooner, and presolve may improve on
    a given plan and then lose the better one.  But with a plan it need not look for one: without two heuristics of
    its root the gap closes in a third to all of the time.
    """
    compiled = job.compiled
    known = job.worst_plan if plan is None else compiled.objective(plan.x)
    best_of, bound_of = (max, min) if compiled.maximise else (min, max)

    def gap(best: float, proven: float) -> float:
        return gap_between(best_of(best, known), bound_of(proven, bound))

    def tell(p: Progress) -> None:
        best = known if p.best is None else best_of(p.best, known)
        proven = bound if p.bound is None else bound_of(p.bound, bound)
        assert job.progress is not None
        job.progress(
            replace(
                p,
                best=best if np.isfinite(best) else None,
                bound=proven if np.isfinite(proven) else None,
                gap=gap_between(best, proven),
            )
        )

    search = replace(job, progress=None if job.progress is None else tell)
    more = {} if plan is None else PLAN_KNOWN
    highs = search.load(compiled, job.remaining(), mip_feasibility_tolerance=tolerance, **more)
    return search.solve(highs, compiled, lambda best, proven: gap(best, proven) <= job.options.gap)


def _polish(job: Job, x: Floats, tidy: Tidy | None) -> Point:
    """The plan with the integers of tidy(x), or those of x where that costs more; x itself where no integers near it do.

    Where neither has a plan, an integer a little above a whole number carries something: it is raised to the next.
    """
    found = []
    for start in (x,) if tidy is None else (tidy(x.copy()), x):
        plan = _fix(job, start)
        if plan is not None:
            found.append(plan)
            if job.cost(plan.x) <= job.cost(x) + HIDDEN * abs(job.cost(x)):
                break
    if not found:
        raised = _fix(job, np.ceil(x - TRACE))
        found = [raised] if raised is not None else []
    return min(found, key=job.rank, default=Point(x, broken=True))


def _fix(job: Job, x: Floats) -> Point | None:
    compiled, whole = job.compiled, job.compiled.integer
    lower, upper = compiled.lower.copy(), compiled.upper.copy()
    lower[whole] = upper[whole] = np.clip(np.round(x[whole]), np.ceil(lower[whole]), np.floor(upper[whole]))
    limit = job.options.time_limit
    seconds = np.inf if limit is None else max(limit, LEAST_POLISH_SECONDS)
    patient = replace(job, stop=threading.Event())
    answer = solve_lp(patient, replace(compiled, lower=lower, upper=upper), seconds)
    if answer.status != "kOptimal" or answer.x is None:
        return None
    point = answer.x
    point[whole] = lower[whole]
    return Point(point, False, answer.row_dual, answer.reduced_cost)


def _judge(job: Job, plan: Point, bound: float, stopped_by: str | None, nodes: int, iterations: int) -> Outcome:
    """Status and gap of the plan against the bound; a bound beyond the plan is the plan's own objective."""
    objective = job.compiled.objective(plan.x)
    beyond = (objective - bound) if job.compiled.maximise else (bound - objective)
    if beyond > CLAIMED * max(1.0, abs(objective)):
        stopped_by, bound = "numerical trouble", job.worst_bound
    elif beyond > 0 or abs(bound - objective) <= SAME:
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
