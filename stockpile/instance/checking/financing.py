"""Funds, budgets, projects, stages and what they require."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

Stage = tuple[str, int]
SUM_TOLERANCE = 1e-9


def _check_funds(instance: Instance, report: Report) -> None:
    """Credit has a limit; only credit has interest and maturity; every use has a fund."""
    entered = instance.table("funds")
    for row, record in enumerate(entered.to_dict("records")):
        credit = record["kind"] == "credit"
        if credit and np.isnan(record["credit_limit"]):
            report.fault(
                "funds", f"{record['fund']!r} is a credit facility; give the most it may owe", row, "credit_limit"
            )
        for column in ("credit_limit", "maturity", "interest"):
            value = record[column]
            given = isinstance(value, str) or (isinstance(value, float) and value == value and value > 0)
            if not credit and given:
                said = f"only a fund of kind credit has it; {record['fund']!r} is of kind {record['kind']}"
                report.fault("funds", said, row, column)
    if len(entered):
        payers = {use for fund in entered["fund"] for use in instance.uses_of(str(fund))}
        overtime, processes = instance.table("resources"), instance.table("processes")
        spent = {
            "purchases": len(instance.table("sources")),
            "storage": len(instance.table("storage")),
            "projects": len(instance.table("stages")),
            "processing": ((processes["cost"] > 0) | (processes["set_up_cost"] > 0)).any(),
            "operations": ((overtime["overtime"] > 0) & (overtime["overtime_price"] > 0)).any(),
        }
        for use, is_spent in spent.items():
            if use not in payers and is_spent:
                report.warn("funds", f"no fund may pay for {use}", column="uses")


def _stages(instance: Instance) -> dict[Stage, int]:
    """The record (counted from 0) of every stage."""
    view = instance.view("stages")
    return {(str(p), int(i)): row for row, (p, i) in enumerate(zip(view["project"], view["stage"], strict=True))}


def _check_numbers(instance: Instance, report: Report) -> None:
    """Every project has stages, numbered 1, 2, ..."""
    stages = _stages(instance)
    for (project, stage), row in stages.items():
        if stage > 1 and (project, stage - 1) not in stages:
            said = f"{project!r} has a stage {stage} but no stage {stage - 1}; number them 1, 2, ..."
            report.fault("stages", said, row, "stage")
    staged = {project for project, _ in stages}
    for row, project in enumerate(instance.view("projects")["project"]):
        if project not in staged:
            report.fault("projects", f"{project!r} has no stages; give it rows in stages.csv", row, "project")


def _check_known_stages(instance: Instance, report: Report, table: str, project: str, stage: str) -> None:
    """Stages named in two columns of a table exist."""
    stages = _stages(instance)
    view = instance.view(table)
    for row, (p, i) in enumerate(zip(view[project], view[stage], strict=True)):
        if i == i and (str(p), int(i)) not in stages:
            known = ", ".join(str(j) for q, j in stages if q == p)
            said = f"its stages are {known}" if known else "give it rows in stages.csv"
            report.fault(table, f"{p!r} has no stage {int(i)}; {said}", row, stage)


def _check_payers(instance: Instance, report: Report) -> None:
    """The shares of funds can pay a tranche in full, and private money can match what it must."""
    funds = instance.view("funds")
    if not len(funds):
        for row, share in enumerate(instance.view("projects")["min_private_share"]):
            if share > 0:
                report.fault(
                    "projects", "there is no private fund; give funds.csv one of kind private", row, "min_private_share"
                )
        return
    kind = dict(zip(funds["fund"], funds["kind"], strict=True))
    view = instance.view("stages")
    stages = _stages(instance)
    costs = dict(zip(stages, view["cost"].tolist(), strict=True))
    private_share = dict(
        zip(instance.view("projects")["project"], instance.view("projects")["min_private_share"], strict=True)
    )
    for (project, stage), row in stages.items():
        if costs[project, stage] == 0:
            continue
        shares = instance.financing_of(project, stage)
        least, most = shares["min_share"].to_numpy(dtype=float), shares["max_share"].to_numpy(dtype=float)
        private = np.array([kind[f] == "private" for f in shares["fund"]], dtype=bool)
        wanted = float(private_share[project])
        what = f"stage {stage} of {project!r} can never be paid"
        if most.sum() < 1 - SUM_TOLERANCE:
            report.fault(
                "stages", f"{what}: the greatest shares of its funds sum to {most.sum():g}, below 1", row, "cost"
            )
        if max(least[~private].sum() + max(least[private].sum(), wanted), 0) > 1 + SUM_TOLERANCE:
            report.fault("stages", f"{what}: the least shares of its funds sum to more than 1", row, "cost")
        if (least > most + SUM_TOLERANCE).any():
            report.fault("stages", f"{what}: a least share is above the greatest share of the same fund", row, "cost")
        if most[private].sum() < wanted - SUM_TOLERANCE:
            said = f"{what}: private funds may pay {most[private].sum():g} of it, but must pay {wanted:g}"
            report.fault("stages", said, row, "cost")


def _check_fund_uses(instance: Instance, report: Report) -> None:
    for row, fund in enumerate(instance.view("financing")["fund"]):
        if "projects" not in instance.uses_of(str(fund)):
            said = f"{fund!r} may not pay for projects, so the row has no effect; see its uses in funds.csv"
            report.warn("financing", said, row, "fund")


def _check_requires(instance: Instance, report: Report) -> None:
    _check_known_stages(instance, report, "requires", "project", "stage")
    _check_known_stages(instance, report, "requires", "needs_project", "needs_stage")
    view = instance.view("requires")
    columns = (view[name].tolist() for name in ("needs_project", "needs_stage", "needs_contract"))
    for row, (project, stage, contract) in enumerate(zip(*columns, strict=True)):
        if isinstance(contract, str):
            if isinstance(project, str) or stage == stage:
                said = "a row needs a stage or a contract; give the contract a row of its own, of the same alternative"
                report.fault("requires", said, row, "needs_contract")
        elif not isinstance(project, str):
            report.fault("requires", "name the project or the contract that is needed", row, "needs_project")
        elif stage != stage:
            report.fault("requires", f"name the stage of {project!r} that is needed", row, "needs_stage")


def _check_financing(instance: Instance, report: Report) -> None:
    _check_known_stages(instance, report, "financing", "project", "stage")


def _check_effects(instance: Instance, report: Report) -> None:
    _check_known_stages(instance, report, "effects", "project", "after")


FINANCING_RULES = (
    (_check_funds, "funds sources storage stages resources processes"),
    (_check_numbers, "projects stages"),
    (_check_requires, "stages requires"),
    (_check_financing, "stages financing"),
    (_check_effects, "stages effects"),
    (_check_payers, "projects stages funds financing"),
    (_check_fund_uses, "funds financing"),
)
