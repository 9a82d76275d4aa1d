"""A plan: a summary and typed tables."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from stockpile.errors import DataError, Problem
from stockpile.plan.column import Column, Table, unit_of
from stockpile.plan.tables import TABLES

if TYPE_CHECKING:
    pass

#: Name of the file that holds the summary, and the version of the folder's layout.
SUMMARY = "plan.json"
FORMAT = 1

#: Name of the solver's own protocol in a plan folder.
LOG = "solver.log"


@dataclass
class Plan:
    """A plan: ``summary`` is what plan.json says, ``tables`` the rows; a table is an attribute too (``plan.orders``).

    Amounts are in the instance's quantity, price and money units.  ``folder`` is where it was read, as told; empty where it
    was not read.
    """

    summary: dict[str, Any]
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    folder: str = ""

    def __getattr__(self, name: str) -> pd.DataFrame:
        """A table of the plan.  Raises AttributeError where the plan has no such table."""
        tables = self.__dict__.get("tables", {})
        if name not in tables:
            raise AttributeError(f"the plan has no table {name!r}")
        table: pd.DataFrame = tables[name]
        return table

    @property
    def status(self) -> str:
        """``optimal``: the asked gap was reached; ``feasible``: the search was stopped early."""
        return str(self.summary["status"])

    @property
    def objective(self) -> float:
        """Sum of the named costs, money."""
        return float(self.summary["objective"])

    @property
    def bound(self) -> float:
        """Proven lower bound of the objective, money; minus infinity where none is known."""
        bound = self.summary["bound"]
        return float("-inf") if bound is None else float(bound)

    @property
    def gap(self) -> float:
        """(objective - bound) / max(|objective|, 1e-9); infinity where no bound is known."""
        gap = self.summary["gap"]
        return float("inf") if gap is None else float(gap)

    @property
    def costs(self) -> dict[str, float]:
        """The parts of the objective by name, money."""
        return dict(self.summary["costs"])

    @property
    def hash(self) -> str:
        """Hash of the tables as they are written (SHA-256, hexadecimal)."""
        digest = hashlib.sha256()
        for name, table in TABLES.items():
            digest.update(f"\n{name}\n{as_csv(self.tables[name], table)}".encode())
        return digest.hexdigest()

    def write(self, folder: str | os.PathLike[str], log: str | os.PathLike[str] | None = None) -> None:
        """Write the plan folder, all of it or nothing; ``log`` is copied as solver.log.

        A plan that was there is replaced.  Raises DataError where ``folder`` holds anything else.
        """
        from stockpile.plan.write import write_plan

        write_plan(self, Path(folder), None if log is None else Path(log))

    @classmethod
    def read(cls, folder: str | os.PathLike[str]) -> Plan:
        """Read a plan folder.  Raises DataError with every problem: files, columns or numbers that are not there."""
        path = Path(folder)
        problems: list[Problem] = []
        summary = _read_summary(path, problems)
        tables = {}
        for table in TABLES.values():
            frame = _read_table(path / f"{table.name}.csv", table, problems)
            if frame is not None:
                tables[table.name] = frame
        if problems:
            raise DataError(problems)
        return cls(summary, tables, os.fspath(folder))


def as_csv(frame: pd.DataFrame, table: Table) -> str:
    """A table as it is written: every number to its last digit."""
    return str(frame[table.names].to_csv(index=False, lineterminator="\n"))


def _read_summary(folder: Path, problems: list[Problem]) -> dict[str, Any]:
    """plan.json; what is wrong with it goes to ``problems``."""
    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError([Problem(str(folder), f"not a plan folder: no {SUMMARY} ({error.strerror})")]) from None
    except ValueError as error:
        raise DataError([Problem(SUMMARY, f"not JSON: {error}")]) from None
    if not isinstance(summary, dict) or summary.get("format") != FORMAT:
        problems.append(Problem(SUMMARY, f"not a plan of format {FORMAT}"))
        return {}
    missing = [name for name in ("instance", "status", "objective", "bound", "gap", "costs") if name not in summary]
    problems += [Problem(SUMMARY, f"{name!r} is missing") for name in missing]
    for name, kinds in _KINDS.items():
        value = summary.get(name)
        if name not in missing and (isinstance(value, bool) or not isinstance(value, kinds)):
            problems.append(Problem(SUMMARY, f"{name!r} is {str(value)[:40]!r}, which it cannot be"))
    return summary


#: What some entries of plan.json may be.
_KINDS: dict[str, Any] = {
    "instance": dict,
    "status": str,
    "objective": (int, float),
    "bound": (int, float, type(None)),
    "gap": (int, float, type(None)),
    "costs": dict,
    "options": (dict, type(None)),
}


def _read_table(file: Path, table: Table, problems: list[Problem]) -> pd.DataFrame | None:
    """One CSV with its declared types; an empty cell of an amount is NaN, which no audit passes."""
    try:
        raw = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8")
    except FileNotFoundError:
        problems.append(Problem(file.name, "the file is missing"))
        return None
    except (OSError, ValueError) as error:
        problems.append(Problem(file.name, f"cannot be read: {error}"))
        return None
    missing = [name for name in table.names if name not in raw.columns]
    problems += [Problem(file.name, "the column is missing", column=name) for name in missing]
    if missing:
        return None
    for column in table.columns:
        if column.dtype != "str":
            raw[column.name] = _numbers(raw[column.name], column, file.name, problems)
    return raw


def _numbers(text: pd.Series, column: Column, file: str, problems: list[Problem]) -> pd.Series:
    """Text to numbers; what is none is reported with its record number (the header is 1)."""
    cells = text.to_numpy(dtype=object)
    try:
        values = np.where(cells == "", "nan", cells).astype(np.float64)
    except ValueError:
        values = np.array([_number(cell) for cell in cells], dtype=np.float64)
    bad = np.isnan(values) & (cells != "") & (cells != "nan")
    if not column.is_amount:
        bad |= np.isnan(values) | (values % 1 != 0)
    for row in np.flatnonzero(bad)[:20]:
        problems.append(Problem(file, f"{cells[row]!r} is not a number", row=int(row) + 2, column=column.name))
    values[bad] = 0.0
    return pd.Series(values if column.is_amount else values.astype(np.int64), index=text.index)


def _number(text: str) -> float:
    """A number, NaN where the text is none."""
    try:
        return float(text)
    except ValueError:
        return float("nan")


__all__ = ["FORMAT", "LOG", "SUMMARY", "TABLES", "Column", "Plan", "Table", "unit_of"]
