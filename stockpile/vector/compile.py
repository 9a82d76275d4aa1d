"""A linear Pyomo model -> arrays: families by their templates, the rest row by row."""

from __future__ import annotations

import math
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
)
from pyomo.core.base.constraint import ConstraintData
from pyomo.core.expr import numeric_expr as ne
from pyomo.core.expr.relational_expr import EqualityExpression, InequalityExpression, RangedExpression
from pyomo.network import Port
from pyomo.repn.util import categorize_valid_components

from stockpile.vector import components
from stockpile.vector.arrays import Arrays, Origin, Rowset
from stockpile.vector.assemble import (
    Family,
    assemble,
    drop,
    flip,
    fold_fixed,
    from_rows,
    joined,
    merge,
    needless,
    without_terms,
)
from stockpile.vector.columns import Columns
from stockpile.vector.components import LazyExpressionData
from stockpile.vector.evaluate import Evaluator
from stockpile.vector.tables import Tables
from stockpile.vector.template import LOG, Untemplatable, template_of
from stockpile.vector.values import Linear, add, scale
from stockpile.vector.walk import NOT_FINITE, Row, VectorError, Walker

KNOWN = {Block, Constraint, Expression, ExternalFunction, Objective, Param, Port, RangeSet, Set, Suffix, Var}
#: The longest row that is compared with what the rule itself says.
LONGEST_CHECKED = 50


def compile_arrays(model: Any) -> Arrays:
    """Compile a model.  Raises VectorError for what is not linear, not finite, or no row, column or objective."""
    with PauseGC():
        return _Compiler(model).arrays()


class _Compiler:
    """The compilation of one model."""

    def __init__(self, model: Any) -> None:
        _, unknown = categorize_valid_components(model, active=True, valid=KNOWN)
        if unknown:
            names = sorted(c.name for found in unknown.values() for c in found)
            raise VectorError(f"not linear rows, columns or objectives: {', '.join(names)}")
        self.model = model
        self.tables = Tables()
        self.columns = Columns(model, self.tables)
        self.evaluator = Evaluator(self.columns, self.tables)
        self.walker = Walker(self.columns.slot)
        self.parts: dict[int, tuple[Any, tuple[Any, Any, float]]] = {}

    def arrays(self) -> Arrays:
        """All of it."""
        families: dict[str, Family] = {}
        sets: dict[str, Rowset] = {}
        for component in self.model.component_objects(Constraint, active=True, descend_into=True):
            family = self.family(component)
            families[component.name] = family
            sets[component.name] = Rowset(component, family.place, family.turned)
        (index, value, offset), maximise = self.objective()
        costs = self.named_costs()
        return self._finish(families, sets, (index, value, offset, maximise), costs)

    # --- rows -----------------------------------------------------------------------------------------------------

    def family(self, component: Any) -> Family:
        """The rows of a constraint."""
        if isinstance(component, components.Constraint):
            try:
                family = self._templated(component)
            except Untemplatable as reason:
                LOG.debug("%s is compiled row by row: %s", component.name, reason)
                family = self._one_by_one(component)
        else:
            family = self._one_by_one(component)
        if self.columns.any_fixed:
            fold_fixed(family, self.columns.fixed)
        drop(family, needless(family))
        return family

    def _templated(self, component: Any) -> Family:
        """All rows at once; then those that were changed or removed."""
        expression, placeholders = template_of(component.parent_block(), component._rule, component.index_set())
        (left, right), bounds = _sides(expression)
        given = [left, *([] if right is None else [right]), *(b for b in bounds if b is not None)]
        values, shape = self.evaluator.family(given, placeholders, component.index_set())
        rest = iter(values[1:] if right is None else values[2:])
        low, high = (next(rest) if b is not None else None for b in bounds)
        if isinstance(low, Linear) or isinstance(high, Linear):
            raise Untemplatable("a variable in a bound of a range")
        body = values[0] if right is None else add(values[0], scale(values[1], -1.0))
        family = assemble(body, low, high, shape, self.evaluator)
        if right is not None:
            flip(family, without_terms(values[0], shape, self.evaluator))
        self._check(component, family)
        return self._with_changes(component, family)

    def _check(self, component: Any, family: Family) -> None:
        """The first and the last row as the rule itself says them: a rule that looks at its index in a hidden way shows."""
        if family.rows and family.terms <= LONGEST_CHECKED:
            for at in {0, family.rows - 1}:
                index = self._index_at(component, at)
                if not self._is_row(family, at, component._rule(component.parent_block(), index)):
                    raise Untemplatable(f"its template does not give the row of {index!r}: the rule looks at its index")

    def _is_row(self, family: Family, at: int, comparison: Any) -> bool:
        """Whether a row of a family is a comparison as Pyomo reads it."""
        if comparison.__class__ is bool:
            return family.count[at] == 0 and bool(needless(family)[at]) is comparison
        if comparison.__class__ is tuple:
            probe = Constraint(expr=comparison)
            probe.construct()
            row = self.walker.row(probe)
        elif comparison.__class__ in (EqualityExpression, InequalityExpression, RangedExpression):
            row = self.walker.row(ConstraintData(expr=comparison))
        else:
            return False
        start = 0 if at == 0 else len(family.slots) - int(family.count[at])
        part = slice(start, start + int(family.count[at]))
        mine = dict(zip(family.slots[part].tolist(), family.values[part].tolist(), strict=True))
        low, high = float(family.lower[at]), float(family.upper[at])
        if self.columns.any_fixed:
            held = {s: self.columns.held[s] for s in mine if s in self.columns.held}
            moved = sum(mine.pop(s) * v for s, v in held.items())
            low, high = low - moved, high - moved
        theirs = {} if row is None else {s: c for s, c in zip(row.slots, row.coefficients, strict=True) if c}
        limits = (-math.inf, math.inf) if row is None else (row.lower, row.upper)
        return (
            mine.keys() == theirs.keys()
            and all(math.isclose(value, theirs[s], rel_tol=1e-9) for s, value in mine.items())
            and all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) for a, b in zip((low, high), limits, strict=True))
        )

    def _index_at(self, component: Any, at: int) -> Any:
        """The index at a position of an index set."""
        parts: list[Any] = []
        for table in reversed(self.tables.factors(component.index_set())):
            at, position = divmod(at, table.size)
            label = table.label(position)
            parts[:0] = list(label) if table.dimen > 1 else [label]
        return tuple(parts) if len(parts) != 1 else parts[0]

    def _with_changes(self, component: Any, family: Family) -> Family:
        changed, removed = component.changed(), component.removed()
        if not changed and not removed:
            return family
        position = {self._index_at(component, at): at for at in range(family.rows)}
        gone = np.zeros(family.rows, dtype=np.bool_)
        gone[[position[i] for i in [*changed, *removed] if i in position]] = True
        rows, places = [], []
        for index, data in changed.items():
            row = self.walker.row(data) if data._active else None
            if row is not None:
                rows.append(row)
                places.append(position[index])
        drop(family, gone)
        extra = from_rows(rows, places)
        merge(extra)
        return joined(family, extra)

    def _one_by_one(self, component: Any) -> Family:
        """Rows by Pyomo's walker."""
        rows: list[Row] = []
        places: list[int] = []
        lazy = isinstance(component, components.Constraint)
        position = {index: at for at, index in enumerate(component.index_set() if lazy else component.keys())}
        for index, data in component.items():
            row = self.walker.row(data) if data.active else None
            if row is not None:
                rows.append(row)
                places.append(position[index])
        family = from_rows(rows, places)
        merge(family)
        if (family.values == 0).any():
            _drop_zeros(family)
        return family

    # --- objective ------------------------------------------------------------------------------------------------

    def objective(self) -> tuple[tuple[Any, Any, float], bool]:
        """Slots, coefficients and constant of the one active objective, and whether it is maximised."""
        objectives = list(self.model.component_data_objects(Objective, active=True, descend_into=True))
        if len(objectives) > 1:
            names = ", ".join(o.name for o in objectives)
            raise VectorError(f"the model has {len(objectives)} active objectives: {names}")
        if not objectives:
            return (np.zeros(0, np.int32), np.zeros(0), 0.0), False
        (objective,) = objectives
        return self._sparse(objective.expr, objective.name), objective.sense == maximize

    def named_costs(self) -> dict[str, tuple[Any, Any, float]]:
        """The elements of the indexed Expression ``model.cost``, if there is one."""
        cost = self.model.component("cost")
        if cost is None or cost.ctype is not Expression or not cost.is_indexed():
            return {}
        return {str(name): self._sparse(cost[name], f"{cost.name}[{name}]") for name in cost}

    def _sparse(self, expression: Any, name: str) -> tuple[Any, Any, float]:
        """An expression as slots and coefficients, each slot once, and a constant."""
        slots, values, constant = [], [], 0.0
        for factor, part in _parts(expression, 1.0):
            s, v, c = self._part(part, name)
            slots.append(s)
            values.append(v if factor == 1.0 else v * factor)
            constant += c * factor
        index, value = (slots[0], values[0]) if len(slots) == 1 else _summed(slots, values)
        if self.columns.any_fixed:
            given = self.columns.fixed[index]
            held = ~np.isnan(given)
            constant += float(value[held] @ given[held])
            index, value = index[~held], value[~held]
        if not np.isfinite(value).all() or not np.isfinite(constant):
            raise VectorError(NOT_FINITE.format(name))
        return index, value, constant

    def _part(self, part: Any, name: str) -> tuple[Any, Any, float]:
        """One summand; those of lazy expressions are kept, since named costs are summands of the objective."""
        if id(part) not in self.parts:
            self.parts[id(part)] = (part, self._evaluated(part, name))
        return self.parts[id(part)][1]

    def _evaluated(self, part: Any, name: str) -> tuple[Any, Any, float]:
        if isinstance(part, LazyExpressionData) and part.untouched:
            component = part.parent_component()
            try:
                rule = component._rule
                return self._template_sum(component.parent_block(), lambda block, _: rule(block, part.index()))
            except Untemplatable as reason:
                LOG.debug("%s is walked: %s", name, reason)
        slots, values, constant = self.walker.linear(part, name)
        return np.array(slots, dtype=np.int32), np.array(values, dtype=np.float64), constant

    def _template_sum(self, block: Any, rule: Any) -> tuple[Any, Any, float]:
        """A single expression by its template."""
        expression, _ = template_of(block, rule, None)
        (value,), _ = self.evaluator.family([expression], (), None)
        family = assemble(value if isinstance(value, Linear) else Linear((), value), 0.0, None, (), self.evaluator)
        return family.slots, family.values, -float(family.lower[0])

    # --- everything together --------------------------------------------------------------------------------------

    def _finish(self, families: dict[str, Family], sets: dict[str, Rowset], objective: Any, costs: Any) -> Arrays:
        columns = self.columns
        number: Any = None
        free: Any = slice(None)
        if columns.any_fixed:
            free = np.isnan(columns.fixed)
            number = np.where(free, np.cumsum(free) - 1, -1).astype(np.int32)
        count = columns.size - len(columns.held)
        total = sum(len(f.slots) for f in families.values())
        rows = sum(f.rows for f in families.values())
        start, lower, upper = np.zeros(rows + 1, np.int32), np.empty(rows), np.empty(rows)
        index, value = np.empty(total, np.int32), np.empty(total)
        at, row, ranges = 0, 0, {}
        for name, family in families.items():
            part, here = slice(at, at + len(family.slots)), slice(row, row + family.rows)
            index[part] = family.slots if number is None else number[family.slots]
            value[part] = family.values
            start[row + 1 : row + 1 + family.rows] = family.count
            lower[here], upper[here] = family.lower, family.upper
            _refuse_infinite(name, family)
            ranges[name] = range(row, row + family.rows)
            at, row = at + len(family.slots), row + family.rows
            family.release()
        np.cumsum(start, out=start)
        slots, values, offset, maximise = objective
        cost = np.zeros(count)
        cost[slots if number is None else number[slots]] = values

        def renumbered(part: tuple[Any, Any, float]) -> tuple[Any, Any, float]:
            index = part[0] if number is None else number[part[0]]
            return index, None if np.array_equal(cost[index], part[1]) else part[1], part[2]

        _refuse_broken(columns)
        return Arrays(
            cost=cost,
            offset=offset,
            lower=columns.lower[free],
            upper=columns.upper[free],
            integer=columns.integer[free],
            row_lower=lower,
            row_upper=upper,
            start=start,
            index=index,
            value=value,
            costs={name: renumbered(part) for name, part in costs.items()},
            families=ranges,
            maximise=maximise,
            origin=Origin(columns, number, sets),
        )


def _sides(expression: Any) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """The sides of a comparison and its bounds, as Pyomo standardises it: bounds of left - right, right None for nothing.

    A side without variables is a bound.
    """
    kind = expression.__class__
    if kind is tuple:
        if len(expression) == 2:
            return _sides(EqualityExpression(expression))
        if len(expression) == 3:
            return (expression[1], None), (expression[0], expression[2])
        raise Untemplatable("a tuple of another length than 2 or 3")
    if kind is RangedExpression:
        low, body, high = expression.args
        return (body, None), (low, high)
    if kind not in (EqualityExpression, InequalityExpression):
        raise Untemplatable(f"{kind.__name__} instead of a comparison")
    left, right = expression.args
    equal = kind is EqualityExpression
    if not _varies(right):
        return (left, None), (right if equal else None, right)
    if not _varies(left):
        return (right, None), (left, left if equal else None)
    return (left, right), (0.0 if equal else None, 0.0)


def _varies(side: Any) -> bool:
    return bool(hasattr(side, "is_potentially_variable") and side.is_potentially_variable())


def _parts(expression: Any, factor: float) -> list[tuple[float, Any]]:
    """The summands of an expression with their factors, down to lazy expressions."""
    kind = expression.__class__
    if kind in (ne.SumExpression, ne.LinearExpression):
        return [part for a in expression.args for part in _parts(a, factor)]
    if kind in (ne.ProductExpression, ne.MonomialTermExpression) and expression.args[0].__class__ in (float, int):
        return _parts(expression.args[1], factor * expression.args[0])
    if kind is ne.NegationExpression:
        return _parts(expression.args[0], -factor)
    return [(factor, expression)]


def _summed(slots: list[Any], values: list[Any]) -> tuple[Any, Any]:
    """Each slot once, those with a coefficient of 0 left out."""
    if not slots:
        return np.zeros(0, np.int32), np.zeros(0)
    size = max((int(s.max()) + 1 for s in slots if len(s)), default=0)
    total = np.zeros(size)
    for s, v in zip(slots, values, strict=True):
        np.add.at(total, s, v)
    index = np.flatnonzero(total).astype(np.int32)
    return index, total[index]


def _drop_zeros(family: Family) -> None:
    row = np.repeat(np.arange(family.rows), family.count)
    kept = family.values != 0
    family.count = np.bincount(row[kept], minlength=family.rows).astype(np.int32)
    family.slots, family.values = family.slots[kept], family.values[kept]


def _refuse_infinite(name: str, family: Family) -> None:
    if not np.isfinite(family.values).all():
        raise VectorError(NOT_FINITE.format(name))
    if np.isnan(family.lower).any() or np.isnan(family.upper).any():
        raise VectorError(f"constraint {name} has a bound that is not a number")


def _refuse_broken(columns: Columns) -> None:
    broken = np.flatnonzero(np.isnan(columns.lower) | np.isnan(columns.upper))
    if len(broken):
        raise VectorError(f"variable {columns.names()[int(broken[0])]} has a bound that is not a number")


__all__ = ["VectorError", "compile_arrays"]
