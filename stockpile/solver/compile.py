"""Pyomo model -> arrays, with Pyomo's own linear walker.

Pyomo's LinearStandardFormCompiler does not fit: it splits rows with two bounds, drops variables that occur nowhere and
ends with an exception where a row without variables is violated.  The walker inside it is used here directly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pyomo.common.gc_manager import PauseGC
from pyomo.core.base import (
    Block,
    Constraint,
    Expression,
    ExternalFunction,
    Objective,
    Param,
    RangeSet,
    Set,
    Suffix,
    Var,
    maximize,
    value,
)
from pyomo.network import Port
from pyomo.repn.linear import LinearRepnVisitor
from pyomo.repn.util import categorize_valid_components

from stockpile.errors import SolverError
from stockpile.solver.arrays import Compiled, Flags, Floats, Ints, Origin, members

KNOWN = {Block, Constraint, Expression, ExternalFunction, Objective, Param, Port, RangeSet, Set, Suffix, Var}
CONSTANT_TOLERANCE = 1e-9
"""How far a row without variables may miss its bound, relative to the bound where that is above 1."""
NOT_FINITE = "{} has a coefficient or constant that is not a finite number"


def compile_model(model: Any) -> Compiled:
    """Compile a linear Pyomo model: columns are its variables that are not fixed, in the order of declaration.

    Fixed variables are folded into constants.  A row without variables is dropped if it holds, otherwise kept as an
    empty row that no plan can satisfy.  The named costs are the elements of the indexed Expression ``model.cost``, if
    there is one.  Raises SolverError for what is not linear, not finite or not a row, column or objective.
    """
    with PauseGC():
        return _compile(model)


def _compile(model: Any) -> Compiled:
    _refuse_unknown_components(model)
    columns = _Columns()
    for var in model.component_objects(Var, active=True):
        columns.add_all(members(var))
    visitor = LinearRepnVisitor({}, var_recorder=columns)
    costs = _named_costs(model, visitor, columns)
    objective, maximise = _objective(model, visitor)
    rows = _Rows(visitor, columns)
    families = rows.add_families(model)
    lower, upper, integer = _bounds(columns.variables)
    count = len(columns.variables)
    return Compiled(
        cost=_dense(objective, columns, count),
        offset=objective.constant,
        lower=lower,
        upper=upper,
        integer=integer,
        row_lower=np.array(rows.lower, np.float64),
        row_upper=np.array(rows.upper, np.float64),
        start=np.array(rows.start, np.int32),
        index=np.array(rows.index, np.int32),
        value=rows.values(),
        costs={name: (_dense(part, columns, count), part.constant) for name, part in costs.items()},
        families=families,
        maximise=maximise,
        origin=Origin(columns.variables, rows.constraints, columns.number, columns.fixed),
    )


def _refuse_unknown_components(model: Any) -> None:
    _, unknown = categorize_valid_components(model, active=True, valid=KNOWN)
    if unknown:
        names = sorted(component.name for components in unknown.values() for component in components)
        raise SolverError(f"not linear rows, columns or objectives: {', '.join(names)}")


class _Columns:
    """Numbers the variables.  It is also the recorder to which Pyomo's walker brings variables it has not seen."""

    def __init__(self) -> None:
        self.variables: list[Any] = []
        self.number: dict[int, int] = {}
        self.fixed: dict[int, float] = {}
        self.var_map: dict[int, Any] = {}

    def add_all(self, variables: Iterable[Any]) -> None:
        for v in variables:
            if v.fixed:
                if v.value is None:
                    raise SolverError(f"variable {v.name} is fixed but has no value")
                self.fixed[id(v)] = float(v.value)
            elif id(v) not in self.number:
                self.number[id(v)] = len(self.variables)
                self.variables.append(v)
                self.var_map[id(v)] = v

    def add(self, variable: Any) -> None:
        """Called by the walker for a variable of another model or of an inactive block."""
        self.add_all(members(variable.parent_component()))


@dataclass
class _Linear:
    """constant + sum of coefficient * variable, variables by their id."""

    constant: float
    coefficients: dict[int, float]


def _walk(visitor: Any, expression: Any, owner: Any) -> _Linear:
    repn = visitor.walk_expression(expression)
    if repn.nonlinear is not None:
        raise SolverError(f"{owner.name} is not linear")
    coefficients = repn.linear
    if not all(type(c) is float for c in coefficients.values()):
        coefficients = {v: _number(c, owner) for v, c in coefficients.items()}
    return _Linear(_number(repn.constant, owner), coefficients)


def _number(given: Any, owner: Any) -> float:
    try:
        number = float(given)
    except (TypeError, ValueError):
        number = np.nan
    if not np.isfinite(number):
        raise SolverError(NOT_FINITE.format(owner.name))
    return number


def _named_costs(model: Any, visitor: Any, columns: _Columns) -> dict[str, _Linear]:
    cost = model.component("cost")
    if cost is None or cost.ctype is not Expression or not cost.is_indexed():
        return {}
    return {str(name): _walk(visitor, cost[name], cost[name]) for name in cost}


def _objective(model: Any, visitor: Any) -> tuple[_Linear, bool]:
    objectives = list(model.component_data_objects(Objective, active=True))
    if len(objectives) > 1:
        raise SolverError(f"the model has {len(objectives)} active objectives: {', '.join(o.name for o in objectives)}")
    if not objectives:
        return _Linear(0.0, {}), False
    (objective,) = objectives
    return _walk(visitor, objective.expr, objective), objective.sense == maximize


def _dense(linear: _Linear, columns: _Columns, count: int) -> Floats:
    vector = np.zeros(count)
    for identity, coefficient in linear.coefficients.items():
        vector[columns.number[identity]] = coefficient
    if not np.isfinite(vector).all():
        raise SolverError(NOT_FINITE.format("the objective"))
    return vector


@dataclass
class _Rows:
    """Collects the rows in the order of declaration."""

    visitor: Any
    columns: _Columns
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    start: list[int] = field(default_factory=lambda: [0])
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    constraints: list[Any] = field(default_factory=list)

    def add_families(self, model: Any) -> dict[str, range]:
        families: dict[str, range] = {}
        for component in model.component_objects(Constraint, active=True):
            first = len(self.lower)
            for constraint in component.values():
                if constraint.active:
                    self.add(constraint)
            families[component.name] = range(first, len(self.lower))
        return families

    def values(self) -> Floats:
        """The coefficients, all finite."""
        array = np.array(self.value, np.float64)
        wrong = np.flatnonzero(~np.isfinite(array))
        if len(wrong):
            row = int(np.searchsorted(self.start, wrong[0], side="right")) - 1
            raise SolverError(NOT_FINITE.format(self.constraints[row].name))
        return array

    def add(self, constraint: Any) -> None:
        low, body, high = constraint.to_bounded_expression()
        lower, upper = _bound(low, -np.inf, constraint), _bound(high, np.inf, constraint)
        if lower == -np.inf and upper == np.inf:
            return
        linear = _walk(self.visitor, body, constraint)
        if not linear.coefficients and _holds(lower, linear.constant, upper):
            return
        number = self.columns.number
        self.index.extend([number[identity] for identity in linear.coefficients])
        self.value.extend(linear.coefficients.values())
        self.start.append(len(self.index))
        self.lower.append(lower - linear.constant)
        self.upper.append(upper - linear.constant)
        self.constraints.append(constraint)


def _bound(given: Any, missing: float, constraint: Any) -> float:
    number = missing if given is None else float(value(given))
    if np.isnan(number):
        raise SolverError(f"constraint {constraint.name} has a bound that is not a number")
    return number


def _holds(lower: float, constant: float, upper: float) -> bool:
    def slack(bound: float) -> float:
        return CONSTANT_TOLERANCE * max(1.0, abs(bound)) if np.isfinite(bound) else 0.0

    return lower - slack(lower) <= constant <= upper + slack(upper)


def _bounds(variables: list[Any]) -> tuple[Floats, Floats, Flags]:
    lower, upper = np.full(len(variables), -np.inf), np.full(len(variables), np.inf)
    integer = np.zeros(len(variables), np.bool_)
    for j, v in enumerate(variables):
        low, high = v.bounds
        lower[j] = -np.inf if low is None else low
        upper[j] = np.inf if high is None else high
        if not v.is_continuous():
            if not v.is_integer():
                raise SolverError(f"the domain of variable {v.name} is neither an interval nor its integers")
            integer[j] = True
    broken = np.flatnonzero(np.isnan(lower) | np.isnan(upper))
    if len(broken):
        raise SolverError(f"variable {variables[broken[0]].name} has a bound that is not a number")
    return lower, upper, integer


__all__ = ["Compiled", "Flags", "Floats", "Ints", "compile_model"]
