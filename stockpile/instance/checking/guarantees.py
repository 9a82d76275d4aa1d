"""Guarantees: of a loan that may be given, by another fund that may pay, and never of more than all of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stockpile.instance.cells import shown
from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

SMALL = 1e-9


def _check_loans(instance: Instance, report: Report) -> None:
    """There is a loan to guarantee: one of the stage, or one from before that waits for the project's commissioning."""
    stages, old = instance.view("stages"), instance.view("opening_loans")
    known: dict[str, list[int]] = {}
    for project, stage in zip(stages["project"], stages["stage"], strict=True):
        known.setdefault(str(project), []).append(int(stage))
    dated = [date is not None for date in instance.table("opening_loans")["first_instalment"]]
    waits = {(str(p), str(f)): not date for p, f, date in zip(old["project"], old["fund"], dated, strict=True)}
    for row, record in enumerate(instance.records("guarantees")):
        project, lender, stage = record["project"], record["lender"], record["stage"]
        if stage == 0:
            said = _about_old(record, waits)
        elif stage == stage and int(stage) not in known.get(project, []):
            numbers = ", ".join(str(i) for i in known.get(project, []))
            report.fault(
                "guarantees", f"{shown(project)} has no stage {int(stage)}; its stages are {numbers}", row, "stage"
            )
            continue
        else:
            chosen = known.get(project, []) if stage != stage else [int(stage)]
            lends = any(_lends(instance, project, i, lender) for i in chosen)
            said = (
                "" if lends else f"{shown(lender)} does not lend to {shown(project)}; give it a loan in financing.csv"
            )
        if said:
            report.fault("guarantees", said, row, "lender")


def _about_old(record: Mapping[Any, Any], waits: dict[tuple[str, str], bool]) -> str:
    """What is wrong with the guarantee of a loan from before the horizon, the empty text where nothing is."""
    pair = (record["project"], record["lender"])
    if pair not in waits:
        return f"{shown(pair[1])} lent nothing to {shown(pair[0])} before the horizon; see opening_loans.csv"
    said = "is repaid by date whatever becomes of the project, so there is nothing to guarantee"
    return "" if waits[pair] else f"what {shown(pair[1])} lent {shown(pair[0])} {said}"


def _lends(instance: Instance, project: str, stage: int, lender: str) -> bool:
    """Whether a fund may lend for a stage."""
    rows = instance.financing_of(project, stage)
    return bool(((rows["fund"] == lender) & (rows["instrument"] == "loan")).any())


def _check_guarantors(instance: Instance, report: Report) -> None:
    """A guarantor is another fund than the lender, and may pay for projects."""
    view = instance.view("guarantees")
    for row, (lender, fund) in enumerate(zip(view["lender"], view["fund"], strict=True)):
        if lender == fund:
            report.fault("guarantees", f"{shown(fund)} cannot guarantee its own loan; name another fund", row, "fund")
        elif "projects" not in instance.uses_of(str(fund)):
            said = f"{shown(fund)} may not pay for projects; see its uses in funds.csv"
            report.fault("guarantees", said, row, "fund")


def _check_shares(instance: Instance, report: Report) -> None:
    """Of no loan more than all is guaranteed."""
    view, stages = instance.view("guarantees"), instance.view("stages")
    pairs = [(str(p), int(i)) for p, i in zip(stages["project"], stages["stage"], strict=True)]
    pairs += [(str(p), 0) for p in dict.fromkeys(stages["project"])]
    told: set[tuple[str, str]] = set()
    for project, stage in pairs if len(view) else ():
        rows = instance.guarantees_of(project, stage)
        for lender, share in rows.groupby("lender", sort=False)["share"].sum().items():
            if share > 1 + SMALL and (project, str(lender)) not in told:
                told.add((project, str(lender)))
                row = int(rows.index[rows["lender"] == lender].max())
                said = f"{share:g} of what {shown(str(lender))} lends {shown(project)} is guaranteed; at most 1 may be"
                report.fault("guarantees", said, row, "share")


GUARANTEE_RULES = (
    (_check_loans, "projects stages funds financing opening_loans guarantees"),
    (_check_guarantors, "funds guarantees"),
    (_check_shares, "projects stages guarantees"),
)
