"""Incentives: for what a project alone delivers, one good each, by a fund that may pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from stockpile.instance.cells import cell_text, nearest, shown
from stockpile.instance.faults import Report
from stockpile.instance.outputs import Output, outputs_of

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

#: What is the same in all rows of an incentive.
COMMON = ("project", "good", "fund", "term", "cap")


def _check_rows(instance: Instance, report: Report) -> None:
    """The rows of an incentive are about the same, and the fund may pay for projects."""
    view = instance.view("incentives")
    first: dict[str, int] = {}
    for row, (name, fund) in enumerate(zip(view["incentive"], view["fund"], strict=True)):
        before = first.setdefault(str(name), row)
        for column in COMMON:
            one, other = (cell_text(view[column].iloc[i]) for i in (before, row))
            if one != other:
                said = f"is not that of the first row of {shown(name)}, {shown(one)}; give the same in all of them"
                report.fault("incentives", f"{shown(other)} {said}", row, column)
        if "projects" not in instance.uses_of(str(fund)):
            said = f"{shown(fund)} may not pay for projects; see its uses in funds.csv"
            report.fault("incentives", said, row, "fund")


def _check_output(instance: Instance, report: Report) -> None:
    """The project makes the good, which is named where it makes several, and nothing else could be taken for its own."""
    outputs, view = outputs_of(instance), instance.view("incentives")
    for row, (project, good) in enumerate(zip(view["project"], view["good"], strict=True)):
        made = outputs.get(str(project), {})
        if not made:
            said = f"{shown(project)} makes nothing; give it an effect of kind supply, or of kind process that makes a good"
            report.fault("incentives", said, row, "project")
        elif isinstance(good, str) and good not in made:
            said = f"{shown(project)} does not make {shown(good)}; {nearest(good, made, 'it makes')}"
            report.fault("incentives", said, row, "good")
        elif not isinstance(good, str) and len(made) > 1:
            said = f"{shown(project)} makes {', '.join(made)}; name the good that is paid for"
            report.fault("incentives", said, row, "good")
        else:
            output = made[good] if isinstance(good, str) else next(iter(made.values()))
            for said in _shared(instance, str(project), output):
                report.fault("incentives", said, row, "project")


def _shared(instance: Instance, project: str, output: Output) -> list[str]:
    """What is wrong with sources and processes that deliver without the project, or have delivered before any gave them capacity."""
    effects, found, projects = instance.view("effects"), [], instance.view("projects")
    group = dict(zip(projects["project"], projects["group"], strict=True))
    for kind, own, before, names in (
        ("supply", "supply", "opening_orders", output.sources),
        ("process", "capacity", "opening_runs", output.processes),
    ):
        what = "source" if kind == "supply" else "process"
        keys, capacity = instance.series(own, "capacity", 0.0)
        limited = {str(k) for (k,), most in zip(keys, capacity, strict=True) if not np.all(most <= 0)}
        for name in names:
            mine = effects[(effects["kind"] == kind) & (effects["name"] == name)]
            others = [str(p) for p in mine["project"] if p != project and not _exclusive(group, project, p)]
            alone = f"what it delivers is not that of {shown(project)} alone; give the project a {what} of its own"
            if name in limited:
                found.append(f"{shown(name)} has a capacity in {own}.csv: {alone}")
            elif others:
                found.append(f"{shown(others[0])} gives {shown(name)} capacity, too: {alone}, or both one group")
            elif (instance.view(before)[what] == name).any() and not _begun(instance, mine):
                said = f"has rows in {before}.csv, but no project had given it capacity before the horizon"
                found.append(f"{shown(name)} {said}; give them to another {what}")
    return found


def _exclusive(group: dict[str, object], one: str, other: str) -> bool:
    """Whether at most one of two projects is started."""
    return isinstance(group[one], str) and group[one] == group[other]


def _begun(instance: Instance, effects: pd.DataFrame) -> bool:
    """Whether the stage of one of some effects was verified before the horizon."""
    opening = instance.view("opening_stages").merge(instance.view("stages"), on=["project", "stage"])
    over = opening[opening["age"].astype(int) > opening["duration"].astype(int)]
    return bool(len(over.merge(effects, left_on=["project", "stage"], right_on=["project", "after"])))


INCENTIVE_RULES = (
    (_check_rows, "funds incentives"),
    (
        _check_output,
        "projects stages effects supply capacity processes recipes opening_stages opening_orders opening_runs incentives",
    ),
)
