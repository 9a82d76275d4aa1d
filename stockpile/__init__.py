"""stockpile: plans strategic reserves.

``load(path)`` reads an instance, ``solve(instance)`` plans it, ``build(instance)`` gives the Pyomo model, ``audit(instance,
plan)`` recomputes a plan from its tables.  Names are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stockpile.engine import build, solve
    from stockpile.errors import (
        DataError,
        InfeasibleError,
        NoPlanError,
        Problem,
        SolverError,
        StockpileError,
        UnboundedError,
    )
    from stockpile.instance import Instance, load
    from stockpile.plan.audit import audit
    from stockpile.plan.plan import Plan

__version__ = "0.1.0"

_WHERE = {
    "load": "stockpile.instance",
    "Instance": "stockpile.instance",
    "build": "stockpile.engine",
    "solve": "stockpile.engine",
    "audit": "stockpile.plan.audit",
    "Plan": "stockpile.plan.plan",
    "StockpileError": "stockpile.errors",
    "DataError": "stockpile.errors",
    "Problem": "stockpile.errors",
    "InfeasibleError": "stockpile.errors",
    "NoPlanError": "stockpile.errors",
    "UnboundedError": "stockpile.errors",
    "SolverError": "stockpile.errors",
}

__all__ = [
    "DataError",
    "InfeasibleError",
    "Instance",
    "NoPlanError",
    "Plan",
    "Problem",
    "SolverError",
    "StockpileError",
    "UnboundedError",
    "audit",
    "build",
    "load",
    "solve",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'stockpile' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_WHERE])
