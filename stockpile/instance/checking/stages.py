"""Abandonment: only what may be given up has a price for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance


def _check_exit_costs(instance: Instance, report: Report) -> None:
    """An exit cost belongs to a project that may be abandoned."""
    view = instance.view("projects")
    columns = (view[name] for name in ("project", "may_abandon", "exit_cost"))
    for row, (project, may, cost) in enumerate(zip(*columns, strict=True)):
        if cost > 0 and may is not True:
            said = f"{project!r} may not be abandoned, so it has no exit cost; set may_abandon to true"
            report.fault("projects", said, row, "exit_cost")


STAGE_RULES = ((_check_exit_costs, "projects"),)
