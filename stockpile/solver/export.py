"""Write a compiled model as an MPS or LP file that any solver reads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stockpile.errors import SolverError
from stockpile.solver.compile import Compiled
from stockpile.solver.names import Names

WIDTH = 200
"""Lines of an LP file are broken after this many characters; some readers stop at 560."""


@dataclass(frozen=True)
class Row:
    """One comparison; kind is E, L or G as in MPS."""

    name: str
    kind: str
    right: float
    terms: list[tuple[int, float]]


@dataclass(frozen=True)
class Sheet:
    """The model with legal names.  A constant in the objective is the cost of a column that is fixed at 1."""

    notes: list[str]
    maximise: bool
    objective: str
    columns: list[str]
    cost: list[float]
    lower: list[float]
    upper: list[float]
    integer: list[bool]
    rows: list[Row]


def export_model(compiled: Compiled, path: Path, title: str = "", unit: str = "", scale: float = 1.0) -> None:
    """Write the model to a file ending in .mps (free format) or .lp (CPLEX format), atomically.

    The comment on top says that the objective, times ``scale``, is in ``unit``, and lists the names that were cut,
    numbered or lost letters.  A row with two different bounds becomes two rows.  Raises SolverError for another ending.
    """
    writers = {".mps": mps, ".lp": _lp}
    if path.suffix.lower() not in writers:
        raise SolverError(f"{path.name}: the file must end in .mps or .lp")
    sheet = _sheet(compiled, title, unit, scale)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in writers[path.suffix.lower()](sheet))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _sheet(compiled: Compiled, title: str, unit: str, scale: float) -> Sheet:
    row_names, column_names = Names(), Names()
    objective = row_names.take("objective")
    columns = [column_names.take(name) for name in compiled.column_names]
    cost, lower, upper = compiled.cost.tolist(), compiled.lower.tolist(), compiled.upper.tolist()
    integer = compiled.integer.tolist()
    if compiled.offset or not columns:
        columns.append(column_names.take("objective_constant"))
        cost, lower, upper = [*cost, compiled.offset], [*lower, 1.0], [*upper, 1.0]
        integer = [*integer, False]
    rows = list(_rows(compiled, row_names))
    notes = [
        *([title] if title else []),
        f"the row {objective} is {'maximised' if compiled.maximise else 'minimised'}",
        f"1 in the objective is {number(scale)} {unit}".rstrip(),
        *(f"column {name} = {wanted}" for name, wanted in column_names.altered.items()),
        *(f"row {name} = {wanted}" for name, wanted in row_names.altered.items()),
    ]
    flat = [" ".join(note.split())[:400] for note in notes]
    return Sheet(flat, compiled.maximise, objective, columns, cost, lower, upper, integer, rows)


def _rows(compiled: Compiled, names: Names) -> Iterator[Row]:
    index, value, start = compiled.index.tolist(), compiled.value.tolist(), compiled.start.tolist()
    bounds = zip(compiled.row_lower.tolist(), compiled.row_upper.tolist(), strict=True)
    for i, (lower, upper) in enumerate(bounds):
        part = slice(start[i], start[i + 1])
        terms = list(zip(index[part], value[part], strict=True))
        wanted = compiled.row_names[i]
        if lower == upper:
            yield Row(names.take(wanted), "E", upper, terms)
            continue
        if upper < np.inf:
            yield Row(names.take(wanted), "L", upper, terms)
        if lower > -np.inf:
            yield Row(names.take(wanted if upper == np.inf else f"{wanted}.low"), "G", lower, terms)


def number(x: float) -> str:
    """A number with every digit."""
    return repr(x).removesuffix(".0")


def mps(sheet: Sheet) -> Iterator[str]:
    """The lines of a free MPS file."""
    yield from (f"* {note}" for note in sheet.notes)
    yield "NAME model"
    if sheet.maximise:
        yield from ("OBJSENSE", "    MAX")
    yield "ROWS"
    yield f" N {sheet.objective}"
    yield from (f" {row.kind} {row.name}" for row in sheet.rows)
    yield "COLUMNS"
    yield from _mps_columns(sheet)
    yield "RHS"
    yield from (f" RHS {row.name} {number(row.right)}" for row in sheet.rows if row.right)
    yield "BOUNDS"
    for j, name in enumerate(sheet.columns):
        for kind, bound in _mps_bounds(sheet.lower[j], sheet.upper[j]):
            yield f" {kind} BND {name} {bound}".rstrip()
    yield "ENDATA"


def _mps_columns(sheet: Sheet) -> Iterator[str]:
    entries: list[list[str]] = [[] for _ in sheet.columns]
    for row in sheet.rows:
        for j, value in row.terms:
            entries[j].append(f" {sheet.columns[j]} {row.name} {number(value)}")
    inside = False
    for j, name in enumerate(sheet.columns):
        if sheet.integer[j] != inside:
            inside = sheet.integer[j]
            yield f" MARK{j} 'MARKER' '{'INTORG' if inside else 'INTEND'}'"
        if sheet.cost[j] or not entries[j]:
            yield f" {name} {sheet.objective} {number(sheet.cost[j])}"
        yield from entries[j]
    if inside:
        yield " MARKEND 'MARKER' 'INTEND'"


def _mps_bounds(lower: float, upper: float) -> list[tuple[str, str]]:
    """Both bounds in words: what a missing one means for an integer differs between readers."""
    if lower == upper:
        return [("FX", number(lower))]
    if lower == -np.inf and upper == np.inf:
        return [("FR", "")]
    below = ("MI", "") if lower == -np.inf else ("LO", number(lower))
    above = ("PL", "") if upper == np.inf else ("UP", number(upper))
    return [below, above]


def _lp(sheet: Sheet) -> Iterator[str]:
    signs = {"E": "=", "L": "<=", "G": ">="}
    yield from (f"\\ {note}" for note in sheet.notes)
    yield "maximize" if sheet.maximise else "minimize"
    yield from _lp_terms(sheet, sheet.objective, list(enumerate(sheet.cost)), "")
    yield "subject to"
    for row in sheet.rows:
        yield from _lp_terms(sheet, row.name, row.terms or [(0, 0.0)], f"{signs[row.kind]} {number(row.right)}")
    yield "bounds"
    for name, lower, upper in zip(sheet.columns, sheet.lower, sheet.upper, strict=True):
        yield _lp_bounds(name, lower, upper)
    integers = [name for name, whole in zip(sheet.columns, sheet.integer, strict=True) if whole]
    if integers:
        yield "general"
        yield from (f" {name}" for name in integers)
    yield "end"


def _lp_terms(sheet: Sheet, name: str, terms: list[tuple[int, float]], ending: str) -> Iterator[str]:
    line = f" {name}:"
    for j, value in terms:
        if len(line) > WIDTH:
            yield line
            line = " "
        line += f" {'-' if value < 0 else '+'} {number(abs(value))} {sheet.columns[j]}"
    yield f"{line} {ending}".rstrip()


def _lp_bounds(name: str, lower: float, upper: float) -> str:
    if lower == upper:
        return f" {name} = {number(lower)}"
    if lower == -np.inf and upper == np.inf:
        return f" {name} free"
    above = "+inf" if upper == np.inf else number(upper)
    return f" {number(lower)} <= {name} <= {above}"
