"""A folder of tables, or a workbook -> an Instance.  Every fault of form is told with its place."""

from __future__ import annotations

import csv
import io
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from stockpile.errors import DataError, Problem
from stockpile.instance.cells import HIDDEN, LONGEST_CELL, nearest, shown
from stockpile.instance.faults import Faults
from stockpile.instance.files import Unreadable, bytes_of, is_workbook, no_folder, reason, text_of
from stockpile.instance.instance import Instance
from stockpile.instance.make import make_instance
from stockpile.instance.parse import Raw
from stockpile.instance.patch import Layer
from stockpile.instance.schema import TABLES
from stockpile.instance.settings import FILE

ENDINGS = (".csv", ".parquet")
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def load(path: str | os.PathLike[str], changes: Sequence[str] = ()) -> Instance:
    """Read an instance, a folder or a workbook, and those that it extends; ``changes`` are ``KEY=VALUE`` each, as for ``--set``.

    Raises DataError with every fault: file (or sheet), record and column; NotInstalledError for a workbook without the libraries.
    """
    place = Path(path)
    if not is_workbook(place):
        return _load(place, changes)
    from stockpile.instance.workbook import in_sheets

    try:
        instance = _load(place, changes)
    except DataError as error:
        raise DataError(in_sheets(error.problems)) from None
    return replace(instance, warnings=tuple(in_sheets(instance.warnings)))


def _load(place: Path, changes: Sequence[str]) -> Instance:
    problems: list[Problem] = []
    layers = _layers(place, problems)
    try:
        found = place.resolve()
    except (OSError, RuntimeError) as error:
        raise DataError([Problem(str(place), f"cannot be read: {reason(error)}")]) from None
    instance = make_instance(layers, found.stem if is_workbook(place) else found.name, problems, changes)
    return replace(instance, lineage=replace(instance.lineage, path=os.fspath(place)))


def _layers(place: Path, problems: list[Problem]) -> list[Layer]:
    """The instance and those that it extends, the base first.  Raises DataError where one of them has no settings to read."""
    layers = [_read_layer(place, "", problems)]
    seen = {os.path.realpath(place): "this workbook" if is_workbook(place) else "this folder"}
    while "extends" in layers[0].document:
        label, place = _base_of(layers[0], place, seen, problems)
        seen[os.path.realpath(place)] = label
        layers.insert(0, _read_layer(place, f"{label}/", problems))
    if "delete" in layers[0].document:
        problems.append(
            Problem(
                layers[0].place("delete"),
                "goes with extends: there is no base to leave anything out of",
                column="delete",
            )
        )
    return layers


def _base_of(layer: Layer, place: Path, seen: Mapping[str, str], problems: list[Problem]) -> tuple[str, Path]:
    """What a layer extends, and how it is called as seen from the first.  Raises DataError where it is none.

    The path is one from the folder, or from the one that the workbook lies in.
    """

    def fault(what: str) -> DataError:
        return DataError([*problems, Problem(layer.place("extends"), what, column="extends")])

    name = layer.document["extends"]
    if not isinstance(name, str) or not name.strip() or "\0" in name:
        raise fault(f"{shown(name)} is not a folder; write the path of an instance, as '../base'")
    home, label = (
        (place.parent, os.path.dirname(layer.label.rstrip("/"))) if is_workbook(place) else (place, layer.label)
    )
    base = home / name
    label = os.path.normpath(os.path.join(label, name))
    if not base.is_dir() and not (is_workbook(base) and base.exists()):
        what = "is a file; an instance is a folder or a workbook" if base.exists() else "is not there"
        raise fault(f"the folder {shown(name)} {what}")
    before = seen.get(os.path.realpath(base))
    if before is not None:
        raise fault(f"{shown(name)} is {before}, which is extended already: a folder cannot extend itself")
    return HIDDEN.sub("?", Path(label).as_posix()), base


def _read_layer(place: Path, label: str, problems: list[Problem]) -> Layer:
    """One instance; ``label`` stands before the names of its files.  Raises DataError where its settings cannot be read."""
    found: list[Problem] = []
    try:
        layer = _read_workbook(place, found) if is_workbook(place) else _read_folder(place, found)
    except DataError as error:
        own = [replace(problem, file=label + problem.file) if label else problem for problem in error.problems]
        raise DataError([*problems, *own]) from None
    except (OSError, RuntimeError, ValueError) as error:
        said = str(error) if isinstance(error, Unreadable) else f"cannot be read: {reason(error)}"
        raise DataError([*problems, Problem(label.rstrip("/") or str(place), said)]) from None
    problems += [replace(problem, file=label + problem.file) for problem in found]
    tables = {name: replace(table, file=label + table.file) for name, table in layer.tables.items()}
    return replace(layer, label=label, tables=tables)


def _read_folder(folder: Path, found: list[Problem]) -> Layer:
    """The settings and tables of a folder.  Raises DataError where it has no settings to read, or OSError."""
    document = _read_settings(folder)
    raw: dict[str, Raw] = {}
    for file in _tables(sorted(folder.iterdir()), found):
        if file.stem in raw:
            found.append(Problem(file.name, f"the table is there twice, also as {raw[file.stem].file}; remove one"))
            continue
        table = _read_table(file, found)
        if table is not None:
            raw[file.stem] = table
    unread = frozenset(problem.file.split(".")[0].lower() for problem in found) - set(raw)
    return Layer("", document, raw, unread)


def _read_workbook(file: Path, found: list[Problem]) -> Layer:
    """The settings and tables of a workbook.  Raises DataError where it has no settings to read, Unreadable, or OSError."""
    from stockpile.instance.workbook import SETTINGS, read_workbook

    try:
        book = read_workbook(bytes_of(file), found)
    except FileNotFoundError:
        raise Unreadable("there is no such file; an instance is a folder with instance.toml, or a workbook") from None
    return Layer("", book.document, book.tables, book.unread, SETTINGS, book.rows)


def _tables(files: list[Path], problems: list[Problem]) -> list[Path]:
    """The files that hold a table.  A file that was probably meant to be one is a fault, lest it be passed over."""
    good = [file for file in files if file.stem in TABLES and file.suffix in ENDINGS]
    there = {file.stem for file in good}
    for file in files:
        name = HIDDEN.sub("?", file.name)
        if file in good or file.name.startswith((".", "~")):
            continue
        stem = file.name.split(".")[0].lower()
        if stem in TABLES and stem not in there:
            problems.append(Problem(name, f"is not read as a table; save it as {stem}.csv"))
        elif file.suffix.lower() in ENDINGS:
            hint = nearest(file.stem, TABLES, "tables are")
            problems.append(Problem(name, f"is not a table of an instance; {hint}"))
    return good


def _read_settings(folder: Path) -> dict[str, Any]:
    """The settings; a folder without them is no instance.  Raises DataError, or OSError."""
    if not folder.exists():
        raise DataError([Problem(str(folder), "there is no such folder; an instance is a folder with instance.toml")])
    if not folder.is_dir():
        raise DataError([Problem(str(folder), no_folder(folder))])
    try:
        return tomllib.loads(text_of(folder / FILE))
    except FileNotFoundError:
        message = f"the file is missing; every instance has one (stockpile new makes an example of {FILE})"
    except Unreadable as error:
        message = str(error)
    except OSError as error:
        message = f"cannot be read: {reason(error)}"
    except RecursionError:
        message = "is not TOML that can be read: brackets stand too deep in one another"
    except ValueError as error:
        message = f"is not TOML: {reason(error)}"
    raise DataError([Problem(FILE, message)])


def _read_table(file: Path, problems: list[Problem]) -> Raw | None:
    """Cells by column; None (and a fault) where the file cannot be read as a table with rows."""
    try:
        raw = _read_parquet(file) if file.suffix == ".parquet" else _read_csv(file, problems)
    except Unreadable as error:
        problems.append(Problem(file.name, str(error)))
        return None
    except (OSError, ValueError) as error:
        problems.append(Problem(file.name, f"cannot be read: {reason(error)}"))
        return None
    if raw is not None and not raw.rows:
        problems.append(Problem(file.name, "has no rows; add one or remove the file"))
        return None
    return raw


def _read_csv(file: Path, problems: list[Problem]) -> Raw | None:
    """Records as text; those without any content are passed over, and so are columns without name and content."""
    text = text_of(file)
    csv.field_size_limit(max(len(text), LONGEST_CELL) + 1)
    try:
        records = [*csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error as error:
        last = "a quote is not closed" if "unexpected end" in str(error) else str(error)
        raise Unreadable(
            f"is not CSV: {last}; text with commas or quotes stands in quotes, with its quotes doubled"
        ) from None
    numbers = [i for i, record in enumerate(records, 1) if "".join(record).strip()]
    if not numbers:
        raise Unreadable("is empty; add a header and a row, or remove the file")
    header = _header(records[numbers[0] - 1])
    faults = Faults(file.name, numbers[1:])
    width = len(header)
    rows = [row if len(row) == width else _fitted(row, width) for row in (records[i - 1] for i in numbers[1:])]
    wrong = [i for i, row in enumerate(rows) if len(row) != width]
    what = "has {} cells, but the header has {}; a cell with a comma stands in quotes, decimals have a point"
    faults.each(wrong, None, lambda i: what.format(len(rows[i]), width))
    problems += faults.problems
    if wrong:
        return None
    cells = np.fromiter(chain.from_iterable(rows), dtype=object, count=len(rows) * width).reshape(-1, width)
    return Raw({name: cells[:, i] for i, name in enumerate(header)}, numbers[1:], file.name)


def _header(record: list[str]) -> list[str]:
    """The names of the columns, without nameless ones at the end.  Raises Unreadable where they are no header."""
    names = [name.strip() for name in record]
    while not names[-1]:
        names.pop()
    for mark, word in _SEPARATORS.items():
        if len(names) == 1 and mark in names[0]:
            raise Unreadable(f"has {word} between its cells; save it with commas")
    if names[0].lower().startswith("sep="):
        raise Unreadable(f"begins with {shown(names[0])}, which is no header; remove that line")
    if any("\0" in name for name in names):
        raise Unreadable("is not text in UTF-8 (its header holds NUL bytes); save it as UTF-8")
    for at, name in enumerate(names, 1):
        if not name:
            raise Unreadable(f"has no name for column {at}; name it or remove it")
        if names.count(name) > 1:
            raise Unreadable(f"has the column {shown(name)} twice; rename or remove one")
    return names


def _fitted(record: list[str], width: int) -> list[str]:
    """A record without the blank cells that stand beyond the header."""
    return record[:width] if not "".join(record[width:]).strip() else record


def _read_parquet(file: Path) -> Raw:
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(io.BytesIO(bytes_of(file)))
    except pyarrow.ArrowException as error:
        raise Unreadable(f"is not a Parquet file that can be read: {reason(error)}") from None
    if len(set(table.column_names)) < len(table.column_names):
        raise Unreadable("has a column twice; rename or remove one")
    columns = {}
    for at, name in enumerate(table.column_names):
        kind = table.schema.field(at).type
        if pyarrow.types.is_nested(kind) or pyarrow.types.is_binary(kind) or pyarrow.types.is_large_binary(kind):
            raise Unreadable(
                f"has {kind} in the column {shown(name)}; text, numbers, dates and true or false can be read"
            )
        cells = np.empty(table.num_rows, dtype=object)
        cells[:] = table.column(at).to_pylist()
        columns[str(name)] = cells
    return Raw(columns, range(2, table.num_rows + 2), file.name)
