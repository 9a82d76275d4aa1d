"""A linear model as arrays, and the way back from columns and rows to the names of the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@dataclass
class Origin:
    """Where columns and rows come from: the model's variables and constraints in column and row order.

    ``number`` maps the id of a variable to its column, ``fixed`` the id of a fixed variable to its value.
    """

    variables: Sequence[Any]
    constraints: Sequence[Any]
    number: dict[int, int]
    fixed: dict[int, float]


@dataclass
class Compiled:
    """min (or max) cost @ x + offset  subject to  row_lower <= A x <= row_upper,  lower <= x <= upper.

    Row i of A has the columns ``index[start[i]:start[i + 1]]`` with the coefficients ``value`` of the same slice;
    every column occurs at most once in a row.  Missing bounds are infinite.  ``costs`` splits the objective by name
    into (vector over columns, constant).  ``families`` gives the rows of each constraint of the model.  All numbers
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
    costs: dict[str, tuple[Floats, float]]
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
        return {name: float(vector @ x) + constant for name, (vector, constant) in self.costs.items()}

    def activity(self, x: Floats) -> Floats:
        """The value of every row at x."""
        row = np.repeat(np.arange(self.rows), np.diff(self.start))
        return np.bincount(row, self.value * x[self.index], self.rows).astype(np.float64)

    def columns_of(self, var: Any) -> Ints:
        """The columns of a variable in the order of its index set, -1 where it is fixed.

        Raises KeyError for a variable that is not part of the model.
        """
        number, fixed = self.origin.number, self.origin.fixed
        return np.fromiter((-1 if id(v) in fixed else number[id(v)] for v in members(var)), np.int32)

    def read(self, var: Any, x: Floats) -> Floats:
        """The values of a variable at x in the order of its index set; a fixed one has the value it was compiled with.

        Raises KeyError for a variable that is not part of the model.
        """
        number, fixed = self.origin.number, self.origin.fixed
        given = (fixed[id(v)] if id(v) in fixed else x[number[id(v)]] for v in members(var))
        return np.fromiter(given, np.float64)

    def column_name(self, j: int) -> str:
        """The name of the variable of column j."""
        return str(self.origin.variables[j].name)

    def row_name(self, i: int) -> str:
        """The name of the constraint of row i."""
        return str(self.origin.constraints[i].name)


def members(var: Any) -> list[Any]:
    """The elements of a variable in the order of its index set; a scalar or a single element is its own only one."""
    if not hasattr(var, "index_set"):
        return [var]
    return [var[index] for index in var.index_set()]
