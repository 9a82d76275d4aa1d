"""Answers about results: a table for the terminal, CSV, JSON, Parquet; and the page of the columns."""

from __future__ import annotations

import base64
import csv
import io
import math
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.text import Text

from stockpile.report.layout import Column, heading, sentence, table
from stockpile.report.terminal import written

MOST_ROWS = 1000
"""Rows on a page."""
LEAST = 8
"""Cells that a column of text has on a page before columns are left out."""
VERSION = b"stockpile.results.format"


def as_csv(answer: Any) -> str:
    """A heading and a line for each row; a cell is blank where there is nothing."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer.column_names)
    writer.writerows([["" if cell is None else _in_csv(cell) for cell in row] for row in _rows(answer)])
    return out.getvalue()


def as_document(answer: Any, version: int) -> dict[str, Any]:
    """Plain values for JSON: columns with their types, and rows as objects."""
    names = _distinct(answer.column_names)
    types = [str(kind) for kind in answer.schema.types]
    return {
        "format": version,
        "columns": [{"name": name, "type": kind} for name, kind in zip(names, types, strict=True)],
        "rows": [dict(zip(names, map(_plain, row), strict=True)) for row in _rows(answer)],
    }


def write_parquet(answer: Any, file: Path, version: int) -> None:
    """A Parquet file, whose metadata say the format of the results.  Raises ValueError for types that it has not."""
    import pyarrow as pa
    from pyarrow import parquet

    named = answer.rename_columns(_distinct(answer.column_names))
    marked = named.replace_schema_metadata({**(named.schema.metadata or {}), VERSION: str(version).encode()})
    try:
        parquet.write_table(marked, file)
    except pa.ArrowException as error:
        raise ValueError(" ".join(str(error).split())) from None


def page(answer: Any, width: int, colour: bool) -> str:
    """The rows as a table within a width; what has no room or is too much is left out, and said."""
    names, rows = answer.column_names, list(zip(*_columns(answer.slice(0, MOST_ROWS)), strict=True))
    right = [_is_number(kind) for kind in answer.schema.types]
    cells = [[_shown(cell) for cell in row] for row in rows]
    fit = _fitting(names, cells, right, width)
    columns = [Column(name, right=number, least=LEAST) for name, number in zip(names[:fit], right, strict=False)]
    lines = table(columns, [row[:fit] for row in cells], width, indent=0)
    said = count_of(answer)
    if answer.num_rows > MOST_ROWS:
        said += f", of which the first {MOST_ROWS:,} are shown"
    if fit < len(names):
        said += f"; no room for {', '.join(names[fit:])}"
    return written([*lines, *sentence(said, width, style="dim", indent=0)], width, colour)


def columns_page(version: int, tables: Sequence[Any], width: int, colour: bool) -> str:
    """Every table with its columns, their types and units."""
    said = "a unit that is a name is in that column of runs; times are UTC; blank cells are NULL"
    lines = sentence(f"results, format {version}: {said}", width, indent=0)
    for declared in tables:
        lines += heading(declared.full_name, declared.meaning, width)
        for column in declared.columns:
            lines += _column(column, width)
    return written(lines, width, colour)


def columns_document(version: int, tables: Sequence[Any]) -> dict[str, Any]:
    """The same as plain values for JSON."""
    return {
        "format": version,
        "tables": [
            {
                "name": declared.full_name,
                "schema": declared.schema or "main",
                "meaning": declared.meaning,
                "columns": [
                    {"name": c.name, "type": c.type, "unit": c.unit or None, "meaning": c.meaning}
                    for c in declared.columns
                ],
            }
            for declared in tables
        ],
    }


def count_of(answer: Any) -> str:
    """How many rows there are."""
    return f"{answer.num_rows:,} row{'' if answer.num_rows == 1 else 's'}"


def _column(column: Any, width: int) -> list[Text]:
    """Name and type, then the meaning on as many lines as it needs."""
    unit = f" ({column.unit})" if column.unit else ""
    lead = f"  {column.name:<16} {column.type.lower():<9} "
    first, *more = sentence(f"{column.meaning}{unit}", width - len(lead), indent=0)
    return [Text(lead + first.plain), *(Text(" " * len(lead) + line.plain) for line in more)]


def _columns(answer: Any) -> list[list[Any]]:
    return [_values(column) for column in answer.columns]


def _values(column: Any) -> list[Any]:
    """The cells of a column; as text where Python has no such value, as a date in the year 290000."""
    import pyarrow as pa

    try:
        return list(column.to_pylist())
    except (OverflowError, ValueError):
        return list(column.cast(pa.string()).to_pylist())


def _rows(answer: Any) -> list[tuple[Any, ...]]:
    return list(zip(*_columns(answer), strict=True))


def _distinct(names: Sequence[str]) -> list[str]:
    """Names of which each is there once: a second one gets a number."""
    out: list[str] = []
    for name in names:
        free = (f"{name}_{i}" if i else name for i in range(len(names) + 1))
        out.append(next(candidate for candidate in free if candidate not in out))
    return out


def _is_number(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _plain(cell: Any) -> Any:
    """A cell as JSON has it; what is neither number, text, list nor object becomes text."""
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    if isinstance(cell, date | datetime | time):
        return cell.isoformat()
    if isinstance(cell, bytes):
        return base64.b64encode(cell).decode()
    return cell


def _in_csv(cell: Any) -> Any:
    if isinstance(cell, bool):
        return str(cell).lower()
    return _plain(cell)


def _shown(cell: Any) -> str:
    """A cell on a page; numbers with six figures."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return f"{cell:,.6g}" if math.isfinite(cell) else str(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _fitting(names: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[bool], width: int) -> int:
    """How many columns have room, texts shortened: one at least."""
    used = 0
    for at, (name, number) in enumerate(zip(names, right, strict=True)):
        widest = max([len(name), *(len(row[at]) for row in cells)])
        used += (widest if number else min(widest, max(LEAST, len(name)))) + (2 if at else 0)
        if used > width and at:
            return at
    return len(names)
