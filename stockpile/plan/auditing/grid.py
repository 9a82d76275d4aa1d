"""Plan tables -> dense arrays over (key, node), with every fault of form: names, numbers, rows, labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpile.plan.auditing.book import WORDED, Book, Bools, Floats, Ints, Key, Rule
from stockpile.plan.plan import TABLES, Plan, Table
from stockpile.tree import Tree

#: A table of a plan: the cells of every declared column, numbers where it has amounts.
Columns = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Grid:
    """One table placed on its keys and the nodes; a row that names something unknown is in no place (and a breach)."""

    table: Table
    columns: Columns
    keys: Sequence[Key]
    row: Ints
    node: Ints
    record: Ints
    present: Bools

    def amount(self, name: str) -> Floats:
        """(keys, nodes) a column of amounts, 0 where the table has no row."""
        values = self.columns[name][self.record]
        out = np.zeros(self.present.shape)
        np.add.at(out, (self.row, self.node), np.where(np.isfinite(values), values, 0.0))
        return out


@cache
def _empty(name: str) -> Columns:
    """A table without rows; one for all audits, so never to be changed."""
    return {c.name: np.empty(0, dtype=np.float64 if c.is_amount else object) for c in TABLES[name].columns}


def _read(table: Table, frame: pd.DataFrame) -> Columns:
    """The declared columns that the table has."""
    cells = {str(name): column for name, column in frame.items()}
    return {
        c.name: pd.to_numeric(cells[c.name], errors="coerce").to_numpy(dtype=np.float64)
        if c.is_amount
        else cells[c.name].to_numpy(dtype=object)
        for c in table.columns
        if c.name in cells
    }


class Reader:
    """Reads the tables of a plan against a tree; faults of form go to the book."""

    def __init__(self, plan: Plan, tree: Tree, periods: Sequence[str], book: Book) -> None:
        self.plan, self.tree, self.book = plan, tree, book
        self.periods = np.array(list(periods), dtype=object)
        self._node: dict[object, int] = {label: n for n, label in enumerate(tree.labels)}
        self._tables: dict[str, Columns] = {}

    def check_tables(self) -> None:
        """Tables and columns that are missing or unknown, and amounts that are no numbers."""
        for name in [*TABLES, *(n for n in self.plan.tables if n not in TABLES)]:
            table, frame = TABLES.get(name), self.plan.tables.get(name)
            if table is None:
                self.book.fault(name, f"{name} is not a table of a plan")
            elif frame is None:
                self.book.fault(name, f"the table {name} is missing")
            else:
                for column in [c for c in table.names if c not in frame.columns]:
                    self.book.fault(name, f"the table {name} has no column {column}")
                for column in [str(c) for c in frame.columns if c not in table.names]:
                    self.book.fault(name, f"{column} is not a column of the table {name}")
                if len(frame):
                    self._tables[name] = _read(table, frame)
                    self._check_numbers(table, self._tables[name])

    def _check_numbers(self, table: Table, cells: Columns) -> None:
        """Every amount is a finite number."""
        for column in table.columns:
            if column.is_amount and column.name in cells:
                values = cells[column.name]
                bad = np.flatnonzero(~np.isfinite(values))
                self.book.rows += len(values)
                for record in self.limited(table, bad, f"{column.name} is not a number"):
                    self.book.fault(table.name, f"record {record + 2} of {table.name}: {column.name} is not a number")

    def limited(self, table: Table, found: Ints, what: str) -> list[int]:
        """The first of many faults; the others get one line together."""
        if len(found) > WORDED:
            self.book.fault(table.name, f"{len(found) - WORDED} more rows of {table.name}: {what}", rows=len(found))
        return [int(i) for i in found[:WORDED]]

    def grid(self, name: str, keys: Sequence[Key]) -> Grid:
        """A table on its ``keys`` (tuples in the order of the table's key columns) and the nodes.

        What is missing of it is read as empty: a breach already.
        """
        table, cells = TABLES[name], self._tables.get(name, {})
        if len(cells) < len(table.columns):
            cells = _empty(name)
        if not len(cells["node"]) and not table.dense:
            none, nowhere = np.zeros(0, dtype=np.int64), np.zeros((len(keys), len(self.tree.labels)), dtype=bool)
            return Grid(table, cells, keys, none, none, none, nowhere)
        node = self._codes(table, cells, "node", self._node, "the tree has no such node")
        row = self._rows(table, cells, keys)
        record = np.flatnonzero((node >= 0) & (row >= 0))
        grid = self._placed(table, cells, keys, (row[record], node[record], record))
        self.labels(grid, "period", lambda k, n: self.periods[self.tree.period[n]], "is not the period of the node")
        return grid

    def _codes(self, table: Table, cells: Columns, column: str, known: dict[object, int], why: str) -> Ints:
        """Position of every cell among the known names, -1 (and a breach) for an unknown one."""
        codes, found = pd.factorize(cells[column])
        place = np.array([known.get(value, -1) for value in found] + [-1], dtype=np.int64)
        out: Ints = place[codes]
        for record in self.limited(table, np.flatnonzero(out < 0), f"unknown {column}"):
            text = f"record {record + 2} of {table.name}: {column} {str(cells[column][record])!r}: {why}"
            self.book.fault(table.name, text)
        return out

    def _rows(self, table: Table, cells: Columns, keys: Sequence[Key]) -> Ints:
        """Position of every row's key among ``keys``, -1 (and a breach) where there is none."""
        rows = len(cells["node"])
        code, known_code = np.zeros(rows, dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
        unknown = np.zeros(rows, dtype=bool)
        for i, column in enumerate(table.key):
            names: dict[object, int] = {value: j for j, value in enumerate(dict.fromkeys(key[i] for key in keys))}
            own = self._codes(table, cells, column, names, "the instance has no such one here")
            unknown |= own < 0
            code = code * len(names) + own
            known_code = known_code * len(names) + np.array([names[key[i]] for key in keys], dtype=np.int64)
        order = np.argsort(known_code, kind="stable")
        place = np.searchsorted(known_code, code, sorter=order)
        row = order[np.minimum(place, len(keys) - 1)] if len(keys) else np.full(rows, -1, dtype=np.int64)
        matches = known_code[row] == code if len(keys) else np.zeros(rows, dtype=bool)
        for record in self.limited(table, np.flatnonzero(~unknown & ~matches), "unknown combination"):
            text = ", ".join(str(cells[column][record]) for column in table.key)
            self.book.fault(table.name, f"record {record + 2} of {table.name}: the instance does not combine {text}")
        return np.where(unknown | ~matches, -1, row)

    def _placed(self, table: Table, cells: Columns, keys: Sequence[Key], place: tuple[Ints, Ints, Ints]) -> Grid:
        """The grid; rows that stand twice are breaches, and in a dense table rows that are missing."""
        row, node, record = place
        count = np.zeros((len(keys), len(self.tree)), dtype=np.int64)
        np.add.at(count, (row, node), 1)
        whole = table.dense and table.name in self.plan.tables
        for wrong, what in ((count > 1, "stands twice"), (whole & (count == 0), "is missing")):
            found = np.argwhere(wrong)
            for i in self.limited(table, np.arange(len(found), dtype=np.int64), what):
                text = " ".join(str(part) for part in keys[found[i, 0]])
                self.book.fault(table.name, f"the row of {text} in {table.name} {what}", self.tree.labels[found[i, 1]])
        self.book.rows += len(cells["node"])
        return Grid(table, cells, keys, row, node, record, count > 0)

    def labels(
        self, grid: Grid, column: str, expected: Callable[[Ints, Ints], npt.NDArray[np.object_]], why: str
    ) -> None:
        """A text column says, in every row, what ``expected`` gives for its key and node."""
        written = grid.columns[column].astype(object)[grid.record]
        wanted = expected(grid.row, grid.node)
        wrong = np.flatnonzero(written != wanted)
        name = grid.table.name
        for i in self.limited(grid.table, wrong, f"{column} {why}"):
            text = " ".join(str(part) for part in grid.keys[grid.row[i]])
            self.book.fault(
                name,
                f"{name} of {text}: {column} {str(written[i])!r} {why}; it should be {str(wanted[i])!r}",
                self.tree.labels[grid.node[i]],
            )

    def cells(self, grid: Grid, column: str, expected: Floats, unit: str, words: str) -> None:
        """An amount given per row (a price) is, where the table has a row, what the instance says."""
        rule = Rule(f"{grid.table.name}.{column}", grid.table.name, grid.keys, unit, words)
        self.book.equal(rule, np.where(grid.present, grid.amount(column), 0.0), expected, where=grid.present)
