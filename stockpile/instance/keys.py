"""Keys of rows as they are meant, not as they are written: ``2027Q1`` and ``2027-01-01`` are one date, ``1`` and ``1.0`` one step."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np

from stockpile.instance.calendar import Calendar, parse_date
from stockpile.instance.cells import cell_text
from stockpile.instance.parse import Raw, as_text, stripped
from stockpile.instance.schema import DATES, Column, Table

Key = tuple[Hashable, ...]


def keys_of(table: Table, raw: Raw, calendar: Calendar) -> list[Key]:
    """The key of every row: numbers, periods of dates, durations in periods, texts; a default stands for a blank."""
    parts = []
    for name in table.key:
        cells = stripped(raw.columns[name]) if name in raw.columns else np.full(raw.rows, None, dtype=object)
        column, known = table.column(name), {}
        for cell in cells:
            mark = (type(cell), cell)
            if mark not in known:
                known[mark] = meant(column, cell, calendar)
        parts.append([known[type(cell), cell] for cell in cells])
    return list(zip(*parts, strict=True))


def meant(column: Column, cell: Any, calendar: Calendar) -> Hashable:
    """What a cell of a key means: a date its period, or itself after the horizon; a cell that cannot be read stands for itself."""
    cell = column.default if cell is None else cell
    text = "" if cell is None else cell if isinstance(cell, str) else as_text(cell)
    try:
        if column.is_number:
            return float(text) if text else text
        if column.kind in DATES:
            day = parse_date(text) if text else calendar.starts[0]
            return calendar.first_from(day) if day < calendar.starts[-1] else day
        if column.kind == "duration":
            return calendar.in_periods(text)
    except ValueError:
        pass
    return text


def told(table: Table, raw: Raw, row: int) -> str:
    """The key of a row as its cells say it, blank parts at the end left out, for a message."""
    cells = [stripped(raw.columns[name][row : row + 1])[0] if name in raw.columns else None for name in table.key]
    while len(cells) > 1 and cells[-1] is None:
        cells.pop()
    return ", ".join(cell_text(cell) for cell in cells)
