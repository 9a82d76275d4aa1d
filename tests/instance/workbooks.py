"""Workbooks as planners leave them: sheets of plain cells, changed and written by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import python_calamine
from xlsxwriter import Workbook


@dataclass(frozen=True)
class Formula:
    """A formula with the value that a spreadsheet has worked out; None where none has."""

    text: str
    value: Any = None


@dataclass
class Book:
    """Sheets by name, each a list of rows; ``merged`` are ranges of cells by sheet."""

    sheets: dict[str, list[list[Any]]]
    merged: dict[str, str] = field(default_factory=dict)

    def row(self, sheet: str, number: int) -> list[Any]:
        """A row by its number in the spreadsheet, as long as the header."""
        rows = self.sheets[sheet]
        rows[number - 1] += [""] * (len(rows[0]) - len(rows[number - 1]))
        return rows[number - 1]

    def write(self, file: Path, since_1904: bool = False) -> Path:
        """Write the workbook with cells of the types that they have; dates counted from 1904, as old Macintoshes did."""
        options = {"strings_to_formulas": False, "strings_to_urls": False, "date_1904": since_1904}
        with Workbook(str(file), options) as book:
            day, moment = (book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm"))
            for name, rows in self.sheets.items():
                sheet = book.add_worksheet(name)
                if name in self.merged:
                    sheet.merge_range(self.merged[name], "")
                for at, row in enumerate(rows):
                    for column, cell in enumerate(row):
                        if isinstance(cell, Formula):
                            sheet.write_formula(at, column, cell.text, None, "" if cell.value is None else cell.value)
                        elif isinstance(cell, datetime | time):
                            sheet.write_datetime(at, column, cell, moment)
                        elif isinstance(cell, date):
                            sheet.write_datetime(at, column, cell, day)
                        elif cell != "":
                            sheet.write(at, column, cell)
        return file


Change = Callable[[Book], object]


def opened(content: bytes | Path) -> Book:
    """The cells of a workbook."""
    source = content if isinstance(content, Path) else io.BytesIO(content)
    with python_calamine.load_workbook(source) as book:
        names = book.sheet_names
        return Book({name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names})


def cell(sheet: str, row: int, column: str, value: Any) -> Change:
    """Put a value into a cell; the column is added where it is not there.  Rows have the spreadsheet's numbers."""

    def change(book: Book) -> None:
        header = book.sheets[sheet][0]
        if column not in header:
            header.append(column)
        book.row(sheet, row)[header.index(column)] = value

    return change


def setting(name: str, value: Any) -> Change:
    """Give a setting a value."""

    def change(book: Book) -> None:
        row = next(row for row in book.sheets["settings"] if row[0] == name)
        row[1] = value

    return change


def row_of(book: Book, name: str) -> int:
    """The number of the row of a setting."""
    return next(number for number, row in enumerate(book.sheets["settings"], 1) if row[0] == name)


def formulas(content: bytes) -> int:
    """How many formulas stand in the sheets of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert sheets
        return sum(parts.read(name).count(b"<f>") + parts.read(name).count(b"<f ") for name in sheets)
