"""Rows one by one, with Pyomo's own linear walker: for what has no template, and for single rows that were changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyomo.core.base import value
from pyomo.repn.linear import LinearRepnVisitor


class VectorError(ValueError):
    """A model that is not linear, not finite, or has what is no row, column or objective."""


NOT_FINITE = "{} has a coefficient or constant that is not a finite number"


@dataclass(frozen=True)
class Row:
    """lower <= sum of coefficient * slot <= upper."""

    slots: list[int]
    coefficients: list[float]
    lower: float
    upper: float


class Walker:
    """Walks expressions; ``slot`` gives the slot of a variable.  Fixed variables are folded into constants by Pyomo."""

    def __init__(self, slot: Callable[[Any], int]) -> None:
        self._slot = slot
        self.var_map: dict[int, Any] = {}
        self._slots: dict[int, int] = {}
        self._visitor = LinearRepnVisitor({}, var_recorder=self)

    def add(self, variable: Any) -> None:
        """Called by Pyomo's walker for a variable that it has not seen."""
        self.var_map[id(variable)] = variable
        self._slots[id(variable)] = self._slot(variable)

    def linear(self, expression: Any, name: str) -> tuple[list[int], list[float], float]:
        """Slots, coefficients and constant of an expression.  Raises VectorError."""
        repn = self._visitor.walk_expression(expression)
        if repn.nonlinear is not None:
            raise VectorError(f"{name} is not linear")
        slots = [self._slots[v] for v in repn.linear]
        return slots, [_number(c, name) for c in repn.linear.values()], _number(repn.constant, name)

    def row(self, constraint: Any) -> Row | None:
        """A row, None where it has no bounds.  Raises VectorError."""
        low, body, high = constraint.to_bounded_expression()
        lower, upper = _bound(low, -np.inf, constraint), _bound(high, np.inf, constraint)
        if lower == -np.inf and upper == np.inf:
            return None
        slots, coefficients, constant = self.linear(body, constraint.name)
        return Row(slots, coefficients, lower - constant, upper - constant)


def _number(given: Any, name: str) -> float:
    try:
        number = float(given)
    except (TypeError, ValueError):
        number = np.nan
    if not np.isfinite(number):
        raise VectorError(NOT_FINITE.format(name))
    return number


def _bound(given: Any, missing: float, constraint: Any) -> float:
    number = missing if given is None else float(value(given))
    if np.isnan(number):
        raise VectorError(f"constraint {constraint.name} has a bound that is not a number")
    return number
