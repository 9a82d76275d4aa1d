"""Pins: what they name exists, and they ask for something that can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockpile.instance.cells import nearest, shown
from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance


def _check_names(instance: Instance, report: Report) -> None:
    """A pin names a source, or a stage of a project."""
    view = instance.view("pins")
    sources = [str(k) for k in instance.view("sources")["source"]]
    stages: dict[str, list[int]] = {str(p): [] for p in instance.view("projects")["project"]}
    for project, stage in zip(instance.view("stages")["project"], instance.view("stages")["stage"], strict=True):
        stages.setdefault(str(project), []).append(int(stage))
    for row, (decision, name, stage) in enumerate(zip(view["decision"], view["name"], view["stage"], strict=True)):
        known = sources if decision == "order" else list(stages)
        table = "sources" if decision == "order" else "projects"
        if name not in known:
            hint = nearest(name, known) if known else "the table is missing"
            report.fault("pins", f"{shown(name)} is not in {table}.csv; {hint}", row, "name")
        elif decision == "release" and stage not in stages[name]:
            numbers = ", ".join(str(i) for i in sorted(stages[name]))
            report.fault("pins", f"a release names its stage; the stages of {name!r} are {numbers}", row, "stage")
        elif decision == "order" and stage == stage:
            report.fault("pins", "an order has no stage; leave it blank", row, "stage")


def _check_amounts(instance: Instance, report: Report) -> None:
    """A pin requires or forbids something, and not both more and less."""
    view = instance.view("pins")
    columns = (view[name] for name in ("pin", "decision", "at_least", "at_most"))
    for row, (pin, decision, least, most) in enumerate(zip(*columns, strict=True)):
        if least != least and most != most:
            report.fault("pins", f"{pin!r} asks for nothing; give at_least or at_most", row, "at_least")
        if least > most:
            report.fault("pins", f"at_least is above at_most ({most:g}); nothing can be both", row, "at_least")
        if decision == "release" and least > 1:
            report.fault("pins", "a stage is released once; at_least is 0 or 1", row, "at_least")


PIN_RULES = (
    (_check_names, "pins sources projects stages"),
    (_check_amounts, "pins"),
)
