"""An Instance -> a folder of tables that reads back as the same instance."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from stockpile.errors import DataError, Problem
from stockpile.instance.cells import cell_text
from stockpile.instance.document import columns_of, datapackage
from stockpile.instance.instance import Instance
from stockpile.instance.schema import TABLES, Table
from stockpile.instance.settings import FILE, Settings

#: Name of the Frictionless description in a folder.
PACKAGE = "datapackage.json"


def write(
    instance: Instance, folder: str | os.PathLike[str], form: str = "csv", notes: Mapping[str, str] | None = None
) -> None:
    """Write an instance to a new or empty folder, all of it or nothing; ``read(write(x)) == x``.

    ``form`` is csv or parquet.  ``notes`` adds files of text by name; ``instance.toml`` among them replaces the settings'
    plain form.  Raises DataError where the folder holds anything.
    """
    place = Path(folder)
    if os.path.lexists(place) and not (place.is_dir() and not any(place.iterdir())):
        raise DataError([Problem(str(folder), "is there already and not an empty folder; give a new one")])
    target = Path(os.path.realpath(place))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise DataError([Problem(str(folder), "lies below a file; give the name of a folder")]) from None
    fresh = target.parent / f".{target.name[:100]}.new-{uuid.uuid4().hex[:12]}"
    try:
        fresh.mkdir()
        _fill(instance, fresh, form, notes or {})
        if target.exists():
            target.rmdir()
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _fill(instance: Instance, folder: Path, form: str, notes: Mapping[str, str]) -> None:
    (folder / FILE).write_text(toml_of(instance.settings), encoding="utf-8")
    for name, frame in instance.tables.items():
        if form == "parquet":
            _write_parquet(TABLES[name], frame, folder / f"{name}.parquet")
        else:
            (folder / f"{name}.csv").write_text(csv_of(TABLES[name], frame), encoding="utf-8", newline="")
    headers = {name: [c.name for c in columns_of(TABLES[name], frame)] for name, frame in instance.tables.items()}
    package = json.dumps(datapackage(instance, headers, form), indent=2, ensure_ascii=False)
    (folder / PACKAGE).write_text(package + "\n", encoding="utf-8")
    for name, text in notes.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")


def toml_of(settings: Settings) -> str:
    """instance.toml of settings."""
    lines = []
    for key, value in settings.as_document().items():
        if isinstance(value, Mapping):
            lines += ["", f"[{key}]", *(f"{k} = {_toml(v, k)}" for k, v in value.items())]
        elif value != "":
            lines.append(f"{key} = {_toml(value, key)}")
    return "\n".join(lines) + "\n"


def _toml(value: Any, key: str) -> str:
    """A value as TOML: the start of the horizon is a date, other text stands in quotes."""
    if key == "start":
        return str(value)
    return repr(value) if isinstance(value, int | float) else json.dumps(value, ensure_ascii=False)


def csv_of(table: Table, frame: pd.DataFrame) -> str:
    """A table as CSV: numbers with every digit, blank cells empty."""
    columns = columns_of(table, frame)
    sheet = io.StringIO()
    rows = csv.writer(sheet, lineterminator="\n")
    rows.writerow([c.name for c in columns])
    rows.writerows(zip(*([cell_text(v) for v in frame[c.name]] for c in columns), strict=True))
    return sheet.getvalue()


def _write_parquet(table: Table, frame: pd.DataFrame, file: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    columns = {}
    for column in columns_of(table, frame):
        cells = [None if v is None or v != v else v for v in frame[column.name].tolist()]
        kind = pyarrow.float64() if column.is_number else pyarrow.bool_() if column.kind == "flag" else pyarrow.string()
        columns[column.name] = pyarrow.array(cells, kind)
    pyarrow.parquet.write_table(pyarrow.table(columns), file)
