"""``records.sqlite``: a row for each run, made from the folders of the runs and made anew from them where it is damaged."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import Any

from stockpile.study.batch.claims import claim
from stockpile.study.batch.folder import FORMAT, INDEX, Record, records

PATIENCE = 30.0
"""Seconds that a write waits for that of another process."""
TYPES = {"int": "INTEGER", "float": "REAL", "float | None": "REAL"}
NAMES = [field.name for field in fields(Record)]
BESIDE = ("", "-wal", "-shm", "-journal")
LOCK = INDEX


class Index:
    """The index of a batch, open for writing.  A failure of its is told once in ``trouble``; the folders lose nothing by it."""

    def __init__(self, batch: Path) -> None:
        """Open the index and bring it to what the folders say."""
        self.batch = batch
        self.trouble = ""
        self.connection: sqlite3.Connection | None = None
        try:
            self.connection = opened(batch)
        except (sqlite3.Error, OSError) as error:
            self._fail(error)

    def put(self, record: Record) -> None:
        """Add a record, or replace the one of the same run."""
        if self.connection is None:
            return
        try:
            with self.connection:
                _insert(self.connection, [record])
        except sqlite3.Error as error:
            self._fail(error)

    def close(self) -> None:
        """Close the index, and make it anew once where there was trouble with it."""
        if self.connection is not None:
            self.connection.close()
        elif self.trouble:
            try:
                opened(self.batch).close()
                self.trouble = ""
            except (sqlite3.Error, OSError):
                pass
        self.connection = None

    def _fail(self, error: Exception) -> None:
        self.trouble = f"{INDEX} cannot be written ({error}); it is made anew from the runs' folders by the next batch"
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def opened(batch: Path) -> sqlite3.Connection:
    """The index as a connection, with a row for each run that is kept.  Raises sqlite3.Error or OSError."""
    lock = claim(batch, LOCK, wait=True)
    try:
        try:
            return _synced(batch)
        except sqlite3.OperationalError as error:
            if "malformed" not in str(error) and "disk I/O" not in str(error):
                raise
            _remove(batch)
        except sqlite3.DatabaseError:
            _remove(batch)
        return _synced(batch)
    finally:
        if lock is not None:
            lock.release()


def _remove(batch: Path) -> None:
    for ending in BESIDE:
        (batch / f"{INDEX}{ending}").unlink(missing_ok=True)


def _synced(batch: Path) -> sqlite3.Connection:
    """The index with what the folders say.  Raises sqlite3.DatabaseError where the file is damaged or of another format."""
    connection = sqlite3.connect(batch / INDEX, timeout=PATIENCE)
    try:
        if connection.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
            raise sqlite3.DatabaseError("the index is damaged")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, FORMAT):
            raise sqlite3.DatabaseError(f"the index has format {version}")
        columns = ", ".join(f"{field.name} {_type(field.type)}" for field in fields(Record))
        with connection:
            connection.execute(f"CREATE TABLE IF NOT EXISTS runs ({columns}, PRIMARY KEY (id))")
            if [row[1] for row in connection.execute("PRAGMA table_info(runs)")] != NAMES:
                raise sqlite3.DatabaseError("the index has other columns")
            connection.execute("DELETE FROM runs")
            _insert(connection, records(batch))
            connection.execute(f"PRAGMA user_version = {FORMAT}")
    except BaseException:
        connection.close()
        raise
    return connection


def _type(declared: Any) -> str:
    return TYPES.get(str(declared), "TEXT")


def _insert(connection: sqlite3.Connection, found: Iterable[Record]) -> None:
    marks = ", ".join("?" * len(NAMES))
    rows = ([_cell(getattr(record, name)) for name in NAMES] for record in found)
    connection.executemany(f"INSERT OR REPLACE INTO runs ({', '.join(NAMES)}) VALUES ({marks})", rows)


def _cell(value: Any) -> Any:
    """A value as SQLite has it: lists and tables as JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def indexed(batch: Path) -> list[Record]:
    """The records of the index, by id; it is brought to what the folders say first.  Raises sqlite3.Error or OSError."""
    with closing(opened(batch)) as connection:
        rows = connection.execute(f"SELECT {', '.join(NAMES)} FROM runs ORDER BY id").fetchall()
    nested = {field.name for field in fields(Record) if str(field.type).startswith(("list", "dict"))}
    return [
        Record(**{name: json.loads(cell) if name in nested else cell for name, cell in zip(NAMES, row, strict=True)})
        for row in rows
    ]
