"""Small changes to a good folder: what the tests of the reader and of the command line break."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

Change = Callable[[Path], object]


def cell(table: str, record: int, column: str, value: str) -> Change:
    """Put a value into a cell; the column is added where it is not there.  The header is record 1."""

    def change(folder: Path) -> None:
        file = folder / f"{table}.csv"
        with file.open(encoding="utf-8", newline="") as lines:
            records = [*csv.reader(lines)]
        if column not in records[0]:
            for number, cells in enumerate(records):
                cells.append(column if number == 0 else "")
        records[record - 1][records[0].index(column)] = value
        with file.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines, lineterminator="\n").writerows(records)

    return change


def content(file: str, text: str | bytes) -> Change:
    """Give a file another content."""
    return lambda folder: (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())


def more(file: str, text: str) -> Change:
    """Add lines to a file."""
    return lambda folder: (folder / file).write_bytes((folder / file).read_bytes() + text.encode())


def instead(file: str, old: str, new: str) -> Change:
    """Replace the first occurrence of some text, which must be there."""

    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8", newline="")

    return change


def recoded(file: str, encoding: str) -> Change:
    """Save a file in another encoding."""
    return lambda folder: (folder / file).write_bytes((folder / file).read_text(encoding="utf-8").encode(encoding))


def gone(file: str) -> Change:
    """Remove a file."""
    return lambda folder: (folder / file).unlink()


def renamed(file: str, name: str) -> Change:
    """Give a file another name."""
    return lambda folder: (folder / file).rename(folder / name)


def both(*changes: Change) -> Change:
    """Several changes."""
    return lambda folder: [change(folder) for change in changes]
