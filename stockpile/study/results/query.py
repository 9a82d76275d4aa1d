"""SQL over the results in a folder: DuckDB sees tables in memory, and nothing else of the machine."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stockpile.errors import DataError, NotInstalledError, Problem
from stockpile.study.results.columns import PLAN, PLAN_TABLES, RUN_TABLES
from stockpile.study.results.runs import Run, read_runs

if TYPE_CHECKING:
    import duckdb

EVERY_RUN = "SELECT * FROM runs ORDER BY run"
TRIES = 10
"""How often a folder is read while a batch exchanges the runs in it."""
PAUSE = 0.05
"""Seconds until it is read for the second time; longer each time after that."""
_ALLOWED = ("SELECT", "EXPLAIN", "MULTI")
"""Kinds of statements that only read; MULTI is a PIVOT."""
_SETTINGS = (
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "python_enable_replacements = false",
    "temp_directory = ''",
    "enable_external_access = false",
)

Name = tuple[str, str]


def ask(folder: Path, sql: str = EVERY_RUN) -> Any:
    """The answer to a query as an arrow table.

    ``runs``, ``settings`` and ``figures`` are about runs; tables of plans are in the schema ``plan``, which need not be named
    but for ``plan.runs``.  Raises DataError where the folder holds no results, or where the query is none or fails;
    NotInstalledError without DuckDB.
    """
    connection = _connect()
    wanted = _wanted(connection, sql)
    for name, table in _read(folder, wanted).items():
        connection.register("arrived", table)
        connection.execute(f'CREATE TABLE "{name[0] or "main"}"."{name[1]}" AS FROM arrived')
        connection.unregister("arrived")
    connection.execute(f"SET search_path = 'main,{PLAN}'")
    connection.execute("SET lock_configuration = true")
    import duckdb
    import pyarrow as pa

    try:
        return connection.sql(sql).to_arrow_table()
    except (duckdb.Error, pa.ArrowException, ValueError, OverflowError) as error:
        raise _refused(str(error)) from None


def _connect() -> duckdb.DuckDBPyConnection:
    """A database in memory that cannot reach files, the network, extensions or the variables of this program."""
    try:
        import duckdb
    except ImportError:
        raise NotInstalledError("duckdb", "reading results", "results") from None
    connection = duckdb.connect(":memory:")
    for setting in _SETTINGS:
        connection.execute(f"SET {setting}")
    connection.execute(f"CREATE SCHEMA {PLAN}")
    return connection


def _wanted(connection: duckdb.DuckDBPyConnection, sql: str) -> Sequence[Name]:
    """The tables that a query reads; all of them where that is not clear.  Raises DataError where it is not one that reads."""
    import duckdb

    everything = [*(("", name) for name in RUN_TABLES), *((PLAN, name) for name in PLAN_TABLES)]
    try:
        sql.encode()
        statements = connection.extract_statements(sql)
    except (duckdb.Error, ValueError) as error:
        raise _refused(str(error)) from None
    if len(statements) != 1 or statements[0].type.name not in _ALLOWED:
        raise _refused("is not one query: write a SELECT, as 'SELECT run, objective FROM runs'")
    try:
        names = connection.get_table_names(sql, qualified=True)
    except duckdb.Error:
        return everything
    known = {full: name for name in everything for full in _spellings(name)}
    found = [known.get(name.replace('"', "").lower()) for name in names]
    return everything if not found or None in found else sorted({name for name in found if name is not None})


def _spellings(name: Name) -> Sequence[str]:
    schema, table = name
    full = f"{schema or 'main'}.{table}"
    return [full, f"memory.{full}", *([table] if not schema or table not in RUN_TABLES else [])]


def _read(folder: Path, wanted: Sequence[Name]) -> dict[Name, Any]:
    """The tables, all from the same runs.  Raises DataError where the runs change as fast as they are read."""
    from stockpile.study.results.tables import plan_table, run_table

    for tried in range(TRIES):
        time.sleep(PAUSE * tried)
        runs: list[Run] = read_runs(folder)
        try:
            tables = {(schema, name): (plan_table if schema else run_table)(name, runs) for schema, name in wanted}
        except FileNotFoundError:
            continue
        if all(run.unchanged for run in runs):
            return tables
    raise DataError(
        [Problem(str(folder), "changes while it is read: runs are done again all the time; try again later")]
    )


def _refused(said: str) -> DataError:
    """What DuckDB says of a query, in one line."""
    return DataError([Problem("--sql", " ".join(said.split("\n\n")[0].split()))])


__all__ = ["EVERY_RUN", "ask"]
