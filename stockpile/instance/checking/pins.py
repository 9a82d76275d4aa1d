"""Pins: what they name exists, and they ask for something that can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockpile.instance.cells import nearest, shown
from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance


TABLES = {"order": "sources", "release": "projects", "draw": "funds"}
"""Tables that a decision names something of; all others name a good."""


def _check_names(instance: Instance, report: Report) -> None:
    """A pin names a source, a project, a good or a fund."""
    view = instance.view("pins")
    for row, (decision, name) in enumerate(zip(view["decision"], view["name"], strict=True)):
        table = TABLES.get(decision, "goods")
        known = [str(k) for k in instance.view(table)[table[:-1]]]
        if name not in known:
            hint = nearest(name, known) if known else "the table is missing"
            report.fault("pins", f"{shown(name)} is not in {table}.csv; {hint}", row, "name")


def _check_parts(instance: Instance, report: Report) -> None:
    """A release names its stage and no other decision does; a service may name a sector, which wants the good."""
    view, demand = instance.view("pins"), instance.view("demand")
    stages: dict[str, list[int]] = {}
    for project, stage in zip(instance.view("stages")["project"], instance.view("stages")["stage"], strict=True):
        stages.setdefault(str(project), []).append(int(stage))
    wanted = set(zip(demand["sector"], demand["good"], strict=True))
    columns = (view[c] for c in ("decision", "name", "stage", "sector"))
    for row, (decision, name, stage, sector) in enumerate(zip(*columns, strict=True)):
        if decision == "release" and stage not in stages.get(name, [stage]):
            numbers = ", ".join(str(i) for i in sorted(stages[name]))
            report.fault("pins", f"a release names its stage; the stages of {name!r} are {numbers}", row, "stage")
        elif decision != "release" and stage == stage:
            report.fault("pins", f"a pin of {decision} has no stage; leave it blank", row, "stage")
        if decision != "service" and sector is not None:
            report.fault("pins", f"a pin of {decision} has no sector; leave it blank", row, "sector")
        elif decision == "service" and not any(g == name and sector in (None, e) for e, g in wanted):
            who = "no sector" if sector is None else repr(sector)
            report.fault("pins", f"{who} has no demand for {name!r} that it could be released for", row, "name")


def _check_possible(instance: Instance, report: Report) -> None:
    """What is pinned can be decided at all: the good is sold, or kept somewhere; the fund lends."""
    funds, rotation, view = instance.view("funds"), instance.view("rotation"), instance.view("pins")
    known = {
        "sale": (set(rotation.loc[rotation["mode"] == "sale", "good"]), "is not sold: it has no sale in rotation.csv"),
        "stock": (set(instance.view("storage")["good"]), "is kept in no store: it has no row in storage.csv"),
        "draw": (set(funds.loc[funds["kind"] == "credit", "fund"]), "is no credit facility"),
    }
    for row, (decision, name) in enumerate(zip(view["decision"], view["name"], strict=True)):
        if decision in known and name not in known[decision][0]:
            report.fault("pins", f"{name!r} {known[decision][1]}", row, "name")


def _check_amounts(instance: Instance, report: Report) -> None:
    """A pin requires or forbids something, and not both more and less."""
    view = instance.view("pins")
    columns = (view[name] for name in ("pin", "decision", "at_least", "at_most"))
    for row, (pin, decision, least, most) in enumerate(zip(*columns, strict=True)):
        if least != least and most != most:
            report.fault("pins", f"{pin!r} asks for nothing; give at_least or at_most", row, "at_least")
        if least > most:
            report.fault("pins", f"at_least is above at_most ({most:g}); nothing can be both", row, "at_least")
        if decision == "draw" and least > 0:
            said = "a draw may be limited only: what must be borrowed could be spent on nothing; give at_most"
            report.fault("pins", said, row, "at_least")
        if decision == "release" and least > 1:
            report.fault("pins", "a stage is released once; at_least is 0 or 1", row, "at_least")


PIN_RULES = (
    (_check_names, "pins sources projects goods funds"),
    (_check_parts, "pins stages demand"),
    (_check_possible, "pins rotation storage funds"),
    (_check_amounts, "pins"),
)
