"""Dates that keep an instance from having a plan: by how much one of them alone would have to be later."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from stockpile.data import make_data
from stockpile.errors import DataError
from stockpile.models.build import build_model
from stockpile.solver.compile import compile_model
from stockpile.solver.job import Job, Options
from stockpile.study.variants import with_tables
from stockpile.tree import build_tree

if TYPE_CHECKING:
    from stockpile.instance import Instance

#: Dates that ask for less where they are later: table, column, what names the row, and what they are.
DATES = (
    ("stages", "deadline", ("project", "stage"), "the deadline of stage"),
    ("projects", "start_until", ("project",), "the end of the window of project"),
    ("contracts", "sign_until", ("contract",), "the end of the window in which to sign contract"),
    ("pins", "until", ("pin",), "the end of pin"),
    ("targets", "from", ("good",), "the begin of the target of"),
    ("policies", "from", ("policy",), "the begin of policy"),
)
MONTHS_A_YEAR = 12.0


@dataclass(frozen=True)
class Later:
    """A date that alone gives a plan where it is so many ``periods`` (``months``) later, and not where it is less.

    ``before`` and ``after`` are labels of periods; ``after`` is empty where it is the end of the horizon.
    """

    what: str
    who: tuple[str, ...]
    table: str
    column: str
    before: str
    after: str
    periods: int
    months: float


def later_dates(instance: Instance, about: Collection[str], seconds: float) -> tuple[Later, ...]:
    """The dates of what is named in a conflict that give a plan where one of them alone is later, the least first.

    ``seconds`` is what all of it may take; dates for which there was no time are not in it.
    """
    until = time.perf_counter() + seconds
    found = []
    for table, column, keys, what in DATES:
        frame, view = instance.table(table), instance.view(table)
        for row in range(len(frame)):
            who = tuple(_text(frame[key].iloc[row]) for key in keys)
            if who[0] in about and _asks(table, column, frame.iloc[row].to_dict()):
                at = _least(instance, (table, column, row, int(view[column].iloc[row])), until)
                if at is not None:
                    found.append(_later(instance, what, who, (table, column), (int(view[column].iloc[row]), at)))
    return tuple(sorted(found, key=lambda one: one.periods))


def _asks(table: str, column: str, row: dict[Any, Any]) -> bool:
    """Whether a later date asks for less: of a pin that requires, a target or policy that is hard; a blank is no end."""
    if table in ("targets", "policies"):
        return bool(row["penalty"] != row["penalty"])
    return row[column] is not None and (table != "pins" or bool(row["at_least"] == row["at_least"]))


def _least(instance: Instance, cell: tuple[str, str, int, int], until: float) -> int | None:
    """The first period at which a date gives a plan; None where none later does, or where it is not known."""
    table, column, row, now = cell
    last = instance.calendar.periods if column != "from" else instance.calendar.periods - 1
    if now >= last or not _has_plan(instance, (table, column, row, last), until):
        return None
    low, high = now, last
    while high - low > 1:
        middle = (low + high) // 2
        if time.perf_counter() >= until:
            return None
        if _has_plan(instance, (table, column, row, middle), until):
            high = middle
        else:
            low = middle
    return high


def _has_plan(instance: Instance, cell: tuple[str, str, int, int], until: float) -> bool:
    """Whether there is a plan with the date at some period."""
    table, column, row, period = cell
    frame = instance.table(table)
    cells = frame[column].tolist()
    cells[row] = _label(instance, period) or None
    frame = frame.assign(**{column: np.array(cells, dtype=object)})
    seconds = until - time.perf_counter()
    if seconds <= 0:
        return False
    try:
        changed = with_tables(instance, {table: frame})
    except DataError:
        return False
    compiled = compile_model(build_model(make_data(changed, build_tree(changed))))
    flat = replace(compiled, cost=np.zeros(compiled.columns), offset=0.0)
    job = Job(flat, Options(gap=1.0, time_limit=seconds), None, time.perf_counter())
    return job.solve(job.load(flat, job.remaining()), flat).x is not None


def _later(instance: Instance, what: str, who: tuple[str, ...], place: tuple[str, str], ends: tuple[int, int]) -> Later:
    periods = ends[1] - ends[0]
    months = round(periods * instance.calendar.length * MONTHS_A_YEAR, 1)
    return Later(what, who, *place, _label(instance, ends[0]), _label(instance, ends[1]), periods, months)


def _label(instance: Instance, period: int) -> str:
    """The label of a period; empty beyond the horizon."""
    labels = instance.calendar.labels
    return labels[period] if period < len(labels) else ""


def _text(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) else str(cell)


__all__ = ["Later", "later_dates"]
