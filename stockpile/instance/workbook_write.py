"""An Instance -> a workbook (.xlsx) that reads back as the same instance, and that a planner can read and edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from stockpile.instance.document import blank_of, columns_of, kind_of
from stockpile.instance.schema import TABLES, Column, Table
from stockpile.instance.settings import CHOICES, FORMAT, SECTIONS, Settings, Units
from stockpile.instance.spreadsheet import Book, heighten, put, put_table
from stockpile.instance.workbook import COLUMNS, GUIDE, NAME, OWN, README, SETTINGS_SHEET, VALUE

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from stockpile.instance.instance import Instance

GUIDE_TEXT = f"""How to use this workbook
It is an instance of stockpile, as a folder of CSV is: stockpile check FILE.xlsx, stockpile solve FILE.xlsx -o PLAN.

Sheets
{SETTINGS_SHEET}: the horizon, units, rates and how the search ends. Edit the column {VALUE}; a blank value takes the default.
One sheet for each table, named like it. Its first row names the columns; notes on the names tell what they hold, in which unit.
{COLUMNS}: every table and column that an instance can have. A sheet or a column that is missing here can be added by its name.
{README}: what the instance is about, and where it comes from.
{GUIDE}, {COLUMNS} and {README} are not read. Sheets of your own are not read if their names begin with {OWN}; others are errors.

Cells
A blank cell is none, or the default of its column. Rows without content are passed over.
Names, dates and durations are text: their columns are formatted so, and 2027-01, 007 or 1e5 stay what was typed.
Dates are 2027-03-01, 2027-03, 2027Q1 or 2027; a date that the spreadsheet makes of what is typed is taken as one, too.
A row with a date holds from then on until the next row of the same key.
Formulas are allowed: their last value is read. Cells that show an error (#REF!) are errors, and so are merged cells.
status, reference and note say where the figures of a row come from."""
#: Characters that a list of choices may have in a cell.
_MOST_LIST = 255
_FLAGS = ("TRUE", "FALSE")


def workbook_of(instance: Instance, readme: str = "") -> bytes:
    """The workbook of an instance, with the text of its README; what it extends is written out whole.

    Raises NotInstalledError without the library, DataError where a table has more rows than a sheet.
    """
    book = Book(instance.title or instance.name)
    if readme.strip():
        _text(book, README, readme)
    _settings(book, instance.settings)
    for name, frame in instance.tables.items():
        _table(book, TABLES[name], frame, instance.settings.units)
    _text(book, GUIDE, GUIDE_TEXT)
    _columns(book, instance.settings.units)
    return book.bytes()


def _text(book: Book, name: str, text: str) -> None:
    """A sheet of lines; headings stand out."""
    sheet = book.sheet(name)
    sheet.set_column(0, 0, 120)
    lines = text.rstrip("\n").split("\n")
    for row, line in enumerate(lines):
        heading = line.startswith("#") or (name == GUIDE and line and (row == 0 or not lines[row - 1]))
        put(sheet, row, 0, line, book.format(text_wrap=True, num_format="@", bold=bool(heading)))


def _settings(book: Book, settings: Settings) -> None:
    """Every setting, those that are given with their value."""
    document = settings.as_document()
    rows: list[tuple[str, Any, Any, str]] = [
        ("format", FORMAT, "", "layout of the workbook"),
        ("name", settings.name, "name of the file", "short name"),
        ("title", settings.title or None, "", "what the instance is about, in a line"),
    ]
    for section, declared in SECTIONS.items():
        given = document.get(section, {})
        for setting in fields(declared):
            where, default = f"{section}.{setting.name}", setting.default
            known = CHOICES.get(where, ())
            meaning = setting.metadata["meaning"]
            if known and ":" not in meaning:
                meaning += f" ({', '.join(known)})"
            value = getattr(settings, section).start if where == "horizon.start" else given.get(setting.name)
            rows.append((where, value, default if isinstance(default, str | float | int) else "", meaning))
    sheet = book.sheet(SETTINGS_SHEET)
    text = book.format(num_format="@", bg_color="#FFFFE0", align="left")
    quiet = book.format(font_color="#606060", align="left")
    wrapped = book.format(text_wrap=True)
    titles = [NAME, VALUE, "default", "meaning"]
    columns = [[row[at] for row in rows] for at in range(4)]
    put_table(book, sheet, titles, {}, columns, [book.format(bold=True), None, quiet, wrapped])
    sheet.set_column(1, 1, 30)
    sheet.set_column(3, 3, 90, wrapped)
    for row, (where, value, _, meaning) in enumerate(rows, 1):
        heighten(sheet, row, [(meaning, 90)])
        number = not isinstance(value, str | date) and value is not None
        day = book.format(num_format="yyyy-mm-dd", bg_color="#FFFFE0", align="left")
        style = day if isinstance(value, date) else book.format(bg_color="#FFFFE0", align="left") if number else text
        put(sheet, row, 1, value, style)
        _choose(sheet, row, row, 1, CHOICES.get(where, ()))


def _table(book: Book, table: Table, frame: pd.DataFrame, units: Units) -> None:
    """A table: names, dates and durations as text, figures as numbers, with notes on the names of its columns."""
    columns = columns_of(table, frame)
    cells = [[None if cell is None or cell != cell else cell for cell in frame[c.name].tolist()] for c in columns]
    notes = {at: _note(table, column, units) for at, column in enumerate(columns)}
    sheet = book.sheet(table.name)
    put_table(book, sheet, [c.name for c in columns], notes, cells, [_style(book, c) for c in columns])
    for at, column in enumerate(columns):
        known = _FLAGS if column.kind == "flag" else column.choices if column.kind == "choice" else ()
        _choose(sheet, 1, len(frame) + 200, at, known)


def _style(book: Book, column: Column) -> Format | None:
    """Text stays text when it is typed; numbers are shown with the digits that they have."""
    if column.is_number or column.kind == "flag":
        return None
    return book.format(num_format="@", align="left", indent=1)


def _choose(sheet: Worksheet, first: int, last: int, column: int, known: Sequence[str]) -> None:
    """Cells in which one of some words can be chosen; others are refused when they are typed."""
    if known and len(",".join(known)) <= _MOST_LIST:
        sheet.data_validation(first, column, last, column, {"validate": "list", "source": list(known)})


def _note(table: Table, column: Column, units: Units) -> str:
    """What a column holds, for a note on its name."""
    unit = unit_of(column, units)
    lines = [column.meaning, f"Holds {kind_of(column)}.".replace("`", "")]
    lines += [f"Unit: {unit}."] if unit else []
    lines += [] if column.required else [f"Blank: {blank_of(column)}."]
    lines += ["Part of the key of the row."] if column.name in table.key else []
    return "\n".join(lines)


def unit_of(column: Column, units: Units) -> str:
    """The unit of a column of an instance in these units; empty where it has none, or one that depends on the row."""
    quantity, per = f"{units.quantity} (or the good's own unit)", f" per {units.time}"
    return {
        "quantity": quantity,
        "flow": f"{units.quantity}{per} (or the good's own unit{per})",
        "money": units.money,
        "price": units.price,
        "price_rate": units.price + per,
        "interest": f"1{per}",
        "loss": f"1{per}",
        "share": "1",
        "ratio": "1",
        "days": "days",
        "energy": f"{units.energy} per {units.quantity} (or the good's own unit)",
        "emissions": f"{units.emissions} per {units.quantity} (or the good's own unit)",
    }.get(column.kind, "")


def _columns(book: Book, units: Units) -> None:
    """The data dictionary: every table and column that an instance can have."""
    rows = [
        (
            table.name,
            c.name,
            "key" if c.name in table.key else "",
            _plain(kind_of(c)),
            unit_of(c, units),
            blank_of(c),
            _plain(c.meaning),
        )
        for table in TABLES.values()
        for c in table.columns
    ]
    sheet = book.sheet(COLUMNS)
    titles = ["table", "column", "key", "holds", "unit", "blank", "meaning"]
    wrapped = book.format(text_wrap=True)
    put_table(
        book, sheet, titles, {}, [[row[at] for row in rows] for at in range(len(titles))], [wrapped] * len(titles)
    )
    sheet.set_column(3, 3, 40, wrapped)
    sheet.set_column(6, 6, 90, wrapped)
    for number, row in enumerate(rows, 1):
        heighten(sheet, number, [(row[3], 40), (row[5], 48), (row[6], 90)])


def _plain(text: str) -> str:
    """Text of the data dictionary without its marks."""
    return text.replace("`", "").replace("\\|", "|")
