"""A plan made by hand with debt and a plant at the end."""

from __future__ import annotations

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

LEAVING: Tables = {
    "goods": [{"good": "ore"}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 0}],
    "funds": [{"fund": "facility", "kind": "credit", "credit_limit": 20}],
    "projects": [{"project": "mill"}, {"project": "works"}],
    "stages": [
        {"project": "mill", "stage": 1, "milestone": "start", "duration": "1", "cost": 8},
        {"project": "works", "stage": 1, "milestone": "start", "duration": "1", "cost": 9},
    ],
    "end_values": [
        {"kind": "debt", "name": "facility", "value": 0.5},
        {"kind": "project", "value": 3},
        {"kind": "project", "name": "mill", "value": 10},
    ],
}


def leaving(tables: Tables = LEAVING) -> tuple[Instance, Plan]:
    """The mill is built for 8 on credit: half of the debt counts at the end, and so do the 10 that the mill is worth."""
    instance = instance_of("leaving", 2, tables)
    texts = {
        "balance": "2026 ore 0 0 0 0 0 0 0 0 0 0\n2027 ore 0 0 0 0 0 0 0 0 0 0",
        "service": "2026 plant ore 0 0 0 0\n2027 plant ore 0 0 0 0",
        "go": "2026 mill 1 start 8 2027",
        "disbursements": "2026 mill 1 facility 8",
        "exposure": "2026 facility mill 8 0",
        "payments": "2026 facility projects 8",
        "funds": "2026 facility 0 0 8 0 0 8 0 0 0 0 8\n2027 facility 0 0 0 0 0 0 0 0 0 0 8",
        "end_values": "2027 debt facility 8 4\n2027 project mill 10 -10",
    }
    return instance, plan_of(instance, {"projects": 8.0, "end_values": -6.0}, texts)
