"""A plan: a summary and typed tables.  Every table and column is declared here once, with its kind and unit."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from stockpile.errors import DataError, Problem

if TYPE_CHECKING:
    from stockpile.instance import Instance

Kind = Literal["node", "period", "name", "text", "number", "quantity", "price", "money", "effect"]

#: Name of the file that holds the summary, and the version of the folder's layout.
SUMMARY = "plan.json"
FORMAT = 1

#: Name of the solver's own protocol in a plan folder.
LOG = "solver.log"

#: Kinds whose columns hold amounts; their unit is that of the instance.  An effect is a quantity, or money for revenue.
AMOUNTS = ("quantity", "price", "money", "effect")


@dataclass(frozen=True)
class Column:
    """One column of a plan table: ``number`` counts (a step, a stage), amounts carry the unit of their kind."""

    name: str
    kind: Kind
    meaning: str

    @property
    def is_amount(self) -> bool:
        """Whether the column holds amounts."""
        return self.kind in AMOUNTS

    @property
    def dtype(self) -> str:
        """How pandas reads the column."""
        return "float64" if self.is_amount else "int64" if self.kind == "number" else "str"


@dataclass(frozen=True)
class Table:
    """One table of a plan: ``key`` names the columns that, with the node, make a row unique; a ``dense`` one has all rows."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    dense: bool = False

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]


def _table(name: str, meaning: str, key: str, columns: str, dense: bool = False) -> Table:
    """A table from lines of ``name kind meaning``; node and period come first in every table."""
    lines = ["node node label of the node", "period period label of the node's period", *columns.strip().splitlines()]
    parts = [line.split(maxsplit=2) for line in lines]
    declared = tuple(Column(column, kind, text) for column, kind, text in parts)  # type: ignore[arg-type]
    return Table(name, meaning, tuple(key.split()), declared, dense)


_DECLARED = (
    _table(
        "orders",
        "orders placed, one row each",
        "source",
        """
        source name source ordered from
        good name what the source sells
        quantity quantity ordered
        order_charge money charge of the order, paid when it is placed
        arrives text label of the period of delivery
        """,
    ),
    _table(
        "order_steps",
        "orders by price step",
        "source step",
        """
        source name source ordered from
        step number price step of the source
        quantity quantity ordered in the step
        price price price of the step when ordered
        """,
    ),
    _table(
        "deliveries",
        "what arrives, and what is paid on arrival",
        "source",
        """
        source name source of the goods
        good name what arrives
        ordered text label of the period of the order
        quantity quantity that arrives
        cost money goods at the prices of the order date
        duty money duty in force on arrival
        """,
    ),
    _table(
        "stock",
        "closing stock by store",
        "good store",
        """
        good name good kept
        store name store that keeps it
        quantity quantity at the close
        holding_cost money cost of holding it over the period
        """,
    ),
    _table(
        "balance",
        "the balance of every good",
        "good",
        """
        good name good balanced
        opening quantity at the close of the period before
        loss quantity lost in storage
        received quantity deliveries, and fresh opening stock in the first period
        released quantity to sectors
        sold quantity in rotation
        disposed quantity thrown away
        closing quantity at the close
        target quantity stock target
        under_target quantity missing to the target
        target_penalty money penalty of what is missing
        """,
        dense=True,
    ),
    _table(
        "rotation",
        "sales and disposals",
        "good mode",
        """
        good name good that leaves
        mode name sale or disposal
        quantity quantity that leaves
        price price sale price, or cost of disposal
        amount money proceeds of a sale, or cost of disposal
        """,
    ),
    _table(
        "service",
        "what sectors get",
        "sector good",
        """
        sector name sector served
        good name good wanted
        demand quantity wanted
        served quantity released to the sector
        short quantity not released
        """,
        dense=True,
    ),
    _table(
        "shortfall",
        "what sectors do not get, by tier",
        "sector good tier",
        """
        sector name sector that lacks the good
        good name good wanted
        tier number tier of shortfall
        quantity quantity that is lacking
        penalty money penalty of the tier
        """,
    ),
    _table(
        "go",
        "stages released",
        "project stage",
        """
        project name project released
        stage number stage released
        milestone text milestone that ends the stage
        cost money cost of the stage
        verified text label of the period in which the milestone is verified
        """,
    ),
    _table(
        "disbursements",
        "what funds pay of each tranche",
        "project stage fund",
        """
        project name project paid
        stage number stage paid
        fund name fund that pays
        amount money paid
        """,
    ),
    _table(
        "effects",
        "what commissioned projects bring",
        "project after kind name",
        """
        project name project commissioned
        after number stage whose milestone commissions it
        kind name supply, capacity or revenue
        name name source, store or fund that gains
        amount effect available in the period
        """,
    ),
    _table(
        "payments",
        "payments of funds by class",
        "fund use",
        """
        fund name fund that pays
        use name purchases, order_charges, duties, storage, disposal or projects
        amount money paid
        """,
    ),
    _table(
        "funds",
        "cash and debt of every fund",
        "fund",
        """
        fund name fund
        opening money cash at the close of the period before
        budget money paid in
        drawn money drawn on credit
        proceeds money of sales
        revenue money of projects
        paid money payments of all classes
        interest money on the debt of the period before
        repaid money debt repaid
        lapsed money not carried over at the end of a fiscal year
        closing money cash at the close
        debt money owed at the close
        """,
        dense=True,
    ),
)

#: Every table of a plan by name, in the order in which they are written.
TABLES: dict[str, Table] = {table.name: table for table in _DECLARED}


def unit_of(column: Column, instance: Instance) -> str:
    """The unit of a column's amounts for an instance; an effect has the unit of what it adds to, and none here."""
    units = instance.settings.units
    named: dict[str, str] = {"quantity": units.quantity, "price": units.price, "money": units.money}
    return named.get(column.kind, "")


@dataclass
class Plan:
    """A plan: ``summary`` is what plan.json says, ``tables`` the rows; a table is an attribute too (``plan.orders``).

    Amounts are in the instance's quantity, price and money units.
    """

    summary: dict[str, Any]
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)

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
        return cls(summary, tables)


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
