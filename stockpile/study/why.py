"""Why a plan is as it is: what binds and what it is worth, what every decision saves, and break-even prices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stockpile.study.break_even import BreakEven, break_even
from stockpile.study.decisions import Decision
from stockpile.study.forcing import Answer, Asked, forced
from stockpile.study.limits import Limit, limits_of
from stockpile.study.plan_point import at_plan

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.plan.audit import Audit
    from stockpile.plan.plan import Plan

#: Seconds, of those for one search, that the worth of limits and the break-even prices may take each; of those for all searches
#: what the latter may take where that is more.
SHARE, OF_ALL = 1.0, 0.25


@dataclass(frozen=True)
class Why:
    """What is found out about a plan.

    ``least`` is the least cost with its whole decisions (money): less than that of the plan where its amounts are not the
    best.  ``left`` are decisions for which there was no time, ``unpriced`` sources; ``stopped_by`` is ``interrupt`` where that
    was by hand.
    """

    plan: Plan
    least: float
    limits: Sequence[Limit]
    answers: Sequence[Answer]
    break_even: Sequence[BreakEven]
    left: Sequence[Decision]
    unpriced: Sequence[str]
    stopped_by: str | None


def why_so(instance: Instance, plan: Plan, audit: Audit, decisions: Sequence[Decision], asked: Asked) -> Why:
    """Explain a plan of the instance that passes its audit.

    Raises SolverError where the model has no point with the plan's decisions.
    """
    point = at_plan(instance, plan)
    limits = limits_of(point, audit, SHARE * asked.each)
    answers, left, stopped_by = forced(instance, plan, decisions, asked)
    seconds = max(SHARE * asked.each, OF_ALL * asked.total if math.isfinite(asked.total) else 0.0)
    prices, unpriced = break_even(point, answers, seconds) if stopped_by is None else ([], [])
    return Why(plan, point.objective, limits, answers, prices, left, unpriced, stopped_by)


__all__ = ["Why", "why_so"]
