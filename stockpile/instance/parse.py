"""Cells -> typed columns, with every cell that is wrong named by its place and by what would be right.

Cells come as text (CSV), as numbers (Parquet, Python) or as None.  Typed columns hold what was entered, in the units in
which it was entered: numbers as floats (NaN where blank), text as stripped text (None where blank), dates and durations
as text.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpile.instance.calendar import Calendar, parse_date
from stockpile.instance.cells import (
    HIDDEN,
    LARGEST,
    LONGEST_CELL,
    LONGEST_NAME,
    about_date,
    about_number,
    nearest,
    shown,
)
from stockpile.instance.faults import Faults, Places
from stockpile.instance.labels import labels_of
from stockpile.instance.schema import KINDS, Column, Table
from stockpile.instance.units import UnitError, quantity_factor

Cells = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]

TRUE, FALSE = ("true", "yes", "1", "1.0"), ("false", "no", "0", "0.0")


@dataclass(frozen=True)
class Raw:
    """A table as it was found: cells by column, the record number of every row (the header is 1), the file's name.

    ``places`` says where each row stands in a table that was put together from several files.
    """

    columns: dict[str, Cells]
    numbers: Sequence[int]
    file: str
    places: Places | None = None

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.numbers)

    def faults(self) -> Faults:
        """Where its faults are collected."""
        return Faults(self.file, self.numbers, self.places)


def raw_table(file: str, rows: Iterable[Mapping[Any, Any]] | pd.DataFrame) -> Raw:
    """Records as columns of cells; what a data frame calls NaN is blank."""
    if isinstance(rows, pd.DataFrame):
        rows = rows.astype(object).where(rows.notna(), None).to_dict("records")
    records = [*rows]
    names = list(dict.fromkeys(name for record in records for name in record))
    columns = {}
    for name in names:
        cells = np.empty(len(records), dtype=object)
        cells[:] = [record.get(name) for record in records]
        columns[str(name)] = cells
    return Raw(columns, range(2, len(records) + 2), file)


def parse_table(table: Table, raw: Raw, calendar: Calendar, faults: Faults) -> pd.DataFrame:
    """All columns of a table, typed.  Columns that are not there are blank; a required one that is missing is a fault."""
    _check_columns(table, raw, faults)
    typed: dict[str, Any] = {}
    for column in table.columns:
        what = f"{KINDS[column.kind]}: {column.meaning}"
        if column.name not in raw.columns:
            cells = np.full(raw.rows, None, dtype=object)
            if column.required:
                faults.add(f"the column is missing; it is {what}", None, column.name)
        else:
            cells = stripped(raw.columns[column.name])
            if column.required:
                faults.each(np.flatnonzero(cells == None), column.name, f"is blank; it is {what}")  # noqa: E711
        typed[column.name] = _typed(column, cells, calendar, faults)
    index = pd.RangeIndex(raw.rows)
    series = {c: pd.Series(v, index, object, copy=False) if v.dtype == object else v for c, v in typed.items()}
    return pd.DataFrame(series, index, labels_of(table.name), copy=False)


def _check_columns(table: Table, raw: Raw, faults: Faults) -> None:
    for name in raw.columns:
        if name not in table.names:
            plain = name if len(name) <= LONGEST_NAME and not HIDDEN.search(name) else None
            hint = "only folders that extend another have it" if name == "delete" else nearest(name, table.names)
            faults.add(f"{shown(name)} is not a column of {table.name}; {hint}", None, plain)


def stripped(cells: Cells) -> Cells:
    """Text without blanks around it, None for what is blank."""
    return np.array([(cell.strip() or None) if type(cell) is str else _plain(cell) for cell in cells], dtype=object)


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


def _typed(column: Column, cells: Cells, calendar: Calendar, faults: Faults) -> Any:
    if column.is_number:
        return _numbers(column, cells, faults)
    if column.kind == "flag":
        return _flags(column, cells, faults)
    texts = np.array([cell if cell is None or type(cell) is str else as_text(cell) for cell in cells], dtype=object)
    texts[_check_texts(column, texts, faults, _legible(column))] = None
    if column.default is not None:
        texts = np.where(texts == None, column.default, texts)  # noqa: E711
    rule = _RULES.get(column.kind)
    if rule is not None:
        _check_texts(column, texts, faults, rule(column, calendar))
    return texts


#: What is wrong with a text, None where nothing is.
Rule = Callable[[str], str | None]


def _check_texts(column: Column, texts: Cells, faults: Faults, rule: Rule) -> npt.NDArray[np.bool_]:
    """Tell what is wrong with the texts that occur, and in which rows."""
    wrong = {text: message for text in pd.unique(texts) if text is not None and (message := rule(text))}
    if not wrong:
        return np.zeros(len(texts), dtype=bool)
    rows = np.array([text in wrong for text in texts], dtype=bool)
    faults.each(np.flatnonzero(rows), column.name, lambda row: wrong[texts[row]])
    return rows


def _legible(column: Column) -> Rule:
    longest = LONGEST_CELL if column.kind == "text" else LONGEST_NAME

    def rule(text: str) -> str | None:
        hidden = HIDDEN.search(text)
        if hidden:
            return f"{shown(text)} holds the character {hidden[0]!r}, which cannot be seen; remove it"
        if len(text) > longest:
            return f"{shown(text)} is {len(text):,} characters long; at most {longest:,} are allowed"
        return None

    return rule


def as_text(cell: Any) -> str:
    """A number or other value as text; whole numbers without a point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _numbers(column: Column, cells: Cells, faults: Faults) -> Floats:
    values, wrong = to_floats(cells)
    what = KINDS[column.kind]
    given = ~np.isnan(values)

    def tell(where: npt.NDArray[np.bool_], message: Callable[[Any], str]) -> None:
        faults.each(np.flatnonzero(where), column.name, lambda row: message(cells[row]))

    tell(wrong, lambda cell: f"{shown(cell)} is not a finite number{about_number(cell)}; the column holds {what}")
    if column.kind == "integer":
        broken = given & (values != np.round(values))
        tell(broken, lambda cell: f"{cell} is not a whole number")
    low, high = column.minimum, column.upper
    if low is not None:
        below = "negative" if low == 0 else f"below {low:g}"
        tell(given & (values < low), lambda cell: f"{cell} is {below}; the column holds {what}, at least {low:g}")
    huge = given & (np.abs(values) > LARGEST)
    tell(huge, lambda cell: f"{cell} is too large; numbers go up to {LARGEST:g}, choose a larger unit")
    if high is not None:
        above = (values > high) | ((values >= high) & (column.kind == "loss"))
        tell(given & above & ~huge, lambda cell: f"{cell} is too large; the column holds {what}")
    if column.default is not None:
        values = np.where(np.isnan(values), float(column.default), values)
    return values


def to_floats(cells: Cells) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Numbers, NaN where blank or wrong, and which cells are wrong."""
    blank = np.array([cell is None for cell in cells], dtype=bool)
    wrong = np.zeros(len(cells), dtype=bool)
    try:
        values = np.where(blank, "nan", cells).astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        values = np.array([math.nan if b else _number(cell) for cell, b in zip(cells, blank, strict=True)])
    wrong = ~blank & ~np.isfinite(values)
    wrong |= np.array([type(cell) is bool or (type(cell) is str and "_" in cell) for cell in cells], dtype=bool)
    values[wrong] = np.nan
    return values, wrong


def _number(cell: Any) -> float:
    try:
        return float(cell)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _flags(column: Column, cells: Cells, faults: Faults) -> Any:
    """True, False, or None where blank."""
    out = np.full(len(cells), None, dtype=object)
    for row, cell in enumerate(cells):
        word = str(cell).lower() if cell is not None else None
        if word in TRUE or word in FALSE:
            out[row] = word in TRUE
        elif word is not None:
            faults.add(f"{cell!r} is neither true nor false", row, column.name)
    return out


def _choice(column: Column, _: Calendar) -> Rule:
    several = column.kind == "words"
    more = "; several are separated by ';'" if several else ""

    def rule(text: str) -> str | None:
        for word in [w.strip() for w in text.split(";")] if several else [text]:
            if word not in column.choices:
                return f"{shown(word)} is not known here; {nearest(word, column.choices, 'it is one of')}{more}"
        return None

    return rule


def _date(column: Column, calendar: Calendar) -> Rule:
    first, end = calendar.starts[0], calendar.starts[-1]
    off = f"is off the horizon, {first} until {end}"

    def rule(text: str) -> str | None:
        try:
            day = parse_date(text)
        except ValueError:
            return f"{shown(text)} is not a date; {about_date(text, calendar.labels[0])}"
        if column.kind in ("from", "when") and day < first:
            return f"{text} {off}; leave it blank for what holds from the start"
        if column.kind == "from" and calendar.first_from(day) >= calendar.periods:
            return f"{text} {off}; no period starts on or after it"
        if column.kind == "until" and day <= first:
            return f"{text} {off}; the row would never hold"
        return None

    return rule


def _duration(column: Column, calendar: Calendar) -> Rule:
    def rule(text: str) -> str | None:
        try:
            periods = calendar.in_periods(text)
        except ValueError:
            return f"{shown(text)} is not a duration; write 9mo, 2y, 6w, 30d, or a number of periods"
        if column.minimum is not None and periods < column.minimum:
            return f"{text} is too short; it is at least one period"
        return None

    return rule


def _unit(_: Column, __: Calendar) -> Rule:
    def rule(text: str) -> str | None:
        try:
            quantity_factor(text, text)
        except UnitError as error:
            return str(error)
        return None

    return rule


#: What the texts of a kind of column must be.
_RULES: dict[str, Callable[[Column, Calendar], Rule]] = {
    "choice": _choice,
    "words": _choice,
    "from": _date,
    "when": _date,
    "until": _date,
    "duration": _duration,
    "unit": _unit,
}
