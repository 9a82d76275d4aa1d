"""Pyomo model -> arrays: the interface behind which the compilation can change."""

from __future__ import annotations

from typing import Any

from stockpile.errors import SolverError
from stockpile.vector import Arrays as Compiled
from stockpile.vector import VectorError, compile_arrays
from stockpile.vector.arrays import Floats, Ints


def compile_model(model: Any) -> Compiled:
    """Compile a linear Pyomo model: columns are its variables that are not fixed, in the order of declaration.

    Fixed variables are folded into constants.  A row without variables is dropped if it holds, otherwise kept as an
    empty row that no plan can satisfy.  The named costs are the elements of the indexed Expression ``model.cost``, if
    there is one.  Raises SolverError for what is not linear, not finite or not a row, column or objective.
    """
    try:
        return compile_arrays(model)
    except VectorError as error:
        raise SolverError(str(error)) from None


__all__ = ["Compiled", "Floats", "Ints", "compile_model"]
