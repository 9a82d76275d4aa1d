"""``--set KEY=VALUE``: changes of settings and cells of an instance that is being read.

Faults name the change: the file is ``--set`` and the column the address that was given.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, get_type_hints

import numpy as np

from stockpile.errors import Problem
from stockpile.instance.calendar import Calendar
from stockpile.instance.cells import HIDDEN, cell_text, nearest, shown
from stockpile.instance.faults import Place
from stockpile.instance.keys import keys_of, meant
from stockpile.instance.parse import Cells, Raw, stripped, to_floats
from stockpile.instance.patch import placed
from stockpile.instance.schema import KINDS, PROVENANCE, TABLES, Column, Table
from stockpile.instance.settings import SECTIONS
from stockpile.instance.target import Change, Target, parse_change, quoted

#: What stands for a file where a change is at fault.
FILE = "--set"
_TRUST = tuple(column.name for column in PROVENANCE)
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)")


@dataclass
class Changes:
    """Changes in the order in which they are made, how many settings or cells each one has set, and what is wrong."""

    texts: Sequence[str]
    made: list[Change] = field(default_factory=list)
    touched: dict[int, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        for text in self.texts:
            try:
                self.made.append(parse_change(text))
            except ValueError as error:
                self.problems.append(Problem(FILE, str(error), column=_legible(text)))

    def fault(self, change: Change, message: str) -> None:
        """A change that cannot be made."""
        self.problems.append(Problem(FILE, message, column=_legible(str(change.target))))

    def count(self, change: int, cells: int) -> None:
        """How many cells a change has set."""
        self.touched[change] = cells

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """Each change, and how many settings or cells it has set."""
        return tuple((str(change), self.touched.get(at, 0)) for at, change in enumerate(self.made))

    @property
    def of_horizon(self) -> bool:
        """Whether the horizon is changed."""
        return any(change.target.table == "horizon" for change in self.made)


def _legible(text: str) -> str:
    return HIDDEN.sub("?", text)[:200]


def change_settings(document: dict[str, Any], files: dict[str, str], changes: Changes) -> None:
    """Changes a document of settings; ``files`` then says of these that they are not from a file."""
    known = [f"{section}.{setting.name}" for section, declared in SECTIONS.items() for setting in fields(declared)]
    for at, change in enumerate(changes.made):
        target = change.target
        if target.key is not None:
            continue
        where = str(target)
        if where not in (*known, "name", "title"):
            changes.fault(change, _unknown_setting(target, known))
            continue
        holder = document.setdefault(target.table, {}) if target.table else document
        if not isinstance(holder, dict):
            continue
        value = _new_setting(target, change, holder.get(target.column))
        if isinstance(value, ValueError):
            changes.fault(change, str(value))
        elif value is None:
            holder.pop(target.column, None)
        else:
            holder[target.column] = value
        files[where] = files[target.table or where] = FILE
        changes.count(at, 1)


def _unknown_setting(target: Target, known: Sequence[str]) -> str:
    """What is wrong with the address of a setting."""
    if target.table in TABLES:
        return f"which row? write {target.table}[KEY].{target.column}, or {target.table}[*].{target.column} for all of them"
    if target.table in SECTIONS:
        names = [f.name for f in fields(SECTIONS[target.table])]
        return f"{shown(target.column)} is not a setting of {target.table}; {nearest(target.column, names)}"
    word = str(target)
    return f"{shown(word)} is not a setting; {nearest(word, ['name', 'title', *known], 'settings are')}"


def _new_setting(target: Target, change: Change, old: Any) -> Any:
    """The value of a setting after a change, None where it is to be blank; a ValueError says what is wrong."""
    kind = get_type_hints(SECTIONS[target.table])[target.column] if target.table else str
    numeric = kind in (int, float, float | None, int | None)
    if change.operator == "=":
        return None if change.value == "" else _number(change.value) if numeric else change.value
    if old is None and target.table:
        declared = {f.name: f.default for f in fields(SECTIONS[target.table])}
        old = declared[target.column] if isinstance(declared[target.column], int | float) else None
    by = _number(change.value)
    if not numeric or isinstance(old, bool) or not isinstance(old, int | float):
        return ValueError(
            f"{shown(old)} is not a number, so it cannot be changed by {change.operator}; give a value with ="
        )
    if isinstance(by, str):
        return ValueError(f"{shown(by)} is not a number")
    value = old * by if change.operator == "*=" else old + by
    return int(value) if kind is int and value == int(value) else value


def _number(text: str) -> int | float | str:
    """Text as a number; as it is where it is none."""
    for kind in (int, float):
        try:
            return kind(text) if "_" not in text else text
        except ValueError:
            continue
    return text


def change_cells(
    tables: Mapping[str, Raw], calendar: Calendar, changes: Changes, unread: frozenset[str]
) -> dict[str, Raw]:
    """Tables with changed cells; what is wrong is added to the changes.  Tables that could not be read are passed over."""
    out = dict(tables)
    for at, change in enumerate(changes.made):
        target = change.target
        if target.key is None or target.table in unread:
            continue
        wrong = _wrong_address(target, out)
        if wrong:
            changes.fault(change, wrong)
            continue
        table, raw = TABLES[target.table], out[target.table]
        try:
            rows = _rows(table, raw, target, calendar)
            column = table.column(target.column)
            cells = _new_cells(column, _column(raw, column.name)[rows], change)
        except ValueError as error:
            changes.fault(change, str(error))
            continue
        out[target.table] = _with_cells(raw, column, rows, cells, Place(FILE, None, _legible(str(target))))
        changes.count(at, len(rows))
    return out


def _wrong_address(target: Target, tables: Mapping[str, Raw]) -> str:
    """What is wrong with the table, the column or the number of parts of the key; empty where nothing is."""
    if target.table not in tables:
        known = (
            f"the instance has no {target.table}.csv"
            if target.table in TABLES
            else f"{shown(target.table)} is not a table"
        )
        return f"{known}; {nearest(target.table, tables, 'it has')}"
    table = TABLES[target.table]
    if target.column not in table.names:
        return f"{shown(target.column)} is not a column of {table.name}; {nearest(target.column, table.names)}"
    if len(target.key or ()) > len(table.key):
        return f"the key of {table.name} has {len(table.key)} parts: {', '.join(table.key)}"
    return ""


def _column(raw: Raw, name: str) -> Cells:
    """The cells of a column, blank where it is not there."""
    return stripped(raw.columns[name]) if name in raw.columns else np.full(raw.rows, None, dtype=object)


def _rows(table: Table, raw: Raw, target: Target, calendar: Calendar) -> list[int]:
    """The rows that a key means.  Raises ValueError where there is none, or more than one and no ``*`` in the key."""
    parts = target.key or ()
    keys = keys_of(table, raw, calendar)
    rows = list(range(raw.rows))
    for i, part in enumerate(parts):
        if part is not None:
            wanted = meant(table.column(table.key[i]), part.strip() or None, calendar)
            found = [row for row in rows if keys[row][i] == wanted]
            if not found:
                raise ValueError(_no_row(table, raw, parts[: i + 1], rows))
            rows = found
    if len(rows) > 1 and None not in parts:
        some = ", ".join(_address(table, raw, row) for row in rows[:4]) + (", ..." if len(rows) > 4 else "")
        every = f"{table.name}[{','.join(quoted(part or '') for part in parts)},*]"
        raise ValueError(f"{len(rows)} rows have this key: {some}; name one of them, or all as {every}")
    return rows


def _no_row(table: Table, raw: Raw, parts: Sequence[str | None], rows: Sequence[int]) -> str:
    """No row has the last of some parts of a key, though these ``rows`` have the others."""
    name, word = table.key[len(parts) - 1], parts[-1] or ""
    cells = _column(raw, name)
    known = list(dict.fromkeys(cell_text(cells[row]) for row in rows))
    before = ", ".join(shown(part) for part in parts[:-1] if part is not None)
    if len(parts) == 1:
        return f"{shown(word)} is not in {raw.file}; {nearest(word, known)}"
    there = "; ".join(_address(table, raw, row) for row in rows[:4]) + ("; ..." if len(rows) > 4 else "")
    return f"no row of {before or table.name} has the {name} {shown(word)}; there are {there}"


def _address(table: Table, raw: Raw, row: int) -> str:
    """A row as it is addressed, with every part of its key."""
    cells = [cell_text(_column(raw, name)[row]) for name in table.key]
    return f"{table.name}[{','.join(quoted(cell) for cell in cells)}]"


def _new_cells(column: Column, old: Cells, change: Change) -> Cells:
    """The cells of a column after a change.  Raises ValueError where it cannot be made."""
    new: Cells = np.full(len(old), change.value or None, dtype=object)
    if change.operator == "=":
        return new
    by = _number(change.value)
    if isinstance(by, str) or not math.isfinite(by):
        raise ValueError(f"{shown(change.value)} is not a number")
    if column.kind == "duration" and change.operator == "*=":
        new[:] = [_longer(str(column.default or "") if cell is None else str(cell), by) for cell in old]
    elif column.is_number:
        values, wrong = to_floats(np.array([column.default if cell is None else cell for cell in old], dtype=object))
        values = values * by if change.operator == "*=" else values + by
        numbers = zip(values, wrong, old, strict=True)
        new[:] = [cell if bad else None if math.isnan(value) else float(value) for value, bad, cell in numbers]
    else:
        able = "numbers and durations can be multiplied" if change.operator == "*=" else "numbers can be added to"
        raise ValueError(f"the column holds {KINDS[column.kind]}; only {able}, so give a value with =")
    if all(cell is None for cell in new):
        raise ValueError(f"changes nothing: {column.name} is blank there; give a value with =")
    return new


def _longer(text: str, by: float) -> str | None:
    """A duration so many times as long; as it is where it is none, whose own fault is told."""
    found = _DURATION.fullmatch(text)
    return f"{float(found[1]) * by:.6f}".rstrip("0").rstrip(".") + found[2] if found else text or None


def _with_cells(raw: Raw, column: Column, rows: Sequence[int], cells: Cells, place: Place) -> Raw:
    """A table with other cells in a column; a figure that is changed does not keep the source of the old one."""
    places = placed(raw)
    columns = {**raw.columns, column.name: _column(raw, column.name).copy()}
    columns[column.name][list(rows)] = cells
    if column.name not in _TRUST:
        for name in (name for name in _TRUST if name in columns):
            columns[name] = columns[name].copy()
            columns[name][list(rows)] = None
    set_here = {(row, column.name): place for row in rows}
    found = replace(places, cells={**places.cells, **set_here})
    return Raw(columns, raw.numbers, raw.file, found)
