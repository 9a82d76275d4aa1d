"""Plans for reports, each solved once: one path, a tree, a chain of processes, and one in which all bears hostile names."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from stockpile import engine
from stockpile.instance import Instance, load
from stockpile.instance.generate import random_instance
from stockpile.plan.plan import Plan
from stockpile.report.frontier import Frontier
from tests.instance.test_names_everywhere import renamed

HOME = Path(__file__).resolve().parents[3] / "instances"
ALERT = "<script>alert(1)</script>"


@cache
def quick(*changes: str) -> Plan:
    """The plan of the quickstart with some changes."""
    return engine.solve(load(HOME / "quickstart", changes), gap=0)


@cache
def forked() -> Plan:
    """The quickstart with a ban in one of two futures, and a third that is dearer."""
    old = load(HOME / "quickstart")
    shock = {"quantity": "price", "source": "imports", "from": "2027"}
    futures: dict[str, list[dict[str, Any]]] = {
        "scenarios": [
            {"scenario": "calm", "probability": 0.5},
            {"scenario": "ban", "probability": 0.3},
            {"scenario": "dear", "probability": 0.2},
        ],
        "shocks": [
            {"scenario": "ban", "shock": "ban", "factor": 5, **shock},
            {"scenario": "dear", "shock": "dear", "factor": 1.5, **shock},
        ],
    }
    return engine.solve(Instance.from_tables("ban", old.settings.as_document(), {**old.tables, **futures}), gap=0)


@cache
def chained() -> Plan:
    """A random plan with every rule: processes, loans, cohorts, policies and scenarios among them."""
    return engine.solve(random_instance(3, 8, 2, 1, "all"), gap=0.1)


@cache
def strange() -> tuple[Plan, dict[str, str]]:
    """The same kind of plan with a hostile name for all that it names, and what each was called before."""
    instance, given = renamed(random_instance(3, 6, 2, 3, "all"))
    return engine.solve(instance, gap=0.1), given


@dataclass(frozen=True)
class Point:
    """A point of a trade-off."""

    value: float
    status: str
    plan: Plan | None
    bound: float


@cache
def curved(name: str = "prices[imports,*].price*=1:2:3") -> Frontier:
    """The quickstart along the price of imports, one point with a bound far below its cost, and a value for which there is no plan."""
    points = []
    for value, least in ((1.0, 418.0), (1.5, 400.0)):
        plan = quick(f"prices[imports,*].price*={value:g}")
        if plan.objective > least:
            plan = replace(plan, summary={**plan.summary, "bound": least, "gap": 1 - least / plan.objective})
        points.append(Point(value, "optimal", plan, plan.bound))
    return Frontier(name, "", "MUSD", [*points, Point(2.0, "infeasible", None, math.inf)], "antimony <b>")


@cache
def bound() -> Plan:
    """The quickstart with so many limits that bind that their table is long."""
    plan = quick()
    row = {"family": "supply_capacity", "times": 1, "first": "2026", "last": "2026"}
    rows = [{**row, "key": [f"source {i}"]} for i in range(60)]
    return replace(plan, summary={**plan.summary, "binding": {"limits": 60, "rows": rows}})


@cache
def alerting() -> Plan:
    """The quickstart with a good that is called as a script."""
    old = load(HOME / "quickstart")
    tables = {name: frame.replace({"antimony": ALERT}) for name, frame in old.tables.items()}
    settings = {**old.settings.as_document(), "title": ALERT}
    return engine.solve(Instance.from_tables("alert", settings, tables), gap=0)
