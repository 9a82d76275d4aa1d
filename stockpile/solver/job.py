"""One solve as a job: its options, and how a compiled model is handed to HiGHS and run."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import highspy
import numpy as np

from stockpile.errors import SolverError
from stockpile.solver.compile import Compiled, Floats
from stockpile.solver.launch import Enough, Listener, Quiet, launch

LP_TOLERANCES = (1e-9, 1e-7)
"""How far a row or bound may be violated: the second is tried where the first leads to no answer."""


@dataclass(frozen=True)
class Options:
    """How to run: relative gap, seconds (None: no limit), threads (0: the solver's choice), seed, log file."""

    gap: float = 1e-4
    time_limit: float | None = 600.0
    threads: int = 0
    seed: int = 0
    log_file: Path | None = None


@dataclass(frozen=True)
class Answer:
    """One HiGHS run: its status by HiGHS's name, the point it ended with if that is feasible, and the objective it claims."""

    status: str
    x: Floats | None
    objective: float
    bound: float
    nodes: int
    iterations: int
    row_dual: Floats | None = None
    reduced_cost: Floats | None = None


@dataclass(frozen=True)
class Point:
    """A feasible point; ``broken`` if its integers are whole only within the solver's tolerance."""

    x: Floats
    broken: bool
    row_dual: Floats | None = None
    reduced_cost: Floats | None = None


@dataclass(frozen=True)
class Job:
    """A model to be solved with options; ``progress`` is told, ``stop`` ends it, ``started`` is when (perf_counter)."""

    compiled: Compiled
    options: Options
    progress: Listener | None
    started: float
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def worst_bound(self) -> float:
        return np.inf if self.compiled.maximise else -np.inf

    @property
    def worst_plan(self) -> float:
        return -self.worst_bound

    def cost(self, x: Floats) -> float:
        """The objective at x, less is better."""
        objective = self.compiled.objective(x)
        return -objective if self.compiled.maximise else objective

    def rank(self, plan: Point) -> tuple[bool, float]:
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
        pass_model(highs, compiled)
        return highs

    def solve(self, highs: Any, compiled: Compiled, enough: Enough | None = None) -> Answer:
        """Run to an answer; progress is reported for models with integers only.  ``stop`` ends it, or ``enough``."""
        launch(highs, self.started, self.progress, self.stop, enough)
        info, solution = highs.getInfo(), highs.getSolution()
        feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        integers = bool(compiled.integer.any())
        return Answer(
            status=highs.getModelStatus().name,
            x=np.array(solution.col_value, np.float64) if feasible else None,
            objective=info.objective_function_value,
            bound=info.mip_dual_bound if integers else self.worst_bound,
            nodes=max(int(info.mip_node_count), 0),
            iterations=int(max(info.simplex_iteration_count, 0) + max(info.ipm_iteration_count, 0)),
            row_dual=np.array(solution.row_dual, np.float64) if solution.dual_valid else None,
            reduced_cost=np.array(solution.col_dual, np.float64) if solution.dual_valid else None,
        )


def pass_model(highs: Any, compiled: Compiled) -> None:
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


def solve_lp(job: Job, compiled: Compiled, seconds: float) -> Answer:
    """Solve without integers.  What fails or is infeasible within 1e-9 is tried again within 1e-7."""
    relaxed = replace(compiled, integer=np.zeros(compiled.columns, np.bool_))
    for tolerance in LP_TOLERANCES:
        highs = job.load(relaxed, seconds, primal_feasibility_tolerance=tolerance)
        answer = job.solve(highs, relaxed)
        if answer.status not in ("kInfeasible", "kUnknown", "kSolveError", "kPostsolveError"):
            break
    return answer
