"""Cells -> typed columns, with every cell that is wrong named by its place and by what would be right.

Cells come as text (CSV), as numbers (Parquet, Python) or as None.  Typed columns hold what was entered, in the units in
which it was entered: numbers as floats (NaN where blank), text as stripped text (None where blank), dates and durations
as text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpile.errors import Problem
from stockpile.instance.calendar import Calendar
from stockpile.instance.schema import DATES, Column, Table
from stockpile.instance.units import UnitError, quantity_factor

Cells = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]

LONGEST_NAME, LONGEST_CELL = 200, 10_000
#: Faults of one column that are told one by one.
WORDED = 20
_TRUE, _FALSE = ("true", "yes", "1", "1.0"), ("false", "no", "0", "0.0")
_HIDDEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Faults:
    """Collects the problems of a table; of one column only the first are told one by one."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, message: str, row: int | None = None, column: str | None = None) -> None:
        """A problem in a record (counted from 0) or in the whole table."""
        self.problems.append(Problem(self.file, message, row=None if row is None else row + 2, column=column))

    def each(self, rows: Iterable[int], column: str, message: str | Callable[[int], str]) -> None:
        """The same kind of problem in several records, in the same words or in words for each."""
        found = [int(row) for row in rows]
        for row in found[:WORDED]:
            self.add(message if isinstance(message, str) else message(row), row, column)
        if len(found) > WORDED:
            self.add(f"and {len(found) - WORDED:,} more records with a fault of this kind", None, column)


def parse_table(table: Table, raw: dict[str, Cells], rows: int, calendar: Calendar, faults: Faults) -> pd.DataFrame:
    """All columns of a table, typed.  Columns that are not there are blank; a required one that is missing is a fault."""
    _check_columns(table, raw, faults)
    typed: dict[str, Any] = {}
    for column in table.columns:
        if column.name not in raw:
            cells = np.full(rows, None, dtype=object)
            if column.required:
                faults.add(f"the column is missing; it is {_a(column)}: {column.meaning}", None, column.name)
        else:
            cells = _stripped(raw[column.name])
            _check_text(column, cells, faults)
            if column.required:
                blank = np.flatnonzero(cells == None)  # noqa: E711
                faults.each(blank, column.name, f"is blank; it is {_a(column)}: {column.meaning}")
        typed[column.name] = _typed(column, cells, calendar, faults)
    return pd.DataFrame(typed)


def _a(column: Column) -> str:
    from stockpile.instance.schema import KINDS

    return KINDS[column.kind]


def _check_columns(table: Table, raw: dict[str, Cells], faults: Faults) -> None:
    for name in raw:
        if name not in table.names:
            near = get_close_matches(name, table.names, n=1, cutoff=0.6)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(table.names)}"
            faults.add(f"{name!r} is not a column of {table.name}; {hint}", None, name if name.isprintable() else None)


def _stripped(cells: Cells) -> Cells:
    """Text without blanks around it, None for what is blank (None, NaN of a data frame, empty text)."""
    if all(type(cell) is str for cell in cells):
        return np.array([cell.strip() or None for cell in cells], dtype=object)
    return np.array([_plain(cell) for cell in cells] or [], dtype=object)


def _plain(cell: Any) -> Any:
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return None
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, np.generic):
        return cell.item()
    return cell


def _check_text(column: Column, cells: Cells, faults: Faults) -> None:
    """No control characters, no name over 200 characters, no cell over 10 kB."""
    if column.is_number:
        return
    longest = LONGEST_NAME if column.kind in ("name", "words", "choice") else LONGEST_CELL
    seen: dict[Any, bool] = {}
    for row, cell in enumerate(cells):
        if type(cell) is not str or cell in seen:
            continue
        seen[cell] = True
        hidden = _HIDDEN.search(cell)
        if hidden:
            faults.add(f"{cell[:40]!r} holds the control character {hidden[0]!r}; remove it", row, column.name)
        elif len(cell) > longest:
            faults.add(f"is {len(cell):,} characters long; at most {longest:,} are allowed", row, column.name)


def _typed(column: Column, cells: Cells, calendar: Calendar, faults: Faults) -> Any:
    if column.is_number:
        return _numbers(column, cells, faults)
    if column.kind == "flag":
        return _flags(column, cells, faults)
    texts = np.array([cell if cell is None or type(cell) is str else _as_text(cell) for cell in cells], dtype=object)
    if column.default is not None:
        texts = np.where(texts == None, column.default, texts)  # noqa: E711
    if column.kind in ("choice", "words"):
        _check_choices(column, texts, faults)
    elif column.kind in DATES:
        _check_dates(column, texts, calendar, faults)
    elif column.kind == "duration":
        _check_durations(column, texts, calendar, faults)
    elif column.kind == "unit":
        _check_units(column, texts, faults)
    return pd.Series(texts, dtype=object)


def _as_text(cell: Any) -> str:
    """A number or other value as text; whole numbers without a point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _numbers(column: Column, cells: Cells, faults: Faults) -> Floats:
    values, wrong = to_floats(cells)
    faults.each(
        np.flatnonzero(wrong), column.name, lambda r: f"{cells[r]!r} is not a finite number; it is {_a(column)}"
    )
    given = ~np.isnan(values)
    if column.kind == "integer":
        broken = given & (values != np.round(values))
        faults.each(np.flatnonzero(broken), column.name, lambda r: f"{cells[r]} is not a whole number")
    low, high = column.minimum, column.upper
    if low is not None:
        below = np.flatnonzero(given & (values < low))
        what = "negative" if low == 0 else f"below {low:g}"
        faults.each(
            below, column.name, lambda r: f"{cells[r]} is {what}; {column.name} is {_a(column)}, at least {low:g}"
        )
    if high is not None:
        above = given & ((values > high) | ((values >= high) & (column.kind == "loss")))
        faults.each(
            np.flatnonzero(above), column.name, lambda r: f"{cells[r]} is too large; {column.name} is {_a(column)}"
        )
    if column.default is not None:
        values = np.where(np.isnan(values), float(column.default), values)
    return values


def to_floats(cells: Cells) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Numbers, NaN where blank or wrong, and which cells are wrong."""
    blank = np.array([cell is None for cell in cells], dtype=bool)
    wrong = np.zeros(len(cells), dtype=bool)
    try:
        values = np.where(blank, "nan", cells).astype(np.float64)
    except (TypeError, ValueError):
        values = np.array([math.nan if b else _number(cell) for cell, b in zip(cells, blank, strict=True)])
    wrong = ~blank & ~np.isfinite(values)
    wrong |= np.array([type(cell) is bool or (type(cell) is str and "_" in cell) for cell in cells], dtype=bool)
    values[wrong] = np.nan
    return values, wrong


def _number(cell: Any) -> float:
    try:
        return float(cell)
    except (TypeError, ValueError):
        return math.nan


def _flags(column: Column, cells: Cells, faults: Faults) -> Any:
    """True, False, or None where blank."""
    out = np.full(len(cells), None, dtype=object)
    for row, cell in enumerate(cells):
        word = str(cell).lower() if cell is not None else None
        if word in _TRUE or word in _FALSE:
            out[row] = word in _TRUE
        elif word is not None:
            faults.add(f"{cell!r} is neither true nor false", row, column.name)
    return pd.Series(out, dtype=object)


def _distinct(texts: Cells) -> dict[str, list[int]]:
    """The rows of every text that occurs."""
    rows: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        if text is not None:
            rows.setdefault(text, []).append(row)
    return rows


def _check_choices(column: Column, texts: Cells, faults: Faults) -> None:
    for text, rows in _distinct(texts).items():
        words = [w.strip() for w in text.split(";")] if column.kind == "words" else [text]
        for word in words:
            if word not in column.choices:
                near = get_close_matches(word, column.choices, n=1, cutoff=0.6)
                hint = f"did you mean {near[0]!r}?" if near else f"it is one of {', '.join(column.choices)}"
                faults.each(rows, column.name, f"{word!r} is not known here; {hint}")


def _check_dates(column: Column, texts: Cells, calendar: Calendar, faults: Faults) -> None:
    first, end = calendar.starts[0], calendar.starts[-1]
    off = f"is off the horizon, {first} until {end}"
    for text, rows in _distinct(texts).items():
        try:
            day = calendar.parse(text)
        except ValueError:
            hint = f"write a date (2027-03-01) or a period label ({calendar.labels[0]})"
            faults.each(rows, column.name, f"{text!r} is not a date; {hint}")
            continue
        if column.kind == "from" and day < first:
            why = f"{text} {off}; leave it blank for what holds from the start"
            faults.each(rows, column.name, why)
        elif column.kind == "from" and calendar.first_from(day) >= calendar.periods:
            faults.each(rows, column.name, f"{text} {off}; no period starts on or after it")
        elif column.kind == "until" and day <= first:
            faults.each(rows, column.name, f"{text} {off}; the row would never hold")


def _check_durations(column: Column, texts: Cells, calendar: Calendar, faults: Faults) -> None:
    for text, rows in _distinct(texts).items():
        try:
            periods = calendar.in_periods(text)
        except ValueError:
            hint = "write 9mo, 2y, 6w, 30d, or a number of periods"
            faults.each(rows, column.name, f"{text!r} is not a duration; {hint}")
            continue
        if column.minimum is not None and periods < column.minimum:
            faults.each(rows, column.name, f"{text} is too short; it is at least one period")


def _check_units(column: Column, texts: Cells, faults: Faults) -> None:
    for text, rows in _distinct(texts).items():
        try:
            quantity_factor(text, text)
        except UnitError as error:
            faults.each(rows, column.name, str(error))
