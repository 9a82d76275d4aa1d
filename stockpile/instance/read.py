"""A folder of tables -> an Instance.  CSV and Parquet; every fault of form is told with its place."""

from __future__ import annotations

import csv
import io
import os
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from stockpile.errors import DataError, Problem
from stockpile.instance.instance import Instance, Raw, make_instance
from stockpile.instance.parse import LONGEST_CELL
from stockpile.instance.schema import TABLES
from stockpile.instance.settings import FILE

ENDINGS = (".csv", ".parquet")


def load(path: str | os.PathLike[str]) -> Instance:
    """Read an instance folder.  Raises DataError with every fault, each with file, record and column."""
    folder = Path(path)
    problems: list[Problem] = []
    settings = _read_toml(folder)
    raw: dict[str, Raw] = {}
    for file in sorted(folder.iterdir()):
        if file.suffix not in ENDINGS or file.name.startswith("."):
            continue
        if file.stem not in TABLES:
            near = get_close_matches(file.stem, TABLES, n=1, cutoff=0.6)
            hint = f"did you mean {near[0]}{file.suffix}?" if near else f"tables are {', '.join(TABLES)}"
            problems.append(Problem(file.name, f"is not a table of an instance; {hint}"))
        elif file.stem in raw:
            problems.append(Problem(file.name, f"the table is there twice, also as {raw[file.stem].file}; remove one"))
        else:
            table = _read_table(file, problems)
            if table is not None:
                raw[file.stem] = table
    name = folder.resolve().name
    return make_instance(settings, raw, name, problems)


def _read_toml(folder: Path) -> dict[str, Any]:
    """The settings; a folder without them is no instance."""
    if not folder.exists():
        raise DataError([Problem(str(folder), "there is no such folder; an instance is a folder with instance.toml")])
    if not folder.is_dir():
        raise DataError([Problem(str(folder), "is a file; an instance is a folder with instance.toml")])
    try:
        return tomllib.loads((folder / FILE).read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        message = f"the file is missing; every instance has one (stockpile new makes an example of {FILE})"
        raise DataError([Problem(FILE, message)]) from None
    except UnicodeDecodeError as error:
        raise DataError([Problem(FILE, _not_utf8(error))]) from None
    except tomllib.TOMLDecodeError as error:
        raise DataError([Problem(FILE, f"is not TOML: {error}")]) from None
    except OSError as error:
        raise DataError([Problem(FILE, f"cannot be read: {error.strerror}")]) from None


def _not_utf8(error: UnicodeDecodeError) -> str:
    line = error.object[: error.start].count(b"\n") + 1
    return f"is not UTF-8 (line {line}, byte 0x{error.object[error.start]:02x}); save it as UTF-8"


def _read_table(file: Path, problems: list[Problem]) -> Raw | None:
    """Cells by column; None (and a fault) where the file cannot be read as a table with rows."""
    found = len(problems)
    try:
        raw = _read_parquet(file) if file.suffix == ".parquet" else _read_csv(file, problems)
    except OSError as error:
        problems.append(Problem(file.name, f"cannot be read: {error.strerror or error}"))
        return None
    except ValueError as error:
        problems.append(Problem(file.name, f"cannot be read: {' '.join(str(error).split())[:200]}"))
        return None
    if raw is not None and not raw.rows and len(problems) == found:
        problems.append(Problem(file.name, "has no rows; add one or remove the file"))
        return None
    return raw


def _read_csv(file: Path, problems: list[Problem]) -> Raw | None:
    """Records as text; those without any content are passed over."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(Problem(file.name, _not_utf8(error)))
        return None
    csv.field_size_limit(max(len(text), LONGEST_CELL) + 1)
    try:
        records = [record for record in csv.reader(io.StringIO(text, newline=""), strict=True) if any(record)]
    except csv.Error as error:
        problems.append(Problem(file.name, f"is not CSV: {error}"))
        return None
    if not records:
        problems.append(Problem(file.name, "is empty; add a header and a row, or remove the file"))
        return None
    header, *rows = records
    header = [name.strip() for name in header]
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        problems.append(Problem(file.name, f"the column {twice!r} is there twice; name or remove one", row=1))
        return None
    width = len(header)
    wrong = [(i, len(row)) for i, row in enumerate(rows, start=2) if len(row) != width]
    for number, count in wrong[:20]:
        what = f"has {count} cells, but the header has {width}; a name with a comma stands in quotes"
        problems.append(Problem(file.name, what, row=number))
    if wrong:
        return None
    columns = {}
    for name, cells in zip(header, zip(*rows, strict=True) if rows else [()] * width, strict=True):
        columns[name] = np.empty(len(rows), dtype=object)
        columns[name][:] = cells
    return Raw(columns, len(rows), file.name)


def _read_parquet(file: Path) -> Raw:
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(file, partitioning=None)
    except pyarrow.ArrowInvalid as error:
        raise ValueError(str(error)) from None
    columns = {}
    for name in table.column_names:
        cells = np.empty(table.num_rows, dtype=object)
        cells[:] = table[name].to_pylist()
        columns[str(name)] = cells
    return Raw(columns, table.num_rows, file.name)
