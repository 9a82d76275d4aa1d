"""Genuine Pyomo components whose elements come into being only when somebody looks at them.

``Var``, ``Constraint`` and ``Expression`` take the arguments of their Pyomo namesakes.  Iterating, printing, asking for the
length or handing the model to a solver of Pyomo's makes all elements; reading one makes that one.  ``array_param`` and
``label_param`` are Params whose values stand in an array.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo
from pyomo.common.numeric_types import native_types
from pyomo.core.base.constraint import IndexedConstraint
from pyomo.core.base.expression import ExpressionData, IndexedExpression
from pyomo.core.base.param import IndexedParam
from pyomo.core.base.var import IndexedVar
from pyomo.core.expr.template_expr import (
    IndexTemplate,
    NPV_Numeric_GetItemExpression,
    Numeric_GetItemExpression,
    _TemplateIterManager,
)


class _Lazy:
    """What all lazy components share: the elements that are there are a part of those that there could be."""

    _data: dict[Any, Any]
    _index_set: Any
    _constructed: bool
    _whole: bool = False

    def _fill(self) -> None:
        """Make every element, in the order of the index set."""
        if self._whole or not self._constructed:
            return
        self._whole = True
        found, self._data = self._data, {}
        for index in self._index_set:
            if index in found:
                self._data[index] = found[index]
            elif not self._deleted(index):
                self._make(index)

    def _deleted(self, index: Any) -> bool:
        """Whether an element that is not there was there once."""
        return False

    def _make(self, index: Any) -> None:
        self._getitem_when_not_present(index)  # type: ignore[attr-defined]

    def __iter__(self) -> Iterator[Any]:
        self._fill()
        return super().__iter__()  # type: ignore[misc,no-any-return]

    def __len__(self) -> int:
        self._fill()
        return len(self._data)

    def keys(self, *args: Any, **options: Any) -> Any:
        """The indices of all elements."""
        self._fill()
        return super().keys(*args, **options)  # type: ignore[misc]

    def values(self, *args: Any, **options: Any) -> Any:
        """All elements."""
        self._fill()
        return super().values(*args, **options)  # type: ignore[misc]

    def items(self, *args: Any, **options: Any) -> Any:
        """Indices and elements."""
        self._fill()
        return super().items(*args, **options)  # type: ignore[misc]

    def _create_objects_for_deepcopy(self, memo: Any, component_list: Any) -> Any:
        """A clone has all elements: its rule may speak of the model that it was written for."""
        self._fill()
        return super()._create_objects_for_deepcopy(memo, component_list)  # type: ignore[misc]

    def touched(self) -> dict[Any, Any]:
        """The elements that have come into being."""
        return self._data


def _is_template(index: Any) -> bool:
    """Whether an index holds placeholders, and nothing but them, labels and label Params of them."""
    parts = index if index.__class__ is tuple else (index,)
    return any(part.__class__ in _PLACEHOLDERS for part in parts) and all(
        part.__class__ in _PLACEHOLDERS or part.__class__ in native_types for part in parts
    )


_PLACEHOLDERS = (IndexTemplate, NPV_Numeric_GetItemExpression)


class Var(_Lazy, IndexedVar):  # type: ignore[misc]
    """An indexed ``pyomo.Var``; domain and bounds may be rules."""

    def __init__(self, *sets: Any, **options: Any) -> None:
        super().__init__(*sets, **{**options, "dense": False})

    def __getitem__(self, index: Any) -> Any:
        """An element, or the template of one: what Pyomo makes of placeholders, without its detours."""
        if _is_template(index):
            return Numeric_GetItemExpression((self, *(index if index.__class__ is tuple else (index,))))
        return super().__getitem__(index)


class ArrayParam(IndexedParam):  # type: ignore[misc]
    """An indexed ``pyomo.Param`` whose values stand in an array; see ``array_param`` and ``label_param``."""

    def __getitem__(self, index: Any) -> Any:
        """A value, or the template of one."""
        if _is_template(index):
            return NPV_Numeric_GetItemExpression((self, *(index if index.__class__ is tuple else (index,))))
        return super().__getitem__(index)


class Constraint(_Lazy, IndexedConstraint):  # type: ignore[misc]
    """An indexed ``pyomo.Constraint`` with a rule.  ``unchanged`` tells whether a row is still what its rule says."""

    def __init__(self, *sets: Any, **options: Any) -> None:
        super().__init__(*sets, **options)
        self._made: dict[Any, Any] = {}

    def construct(self, data: Any = None) -> None:
        """Make nothing yet but the sets that have no name."""
        if self._constructed:
            return
        self._constructed = True
        for index_set in self._anonymous_sets or ():
            index_set.construct()

    def _getitem_when_not_present(self, index: Any) -> Any:
        row = super()._getitem_when_not_present(index)
        self._made[index] = row._expr
        return row

    def _make(self, index: Any) -> None:
        row = self._setitem_when_not_present(index, self._rule(self.parent_block(), index))
        if row is not None:
            self._made[index] = row._expr

    def _deleted(self, index: Any) -> bool:
        return index in self._made

    def changed(self) -> dict[Any, Any]:
        """Rows that somebody set, added or deactivated since they came into being, by index."""
        made = self._made
        return {i: row for i, row in self._data.items() if not row._active or made.get(i) is not row._expr}

    def removed(self) -> set[Any]:
        """Indices of rows that came into being and were deleted, or that the rule skips."""
        if self._whole:
            return {index for index in self._index_set if index not in self._data}
        return {index for index in self._made if index not in self._data}


class LazyExpressionData(ExpressionData):  # type: ignore[misc]
    """An expression that is worked out when it is first looked at."""

    __slots__ = ("_worked_out",)
    _worked_out: Any

    @property
    def _args_(self) -> Any:
        if self._worked_out is None:
            component = self.parent_component()
            self._worked_out = (component._rule(component.parent_block(), self._index),)
        return self._worked_out

    @_args_.setter
    def _args_(self, args: Any) -> None:
        self._worked_out = None if args == (None,) else args

    @property
    def untouched(self) -> bool:
        """Whether nobody has looked yet, so that the rule is all there is."""
        return self._worked_out is None


class Expression(IndexedExpression):  # type: ignore[misc]
    """An indexed ``pyomo.Expression`` with a rule."""

    _ComponentDataClass = LazyExpressionData
    _constructed: bool

    def construct(self, data: Any = None) -> None:
        """Make elements that hold nothing yet."""
        if self._constructed:
            return
        self._constructed = True
        for index_set in self._anonymous_sets or ():
            index_set.construct()
        for index in self._index_set:
            element = LazyExpressionData(None, component=self)
            element._index = index
            self._data[index] = element


def array_param(array: npt.NDArray[Any], *sets: Any) -> pyo.Param:
    """A Param over ``sets`` with the values of ``array``, one axis per set in the order of its members.

    No object is made for an entry: its default rule reads the array.  An array of objects holds labels.
    """
    if array.shape != tuple(len(s) for s in sets):
        raise ValueError(f"array of shape {array.shape} does not fit sets of sizes {[len(s) for s in sets]}")
    labels = array.dtype == object
    entry = _entry_of(array, sets)
    param = ArrayParam(
        *sets,
        default=entry if labels else lambda m, *index: float(entry(m, *index)),
        within=pyo.Any if labels else pyo.Reals,
    )
    param.array = array
    return param


def label_param(positions: npt.NDArray[np.int64], target: Any, *sets: Any) -> pyo.Param:
    """A Param over ``sets`` whose values are labels: the members of ``target`` at ``positions``."""
    if positions.shape != tuple(len(s) for s in sets):
        raise ValueError(f"positions of shape {positions.shape} do not fit sets of sizes {[len(s) for s in sets]}")
    members: list[Any] = []
    entry = _entry_of(positions, sets)

    def label(m: Any, *index: Any) -> Any:
        if not members:
            members.extend(members_of(target))
        return members[entry(m, *index)]

    param = ArrayParam(*sets, default=label, within=pyo.Any)
    param.label_positions = positions
    param.label_target = target
    return param


def _entry_of(array: npt.NDArray[Any], sets: tuple[Any, ...]) -> Any:
    """A function of a model and an index to the entry of an array; the places are looked up when first needed."""
    places: list[dict[Any, int]] = []

    def entry(_: Any, *index: Any) -> Any:
        if not places:
            places.extend({member: i for i, member in enumerate(members_of(s))} for s in sets)
        position, at = [], 0
        for s, place in zip(sets, places, strict=True):
            dimen = s.dimen
            member = index[at] if dimen == 1 else tuple(index[at : at + dimen])
            position.append(place[member])
            at += dimen
        return array[tuple(position)]

    return entry


def members_of(index_set: Any) -> list[Any]:
    """The members of a Set, also while a rule is being made a template and iteration gives placeholders."""
    with _TemplateIterManager.pause():
        return list(index_set)
