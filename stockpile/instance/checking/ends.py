"""Values at the end of the horizon go with what they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockpile.instance.cells import nearest, shown
from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

#: The table and the words for what the names of a kind are.
NAMED = {
    "debt": ("funds", "fund"),
    "project": ("projects", "project"),
    "lent": ("goods", "good"),
    "principal": ("funds", "fund"),
}


def _check_names(instance: Instance, report: Report) -> None:
    """A name is in the table of its kind; debt is that of a credit facility, and counts once at most."""
    view, funds = instance.view("end_values"), instance.view("funds")
    credit = {str(f) for f, kind in zip(funds["fund"], funds["kind"], strict=True) if kind == "credit"}
    for row, (kind, name, value) in enumerate(zip(view["kind"], view["name"], view["value"], strict=True)):
        table, column = NAMED[kind]
        known = [str(v) for v in instance.view(table)[column]]
        if isinstance(name, str) and name not in known:
            hint = nearest(name, known) if known else "the table is missing"
            report.fault("end_values", f"{shown(name)} is not in {table}.csv; {hint}", row, "name")
        elif kind == "debt" and isinstance(name, str) and name not in credit:
            report.fault("end_values", f"{name!r} is no credit facility and has no debt", row, "name")
        if kind in ("debt", "principal") and value > 1:
            report.fault("end_values", f"a share of the {kind} is at most 1", row, "value")


END_RULES = ((_check_names, "end_values funds projects"),)
