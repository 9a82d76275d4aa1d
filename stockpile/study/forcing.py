"""Decisions of a plan the other way round: what is done is forbidden, what is not is required, as pins are, and solved again."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stockpile.errors import DataError, SolverError
from stockpile.solver.launch import Progress
from stockpile.study.decisions import Decision
from stockpile.study.plan_point import at_plan, most_of
from stockpile.study.searches import Interval, Listener, Searches
from stockpile.study.variants import pinned, setting_out

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.plan.plan import Plan

NOT_SEARCHED, INTERRUPT = "not searched", "interrupt"


@dataclass(frozen=True)
class Answer:
    """What the other way round costs more, money: from ``low`` (-inf: unknown) to ``high`` (inf: no plan is known).

    ``status`` is how its search ended: optimal, feasible, infeasible, unbounded or no plan, or that there was none; ``plan`` is
    what it found, None where that is known only to cost no more than the plan that it set out from.
    """

    decision: Decision
    low: float
    high: float
    status: str
    plan: Plan | None


@dataclass(frozen=True)
class Asked:
    """How the variants are searched for: gap (a share) and seconds of each, seconds of all, threads."""

    gap: float | None
    each: float
    total: float
    threads: int | None = None
    progress: Listener | None = None


def forced(
    instance: Instance, plan: Plan, decisions: Sequence[Decision], asked: Asked
) -> tuple[list[Answer], list[Decision], str | None]:
    """What the other way round of each decision costs; which were left out for want of time, and what ended the searches by hand.

    Each variant is the instance with one pin more, and its search sets out from the plan.  The difference is between what
    is proven of both optima; where least cost is asked for it is never negative, for the pin only forbids.  When the time
    of all is over, the decisions that are left are not searched for: the plan with each changed alone is what is known.
    """
    base = Interval(plan.bound, plan.objective, plan.status)
    options = {"gap": asked.gap, "threads": asked.threads, "hints": False}
    searches, most = Searches(asked.total, len(decisions), asked.progress, options, asked.each), most_of(plan)
    answers: list[Answer] = []
    for at, decision in enumerate(decisions):
        if searches.over:
            if searches.stopped_by is None:
                answers += _not_searched(instance, plan, decisions[at:], searches, base, asked)
            break
        try:
            variant, start = pinned(instance, decision), setting_out(instance, plan, decision)
        except DataError:
            answers.append(Answer(decision, math.inf, math.inf, "infeasible", None))
            continue
        except KeyboardInterrupt:
            searches.stopped_by = INTERRUPT
            break
        name = f"{at + 1} of {len(decisions)}: {_words(decision)}"
        interval, found = searches.run(variant, name, start=start, most=most)
        if searches.stopped_by is not None and found is None:
            break
        if interval.status == "no plan":
            interval = _at_start(variant, start, interval)
        answers.append(_answer(instance, decision, base, interval, None if found is None else found.plan))
    done = {id(answer.decision) for answer in answers}
    return answers, [d for d in decisions if id(d) not in done], searches.stopped_by


def _not_searched(
    instance: Instance, plan: Plan, left: Sequence[Decision], searches: Searches, base: Interval, asked: Asked
) -> list[Answer]:
    """What is known of the decisions ``left`` without a search: what the plan costs with each of them alone the other way round.

    In as much time as the searches had; Ctrl-C stops it as it does them.
    """
    found: list[Answer] = []
    begun = time.perf_counter()
    for at, decision in enumerate(left, searches.all - len(left)):
        seconds = time.perf_counter() - begun
        if seconds >= asked.total:
            break
        if asked.progress is not None:
            of, phase = f"{at + 1} of {searches.all}: {_words(decision)}", "told from the plan, without a search"
            asked.progress(Progress(seconds, None, None, math.inf, 0, of, at, searches.all, phase))
        try:
            variant = pinned(instance, decision)
            interval = replace(
                _at_start(variant, setting_out(instance, plan, decision), Interval()), status=NOT_SEARCHED
            )
        except DataError:
            interval = Interval(math.inf, math.inf, "infeasible")
        except KeyboardInterrupt:
            searches.stopped_by = INTERRUPT
            break
        found.append(_answer(instance, decision, base, interval, None))
    return found


def _words(decision: Decision) -> str:
    return f"{'without' if decision.used else 'with'} {decision.name}"


def _at_start(variant: Instance, start: Plan, known: Interval) -> Interval:
    """What is known where the search found nothing in its time: what the plan costs that it set out from, if it is one."""
    try:
        return replace(known, high=at_plan(variant, start).objective, status="feasible")
    except SolverError:
        return known


def _answer(instance: Instance, decision: Decision, base: Interval, found: Interval, plan: Plan | None) -> Answer:
    """The difference of two optima."""
    if found.status == "infeasible":
        return Answer(decision, math.inf, math.inf, found.status, None)
    low, high = found.low - base.high, found.high - base.low
    if instance.settings.objective.goal == "least-cost":
        low, high = max(low, 0.0), max(high, 0.0)
    return Answer(decision, low, high, found.status, plan)


__all__ = ["NOT_SEARCHED", "Answer", "Asked", "forced"]
