"""A linear program in small pieces, solved by the simplex of SCIP (SoPlex)."""

from __future__ import annotations

import math
from collections.abc import Iterable

from pyscipopt import LP

FEASTOL, DUALFEASTOL = 6, 7
"""Numbers of SCIP's LP parameters."""


class Sum:
    """A linear expression: coefficients by column and a constant."""

    __slots__ = ("constant", "terms")

    def __init__(self, constant: float = 0.0) -> None:
        self.constant = constant
        self.terms: dict[int, float] = {}

    def add(self, column: int, factor: float = 1.0) -> Sum:
        """Add a column."""
        if factor:
            self.terms[column] = self.terms.get(column, 0.0) + factor
        return self

    def plus(self, other: Sum, factor: float = 1.0) -> Sum:
        """Add another expression."""
        self.constant += factor * other.constant
        for column, value in other.terms.items():
            self.add(column, factor * value)
        return self

    @property
    def empty(self) -> bool:
        """Whether it is zero by itself."""
        return not self.terms and not self.constant


def total(parts: Iterable[int]) -> Sum:
    """The sum of some columns."""
    result = Sum()
    for column in parts:
        result.add(column)
    return result


class Program:
    """Columns at least 0, rows between two numbers, and a cost to make least."""

    def __init__(self) -> None:
        self.cost = Sum()
        self.upper: list[float] = []
        self.entries: list[tuple[Sum, float, float]] = []

    def column(self, upper: float = math.inf) -> int:
        """A new column between 0 and ``upper``."""
        self.upper.append(upper)
        return len(self.upper) - 1

    def row(self, expression: Sum, low: float = -math.inf, high: float = math.inf) -> None:
        """Keep an expression between two numbers."""
        self.entries.append((expression, low, high))

    def zero(self, expression: Sum) -> None:
        """Keep an expression at zero."""
        self.row(expression, 0.0, 0.0)

    def best(self) -> float:
        """The least cost: inf where nothing keeps the rows, -inf where it falls without end."""
        kept = [r for r in self.entries if r[0].terms]
        if any(not low - 1e-9 <= bare.constant <= high + 1e-9 for bare, low, high in self.entries if not bare.terms):
            return math.inf
        if any(low > high + 1e-9 for _, low, high in kept):
            return math.inf
        if not self.upper:
            return self.cost.constant
        least = self._solve(kept, with_cost=True)
        if least is not None:
            return least
        return math.inf if self._solve(kept, with_cost=False) is None else -math.inf

    def _solve(self, kept: list[tuple[Sum, float, float]], with_cost: bool) -> float | None:
        """The optimum, None where there is none."""
        lp = LP("oracle", "minimize")
        end = lp.infinity()
        lp.setRealParam(FEASTOL, 1e-9)
        lp.setRealParam(DUALFEASTOL, 1e-9)
        for j, upper in enumerate(self.upper):
            lp.addCol([], obj=self.cost.terms.get(j, 0.0) if with_cost else 0.0, lb=0.0, ub=min(upper, end))
        for expression, low, high in kept:
            shift = expression.constant
            lp.addRow(list(expression.terms.items()), max(low - shift, -end), min(high - shift, end))
        lp.solve(True)
        return float(lp.getObjVal()) + self.cost.constant if lp.isOptimal() else None
