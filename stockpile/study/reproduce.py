"""A plan made again from what its folder keeps, and what of it came out the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stockpile.engine import find
from stockpile.errors import InfeasibleError, NoPlanError, UnboundedError
from stockpile.plan.audit import audit
from stockpile.plan.plan import Plan
from stockpile.solver.launch import Progress
from stockpile.solver.threads import chosen_threads
from stockpile.study.differences import Difference, differences

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.study.asked import Asked

TOLERANCE = 1e-6
"""How far, relatively, a bound may be above the other plan's objective."""


@dataclass(frozen=True)
class Reproduction:
    """What came out.

    ``again`` is the new plan; None where there is none, and ``failure`` says why.  ``loose`` says why the two need not be the
    same to the last digit; where it says nothing they must.  ``breaches`` are those of the audits of the old plan and the new
    one; ``apart`` says how the intervals from bound to objective contradict each other.
    """

    plan: Plan
    again: Plan | None
    failure: str = ""
    loose: Sequence[str] = ()
    differences: Sequence[Difference] = ()
    breaches: tuple[int, int] = (0, 0)
    apart: str = ""

    @property
    def exact(self) -> bool:
        """Whether every number must be the same."""
        return not self.loose

    @property
    def reproduced(self) -> bool:
        """The same where it must be; elsewhere both plans are valid, and neither is better than the other's bound allows."""
        if self.again is None:
            return False
        if self.exact:
            return not self.differences
        return self.breaches == (0, 0) and not self.apart


def reproduce(
    folder: Path,
    instance: Instance,
    asked: Asked,
    start: Plan | None = None,
    progress: Callable[[Progress], None] | None = None,
    log_file: Path | None = None,
) -> Reproduction:
    """Search again as the plan in a folder was searched for, and compare.

    Raises DataError where the folder holds no plan.  Ctrl-C ends the search, and what it has found is compared.
    """
    plan = Plan.read(folder)
    threads = asked.threads or (asked.threads_used if asked.threads_used != chosen_threads() else None)
    try:
        again = find(
            instance,
            gap=asked.gap,
            time_limit=asked.time_limit,
            threads=threads,
            seed=asked.seed,
            progress=progress,
            log_file=log_file,
            start=start,
            most=asked.most,
        ).plan
    except (InfeasibleError, UnboundedError, NoPlanError) as error:
        return Reproduction(plan, None, failure=str(error))
    if progress is not None:
        progress(Progress(0.0, None, None, math.inf, 0, phase="auditing and comparing both plans"))
    loose = [*_loose(plan, again)]
    if asked.start is not None and start is None:
        loose.append("the search set out from a plan that is not here")
    return Reproduction(
        plan,
        again,
        loose=loose,
        differences=differences(folder, again),
        breaches=(len(audit(instance, plan).breaches), len(audit(instance, again).breaches)),
        apart=_apart(plan, again),
    )


def _loose(plan: Plan, again: Plan) -> Iterator[str]:
    """Why two plans of one search need not be the same: it was stopped, or by another program or on another machine."""
    for which, found in (("", plan), ("this time ", again)):
        if found.status != "optimal":
            yield f"{which}the search was stopped by the {found.summary.get('stopped_by')} before the asked gap"
    for name in dict.fromkeys((*_of(plan, "versions"), *_of(again, "versions"))):
        yield from _changed(name, *(_of(p, "versions").get(name) for p in (plan, again)))
    yield from _changed("platform", *(p.summary.get("platform") for p in (plan, again)))
    yield from _changed("threads", *(_of(p, "options").get("threads_used") for p in (plan, again)))


def _of(plan: Plan, entry: str) -> dict[str, Any]:
    found = plan.summary.get(entry)
    return found if isinstance(found, dict) else {}


def _changed(name: str, then: Any, now: Any) -> Iterator[str]:
    if then != now:
        yield f"{name}: {'not told' if then is None else then} then, {now} now"


def _apart(plan: Plan, again: Plan) -> str:
    """How a bound of one contradicts what the other has reached; empty where none does.

    Where shortfall comes first that is what is compared, and cost only where the shortfall is the same.
    """
    pairs = [(_of(plan, "first"), _of(again, "first"), "value", "shortfall")] if _of(plan, "first") else []
    if not pairs or _same(*(float(first.get("value", 0.0)) for first in pairs[0][:2])):
        pairs.append((plan.summary, again.summary, "objective", "the objective"))
    for one, other, reached, what in pairs:
        for (bound, better), who in (((one, other), "the old plan"), ((other, one), "the new plan")):
            low, value = bound.get("bound"), float(better.get(reached, 0.0))
            if low is not None and low > value and not _same(low, value):
                return (
                    f"the bound of {what} proven with {who}, {low:,.6f}, is above what the other reaches, {value:,.6f}"
                )
    return ""


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE * max(1.0, abs(one), abs(other))


__all__ = ["Reproduction", "reproduce"]
