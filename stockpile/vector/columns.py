"""The variables of a model in slots, with bounds, integrality and what is fixed, read as arrays."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from pyomo.core.base.component_namer import index_repr
from pyomo.core.base.var import IndexedVar
from pyomo.environ import Var as PyomoVar

from stockpile.vector import components
from stockpile.vector.evaluate import Evaluator
from stockpile.vector.tables import Table, Tables
from stockpile.vector.template import LOG, Untemplatable, template_of
from stockpile.vector.walk import VectorError

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Columns:
    """Slots of all variables in the order of declaration; a lazy variable has one for each member of its index set.

    ``lower``, ``upper``, ``integer`` are by slot, ``held`` has the values of fixed variables.
    """

    def __init__(self, model: Any, tables: Tables) -> None:
        self.tables = tables
        self.variables: list[tuple[Any, int, int]] = []
        self._first: dict[int, int] = {}
        self._factors: dict[int, list[Table]] = {}
        self.size = 0
        for var in model.component_objects(PyomoVar, active=True, descend_into=True):
            if not var.is_reference():
                self._add(var)
        self.lower, self.upper = np.full(self.size, -np.inf), np.full(self.size, np.inf)
        self.integer = np.zeros(self.size, dtype=np.bool_)
        self.held: dict[int, float] = {}
        for var, first, count in self.variables:
            self._read(var, first, count)

    def _add(self, var: Any) -> None:
        """Slots for a variable; one of Pyomo's that has not all its elements gets them."""
        first, count = self.size, 1
        if isinstance(var, IndexedVar):
            tables = self._factors[id(var)] = self.tables.factors(var.index_set())
            count = int(np.prod([t.size for t in tables]))
            if not isinstance(var, components.Var) and len(var) != count:
                for index in var.index_set():
                    var[index]
        self._first[id(var)] = first
        self.variables.append((var, first, count))
        self.size += count

    def _adopt(self, var: Any) -> None:
        """Slots for a variable that is not part of the model (of an inactive block, say) but occurs in it."""
        before = self.size
        self._add(var)
        more = self.size - before
        for name, value in (("lower", -np.inf), ("upper", np.inf), ("integer", False)):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.full(more, value, dtype=old.dtype)]))
        self._read(*self.variables[-1])

    @property
    def any_fixed(self) -> bool:
        """Whether some variable is fixed."""
        return bool(self.held)

    @property
    def fixed(self) -> Floats:
        """By slot the value of a fixed variable, NaN where it is free."""
        values = np.full(self.size, np.nan)
        values[list(self.held)] = list(self.held.values())
        return values

    def knows(self, component: Any) -> bool:
        """Whether a variable is part of the model, or a reference."""
        return id(component) in self._first or component.is_reference()

    def range_of(self, var: Any) -> npt.NDArray[np.int64]:
        """The slots of a variable."""
        if var.is_reference():
            return np.array([self.slot(element) for element in var.values()], dtype=np.int64)
        first = self._first[id(var)]
        count = next(n for v, _, n in self.variables if v is var)
        return np.arange(first, first + count, dtype=np.int64)

    def slots(self, component: Any) -> tuple[int, list[Table]]:
        """First slot and tables of an indexed variable.  Raises Untemplatable for a reference."""
        if component.is_reference():
            raise Untemplatable(f"{component.name} is a reference")
        if id(component) not in self._first:
            self._adopt(component)
        return self._first[id(component)], self._factors[id(component)]

    def slot(self, element: Any) -> int:
        """The slot of an element; a variable that is not part of the model gets slots."""
        component = element.parent_component()
        if id(component) not in self._first:
            self._adopt(component)
        if id(component) not in self._factors:
            return self._first[id(component)]
        return self._first[id(component)] + self.position(component, element.index())

    def position(self, component: Any, index: Any) -> int:
        """Position of an index in the order of a variable's index set."""
        parts, at, key = index if isinstance(index, tuple) else (index,), 0, 0
        for table in self._factors[id(component)]:
            codes = [table.codes(d)[0].get(part, -1) for d, part in enumerate(parts[at : at + table.dimen])]
            at += table.dimen
            key = key * table.size + int(table.position_of(codes))
        return key

    def _read(self, var: Any, first: int, count: int) -> None:
        """Bounds and domain of a variable."""
        lazy = isinstance(var, components.Var)
        if lazy and not self._read_rules(var, slice(first, first + count)):
            var._fill()
        if lazy:
            for index, element in var.touched().items():
                self._read_element(element, first + self.position(var, index))
        elif isinstance(var, IndexedVar):
            for at, index in enumerate(var.index_set()):
                self._read_element(var[index], first + at)
        else:
            self._read_element(var, first)

    def _read_rules(self, var: Any, part: slice) -> bool:
        """Domain and bounds of all elements from their rules; false where one has no template."""
        domain = var._rule_domain
        if not domain.constant():
            return False
        low, high, step = domain(var.parent_block(), None, var).get_interval()
        if step not in (0, 1):
            raise VectorError(f"the domain of variable {var.name} is neither an interval nor its integers")
        self.lower[part] = -np.inf if low is None else low
        self.upper[part] = np.inf if high is None else high
        self.integer[part] = step == 1
        if var._rule_bounds is None:
            return True
        try:
            self._read_bounds(var, part)
        except Untemplatable as reason:
            LOG.debug("bounds of %s are read one by one: %s", var.name, reason)
            return False
        return True

    def _read_bounds(self, var: Any, part: slice) -> None:
        bounds, placeholders = template_of(var.parent_block(), var._rule_bounds, var.index_set())
        if not isinstance(bounds, tuple) or len(bounds) != 2:
            raise Untemplatable("bounds that are no pair")
        ev = Evaluator(self, self.tables)
        given = [b for b in bounds if b is not None]
        values, shape = ev.family(given, placeholders, var.index_set())
        found = iter(values)
        for bound, target, tighter in ((bounds[0], self.lower, np.maximum), (bounds[1], self.upper, np.minimum)):
            if bound is not None:
                value = np.broadcast_to(np.asarray(next(found), dtype=np.float64), shape + (1,) * (ev.rank - ev.rows))
                tighter(target[part], value.reshape(-1), out=target[part])

    def _read_element(self, v: Any, slot: int) -> None:
        low, high = v.bounds
        self.lower[slot] = -np.inf if low is None else low
        self.upper[slot] = np.inf if high is None else high
        self.integer[slot] = v.is_integer()
        if not v.is_continuous() and not v.is_integer():
            raise VectorError(f"the domain of variable {v.name} is neither an interval nor its integers")
        if v.fixed:
            if v.value is None:
                raise VectorError(f"variable {v.name} is fixed but has no value")
            self.held[slot] = float(v.value)

    def names(self) -> list[str]:
        """The names of the variables in all slots, as Pyomo gives them; no element is made for it."""
        found: list[str] = []
        for var, _, _ in self.variables:
            if id(var) in self._factors:
                found += names_of(var, self._factors[id(var)])
            else:
                found.append(str(var.name))
        return found


def names_of(component: Any, tables: list[Table]) -> list[str]:
    """The names that Pyomo gives to the elements of a component over tables, in their order."""
    parts = [[_part(table.label(at), table.dimen) for at in range(table.size)] for table in tables]
    return [f"{component.name}[{','.join(labels)}]" for labels in product(*parts)]


def _part(label: Any, dimen: int) -> str:
    """A member as a part of a name."""
    return ",".join(index_repr(part)[1:-1] for part in (label if dimen > 1 else (label,)))


def row_names(tables: Tables, component: Any, place: npt.NDArray[np.int64] | None) -> list[str]:
    """The names of the rows of a constraint at some places (None: all)."""
    if isinstance(component, components.Constraint):
        every = names_of(component, tables.factors(component.index_set()))
    else:
        every = [str(data.name) for data in component.values()]
    return every if place is None else [every[at] for at in place]
