"""A workbook (.xlsx) -> settings and tables as they stand in its sheets; ``workbook_write.py`` is the way back.

A sheet for each table, named like it, and a sheet of settings.  Cells keep their types; what a spreadsheet has made of a
text that looks like a date or a truth value is a fault where it would be another text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, get_type_hints

import numpy as np

from stockpile.errors import DataError, NotInstalledError, Problem
from stockpile.instance.cells import HIDDEN, nearest, shown
from stockpile.instance.faults import Faults
from stockpile.instance.files import Unreadable, reason
from stockpile.instance.parse import Raw, as_text
from stockpile.instance.schema import DATES, KINDS, TABLES, Column, Table
from stockpile.instance.settings import FILE, SECTIONS
from stockpile.instance.workbook_parts import Sheet, check_file, letters, sheets_of

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

#: The sheet of settings, and those that are written for readers and not read.
SETTINGS_SHEET = "settings"
README, GUIDE, COLUMNS = "readme", "guide", "columns"
#: How the sheet of settings is called in a message.
SETTINGS = f"sheet {SETTINGS_SHEET}"
#: A sheet whose name begins so is the planner's own.
OWN = "_"
#: Columns of the sheet of settings.
NAME, VALUE = "setting", "value"

_FILE = re.compile(rf"'(?:[^'\\]|\\.)*'|\b({'|'.join(TABLES)})\.csv\b|\b({re.escape(FILE)})")
_ROW = re.compile(rf"(.*{SETTINGS}):(\d+)")
_HEADERS_SHOWN = 6
#: The most rows of a sheet.
MOST_ROWS = 1_048_576


@dataclass(frozen=True)
class Cells:
    """The cells of a sheet: its rows that hold something, each with its number, and what the library does not tell of it."""

    name: str
    rows: Sequence[tuple[int, list[Any]]]
    found: Sheet
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]

    @property
    def place(self) -> str:
        """How the sheet is called in a message."""
        return f"sheet {HIDDEN.sub('?', self.name)}"


@dataclass(frozen=True)
class Found:
    """What a workbook holds: settings, the number of the row of each, tables, and the names of tables that cannot be read."""

    document: dict[str, Any]
    rows: dict[str, int]
    tables: dict[str, Raw]
    unread: frozenset[str]


def read_workbook(content: bytes, problems: list[Problem]) -> Found:
    """The settings and tables of a workbook; what is wrong with its tables is added to ``problems``.

    Raises DataError where there are no settings to read, Unreadable where the file is no workbook.
    """
    sheets: dict[str, Cells] = {}
    for cells in _sheets(content):
        name = cells.name.strip().lower()
        if name in sheets:
            raise Unreadable(f"has the sheet {shown(name)} twice; rename or remove one")
        sheets[name] = cells
    if SETTINGS_SHEET not in sheets:
        near = nearest(SETTINGS_SHEET, sheets, "the sheets are") if sheets else "the workbook has no sheets"
        what = f"the sheet is missing; {near} (stockpile export INSTANCE --to xlsx makes an example)"
        raise DataError([Problem(SETTINGS, what)])
    document, rows = _settings(sheets.pop(SETTINGS_SHEET))
    tables: dict[str, Raw] = {}
    unread = set()
    for name, cells in sheets.items():
        if name in TABLES:
            faults: list[Problem] = []
            raw = _table(TABLES[name], cells, faults)
            problems += faults
            if raw is None:
                unread.add(name)
            else:
                tables[name] = raw
        elif name not in (README, GUIDE, COLUMNS) and not name.startswith(OWN) and cells.rows:
            hint = nearest(name, TABLES, "tables are")
            what = f"is not a table of an instance; {hint} (a sheet of your own has a name that begins with {OWN})"
            problems.append(Problem(cells.place, what))
    return Found(document, rows, tables, frozenset(unread))


def readme_in(content: bytes) -> str:
    """The lines of a workbook's sheet ``readme``, empty where there is none.  Raises Unreadable."""
    lines: list[str] = []
    for cells in _sheets(content, {README}):
        for number, row in cells.rows:
            lines += [""] * (number - 1 - len(lines))
            lines.append(as_text(row[0]))
    return "".join(f"{line}\n" for line in lines)


def in_sheets(problems: Iterable[Problem]) -> list[Problem]:
    """Problems of a workbook in its own words: a table is a sheet, not a file; a setting has the number of its row."""

    def words(text: str) -> str:
        text = _FILE.sub(lambda m: f"sheet {m[1]}" if m[1] else SETTINGS if m[2] else m[0], text)
        return text.replace("the file is missing", "the sheet is missing")

    told = []
    for problem in problems:
        row = _ROW.fullmatch(problem.file)
        file, number = (row[1], int(row[2])) if row else (words(problem.file), problem.row)
        told.append(replace(problem, file=file, row=number, message=words(problem.message)))
    return told


def _sheets(content: bytes, wanted: Iterable[str] = ()) -> Iterator[Cells]:
    """The sheets of a workbook, or those that are wanted.  Raises Unreadable."""
    check_file(content)
    try:
        import python_calamine as calamine
    except ImportError:
        raise NotInstalledError("python-calamine", "reading a workbook", "excel") from None
    parts = dict(sheets_of(content))
    try:
        with calamine.load_workbook(io.BytesIO(content)) as book:
            for name in [name for name in book.sheet_names if name in parts and (not wanted or name in wanted)]:
                yield _cells(name, book.get_sheet_by_name(name), parts[name])
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Unreadable(f"is not a workbook that can be read: {reason(error)}") from None


def _cells(name: str, sheet: CalamineSheet, found: Sheet) -> Cells:
    rows = [
        (number, row)
        for number, row in enumerate(sheet.to_python(skip_empty_area=False), 1)
        if any(cell != "" and not (type(cell) is str and not cell.strip()) for cell in row)
    ]
    return Cells(name, rows, found, sheet.merged_cell_ranges or [])


def _table(table: Table, cells: Cells, problems: list[Problem]) -> Raw | None:
    """The cells of a table by column; None (and a fault) where the sheet cannot be read as one with rows."""
    problems += _broken(cells)
    if problems:
        return None
    try:
        header = _header(table, cells)
    except Unreadable as error:
        problems.append(Problem(cells.place, str(error)))
        return None
    records = cells.rows[1:]
    if not records:
        problems.append(Problem(cells.place, "has no rows; add one or remove the sheet"))
        return None
    faults = Faults(cells.place, [number for number, _ in records])
    columns = {}
    for at, name in header.items():
        column = table.column(name) if name in table.names else None
        own = np.empty(len(records), dtype=object)
        own[:] = [row[at] if at < len(row) else "" for _, row in records]
        told = {row: said for row, cell in enumerate(own) if (said := _odd(cell, column))}
        faults.each(told, name, told.__getitem__)
        own[:] = [_plain(cell) for cell in own]
        columns[name] = own
    for row, (_, record) in enumerate(records):
        for at in [at for at, cell in enumerate(record) if at not in header and _filled(cell)][:1]:
            what = f"{shown(record[at])} stands in column {letters(at)}, which has no name; name the column or clear it"
            faults.add(what, row, None)
    problems += faults.problems
    return None if problems else Raw(columns, [number for number, _ in records], cells.place)


def _broken(cells: Cells) -> list[Problem]:
    """Cells that show an error, formulas that were never worked out, and merged cells."""
    faults = Faults(cells.place, range(1, MOST_ROWS + 1))
    header = cells.rows[0][1] if cells.rows else []

    def tell(at: tuple[int, int], what: str) -> None:
        name = header[at[1]] if at[1] < len(header) else ""
        faults.add(what, at[0], HIDDEN.sub("?", str(name).strip()) or letters(at[1]))

    for at, error in sorted(cells.found.errors.items()):
        tell(at, f"shows {error}: a formula that fails; repair it, or write the value in its place")
    for at in sorted(cells.found.unworked):
        tell(at, "is a formula that was never worked out; save the workbook in a spreadsheet, or write the value")
    for first, last in sorted(cells.merged):
        what = f"{letters(first[1])}{first[0] + 1}:{letters(last[1])}{last[0] + 1}"
        tell(first, f"the cells {what} are merged; unmerge them, and fill in each one")
    return faults.problems


def _header(table: Table, cells: Cells) -> dict[int, str]:
    """The names of the columns by their place.  Raises Unreadable where they are no header."""
    if not cells.rows:
        raise Unreadable("is empty; add a header and a row, or remove the sheet")
    number, row = cells.rows[0]
    names = {at: str(cell).strip() for at, cell in enumerate(row) if _filled(cell)}
    if not set(names.values()) & {*table.names, "delete"}:
        some = ", ".join(table.names[:_HEADERS_SHOWN])
        found = shown(next(iter(names.values())))
        if {name.lower() for name in names.values()} & {*table.names, "delete"}:
            raise Unreadable(
                f"row {number} begins with {found}; write the names of columns in small letters: {some}, ..."
            )
        raise Unreadable(
            f"row {number} begins with {found}, and is no header; the first row names the columns: {some}, ..."
        )
    for at, name in names.items():
        if list(names.values()).count(name) > 1:
            raise Unreadable(f"has the column {shown(name)} twice, again in {letters(at)}; rename or remove one")
    return names


def _filled(cell: Any) -> bool:
    """Whether a cell holds anything that can be seen."""
    return bool(cell.strip()) if isinstance(cell, str) else True


def _odd(cell: Any, column: Column | None) -> str:
    """What is wrong with the type of a cell in its column; empty where nothing is."""
    if column is None or isinstance(cell, str | float) or type(cell) is int:
        return ""
    what = KINDS[column.kind]
    again = (
        f"the column holds {what}: format the cell as {'a number' if column.is_number else 'text'}, and type it again"
    )
    if isinstance(cell, bool):
        return "" if column.kind in ("flag", "text") else f"is a truth value, {str(cell).upper()}; {again}"
    if isinstance(cell, date):
        midnight = not isinstance(cell, datetime) or cell.time() == time()
        if column.kind == "text" or (column.kind in DATES and midnight):
            return ""
        if column.kind in DATES:
            return f"is a date with a time of day, {cell}; write the date alone"
        return f"is a date, {cell}, as spreadsheets make one of 2027-01 or 3-4; {again}"
    return "" if column.kind == "text" else f"is a time, {cell}; {again}"


def _plain(cell: Any) -> Any:
    """A cell as the reader of tables takes it."""
    if type(cell) is str:
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, time | timedelta):
        return str(cell)
    return cell


def _settings(cells: Cells) -> tuple[dict[str, Any], dict[str, int]]:
    """The document that the sheet of settings holds, and the row of each.  Raises DataError where it cannot be read."""
    problems = _broken(cells)
    header = [str(cell).strip().lower() for cell in cells.rows[0][1]] if cells.rows else []
    for name in (NAME, VALUE):
        if header.count(name) != 1:
            what = f"the first row has no column {name!r}, or several; it names the columns {NAME!r} and {VALUE!r}"
            problems.append(Problem(SETTINGS, what, cells.rows[0][0] if cells.rows else None))
    if problems:
        raise DataError(problems)
    document: dict[str, Any] = {}
    seen: dict[str, int] = {}
    for number, row in cells.rows[1:]:
        where, value = (row[header.index(name)] for name in (NAME, VALUE))
        where = as_text(where).strip()
        if not _filled(value):
            continue
        if not where or where in seen:
            what = (
                f"is there twice, first in row {seen[where]}; remove one"
                if where
                else "the value has no setting before it"
            )
            problems.append(Problem(SETTINGS, what, number, HIDDEN.sub("?", where) or NAME))
            continue
        seen[where] = number
        section, _, name = where.rpartition(".")
        holder = document.setdefault(section, {}) if section else document
        if isinstance(holder, dict):
            holder[name] = _setting(section, name, value)
    if problems:
        raise DataError(problems)
    return document, seen


def _setting(section: str, name: str, value: Any) -> Any:
    """A value as instance.toml would have it; what it cannot be is left for the reader of settings to tell."""
    kind = get_type_hints(SECTIONS[section]).get(name) if section in SECTIONS else int if name == "format" else str
    if name == "delete" and not section:
        return [word.strip() for word in as_text(value).split(";") if word.strip()]
    if kind is date:
        timed = isinstance(value, datetime) and value.time() != time()
        return value if isinstance(value, date) and not timed else as_text(value)
    if kind is str:
        if isinstance(value, date) and name == "fiscal_year_start":
            return value.strftime("%m-%d")
        return as_text(value) if not isinstance(value, bool | date) else value
    return _number(value)


def _number(value: Any) -> Any:
    """A number, whole where it can be; as it is where it is none."""
    if isinstance(value, str):
        try:
            value = float(value) if "_" not in value else value
        except ValueError:
            return value
    return int(value) if type(value) is float and value.is_integer() else value
