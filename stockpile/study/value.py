"""What information is worth: a plan beside those for futures that are known, and beside the plan for the expected future."""

from __future__ import annotations

import math
import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from stockpile.engine import find
from stockpile.errors import DataError, Problem
from stockpile.instance.settings import FILE
from stockpile.plan.keeping import shared_periods
from stockpile.study.futures import expected, known, only
from stockpile.study.searches import Interval, Listener, Searches, plain
from stockpile.tree import build_tree

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.plan.plan import Plan

#: How a search can end, the best first; what is made of several searches ends as the worst of them.
ENDS = ("optimal", "feasible", "no plan", "unbounded", "infeasible")


def solve_with_value(
    instance: Instance,
    *,
    gap: float | None = None,
    time_limit: float | None = None,
    threads: int | None = None,
    seed: int = 0,
    progress: Listener | None = None,
    log_file: str | os.PathLike[str] | None = None,
    start: Plan | None = None,
) -> Plan:
    """Plan an instance as ``solve`` does, and find out what information is worth: ``summary["value"]``, money.

    Each figure is the interval that the gaps of its searches leave:

    - ``recourse`` (RP), the plan; ``wait_and_see`` (WS), the expected cost where the future is known before anything is
      decided; ``perfect_information`` (EVPI) = RP - WS.
    - ``expected_problem`` (EV), the plan for one future in which all data are what is expected of them;
      ``expected_result`` (EEV), the cost of the instance where what is decided before futures part is kept from that
      plan, and all else is decided as well as can be; ``stochastic_solution`` (VSS) = EEV - RP.

    Of several stages the decisions that are kept are those of the first: EEV is EEV_2 of Escudero et al., the first of
    their chain.  EEV belongs to the plan that the expected problem found; where that has several, others may cost other sums.

    All searches beyond that of the plan together have the time limit once more.  One that finds no plan in its time leaves a
    wide interval.  Raises as ``solve`` does, and DataError where there is one future, or where shortfall comes before cost.

    Source: Birge and Louveaux (2011), Introduction to stochastic programming, chapter 4; Escudero, Garin, Merino and Perez
    (2007), The value of the stochastic solution in multistage problems, TOP 15, 48-64.
    """
    _check(instance)
    found = find(
        instance,
        gap=gap,
        time_limit=time_limit,
        threads=threads,
        seed=seed,
        progress=progress,
        log_file=log_file,
        start=start,
    )
    limit = instance.settings.solver.time_limit if time_limit is None else time_limit
    searches = Searches(limit, _count(instance), progress, {"gap": gap, "threads": threads, "seed": seed}, before=1)
    if found.plan.summary["stopped_by"] == "interrupt":
        searches.stopped_by = "interrupt"
    plan, started = found.plan, time.perf_counter()
    plan.summary["value"] = _value(instance, plan, searches)
    seconds = plan.summary["seconds"]
    seconds["value"] = round(time.perf_counter() - started, 3)
    seconds["total"] = round(seconds["total"] + seconds["value"], 3)
    return plan


def _check(instance: Instance) -> None:
    """There is something to know, and cost is what counts."""
    problems = []
    if not len(instance.view("scenarios")):
        problems.append(
            Problem("scenarios.csv", "the file is missing; what it is worth to know the future needs several")
        )
    if instance.settings.objective.goal != "least-cost":
        said = "puts shortfall first; the value of information is one of cost: --set objective.goal=least-cost"
        problems.append(Problem(FILE, said, column="objective.goal"))
    if instance.settings.risk.measure == "nested":
        said = "is nested: futures that are known have no forks for it; --set risk.measure=cvar to compare by the tail of all"
        problems.append(Problem(FILE, said, column="risk.measure"))
    if problems:
        raise DataError(problems)


def _alone(instance: Instance) -> bool:
    """Whether futures that are known can be planned one by one: nothing is asked of all of them together."""
    risk = instance.settings.risk
    return risk.measure == "expected" and risk.cover is None


def _count(instance: Instance) -> int:
    """How many searches there are beyond that of the plan."""
    return 2 + (len(instance.view("scenarios")) if _alone(instance) else 1)


def _value(instance: Instance, plan: Plan, searches: Searches) -> dict[str, Any]:
    """What plan.json says of it."""
    shared = shared_periods(instance, build_tree(instance))
    recourse = Interval(plan.bound, plan.objective, plan.status)
    result, mean = _expected_result(instance, plan, shared, searches)
    known_each, seen = _wait_and_see(instance, searches)
    result = recourse if result is None else result
    recourse = replace(recourse, low=max(recourse.low, seen.low), high=min(recourse.high, result.high))
    seen = replace(seen, high=min(seen.high, recourse.high))
    result = replace(result, low=max(result.low, recourse.low))
    return {
        "recourse": recourse.as_document(),
        "wait_and_see": seen.as_document(),
        "expected_problem": mean.as_document(),
        "expected_result": result.as_document(),
        "perfect_information": _difference(recourse, seen),
        "stochastic_solution": _difference(result, recourse),
        "kept": {name: [instance.calendar.labels[t] for t in periods] for name, periods in shared.items()},
        "scenarios": known_each,
        "stopped_by": searches.stopped_by,
    }


def _expected_result(
    instance: Instance, plan: Plan, shared: dict[str, list[int]], searches: Searches
) -> tuple[Interval | None, Interval]:
    """EEV and EV.  EEV is None where nothing is decided before futures part: it is what the plan costs."""
    mean, found = searches.run(expected(instance), "expected future")
    if not any(shared.values()):
        return None, mean
    if found is None:
        return Interval(status=mean.status), mean
    result, _ = searches.run(instance, "its decisions in all futures", like=found.point, start=plan)
    return result, mean


def _wait_and_see(instance: Instance, searches: Searches) -> tuple[list[dict[str, Any]], Interval]:
    """What each future costs if it is known, and WS.

    Where risk or the chance of cover counts, all futures are in one search: it is asked of all of them together.
    """
    if not _alone(instance):
        return [], searches.run(known(instance), "all futures known")[0]
    view = instance.view("scenarios")
    each, low, high, end = [], 0.0, 0.0, 0
    for name, probability in zip(view["scenario"], view["probability"].tolist(), strict=True):
        found, _ = searches.run(only(instance, str(name)), f"{name} known")
        each.append({"scenario": str(name), "probability": probability, **found.as_document()})
        low, high = low + probability * found.low, high + probability * found.high
        end = max(end, ENDS.index(found.status))
    status = ENDS[end]
    return each, Interval(low, -math.inf if status == "unbounded" else high, status)


def _difference(more: Interval, less: Interval) -> dict[str, Any]:
    """How much more one optimum is than another that is never above it."""
    low = max(more.low - less.high, 0.0) if more.low > -math.inf else 0.0
    return {"low": plain(low), "high": plain(max(more.high - less.low, low))}


__all__ = ["Interval", "solve_with_value"]
