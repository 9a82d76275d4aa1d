"""A plan as a point of the model: its whole decisions fixed as its tables have them, all else as well as can be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from stockpile.data import Data, make_data
from stockpile.engine import lots_of
from stockpile.errors import SolverError
from stockpile.models.build import build_model
from stockpile.plan.guess import guide_of
from stockpile.solver.compile import Compiled, compile_model
from stockpile.solver.fixing import fixed
from stockpile.solver.highs import Options, Outcome, run
from stockpile.solver.phases import at_most
from stockpile.tree import Tree, build_tree

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.plan.plan import Plan

#: Room that a named cost has above its limit, as a share: what a row of the LP may be off by.
ROOM = 1e-7
SECONDS = 120.0


@dataclass(frozen=True)
class PlanPoint:
    """The model of an instance with the integers of a plan fixed and let go, so that it is an LP, and its optimum.

    ``free`` is the model with its integers.  Where shortfall comes first, both keep that of the plan; limits of named costs hold as when it was made.
    """

    instance: Instance
    plan: Plan
    tree: Tree
    data: Data
    model: Any
    free: Compiled
    compiled: Compiled
    outcome: Outcome

    @property
    def objective(self) -> float:
        """The least cost with the plan's whole decisions, money."""
        return self.outcome.objective * self.data.money_scale


def at_plan(instance: Instance, plan: Plan) -> PlanPoint:
    """The point of a plan of the instance.

    Integers that no table tells (such as which future counts as uncovered) are those that cost least beside the others.
    Raises SolverError where the model has no point with the plan's decisions.
    """
    tree = build_tree(instance)
    data = make_data(instance, tree)
    model = build_model(data)
    compiled = at_most(compile_model(model), _limits(instance, plan, data))
    start = guide_of(model, compiled, plan, lots_of(instance)).start
    assert start is not None
    start[-1] = np.nan
    known = np.flatnonzero(compiled.integer & ~np.isnan(start) & (compiled.lower < compiled.upper)).astype(np.int32)
    kept = fixed(compiled, known, start[known])
    linear = None if kept is None else _linear(kept)
    outcome = None if linear is None else run(linear, Options(gap=0.0, time_limit=SECONDS))
    if linear is None or outcome is None or outcome.row_dual is None:
        raise SolverError(
            f"the model of {instance.name} has no point with the decisions of the plan, though the plan passes its audit"
        )
    return PlanPoint(instance, plan, tree, data, model, compiled, linear, outcome)


def _linear(kept: Compiled) -> Compiled | None:
    """The model as an LP, with the integers that are still free at their best values; None where it has no point."""
    whole, lower, upper = kept.integer, kept.lower.copy(), kept.upper.copy()
    if (lower < upper)[whole].any():
        x = run(kept, Options(gap=0.0, time_limit=SECONDS)).x
        if x is None:
            return None
        lower[whole] = upper[whole] = np.round(x[whole])
    return replace(kept, lower=lower, upper=upper, integer=np.zeros_like(whole))


def most_of(plan: Plan) -> dict[str, float]:
    """What named costs might come to when the plan was made, money, beside what its instance says."""
    options = plan.summary.get("options")
    most = options.get("most") if isinstance(options, dict) else None
    return {str(n): float(money) for n, money in most.items()} if isinstance(most, dict) else {}


def _limits(instance: Instance, plan: Plan, data: Data) -> dict[str, float]:
    """What named costs may come to at most, model money: shortfall that of the plan where it comes first."""
    limits = most_of(plan)
    if instance.settings.objective.goal == "least-shortfall":
        first, own = plan.summary.get("first"), plan.costs.get("shortfall", 0.0)
        if isinstance(first, dict):
            own = max(own, first["value"] + first["tolerance"] * abs(first["value"]))
        limits["shortfall"] = min(own, limits.get("shortfall", np.inf))
    scaled = {name: money / data.money_scale for name, money in limits.items()}
    return {name: money + ROOM * max(1.0, abs(money)) for name, money in scaled.items()}
