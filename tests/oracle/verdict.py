"""What the engine says of an instance."""

from __future__ import annotations

import math

from stockpile import engine
from stockpile.errors import InfeasibleError, UnboundedError
from stockpile.instance import Instance
from stockpile.plan.plan import Plan


def plan_or_verdict(instance: Instance) -> Plan | float:
    """The plan; inf where the engine says infeasible, -inf where it says unbounded."""
    try:
        return engine.solve(instance, gap=0)
    except InfeasibleError:
        return math.inf
    except UnboundedError:
        return -math.inf
