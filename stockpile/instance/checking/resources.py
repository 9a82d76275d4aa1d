"""Resources: who uses them, in what unit, and whether there is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stockpile.instance.cells import shown
from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

#: What each kind of user may use a resource for.
COLUMNS = {
    "order": ("per_unit", "per_order"),
    "delivery": ("per_unit", "per_order"),
    "stage": ("over_stage",),
    "process": ("per_unit", "per_order"),
}


def _check_units(instance: Instance, report: Report) -> None:
    """A resource is counted in one unit."""
    table = instance.table("resources")
    first: dict[str, str] = {}
    for row, (resource, unit) in enumerate(zip(table["resource"], table["unit"], strict=True)):
        if isinstance(unit, str) and first.setdefault(resource, unit) != unit:
            said = f"{resource!r} is counted in {shown(first[resource])} above; give all its rows the same unit"
            report.fault("resources", said, row, "unit")


def _check_uses(instance: Instance, report: Report) -> None:
    """A row uses something, and only what its kind can use."""
    for row, record in enumerate(instance.records("resource_use")):
        kind, own = record["kind"], COLUMNS[record["kind"]]
        for column in ("per_unit", "per_order", "over_stage"):
            if record[column] > 0 and column not in own:
                said = f"a row of kind {kind} has no {column}; give {' or '.join(own)}"
                report.fault("resource_use", said, row, column)
        if not any(record[column] > 0 for column in ("per_unit", "per_order", "over_stage")):
            report.fault("resource_use", f"the row uses nothing; give {' or '.join(own)}", row, own[0])


def _check_stages(instance: Instance, report: Report) -> None:
    """A stage is one of its project; orders, deliveries and processes have none."""
    view = instance.view("resource_use")
    stages: dict[str, list[int]] = {}
    for project, stage in zip(instance.view("stages")["project"], instance.view("stages")["stage"], strict=True):
        stages.setdefault(str(project), []).append(int(stage))
    for row, (kind, name, stage) in enumerate(zip(view["kind"], view["name"], view["stage"], strict=True)):
        if kind == "stage" and stage not in stages.get(name, []):
            numbers = ", ".join(str(i) for i in sorted(stages.get(name, [])))
            said = f"a row of kind stage names its stage; the stages of {name!r} are {numbers}"
            report.fault("resource_use", said, row, "stage")
        elif kind != "stage" and stage == stage:
            report.fault("resource_use", f"a row of kind {kind} has no stage; leave it blank", row, "stage")


def _check_overtime(instance: Instance, report: Report) -> None:
    """Overtime comes on top of a capacity, and a price is one of overtime."""
    table = instance.table("resources")
    columns = (table[name] for name in ("capacity", "overtime", "overtime_price"))
    for row, (capacity, most, price) in enumerate(zip(*columns, strict=True)):
        if most > 0 and capacity != capacity:
            said = "without a capacity there is no need of overtime; give a capacity, or leave overtime blank"
            report.fault("resources", said, row, "overtime")
        elif price > 0 and most == 0:
            said = "there is no overtime to pay for; give the most overtime, or leave its price blank"
            report.warn("resources", said, row, "overtime_price")


def _check_enough(instance: Instance, report: Report) -> None:
    """A resource is used, and one set-up fits into what is there at some time."""
    view, use = instance.view("resources"), instance.view("resource_use")
    used = set(use["resource"])
    known = [str(resource) for resource in view["resource"]]
    for resource in dict.fromkeys(known):
        if resource not in used:
            said = f"nothing uses {resource!r}; give it rows in resource_use.csv"
            report.warn("resources", said, known.index(resource), "resource")
    keys, capacity = instance.series("resources", "capacity", 0.0)
    _, overtime = instance.series("resources", "overtime", 0.0)
    most = {
        str(r): float(np.nan_to_num(c + o, nan=np.inf).max())
        for (r,), c, o in zip(keys, capacity, overtime, strict=True)
    }
    for row, (resource, fixed) in enumerate(zip(use["resource"], use["per_order"], strict=True)):
        if fixed > most[resource]:
            said = (
                f"an order needs more of {resource!r} than there ever is in a period, {most[resource]:g} with overtime"
            )
            report.warn("resource_use", said, row, "per_order")


RESOURCE_RULES = (
    (_check_units, "resources"),
    (_check_overtime, "resources"),
    (_check_uses, "resource_use"),
    (_check_stages, "resource_use stages"),
    (_check_enough, "resources resource_use sources"),
)
