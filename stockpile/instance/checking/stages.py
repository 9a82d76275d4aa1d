"""Abandonment and what is running at the start: only what may be given up has a price, and the past is one that can have been."""

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


def _check_opening(instance: Instance, report: Report) -> None:
    """Stages released before the horizon exist, follow one another, and end in it; one project of a group is begun."""
    stages, projects, opening = (instance.view(name) for name in ("stages", "projects", "opening_stages"))
    duration = {
        (str(p), int(i)): int(d) for p, i, d in zip(stages["project"], stages["stage"], stages["duration"], strict=True)
    }
    columns = (opening[name].tolist() for name in ("project", "stage", "age"))
    ages = {(str(p), int(i)): int(age) for p, i, age in zip(*columns, strict=True)}
    group = {str(p): g for p, g in zip(projects["project"], projects["group"], strict=True) if isinstance(g, str) and g}
    begun: dict[str, str] = {}
    for row, ((project, stage), age) in enumerate(ages.items()):
        if (project, stage) not in duration:
            known = ", ".join(str(i) for p, i in duration if p == project)
            report.fault("opening_stages", f"{project!r} has no stage {stage}; its stages are {known}", row, "stage")
            continue
        left = duration[project, stage] - age
        if left >= instance.calendar.periods:
            said = f"the milestone of stage {stage} of {project!r} falls after the horizon; leave the row out"
            report.fault("opening_stages", said, row, "age")
        before = (project, stage - 1)
        if stage > 1 and before not in ages:
            said = f"stage {stage} of {project!r} was released, so stage {stage - 1} was too; give it a row"
            report.fault("opening_stages", said, row, "stage")
        elif stage > 1 and before in duration and ages[before] - duration[before] < age:
            said = f"stage {stage} of {project!r} was released before stage {stage - 1} was verified; it is too old"
            report.fault("opening_stages", said, row, "age")
        other = begun.setdefault(group.get(project, project), project)
        if other != project:
            said = f"{project!r} and {other!r} are of one group, of which only one may be started"
            report.fault("opening_stages", said, row, "project")


def _check_required(instance: Instance, report: Report) -> None:
    """A release that is required has not taken place before."""
    opening = instance.view("opening_stages")
    done = {(str(p), int(i)) for p, i in zip(opening["project"], opening["stage"], strict=True)}
    pins = instance.view("pins")
    columns = (pins[name] for name in ("decision", "name", "stage", "at_least"))
    for row, (decision, name, stage, least) in enumerate(zip(*columns, strict=True)):
        if decision == "release" and stage == stage and (name, int(stage)) in done and least > 0:
            said = f"stage {int(stage)} of {name!r} was released before the horizon; it cannot be released again"
            report.fault("pins", said, row, "at_least")


def _check_together(instance: Instance, report: Report) -> None:
    """What is owed and promised for a stage released before the horizon is not known, so nothing may depend on it."""
    opening = instance.view("opening_stages")
    if not len(opening):
        return
    financing, funds, projects = (instance.view(name) for name in ("financing", "funds", "projects"))
    lent = set(financing["project"][financing["instrument"].isin(["loan", "equity"])])
    lent |= set(instance.view("opening_loans")["project"])
    lent |= set(projects["project"][projects["exposure_limit"].notna()])
    limited = bool(funds[["commitment_limit", "exposure_limit"]].notna().to_numpy().any())
    for row, project in enumerate(opening["project"]):
        if limited or project in lent:
            said = f"{project!r} has loans or equity, or limits on commitments or exposure hold: not with stages from before"
            report.fault("opening_stages", said, row, "project")


STAGE_RULES = (
    (_check_exit_costs, "projects"),
    (_check_opening, "projects stages opening_stages"),
    (_check_required, "pins opening_stages"),
    (_check_together, "projects financing funds opening_loans opening_stages"),
)
