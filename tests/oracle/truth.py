"""The best over all discrete assignments."""

from __future__ import annotations

import math
from dataclasses import dataclass

from stockpile.instance import Instance
from tests.oracle.assignments import Assignment, assignments
from tests.oracle.facts import Facts
from tests.oracle.lp import least_cost


@dataclass(frozen=True)
class Truth:
    """``objective`` is None where no plan exists, -inf where the cost has no floor; ``assignments`` were tried."""

    objective: float | None
    assignments: int
    feasible: int
    chosen: Assignment | None


def truth(instance: Instance) -> Truth:
    """Try every assignment, each with a linear program."""
    facts = Facts(instance)
    best, chosen, tried, feasible = math.inf, None, 0, 0
    for assignment in assignments(facts):
        tried += 1
        value = least_cost(facts, assignment)
        feasible += value < math.inf
        if value < best:
            best, chosen = value, assignment
    return Truth(None if chosen is None else best, tried, feasible, chosen)
