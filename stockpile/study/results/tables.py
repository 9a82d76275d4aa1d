"""The tables of results as arrow tables, made from the folders of runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv

from stockpile.errors import DataError, Problem
from stockpile.instance.target import parse_change
from stockpile.study.results.columns import PLAN_TABLES, RUN_TABLES, Table
from stockpile.study.results.runs import Run, number

_TYPES = {"VARCHAR": pa.string(), "DOUBLE": pa.float64(), "BIGINT": pa.int64(), "TIMESTAMP": pa.timestamp("ms")}
_FIGURES = ("costs", "sizes", "search", "seconds")


def schema_of(table: Table) -> Any:
    """The arrow schema of a table."""
    return pa.schema([(column.name, _TYPES[column.type]) for column in table.columns])


def run_table(name: str, runs: Sequence[Run]) -> Any:
    """A table about runs.  Raises KeyError for another name."""
    makers: dict[str, Callable[[Run], Iterator[dict[str, Any]]]] = {
        "runs": _run,
        "settings": _settings,
        "figures": _figures,
    }
    rows = [row for run in runs for row in makers[name](run)]
    table = RUN_TABLES[name]
    columns = [[_cell(row.get(column.name), column.type) for row in rows] for column in table.columns]
    return pa.table(columns, schema_of(table))


def plan_table(name: str, runs: Sequence[Run]) -> Any:
    """A table of all plans, with the run of every row.

    Raises KeyError for another name, FileNotFoundError where a plan has gone, DataError where a file of one cannot be read.
    """
    table = PLAN_TABLES[name]
    schema = schema_of(table)
    kept = [(run, run.plan / f"{name}.csv") for run in runs if run.plan is not None]
    parts = [_read(run.record.id, file, schema) for run, file in kept]
    return pa.concat_tables([part for part in parts if part is not None] or [schema.empty_table()])


def _read(run: str, file: Path, schema: Any) -> Any:
    """One file with the id of its run; None where it has no rows."""
    content = file.read_bytes()
    if content.find(b"\n") in (-1, len(content) - 1):
        return None
    types = {name: schema.field(name).type for name in schema.names if name != "run"}
    converted = csv.ConvertOptions(
        column_types=types,
        include_columns=[*types],
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
    )
    try:
        found = csv.read_csv(pa.BufferReader(content), csv.ReadOptions(use_threads=False), convert_options=converted)
    except (pa.ArrowException, KeyError) as error:
        said = " ".join(str(error).split())
        raise DataError([Problem(str(file), f"is not a table of a plan: {said}")]) from None
    return found.add_column(0, "run", pa.repeat(run, found.num_rows))


def _run(run: Run) -> Iterator[dict[str, Any]]:
    record = run.record
    asked = {name: value for name, value in _dict(record.options).items() if value is not None}
    options = {**_dict(run.summary.get("options")), **asked}
    units, versions = _dict(run.summary.get("units")), _dict(record.versions)
    same = ("instance", "instance_hash", "scenarios", "state", "exit", "objective", "bound", "gap")
    more = ("seconds", "memory_mb", "attempts", "message", "platform", "key")
    yield {
        "run": record.id,
        **{name: getattr(record, name) for name in (*same, *more)},
        "settings": "; ".join(_texts(record.settings)),
        "asked_gap": options.get("gap"),
        **{name: options.get(name) for name in ("time_limit", "threads", "seed")},
        "unit": record.unit or units.get("money"),
        "quantity_unit": units.get("quantity"),
        "price_unit": units.get("price"),
        "started": _time(record.started),
        "ended": _time(record.ended),
        **{name: versions.get(name) for name in ("stockpile", "highspy", "python")},
    }


def _settings(run: Run) -> Iterator[dict[str, Any]]:
    for text in _texts(run.record.settings):
        try:
            change = parse_change(text)
        except ValueError:
            yield {"run": run.record.id, "setting": text}
            continue
        yield {
            "run": run.record.id,
            "setting": str(change.target),
            "operator": change.operator,
            "value": change.value,
            "number": _read_number(change.value),
        }


def _figures(run: Run) -> Iterator[dict[str, Any]]:
    for part in _FIGURES:
        for name, value in _dict(run.summary.get(part)).items():
            yield {"run": run.record.id, "part": part, "name": name, "value": value}


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> list[str]:
    return [str(text) for text in value] if isinstance(value, list) else []


def _cell(value: Any, kind: str) -> Any:
    """A value as one of its column's type; None where it is none, as in a record that was edited."""
    if value is None or kind == "TIMESTAMP":
        return value
    if kind == "VARCHAR":
        return str(value).encode("utf-8", "replace").decode()
    if kind == "DOUBLE":
        return number(value)
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
    return value if whole else None


def _read_number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _time(text: str) -> datetime | None:
    """A time as a record has it, in UTC without saying so: such columns need no library of time zones."""
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return (found if found.tzinfo is None else found.astimezone(UTC)).replace(tzinfo=None)


__all__ = ["plan_table", "run_table", "schema_of"]
