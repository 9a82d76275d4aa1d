"""Templates -> arrays: an expression tree is walked once, numpy evaluating it for all rows.

Every array has as many axes as the rows have index sets, and as many more as sums are nested; an axis on which a value does
not depend has length 1.  A value is a number (or an array of them), an ``Index`` (labels as positions in a table), or
``Linear``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from pyomo.core.base.expression import NamedExpressionData
from pyomo.core.base.indexed_component import IndexedComponent
from pyomo.core.base.param import Param, ParamData
from pyomo.core.base.set import Set, SetData
from pyomo.core.base.var import Var, VarData
from pyomo.core.expr import template_expr
from pyomo.core.expr.template_expr import GetItemExpression, IndexTemplate, TemplateSumExpression

from stockpile.vector.arithmetic import OPERATIONS
from stockpile.vector.tables import Table, Tables
from stockpile.vector.template import Untemplatable
from stockpile.vector.values import Array, Index, Linear, Number, Scope, Term


class Columns(Protocol):
    """Where variables have their slots."""

    def slots(self, component: Any) -> tuple[int, list[Table]]:
        """The first slot of an indexed variable and the tables of its index set; slots run in the order of the index."""
        ...

    def slot(self, element: Any) -> int:
        """The slot of one element."""
        ...


@dataclass
class Evaluator:
    """Evaluates templates of one model; ``rank`` is the number of axes of the family at hand, ``rows`` of its index."""

    columns: Columns
    tables: Tables
    rank: int = 0
    rows: int = 0
    _arrays: dict[int, tuple[Any, Any]] = field(default_factory=dict)

    def family(
        self, expressions: Sequence[Any], placeholders: Sequence[Any], index_set: Any
    ) -> tuple[list[Any], tuple[int, ...]]:
        """Expressions over all of an index set (None: one row), and the lengths of its axes."""
        factors = [] if index_set is None else self.tables.factors(index_set)
        self.rows = len(factors)
        self.rank = self.rows + max((_depth(e) for e in expressions), default=0)
        bound: dict[int, Index] = {}
        self._bind(placeholders, factors, 0, bound)
        scope = Scope(bound, None, (1,) * (self.rank - self.rows), self.rows)
        return [self.value(e, scope) for e in expressions], tuple(t.size for t in factors)

    def _bind(self, placeholders: Sequence[Any], factors: Sequence[Table], axis: int, bound: dict[int, Index]) -> None:
        """Let placeholders run through the members of tables, an axis for each."""
        at = 0
        for table in factors:
            places = self._along(table.positions, axis)
            for dim in range(table.dimen):
                bound[id(placeholders[at])] = Index(table, dim, places, axis, frozenset([axis]))
                at += 1
            axis += 1
        if at != len(placeholders):
            raise Untemplatable("an index set of unknown dimension")

    def _along(self, values: Array, axis: int) -> Array:
        shape = [1] * self.rank
        shape[axis] = len(values)
        return values.reshape(shape)

    def value(self, e: Any, scope: Scope) -> Any:
        """The value of an expression: a number, an Index or Linear.  Raises Untemplatable."""
        kind = e.__class__
        if kind in (float, int):
            return e
        handler = _HANDLERS.get(kind)
        if handler is not None:
            return handler(self, e, scope)
        if isinstance(e, VarData):
            return self._element(e, scope)
        if isinstance(e, ParamData):
            return float(e.value)
        if isinstance(e, NamedExpressionData):
            return self.value(e.args[0], scope)
        if isinstance(e, np.generic | bool):
            return e.item() if isinstance(e, np.generic) else float(e)
        if isinstance(e, IndexedComponent | SetData):
            raise Untemplatable(f"{e.name} without an index")
        raise Untemplatable(f"{kind.__name__} in a rule")

    def number(self, e: Any, scope: Scope) -> Number:
        """The value of an expression without variables."""
        found = self.value(e, scope)
        if isinstance(found, Index):
            try:
                return found.table.numbers(found.dim)[found.at]
            except (TypeError, ValueError):
                raise Untemplatable("a rule reckons with labels that are no numbers") from None
        if isinstance(found, Linear):
            raise Untemplatable("a variable where a number is needed")
        return found

    def either(self, e: Any, scope: Scope) -> Any:
        """The value of an expression as a number or Linear."""
        found = self.value(e, scope)
        return self.number(e, scope) if isinstance(found, Index) else found

    def _element(self, var: Any, scope: Scope) -> Linear:
        """A single element of a variable, named in the rule."""
        slot = np.full((1,) * self.rank, self.columns.slot(var), dtype=np.int32)
        return Linear((Term((slot,), 1.0, scope.mask, scope.width, id(var.parent_component()), frozenset()),))

    # --- indexed components ---------------------------------------------------------------------------------------

    def item(self, e: Any, scope: Scope) -> Any:
        """``component[...]``."""
        component = e.args[0]
        if not isinstance(component, IndexedComponent):
            raise Untemplatable("an index of an expression")
        indices = [self._index(a, scope) for a in e.args[1:]]
        if component.ctype is Var:
            return self._variable(component, indices, scope)
        if component.ctype is Param:
            return self._parameter(component, indices, scope)
        raise Untemplatable(f"{component.name} is neither a variable nor a parameter")

    def _index(self, e: Any, scope: Scope) -> Any:
        """An index: an Index, an array of numbers, or a label as it is."""
        if e.__class__ is IndexTemplate:
            return scope.bound[id(e)]
        if not hasattr(e, "is_expression_type"):
            return e
        return self.value(e, scope)

    def _variable(self, component: Any, indices: list[Any], scope: Scope) -> Linear:
        first, factors = self.columns.slots(component)
        places = self._places(component, factors, indices, scope)
        parts, stride = [], 1
        for table, place in zip(reversed(factors), reversed(places), strict=True):
            at = place.at
            parts.append(np.asarray(at * stride, dtype=np.int32) if not isinstance(at, int) else at * stride)
            stride *= table.size
        offset = first + sum(part for part in parts if isinstance(part, int))
        arrays = [part for part in parts if not isinstance(part, int)]
        arrays = arrays or [np.zeros((1,) * self.rank, dtype=np.int32)]
        arrays[0] = arrays[0] + np.int32(offset)
        distinct = frozenset[int]().union(*(p.axes for p in places))
        term = Term(tuple(arrays), 1.0, scope.mask, scope.width, id(component), distinct)
        return Linear((term,))

    def _parameter(self, component: Any, indices: list[Any], scope: Scope) -> Any:
        factors = self.tables.factors(component.index_set())
        places = self._places(component, factors, indices, scope)
        values = self._values(component, factors)
        if isinstance(values, Index):
            return Index(values.table, 0, self._gather(values.at, places))
        return self._gather(values, places)

    def _gather(self, values: Array, places: list[Index]) -> Any:
        """Entries of an array; where every place runs along an axis of its own the array itself, turned round."""
        axes = [p.axis for p in places if p.axis is not None]
        if len(set(axes)) == len(places):
            order = np.argsort(axes)
            shape = [1] * self.rank
            for i in order:
                shape[axes[i]] = values.shape[i]
            return values.transpose(order).reshape(shape)
        found = values[tuple(p.at for p in places)]
        return found if isinstance(found, np.ndarray) and found.ndim else found.item()

    def _values(self, component: Any, factors: list[Table]) -> Any:
        """The values of a Param as an array, or as an Index where they are labels; kept for the evaluation at hand."""
        if id(component) not in self._arrays:
            self._arrays[id(component)] = (component, self._read(component, tuple(t.size for t in factors)))
        return self._arrays[id(component)][1]

    def _read(self, component: Any, shape: tuple[int, ...]) -> Any:
        if hasattr(component, "label_positions"):
            return Index(self.tables.of(component.label_target), 0, component.label_positions)
        values = getattr(component, "array", None)
        if values is None:
            values = np.empty(int(np.prod(shape)), dtype=object)
            try:
                values[:] = [_plain(component[index]) for index in component.index_set()]
            except (KeyError, ValueError) as error:
                raise Untemplatable(f"{component.name} has no value for {error}") from None
            values = values.reshape(shape)
        if values.dtype != object:
            return values
        try:
            if not any(isinstance(v, str | tuple) for v in values.flat):
                return values.astype(np.float64)
        except (TypeError, ValueError):
            pass
        known: dict[Any, int] = {}
        codes = np.fromiter((known.setdefault(v, len(known)) for v in values.flat), np.int64, values.size)
        return Index(Table(list(known), 1), 0, codes.reshape(shape))

    # --- positions ------------------------------------------------------------------------------------------------

    def _places(self, component: Any, factors: list[Table], indices: list[Any], scope: Scope) -> list[Index]:
        """The position of every index in the factors of a component's index set."""
        if sum(t.dimen for t in factors) != len(indices):
            raise Untemplatable(f"{component.name} with {len(indices)} indices")
        places, at = [], 0
        for table in factors:
            place = self._place(table, indices[at : at + table.dimen])
            at += table.dimen
            missing = place.at < 0 if not isinstance(place.at, int) else np.bool_(place.at < 0)
            if np.any(missing):
                if scope.mask is None or np.any(missing & scope.mask):
                    raise Untemplatable(f"an index of {component.name} that is not in its index set")
                place = replace(place, at=np.maximum(place.at, 0))
            places.append(place)
        return places

    def _place(self, table: Table, indices: list[Any]) -> Index:
        """The position in one factor: by the member as a whole where its parts come from one, by labels elsewhere."""
        first = indices[0]
        if isinstance(first, Index) and _is_whole(indices):
            if first.table is table:
                return replace(first, dim=0)
            at = table.tuple_of(first.table)[first.at]
            return Index(table, 0, at, None, first.axes)
        codes = [self._code(table, dim, index) for dim, index in enumerate(indices)]
        at = table.position_of(codes)
        axes = frozenset[int]().union(*(i.axes for i in indices if isinstance(i, Index) and i.table.dimen == 1))
        return Index(table, 0, int(at) if np.ndim(at) == 0 else at, None, axes)

    def _code(self, table: Table, dim: int, index: Any) -> Any:
        """The code of a label in a dimension of a table, -1 where it has none."""
        if isinstance(index, Index):
            return table.code_of(dim, index.table, index.dim)[index.at]
        known = table.codes(dim)[0]
        if isinstance(index, np.ndarray):
            labels, inverse = np.unique(index, return_inverse=True)
            codes = np.array([known.get(label, -1) for label in labels.tolist()], dtype=np.int64)
            return codes[inverse].reshape(index.shape)
        if isinstance(index, Linear):
            raise Untemplatable("a variable as an index")
        return known.get(index, -1)

    # --- sums -----------------------------------------------------------------------------------------------------

    def sum(self, e: Any, scope: Scope) -> Any:
        """``sum(... for i in SET)``: an axis for every set that it runs through."""
        axis, bound, mask, width = scope.free, dict(scope.bound), scope.mask, list(scope.width)
        for group in e.template_iters():
            axis, mask = self._iterate(group, axis, replace(scope, bound=bound, mask=mask), width)
        summed = self.either(e._local_args_[0], Scope(bound, mask, tuple(width), axis))
        axes = tuple(range(scope.free, axis))
        if isinstance(summed, Linear):
            return Linear(summed.terms, self._total(summed.constant, mask, axes, width))
        return self._total(summed, mask, axes, width)

    def _iterate(self, group: Sequence[Any], axis: int, scope: Scope, width: list[int]) -> tuple[int, Array | None]:
        """Bind one group of placeholders (in ``scope.bound``); the next free axis and the mask."""
        source = group[0]._set
        if isinstance(source, GetItemExpression):
            ragged = self.tables.ragged(source.args[0], len(group))
            keys = self.tables.factors(source.args[0].index_set())
            places = self._places(source.args[0], keys, [self._index(a, scope) for a in source.args[1:]], scope)
            key = _ravel(places, keys)
            count = self._along(np.arange(ragged.widest, dtype=np.int64), axis)
            exists = count < ragged.count[key]
            at = np.where(exists, ragged.first[key] + count, 0) if ragged.table.size else np.zeros_like(count)
            for dim in range(ragged.table.dimen):
                scope.bound[id(group[dim])] = Index(ragged.table, dim, at, None, frozenset([axis]))
            width[axis - self.rows] = ragged.widest
            whole = bool(np.all(exists))
            return axis + 1, scope.mask if whole else exists if scope.mask is None else scope.mask & exists
        if not isinstance(source, Set | SetData):
            raise Untemplatable("a loop over what is no Set")
        factors = self.tables.factors(source)
        self._bind(group, factors, axis, scope.bound)
        for table in factors:
            width[axis - self.rows] = table.size
            axis += 1
        return axis, scope.mask

    def _total(self, value: Number, mask: Array | None, axes: tuple[int, ...], width: Sequence[int]) -> Number:
        """A number summed over axes, each as long as its sum is."""
        if isinstance(value, int | float) and value == 0:
            return 0.0
        shape = [1] * self.rank
        for axis in axes:
            shape[axis] = width[axis - self.rows]
        whole = np.broadcast_to(
            value, np.broadcast_shapes(np.shape(value), shape, np.shape(mask) if mask is not None else ())
        )
        return np.sum(whole, axis=axes, keepdims=True, where=True if mask is None else mask)


def _is_whole(indices: list[Any]) -> bool:
    """Whether indices are the parts, in order, of one member of a table."""
    first = indices[0]
    return first.table.dimen == len(indices) and all(
        isinstance(i, Index) and i.table is first.table and i.at is first.at and i.dim == dim
        for dim, i in enumerate(indices)
    )


def _ravel(places: list[Index], tables: list[Table]) -> Any:
    """One position from those in the factors of an index set."""
    key: Any = 0
    for place, table in zip(places, tables, strict=True):
        key = key * table.size + place.at
    return key


def _plain(value: Any) -> Any:
    """The value of an element of a Param."""
    if isinstance(value, ParamData):
        value = value.value
    if value is None:
        raise ValueError("an element")
    return value


def _depth(e: Any) -> int:
    """How many axes nested sums take."""
    if not hasattr(e, "is_expression_type") or not e.is_expression_type():
        return 0
    if e.__class__ is TemplateSumExpression:
        own = sum(
            1 if isinstance(g[0]._set, GetItemExpression) else max(1, _factors(g[0]._set)) for g in e.template_iters()
        )
        return own + _depth(e._local_args_[0])
    if isinstance(e, NamedExpressionData) and hasattr(e, "untouched"):
        return 0 if e.untouched else _depth(e.args[0])
    return max((_depth(a) for a in e.args), default=0)


def _factors(s: Any) -> int:
    return len(list(s.subsets(expand_all_set_operators=False))) if hasattr(s, "subsets") else 1


_HANDLERS: dict[type, Callable[..., Any]] = {
    **OPERATIONS,
    IndexTemplate: lambda ev, e, scope: scope.bound[id(e)],
    TemplateSumExpression: lambda ev, e, scope: ev.sum(e, scope),
    **dict.fromkeys(
        (
            template_expr.Numeric_GetItemExpression,
            template_expr.NPV_Numeric_GetItemExpression,
            template_expr.Structural_GetItemExpression,
            template_expr.NPV_Structural_GetItemExpression,
        ),
        lambda ev, e, scope: ev.item(e, scope),
    ),
}
