"""What every block of the audit works with: the instance on the tree, the plan's tables, the book."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from stockpile.instance import Instance
from stockpile.plan.auditing.book import Book, Bools, Floats, Ints, Key, Rule
from stockpile.plan.auditing.grid import Grid, Reader
from stockpile.plan.auditing.view import View
from stockpile.plan.plan import Plan
from stockpile.tree import Tree

#: Tables are rounded to 9 decimals, so a product with a price is known to 1e-9 of the price: this times the tolerance.
ROUNDED = 1e-3

#: Payment classes and the use of a fund under which each falls.
USES = {
    "purchases": "purchases",
    "order_charges": "purchases",
    "duties": "purchases",
    "contracts": "purchases",
    "storage": "storage",
    "transfers": "storage",
    "disposal": "storage",
    "rotation_charges": "storage",
    "overtime": "operations",
    "processing": "processing",
    "projects": "projects",
    "exit_costs": "projects",
    "guarantees": "projects",
    "price_floors": "projects",
    "incentives": "projects",
}

#: Name of the fund that stands in where an instance has no funds table.
IMPLICIT = "unlimited"


class Case:
    """An instance, its tree and a plan under audit; arrays are (keys, nodes), amounts per period in the instance's units."""

    def __init__(self, instance: Instance, tree: Tree, plan: Plan, book: Book) -> None:
        self.instance, self.tree, self.plan, self.book = instance, tree, plan, book
        self.reader = Reader(plan, tree, instance.calendar.labels, book)
        self.quantity = instance.settings.units.quantity
        self.money = instance.settings.units.money
        self.price = instance.settings.units.price
        self.last = len(instance.calendar.labels) - 1
        self._back: dict[int, Ints] = {}

    def view(self, table: str) -> View:
        """A table of the instance.  Raises KeyError."""
        found: View = self.instance.kept(("audit", table), lambda: View(self.instance, table))
        return found

    @property
    def period(self) -> Ints:
        """(nodes,) period of every node."""
        return self.tree.period

    @cached_property
    def goods(self) -> View:
        """The goods table."""
        return self.view("goods")

    @cached_property
    def good_at(self) -> dict[str, int]:
        """Row of every good."""
        return {str(g): i for i, g in enumerate(self.goods["good"])}

    @cached_property
    def good_keys(self) -> list[Key]:
        """Keys of the goods."""
        return [(g,) for g in self.good_at]

    @cached_property
    def weight(self) -> Floats:
        """(nodes,) probability times discount."""
        weight: Floats = self.tree.probability * self.instance.discount[self.period]
        return weight

    @cached_property
    def final_weight(self) -> Floats:
        """(leaves,) probability times discount at the end of the horizon."""
        leaves = self.tree.leaves
        weight: Floats = self.tree.probability[leaves] * self.instance.discount[self.last + 1]
        return weight

    def rule(self, family: str, grid: Grid | str, keys: Sequence[Key], unit: str, words: str) -> Rule:
        """A family of rows; a breach points to the table of ``grid``."""
        return Rule(family, grid if isinstance(grid, str) else grid.table.name, keys, unit, words)

    def never(self, rule: Rule, amount: Floats, where: Bools) -> None:
        """Nothing of an amount where it is forbidden."""
        self.book.at_most(replace(rule, binds=False), amount, np.zeros(1), where=where)

    def spread(self, by_period: Floats) -> Floats:
        """(..., T) by period, or (..., columns) by period and scenario -> (..., nodes)."""
        return self.tree.spread(by_period)

    def series(self, table: str, column: str, fill: float, keys: Iterable[Key]) -> Floats:
        """(keys, nodes) what is in force of a column; ``fill`` where no row is, NaN where the cell is blank."""
        wanted = list(keys)
        found, values = self.instance.series(table, column, fill)
        place = {tuple(key): i for i, key in enumerate(found)}
        out = np.full((len(wanted), self.instance.columns), fill)
        for i, key in enumerate(wanted):
            if key in place:
                out[i] = values[place[key]]
        return self.spread(out)

    def back(self, lag: int) -> Ints:
        """(nodes,) the node ``lag`` periods back, negative before the root."""
        if lag not in self._back:
            self._back[lag] = self.tree.ancestor(lag)
        return self._back[lag]

    def earlier(self, values: Floats, lag: int) -> Floats:
        """(..., nodes) the value ``lag`` periods back on the path, 0 before the root."""
        back = self.back(lag)
        return np.where(back >= 0, values[..., np.maximum(back, 0)], 0.0)

    def earlier_by_row(self, values: Floats, lags: Ints) -> Floats:
        """The same with a lag of its own for every row."""
        out = np.zeros_like(values)
        for lag in np.unique(lags):
            out[lags == lag] = self.earlier(values[lags == lag], int(lag))
        return out

    def before(self, values: Floats, start: Any = 0.0) -> Floats:
        """(keys, nodes) value at the parent; ``start`` before the root."""
        parent = self.tree.parent
        first = np.broadcast_to(np.asarray(start, dtype=np.float64).reshape(-1, 1), values.shape)
        return np.where(parent >= 0, values[:, np.maximum(parent, 0)], first)

    def so_far(self, values: Floats) -> Floats:
        """(keys, nodes) sum over the path up to and with the node."""
        if not self.tree.branches:
            return np.cumsum(values, axis=1)
        out = values.copy()
        for n, parent in enumerate(self.tree.parent):
            if parent >= 0:
                out[:, n] += out[:, parent]
        return out

    def total(self, values: Floats, member: Ints, groups: int) -> Floats:
        """(groups, nodes) sums of rows by the group that each is a member of."""
        out = np.zeros((groups, len(self.tree)))
        np.add.at(out, member, values)
        return out

    def not_negative(self, grid: Grid, *columns: str) -> None:
        """Every amount of these columns is at least 0."""
        for column in columns if grid.present.any() else ():
            amount = grid.amount(column)
            kind = {c.name: c.kind for c in grid.table.columns}[column]
            units = self.instance.settings.units
            named = {"money": self.money, "energy": units.energy, "emissions": units.emissions}
            rule = self.rule(
                f"{grid.table.name}.{column} >= 0",
                grid,
                grid.keys,
                named.get(kind, self.quantity),
                f"{grid.table.name} of {' '.join(f'{{{i}}}' for i in range(len(grid.table.key)))}: "
                f"{column} is negative, {{left}}",
            )
            self.book.at_least(replace(rule, binds=False), amount, np.zeros(1), where=grid.present)
