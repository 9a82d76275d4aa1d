"""Workbooks that are broken in ways that folders cannot be: what is changed, where it is told, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from tests.instance.workbooks import Book, Change, Formula, cell, setting

#: The last row of the sheet of settings, to which something was added.
LAST = -1


@dataclass(frozen=True)
class Broken:
    """A change and where its fault is told."""

    change: Change
    file: str
    row: int | None
    column: str | None
    words: str


def _gone(name: str) -> Change:
    return lambda book: book.sheets.pop(name)


def _renamed(name: str, other: str) -> Change:
    return lambda book: book.sheets.update({other: book.sheets.pop(name)})


def _added(sheet: str, row: list[object]) -> Change:
    return lambda book: book.sheets[sheet].append(row)


def _above(sheet: str, row: list[object]) -> Change:
    return lambda book: book.sheets[sheet].insert(0, row)


def _header(sheet: str, column: str, name: object) -> Change:
    def change(book: Book) -> None:
        header = book.sheets[sheet][0]
        header[header.index(column)] = name

    return change


def _merged(sheet: str, place: str) -> Change:
    return lambda book: book.merged.update({sheet: place})


BROKEN = {
    "no sheet of settings": Broken(_gone("settings"), "sheet settings", None, None, "the sheet is missing"),
    "no sheet of a table that all need": Broken(_gone("goods"), "sheet goods", None, None, "the sheet is missing"),
    "a sheet misspelt": Broken(_renamed("prices", "price"), "sheet price", None, None, "did you mean 'prices'?"),
    "a sheet of one's own": Broken(
        lambda book: book.sheets.update({"Sheet1": [["x", 1.0]]}), "sheet Sheet1", None, None, "begins with _"
    ),
    "a title above the header": Broken(
        _above("prices", ["Prices of 2026"]), "sheet prices", None, None, "is no header"
    ),
    "a header in capitals": Broken(
        lambda book: book.sheets["prices"].insert(0, [str(n).capitalize() for n in book.sheets["prices"].pop(0)]),
        "sheet prices",
        None,
        None,
        "write the names of columns in small letters: source, step",
    ),
    "a start with a time of day": Broken(
        setting("horizon.start", datetime(2026, 1, 1, 13, 5)), "sheet settings", 5, "horizon.start", "is not a date"
    ),
    "a column misspelt": Broken(
        _header("prices", "price", "prise"), "sheet prices", None, "prise", "did you mean 'price'?"
    ),
    "a column twice": Broken(_header("prices", "price", "source"), "sheet prices", None, None, "'source' twice"),
    "a cell beside the table": Broken(
        lambda book: book.row("goods", 2).append("mine"), "sheet goods", 2, None, "has no name"
    ),
    "only a header": Broken(
        lambda book: book.sheets.update(targets=[["good", "quantity"]]), "sheet targets", None, None, "has no rows"
    ),
    "nothing": Broken(lambda book: book.sheets.update(targets=[]), "sheet targets", None, None, "is empty"),
    "a formula that fails": Broken(
        cell("prices", 2, "price", Formula("=A1/0", "#DIV/0!")), "sheet prices", 2, "price", "shows #DIV/0!"
    ),
    "a reference to nothing": Broken(
        cell("prices", 3, "price", Formula("=#REF!", "#REF!")), "sheet prices", 3, "price", "shows #REF!"
    ),
    "a name that fails": Broken(
        cell("sources", 2, "source", Formula("=NA()", "#N/A")), "sheet sources", 2, "source", "shows #N/A"
    ),
    "a setting that fails": Broken(
        setting("horizon.periods", Formula("=B1/0", "#DIV/0!")), "sheet settings", 6, "value", "shows #DIV/0!"
    ),
    "a formula never worked out": Broken(
        cell("prices", 2, "price", Formula("=1+1")), "sheet prices", 2, "price", "never worked out"
    ),
    "merged cells": Broken(_merged("prices", "A2:A3"), "sheet prices", 2, "source", "A2:A3 are merged"),
    "a date for a name": Broken(
        cell("sources", 2, "source", date(2027, 1, 1)), "sheet sources", 2, "source", "is a date, 2027-01-01"
    ),
    "a date for a number": Broken(
        cell("prices", 2, "price", date(2027, 3, 4)), "sheet prices", 2, "price", "format the cell as a number"
    ),
    "a date for a duration": Broken(
        cell("sources", 2, "lead_time", date(2027, 3, 4)), "sheet sources", 2, "lead_time", "format the cell as text"
    ),
    "a date with a time": Broken(
        cell("prices", 2, "from", datetime(2027, 1, 1, 9, 30)), "sheet prices", 2, "from", "write the date alone"
    ),
    "a time": Broken(cell("prices", 2, "price", time(9, 30)), "sheet prices", 2, "price", "is a time, 09:30:00"),
    "a truth value for a name": Broken(
        cell("sources", 2, "source", True), "sheet sources", 2, "source", "is a truth value, TRUE"
    ),
    "a truth value for a number": Broken(
        cell("prices", 2, "price", False), "sheet prices", 2, "price", "is a truth value, FALSE"
    ),
    "a number below 0": Broken(cell("prices", 3, "price", -4.5), "sheet prices", 3, "price", "-4.5 is negative"),
    "a number with words": Broken(
        cell("prices", 2, "price", "20 USD/kg"), "sheet prices", 2, "price", "units are declared in sheet settings"
    ),
    "a name that is not known": Broken(
        cell("prices", 2, "source", "nowhere"), "sheet prices", 2, "source", "is not in sheet sources"
    ),
    "a row twice": Broken(
        lambda book: book.sheets["sectors"].append(list(book.sheets["sectors"][1])),
        "sheet sectors",
        4,
        "sector",
        "is there twice, first in record 2",
    ),
    "settings under other names": Broken(
        _header("settings", "value", "amount"), "sheet settings", 1, None, "no column 'value'"
    ),
    "a setting misspelt": Broken(
        _added("settings", ["horizon.stepp", "year"]), "sheet settings", LAST, "horizon.stepp", "did you mean 'step'?"
    ),
    "a setting twice": Broken(
        _added("settings", ["horizon.step", "year"]), "sheet settings", LAST, "horizon.step", "first in row 7"
    ),
    "a value alone": Broken(
        _added("settings", ["", 5.0]), "sheet settings", LAST, "setting", "has no setting before it"
    ),
    "a section for a setting": Broken(
        _added("settings", ["units", "t"]), "sheet settings", LAST, "units", "is not a section"
    ),
    "a step that is not known": Broken(
        setting("horizon.step", "quater"), "sheet settings", 7, "horizon.step", "did you mean 'quarter'?"
    ),
    "half a period": Broken(
        setting("horizon.periods", 3.5), "sheet settings", 6, "horizon.periods", "is not a whole number"
    ),
    "no start": Broken(setting("horizon.start", ""), "sheet settings", None, "horizon.start", "is missing"),
    "a start that is no date": Broken(
        setting("horizon.start", "soon"), "sheet settings", 5, "horizon.start", "is not a date"
    ),
    "a name as a truth value": Broken(setting("name", True), "sheet settings", 3, "name", "is not text"),
    "another layout": Broken(setting("format", 2.0), "sheet settings", 2, "format", "this version reads format = 1"),
}
