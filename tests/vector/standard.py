"""A compiled model and what Pyomo's own standard form says of the same model, in one shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from stockpile.vector import Arrays

Row = dict[str, float]


@dataclass
class Form:
    """Comparisons by (constraint, sense) as coefficients by variable and right side; costs by variable; columns."""

    rows: dict[tuple[str, str], tuple[Row, float]]
    cost: Row
    offset: float
    columns: dict[str, tuple[float, float, bool]]


def ours(compiled: Arrays) -> Form:
    """The compiled model."""
    found, names, rows = {}, compiled.column_names, compiled.row_names
    for i in range(compiled.rows):
        part = slice(compiled.start[i], compiled.start[i + 1])
        row = {names[j]: float(v) for j, v in zip(compiled.index[part], compiled.value[part], strict=True)}
        assert len(row) == part.stop - part.start, "a column stands twice in a row"
        lower, upper = float(compiled.row_lower[i]), float(compiled.row_upper[i])
        if lower == upper:
            found[rows[i], "="] = row, upper
            continue
        if upper < np.inf:
            found[rows[i], "<="] = row, upper
        if lower > -np.inf:
            found[rows[i], ">="] = row, lower
    bounds = zip(compiled.lower.tolist(), compiled.upper.tolist(), compiled.integer.tolist(), strict=True)
    cost = {name: float(c) for name, c in zip(names, compiled.cost, strict=True) if c}
    return Form(found, cost, compiled.offset, dict(zip(names, bounds, strict=True)))


def pyomos(model: Any) -> Form:
    """The same from Pyomo's standard form."""
    form = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None)
    table = form.A.tocsr()
    found = {}
    for i, (constraint, kind) in enumerate(form.rows):
        part = slice(table.indptr[i], table.indptr[i + 1])
        row = zip(table.indices[part], table.data[part], strict=True)
        right = float(form.rhs[i])
        sense = {0: "=", 1: "<=", -1: ">="}[kind]
        coefficients = {form.columns[j].name: float(v) for j, v in row if v}
        if np.isfinite(right) and (coefficients or not _holds(sense, right)):
            found[constraint.name, sense] = coefficients, right
    costs = form.c.tocoo()
    cost = {form.columns[j].name: float(v) for j, v in zip(costs.col, costs.data, strict=True) if v}
    offset = float(form.c_offset[0]) if len(form.c_offset) else 0.0
    columns = {}
    for v in model.component_data_objects(pyo.Var, active=True):
        if not v.fixed:
            low, high = v.bounds
            columns[v.name] = (-np.inf if low is None else low, np.inf if high is None else high, v.is_integer())
    return Form(found, cost, offset, columns)


def _holds(sense: str, right: float) -> bool:
    """Whether 0 compares with the right side as the row says; such a row says nothing."""
    return {"=": abs(right) <= 1e-9, "<=": right >= -1e-9, ">=": right <= 1e-9}[sense]


def close(a: float, b: float) -> bool:
    """Equal to 1e-12 relative."""
    return a == b or abs(a - b) <= 1e-12 * max(1.0, abs(a), abs(b))


def same_row(a: Row, b: Row) -> bool:
    """The same variables with the same coefficients."""
    return a.keys() == b.keys() and all(close(v, b[name]) for name, v in a.items())


def differences(mine: Form, theirs: Form) -> list[str]:
    """Where two forms differ."""
    found = [f"row {key} is only here" for key in mine.rows.keys() - theirs.rows.keys()]
    found += [f"row {key} is missing" for key in theirs.rows.keys() - mine.rows.keys()]
    for key in mine.rows.keys() & theirs.rows.keys():
        (row, right), (other, wanted) = mine.rows[key], theirs.rows[key]
        if not same_row(row, other) or not close(right, wanted):
            found.append(f"row {key}: {row} {right}, but {other} {wanted}")
    if not same_row(mine.cost, theirs.cost) or not close(mine.offset, theirs.offset):
        found.append(f"objective {mine.cost} {mine.offset}, but {theirs.cost} {theirs.offset}")
    found += [f"column {n}: {c}" for n, c in theirs.columns.items() if mine.columns.get(n) != c]
    return found
