"""Abandonment and what is running at the start: only what may be given up has a price, and the past is one that can have been."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockpile.instance.faults import Report

SMALL = 1e-9

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


def _check_disbursements(instance: Instance, report: Report) -> None:
    """What was paid before the horizon was due then, for a stage released before, by funds that may, and no more than it costs."""
    view, opening = (instance.view(name) for name in ("opening_disbursements", "opening_stages"))
    ages = {
        (str(p), int(i)): int(a) for p, i, a in zip(opening["project"], opening["stage"], opening["age"], strict=True)
    }
    rows = {(str(r["project"]), int(r["stage"])): r for r in instance.records("stages")}
    owed = set(zip(instance.view("opening_loans")["project"], instance.view("opening_loans")["fund"], strict=True))
    total: dict[tuple[str, int], float] = {}
    columns = (view[name].tolist() for name in ("project", "stage", "fund", "amount"))
    for row, (project, number, fund, amount) in enumerate(zip(*columns, strict=True)):
        key = (str(project), int(number))
        if key not in ages or key not in rows:
            said = f"stage {number} of {project!r} was not released before the horizon; give it a row in opening_stages.csv"
            report.fault("opening_disbursements", said, row, "stage")
            continue
        left = int(rows[key]["duration"]) - ages[key]
        if rows[key]["pay_on"] == "verification" and left >= 0:
            said = f"the tranche of stage {number} of {project!r} is due in {instance.calendar.labels[left]}; leave the row out"
            report.fault("opening_disbursements", said, row, "stage")
        payers = instance.financing_of(*key).set_index("fund")["instrument"]
        if fund not in payers:
            said = f"{fund!r} may not pay for stage {number} of {project!r}; give it a row in financing.csv"
            report.fault("opening_disbursements", said, row, "fund")
        elif payers[fund] == "loan" and (project, fund) in owed:
            said = f"{fund!r} lent it to {project!r}, and has a row in opening_loans.csv; if it is the same loan, it counts twice"
            report.warn("opening_disbursements", said, row, "amount")
        total[key] = total.get(key, 0.0) + amount
        if total[key] > rows[key]["cost"] * (1.0 + SMALL):
            said = f"stage {number} of {project!r} costs {rows[key]['cost']:g}, of which funds cannot have paid {total[key]:g}"
            report.fault("opening_disbursements", said, row, "amount")


def _check_exposed(instance: Instance, report: Report) -> None:
    """Grants for milestones that are still open in the first period stay within the limits: no decision changes them."""
    view, stages, opening = (instance.view(name) for name in ("opening_disbursements", "stages", "opening_stages"))
    left = {(str(p), int(i)): d for p, i, d in zip(stages["project"], stages["stage"], stages["duration"], strict=True)}
    for p, i, age in zip(opening["project"], opening["stage"], opening["age"], strict=True):
        left[str(p), int(i)] = left.get((str(p), int(i)), 0) - age
    risk: dict[tuple[str, str], float] = {}
    columns = (view[name].tolist() for name in ("project", "stage", "fund", "amount"))
    for project, number, fund, amount in zip(*columns, strict=True):
        rows = instance.financing_of(str(project), int(number))
        kinds = set(rows["instrument"][rows["fund"] == fund])
        if kinds == {"grant"} and left.get((str(project), int(number)), 0) > 0:
            for key in (("funds", fund), ("projects", project)):
                risk[key] = risk.get(key, 0.0) + amount
    for table, name in (("funds", "fund"), ("projects", "project")):
        limits = instance.view(table)
        for row, (key, limit) in enumerate(zip(limits[name], limits["exposure_limit"], strict=True)):
            at_risk = risk.get((table, key), 0.0)
            if at_risk > limit * (1.0 + SMALL):
                said = f"grants of opening_disbursements.csv for open milestones are {at_risk:g}, above the limit of {limit:g}"
                report.fault(table, said, row, "exposure_limit")


STAGE_RULES = (
    (_check_exit_costs, "projects"),
    (_check_opening, "projects stages opening_stages"),
    (_check_required, "pins opening_stages"),
    (_check_disbursements, "opening_disbursements opening_stages opening_loans stages financing funds"),
    (_check_exposed, "opening_disbursements opening_stages stages financing funds projects"),
)
