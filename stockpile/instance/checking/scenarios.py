"""Scenarios and shocks: probabilities that sum to 1, shocks that hit something and do not contradict one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from stockpile.instance.cells import shown
from stockpile.instance.faults import Report
from stockpile.instance.schema.scenarios import SELECTORS
from stockpile.instance.shocks import COLUMNS, OF_STAGES, Shock

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

Cell = tuple[str, str, tuple[Any, ...]]
"""A table, a column and the key of a row."""
TOLERANCE = 1e-6
USED = {
    "supply": ("good", "origin", "source", "market"),
    "price": ("good", "origin", "source", "market", "index"),
    "demand": ("good", "sector"),
    "duty": ("good", "origin"),
    "arrival": ("good", "origin", "source", "market"),
    "budget": ("fund",),
    "capacity": ("good", "store", "resource", "process"),
    "depth": ("good",),
    "duration": ("project", "stage"),
    "outcome": ("project", "stage"),
}
"""The selectors that tell something of each quantity."""


def _check_probabilities(instance: Instance, report: Report) -> None:
    """Probabilities are above 0 and sum to 1; those that chains make are asked of the chains."""
    if "scenarios" not in instance.tables:
        return
    probability = instance.view("scenarios")["probability"].to_numpy(dtype=np.float64)
    for row in np.flatnonzero(probability == 0):
        said = "is 0: nothing would be decided for this scenario; leave the scenario out"
        report.fault("scenarios", said, int(row), "probability")
    total = float(probability.sum())
    if len(probability) and abs(total - 1.0) > TOLERANCE:
        report.fault("scenarios", f"the probabilities sum to {total:g}; they must sum to 1", None, "probability")


def _check_risk(instance: Instance, report: Report) -> None:
    """Risk is taken of several futures: without scenarios there is one, and no tail."""
    asked = instance.settings.risk
    if (
        (asked.measure != "expected" or asked.cover)
        and not len(instance.view("scenarios"))
        and "chains" not in instance.tables
    ):
        report.fault("scenarios", "the file is missing; [risk] counts the worst of the futures that it names")
    if asked.of == "taxpayer_loss" and not (instance.view("projects")["may_abandon"] == True).any():  # noqa: E712
        report.warn(
            "scenarios",
            "no project may be abandoned or fail, so taxpayers lose nothing; see may_abandon in projects.csv",
        )


def _place(instance: Instance, row: int) -> tuple[str, int]:
    """The table and record (counted from 0) that a row of shocks stands in: its own, or that of the state that makes it."""
    own = len(instance.tables.get("shocks", ()))
    if row < own:
        return "shocks", row
    made, states = instance.table("shocks").iloc[row], instance.table("chain_shocks")
    same = states["chain"] == made["shock"]
    for name in ("quantity", *SELECTORS):
        same &= (states[name] == made[name]) | (states[name].isna() & pd.isna(made[name]))
    return "chain_shocks", int(np.argmax(same.to_numpy()))


def _fault(instance: Instance, report: Report, said: str, row: int, column: str) -> None:
    """A fault of a row of shocks, once for the state that makes it."""
    table, record = _place(instance, row)
    if table == "shocks" or not any(p.message == said for p in report.of(table).problems):
        report.fault(table, said, record, column)


def _warn(instance: Instance, report: Report, said: str, row: int, column: str) -> None:
    """A warning of one; what a chain changes back is no matter for one."""
    table, record = _place(instance, row)
    if table == "shocks":
        report.warn(table, said, record, column)


def _check_rows(instance: Instance, report: Report) -> None:
    """A shock gives a factor or a value, is announced before it acts, and chooses by what its quantity has."""
    view, entered = instance.view("shocks"), instance.table("shocks")
    names = ["quantity", "factor", "value", "announced", "from", *SELECTORS]
    for row, cells in enumerate(zip(*(view[n].tolist() for n in names), strict=True)):
        quantity, factor, value, announced, begin = cells[:5]
        if np.isnan(factor) == np.isnan(value):
            what = "gives neither a factor nor a value" if np.isnan(factor) else "gives a factor and a value"
            _fault(instance, report, f"the row {what}; give one of them", row, "factor")
        if isinstance(entered["announced"].iloc[row], str) and announced > begin and quantity not in OF_STAGES:
            said = "is after the shock begins to act: what acts is seen; give an earlier date, or leave it blank"
            _fault(instance, report, said, row, "announced")
        number = value if np.isnan(factor) else factor
        if (quantity == "outcome" and number not in (0.0, 1.0)) or (quantity == "duration" and value % 1 > 0):
            said = "is no outcome; 1 passes, 0 fails" if quantity == "outcome" else "is no whole number of periods"
            _fault(instance, report, f"{number:g} {said}", row, "factor" if np.isnan(value) else "value")
        for name, chosen in zip(SELECTORS, cells[5:], strict=True):
            given = isinstance(chosen, str) or (name == "stage" and chosen == chosen)
            if given and name not in USED.get(quantity, ()):
                said = f"a shock of {quantity} is not chosen by {name}, but by {', '.join(USED[quantity])}"
                _fault(instance, report, said, row, name)


def _check_hits(instance: Instance, report: Report) -> None:
    """A shock hits something, and no cell gets two values in one scenario."""
    scenarios = instance.scenarios
    if scenarios is None:
        return
    valued: dict[Cell, list[Shock]] = {}
    for shock in scenarios.shocks:
        cells = list(scenarios.hit(shock))
        if not cells:
            said = f"hits nothing: no {_tables(shock)} row is of {_chosen(shock)}"
            _fault(instance, report, said, shock.row, "quantity")
        elif not scenarios.changes(shock):
            said = "changes nothing: what it hits is 0, without limit, or what it sets already"
            _warn(instance, report, said, shock.row, "factor" if np.isnan(shock.value) else "value")
        if not np.isnan(shock.value):
            for cell in cells:
                valued.setdefault(cell, []).append(shock)
    _check_contradictions(instance, valued, report)


def _check_contradictions(instance: Instance, valued: dict[Cell, list[Shock]], report: Report) -> None:
    """Rows that set the same cell to different values."""
    scenarios, own = instance.scenarios, len(instance.tables.get("shocks", ()))
    told: set[tuple[int, int]] = set()
    assert scenarios is not None
    for (_, _, key), shocks in valued.items():
        for i, one in enumerate(shocks):
            for other in shocks[:i]:
                together = one.scenario is None or other.scenario is None or one.scenario == other.scenario
                meet = one.begin < other.end(scenarios.shocks) and other.begin < one.end(scenarios.shocks)
                if together and meet and one.value != other.value and (one.row, other.row) not in told:
                    told.add((one.row, other.row))
                    there = report.of("shocks").record(other.row) if other.row < own else "a state of a chain"
                    what = ", ".join(shown(str(part)) for part in key if part is not None)
                    said = (
                        f"sets {what} to {one.value:g}, but {there} sets it to "
                        f"{other.value:g} at the same time; give one value, or factors"
                    )
                    _fault(instance, report, said, one.row, "value")


def _check_failures(instance: Instance, report: Report) -> None:
    """A stage that may fail lasts a period at least, and its project may be abandoned: failure ends it."""
    scenarios = instance.scenarios
    if scenarios is None:
        return
    may = dict(zip(instance.view("projects")["project"], instance.view("projects")["may_abandon"], strict=True))
    keys, duration = instance.series("stages", "duration", 0.0)
    shortest = dict(zip(keys, duration.min(axis=1), strict=True))
    for shock in scenarios.shocks:
        fails = shock.quantity == "outcome" and 0.0 in (shock.value, shock.factor)
        for _, _, (project, stage) in scenarios.hit(shock) if fails else ():
            if may[project] is not True:
                said = (
                    f"a failure ends {project!r}, but it may not be abandoned; set may_abandon to true in projects.csv"
                )
                _fault(instance, report, said, shock.row, "quantity")
            elif shortest[project, stage] < 1:
                said = (
                    f"stage {stage} of {project!r} lasts no period, so nothing can be seen to fail; give it a duration"
                )
                _fault(instance, report, said, shock.row, "quantity")


def _check_surmised(instance: Instance, report: Report) -> None:
    """Nothing is known of a stage that is not released: where decisions could follow what nobody sees, it is said."""
    scenarios = instance.scenarios
    if scenarios is None:
        return
    told: set[tuple[str, int]] = set()
    for t, one, other, stage in scenarios.surmised():
        row = next((s.row for s in scenarios.shocks if s.quantity in OF_STAGES and s.hits(_of_stage(stage))), None)
        if stage not in told:
            told.add(stage)
            names = f"{shown(scenarios.names[one])} and {shown(scenarios.names[other])}"
            said = (
                f"{names} part in {instance.calendar.labels[t]} by what becomes of stage {stage[1]} of {stage[0]!r}, which "
                "is seen only if the stage was released in time: a plan that does not release it then decides by what nobody "
                "knows; require the release with a pin, or announce the shock"
            )
            _warn(instance, report, said, row or 0, "quantity")


def _of_stage(stage: tuple[str, int]) -> dict[str, str]:
    return {"project": stage[0], "stage": str(stage[1])}


def _tables(shock: Shock) -> str:
    return " or ".join(table for table, _ in COLUMNS[shock.quantity])


def _chosen(shock: Shock) -> str:
    return ", ".join(f"{name} {shown(chosen)}" for name, chosen in shock.selectors) or "any kind"


SCENARIO_RULES = (
    (_check_probabilities, "scenarios"),
    (_check_risk, "scenarios projects"),
    (_check_rows, "shocks scenarios chains chain_states chain_moves chain_shocks"),
    (
        _check_hits,
        "shocks scenarios chains chain_states chain_moves chain_shocks sources effects supply prices markets indices demand duties arrivals budgets storage resources rotation capacity stages projects",
    ),
    (_check_failures, "shocks scenarios chains chain_states chain_moves chain_shocks stages projects"),
    (
        _check_surmised,
        "shocks scenarios chains chain_states chain_moves chain_shocks stages projects requires opening_stages pins",
    ),
)
