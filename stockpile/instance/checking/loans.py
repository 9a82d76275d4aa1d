"""Terms of loans and equity, and loans from before the horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stockpile.instance.cells import nearest, shown
from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

SMALL = 1e-9
#: Columns that one instrument alone has.
TERMS = {"tenor": "loan", "interest": "loan", "grace": "loan", "dividend": "equity"}


def _check_terms(instance: Instance, report: Report) -> None:
    """A loan has a tenor; terms go with their instrument."""
    for row, record in enumerate(instance.records("financing")):
        if record["instrument"] == "loan" and record["tenor"] != record["tenor"]:
            said = f"{record['fund']!r} lends to {record['project']!r}; give the time over which it is repaid"
            report.fault("financing", said, row, "tenor")
        for column, instrument in TERMS.items():
            if record[column] > 0 and record["instrument"] != instrument:
                said = f"only {'a loan' if instrument == 'loan' else 'equity'} has it; {record['fund']!r} gives a"
                said = f"{said} {record['instrument']}".replace("a equity", "equity")
                report.fault("financing", f"{said}; see instrument", row, column)


def _check_opening_loans(instance: Instance, report: Report) -> None:
    """A loan without dates waits for a project with stages; dates and grace do not go together."""
    view, entered = instance.view("opening_loans"), instance.table("opening_loans")
    known = [str(p) for p in instance.view("projects")["project"]]
    for row, (project, date, grace) in enumerate(
        zip(view["project"], entered["first_instalment"], view["grace"], strict=True)
    ):
        if date is None and project not in known:
            hint = nearest(project, known) if known else "the table is missing"
            said = f"{shown(project)} is not in projects.csv, so it is never commissioned; {hint}, or give first_instalment"
            report.fault("opening_loans", said, row, "project")
        if date is not None and grace > 0:
            said = "repayment begins with the date of the first instalment; leave grace blank, or the date"
            report.fault("opening_loans", said, row, "grace")


def _check_recovery(instance: Instance, report: Report) -> None:
    """Only of a project that may be abandoned something is recovered; loans to it are repaid from commissioning on."""
    view = instance.view("projects")
    may = {str(p): flag is True for p, flag in zip(view["project"], view["may_abandon"], strict=True)}
    for row, (project, share) in enumerate(zip(view["project"], view["recovery"], strict=True)):
        if share > 0 and not may[str(project)]:
            report.warn("projects", f"{project!r} may not be abandoned, so nothing of it is recovered", row, "recovery")
    for row, (project, date) in enumerate(
        zip(instance.view("opening_loans")["project"], instance.table("opening_loans")["first_instalment"], strict=True)
    ):
        if date is not None and may.get(str(project), False):
            said = f"{project!r} may be abandoned, so what it owes is repaid from its commissioning on; leave the date blank"
            report.fault("opening_loans", said, row, "first_instalment")


def _check_exposure(instance: Instance, report: Report) -> None:
    """What loans with dates owe, which no decision changes, stays within the exposure limits."""
    view, entered = instance.view("opening_loans"), instance.table("opening_loans")
    owed = np.zeros((len(view), instance.calendar.periods))
    columns = (view[name] for name in ("principal", "interest", "tenor", "first_instalment"))
    for row, (principal, interest, tenor, first) in enumerate(zip(*columns, strict=True)):
        left = principal * (1 + interest) ** np.minimum(np.arange(owed.shape[1]) + 1.0, first)
        done = np.clip(np.arange(owed.shape[1]) + 1 - first, 0, tenor)
        share = (
            1 - done / tenor
            if interest == 0
            else 1 - np.expm1(done * np.log1p(interest)) / np.expm1(tenor * np.log1p(interest))
        )
        owed[row] = left * share * (entered["first_instalment"].iloc[row] is not None)
    for table, name in (("funds", "fund"), ("projects", "project")):
        limits = instance.view(table)
        for row, (key, limit) in enumerate(zip(limits[name], limits["exposure_limit"], strict=True)):
            most = float(owed[(view[name] == key).to_numpy(dtype=bool)].sum(axis=0).max(initial=0.0))
            if most > limit * (1 + SMALL):
                said = f"loans of opening_loans.csv that are repaid by date owe {most:g} at times, above the limit"
                report.fault(table, f"{said} of {limit:g}", row, "exposure_limit")


LOAN_RULES = (
    (_check_terms, "financing"),
    (_check_opening_loans, "projects opening_loans"),
    (_check_recovery, "projects opening_loans"),
    (_check_exposure, "funds projects opening_loans"),
)
