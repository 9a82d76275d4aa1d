"""A linear model as arrays, and the way back from columns and rows to the names of the model."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from pyomo.core.base.var import IndexedVar, VarData

from stockpile.vector.columns import Columns, row_names

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rowset:
    """Where the rows of a family come from: their constraint, and their positions in it (None: all, in order).

    ``turned`` marks, by position, rows that stand the other way round than the rule (None: none).
    """

    component: Any
    place: npt.NDArray[np.int64] | None
    turned: Flags | None = None


@dataclass(frozen=True)
class Origin:
    """Where columns and rows come from.  ``number`` maps a slot to its column, -1 where fixed; None: the same."""

    columns: Columns
    number: Ints | None
    rows: dict[str, Rowset]


@dataclass
class Arrays:
    """min (or max) cost @ x + offset  subject to  row_lower <= A x <= row_upper,  lower <= x <= upper.

    Row i of A has the columns ``index[start[i]:start[i + 1]]`` with the coefficients ``value`` of the same slice;
    every column occurs at most once in a row.  Missing bounds are infinite.  ``costs`` splits the objective by name
    into (columns, coefficients or None where they are those of the objective, constant).  ``families`` gives the rows of each constraint of the model.  All numbers
    are in the model's units.
    """

    cost: Floats
    offset: float
    lower: Floats
    upper: Floats
    integer: Flags
    row_lower: Floats
    row_upper: Floats
    start: Ints
    index: Ints
    value: Floats
    costs: dict[str, tuple[Ints, Floats | None, float]]
    families: dict[str, range]
    maximise: bool
    origin: Origin = field(repr=False)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.lower)

    @property
    def nonzeros(self) -> int:
        """Number of coefficients in the rows."""
        return len(self.index)

    def objective(self, x: Floats) -> float:
        """The objective at x, in the model's units."""
        return float(self.cost @ x) + self.offset

    def cost_values(self, x: Floats) -> dict[str, float]:
        """Each named cost at x, in the model's units."""
        parts = self.costs.items()
        return {n: float((self.cost[at] if value is None else value) @ x[at]) + c for n, (at, value, c) in parts}

    def activity(self, x: Floats) -> Floats:
        """The value of every row at x."""
        row = np.repeat(np.arange(self.rows), np.diff(self.start))
        return np.bincount(row, self.value * x[self.index], self.rows).astype(np.float64)

    def _slots_of(self, var: Any) -> npt.NDArray[np.int64]:
        """Slots of a variable in the order of its index set.  Raises KeyError for one that is not part of the model."""
        columns = self.origin.columns
        if isinstance(var, VarData) and not isinstance(var, IndexedVar) and var.parent_component() is not var:
            if not columns.knows(var.parent_component()):
                raise KeyError(var.name)
            return np.array([columns.slot(var)], dtype=np.int64)
        if not columns.knows(var):
            raise KeyError(var.name)
        return columns.range_of(var)

    def columns_of(self, var: Any) -> Ints:
        """The columns of a variable in the order of its index set, -1 where it is fixed.

        Raises KeyError for a variable that is not part of the model.
        """
        slots = self._slots_of(var)
        number = self.origin.number
        return slots.astype(np.int32) if number is None else number[slots]

    def read(self, var: Any, x: Floats) -> Floats:
        """The values of a variable at x in the order of its index set; a fixed one has the value it was compiled with.

        Raises KeyError for a variable that is not part of the model.
        """
        slots = self._slots_of(var)
        if self.origin.number is None:
            return x[slots]
        column = self.origin.number[slots]
        return np.where(column >= 0, x[np.maximum(column, 0)] if len(x) else 0.0, self.origin.columns.fixed[slots])

    def load(self, x: Floats) -> None:
        """Give the variables of the model their values at x; elements of lazy variables that come later get none."""
        for var, first, count in self.origin.columns.variables:
            values = self.read(var, x) if isinstance(var, IndexedVar) else self._one(first, x)
            elements = var.values() if isinstance(var, IndexedVar) else [var]
            for element, value in zip(elements, values[:count], strict=True):
                element.set_value(float(value), skip_validation=True)

    def _one(self, slot: int, x: Floats) -> Floats:
        number = self.origin.number
        column = slot if number is None else int(number[slot])
        return np.array([x[column] if column >= 0 else self.origin.columns.fixed[slot]])

    def by_index(self, family: str, values: Floats, signed: bool = False) -> Floats:
        """Values of rows over the index set of a family, in its order; NaN where there is no row.

        Where ``signed``, the sign of rows that stand the other way round than the rule is changed.
        """
        rows, origin = self.families[family], self.origin.rows[family]
        size = len(rows) if origin.place is None else len(origin.component.index_set())
        out = np.full(size, np.nan)
        out[slice(None) if origin.place is None else origin.place] = values[rows.start : rows.stop]
        if signed and origin.turned is not None:
            out = np.where(origin.turned, -out, out)
        return out

    @cached_property
    def column_names(self) -> list[str]:
        """The name of the variable of every column."""
        names, number = self.origin.columns.names(), self.origin.number
        return names if number is None else [name for name, column in zip(names, number, strict=True) if column >= 0]

    @cached_property
    def row_names(self) -> list[str]:
        """The name of the constraint of every row."""
        tables = self.origin.columns.tables
        return [name for rows in self.origin.rows.values() for name in row_names(tables, rows.component, rows.place)]
