"""Plans with one thing changed, which an audit must catch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from stockpile.instance import Instance
from stockpile.plan.audit import is_clean
from stockpile.plan.plan import TABLES, Plan


def with_table(plan: Plan, name: str, frame: pd.DataFrame) -> Plan:
    """The plan with one table replaced."""
    return replace(plan, tables={**plan.tables, name: frame})


def with_cell(plan: Plan, name: str, row: int, column: str, value: object) -> Plan:
    """The plan with one cell replaced."""
    frame = plan.tables[name].copy()
    values = frame[column].to_numpy(dtype=object).copy()
    values[row] = value
    frame[column] = pd.Series(values, index=frame.index).infer_objects()
    return with_table(plan, name, frame)


def mutations(plan: Plan, share: float = 1e-3, last: bool = False) -> Iterator[tuple[str, Plan]]:
    """For each numeric column of each table: one number up, one down; every table with a row less, twice, and of NaN.

    A number moves by ``share`` of the largest in its table, at least by ``share``: a step, stage or tier by 1.  The row
    is the one with the largest entry of the column; or instead the ``last`` of the table where that is another, and then
    nothing else is changed.
    """
    for table in TABLES.values():
        frame = plan.tables[table.name]
        if not len(frame):
            continue
        amounts = [c.name for c in table.columns if c.is_amount]
        largest = max(1.0, float(np.abs(frame[amounts].to_numpy(dtype=float)).max(initial=0.0)))
        for column in table.columns:
            if column.is_amount or column.kind == "number":
                values = frame[column.name].to_numpy(dtype=float)
                delta = share * largest if column.is_amount else 1
                largest_at = int(np.argmax(np.abs(values)))
                for row in {len(frame) - 1} - {largest_at} if last else {largest_at}:
                    for change in (delta, -delta):
                        value = frame[column.name].iloc[row] + change
                        name = f"{table.name}:{row + 2}:{column.name} {change:+g}"
                        yield name, with_cell(plan, table.name, row, column.name, value)
        if not last:
            yield from _rows(plan, table.name, amounts)


def missed(instance: Instance, plan: Plan, last: bool = False) -> list[str]:
    """What is changed in the plans of ``mutations`` that an audit finds nothing wrong with."""
    return [what for what, mutant in mutations(plan, last=last) if is_clean(instance, mutant)]


def _rows(plan: Plan, name: str, amounts: list[str]) -> Iterator[tuple[str, Plan]]:
    """A row less, a row twice, and a cell that is no number."""
    frame = plan.tables[name]
    row = int(np.argmax(np.abs(frame[amounts].to_numpy(dtype=float)).sum(axis=1)))
    yield f"{name}:{row + 2} deleted", with_table(plan, name, frame.drop(index=frame.index[row]))
    yield f"{name}:{row + 2} twice", with_table(plan, name, frame.iloc[[*range(len(frame)), row]])
    if amounts:
        yield f"{name}:{row + 2}:{amounts[0]} NaN", with_cell(plan, name, row, amounts[0], float("nan"))
