"""Pyomo Sets as tables of positions: how the members of one set are found in another, for all of them at once.

A *table* has the members of a set in their order.  A place in it is a position, so that an index of a component is an array
of positions, and the labels themselves are looked at only once for each pair of sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

#: A dense look-up table of tuples has at most so many cells more than the set has members; beyond it keys are sorted.
DENSEST = 1 << 20


class Table:
    """The members of a set: ``columns[d]`` has the labels of dimension d, one for each member."""

    def __init__(self, members: Sequence[Any], dimen: int) -> None:
        self.size, self.dimen = len(members), dimen
        if dimen == 1:
            self.columns: list[list[Any]] = [list(members)]
        else:
            self.columns = [list(column) for column in zip(*members, strict=True)] or [[] for _ in range(dimen)]
        self.positions = np.arange(self.size, dtype=np.int64)
        self._codes: list[tuple[dict[Any, int], Ints]] = []
        self._found: dict[tuple[Any, ...], Ints] = {}
        self._place: tuple[Ints, Ints | None] | None = None
        self._numbers: dict[int, npt.NDArray[Any]] = {}

    def codes(self, dim: int) -> tuple[dict[Any, int], Ints]:
        """The distinct labels of a dimension with their codes, and the code of every member."""
        while len(self._codes) <= dim:
            column = self.columns[len(self._codes)]
            known = {label: i for i, label in enumerate(dict.fromkeys(column))}
            unique = len(known) == self.size
            code = self.positions if unique else np.fromiter(map(known.__getitem__, column), np.int64, self.size)
            self._codes.append((known, code))
        return self._codes[dim]

    def numbers(self, dim: int) -> npt.NDArray[Any]:
        """The labels of a dimension as numbers; raises TypeError or ValueError where they are none."""
        if dim not in self._numbers:
            column = self.columns[dim]
            if any(isinstance(label, str | bool) for label in column):
                raise TypeError("labels are not numbers")
            self._numbers[dim] = np.array(column)
        return self._numbers[dim]

    def code_of(self, dim: int, other: Table, other_dim: int) -> Ints:
        """(members of other,) the code here of the label of each member of another table, -1 where it is none."""
        key = (dim, id(other), other_dim)
        if key not in self._found:
            known = self.codes(dim)[0]
            if other is self and other_dim == dim:
                self._found[key] = self.codes(dim)[1]
            else:
                there, code = other.codes(other_dim)
                own = np.fromiter((known.get(label, -1) for label in there), np.int64, len(there))
                self._found[key] = own[code] if len(there) else code
        return self._found[key]

    def position_of(self, codes: Sequence[Any]) -> Any:
        """Positions of members from one array of codes (or one code) for each dimension; -1 where there is none."""
        if self.dimen == 1:
            return self._of_code()[codes[0]]
        strides = 1
        valid: Any = np.True_
        key: Any = np.int64(0)
        for dim in range(self.dimen - 1, -1, -1):
            code = np.asarray(codes[dim])
            valid = valid & (code >= 0)
            key = key + np.maximum(code, 0) * strides
            strides *= max(len(self.codes(dim)[0]), 1)
        keys, order = self._places(strides)
        if order is None:
            return np.where(valid, keys[key], -1)
        at = np.minimum(np.searchsorted(keys, key), max(self.size - 1, 0))
        return np.where(valid & (keys[at] == key), order[at], -1) if self.size else np.full(np.shape(key), -1)

    def _of_code(self) -> Ints:
        """Positions by code with -1 behind the last, so that code -1 finds it."""
        if self._place is None:
            known, code = self.codes(0)
            place = np.full(len(known) + 1, -1, dtype=np.int64)
            place[code] = self.positions
            self._place = (place, None)
        return self._place[0]

    def _places(self, cells: int) -> tuple[Ints, Ints | None]:
        """A dense table of positions by key, or sorted keys with the order that sorts them."""
        if self._place is None:
            key, stride = np.zeros(self.size, dtype=np.int64), 1
            for dim in range(self.dimen - 1, -1, -1):
                known, code = self.codes(dim)
                key += code * stride
                stride *= max(len(known), 1)
            if cells <= DENSEST + 8 * self.size:
                dense = np.full(max(cells, 1), -1, dtype=np.int64)
                dense[key] = self.positions
                self._place = (dense, None)
            else:
                order = np.argsort(key, kind="stable")
                self._place = (key[order], order)
        return self._place

    def tuple_of(self, other: Table) -> Ints:
        """(members of other,) the position here of each whole member of another table of the same dimension."""
        key = ("whole", id(other))
        if key not in self._found:
            codes = [self.code_of(dim, other, dim) for dim in range(self.dimen)]
            self._found[key] = np.asarray(self.position_of(codes), dtype=np.int64)
        return self._found[key]

    def label(self, position: int) -> Any:
        """A member."""
        labels = tuple(column[position] for column in self.columns)
        return labels[0] if self.dimen == 1 else labels


class Ragged:
    """An indexed set: all members of all its sets in one table, with the first and the number of those of each key."""

    def __init__(self, keys: Sequence[Any], sets: Sequence[Sequence[Any]], dimen: int) -> None:
        self.table = Table([member for members in sets for member in members], dimen)
        self.count = np.array([len(members) for members in sets], dtype=np.int64)
        self.first = np.concatenate([[0], np.cumsum(self.count)[:-1]]).astype(np.int64) if len(keys) else self.count
        self.widest = int(self.count.max(initial=0))


class Tables:
    """The tables of the sets of one model, each made once.  Keeps the sets alive, so that their ids stay their own."""

    def __init__(self) -> None:
        self._tables: dict[int, tuple[Any, Table]] = {}
        self._factors: dict[int, tuple[Any, list[Table]]] = {}
        self._ragged: dict[int, tuple[Any, Ragged]] = {}

    def of(self, index_set: Any) -> Table:
        """The table of a set that is no product."""
        found = self._tables.get(id(index_set))
        if found is None:
            dimen = index_set.dimen
            if dimen is None or not isinstance(dimen, int):
                dimen = _common_dimen(index_set)
            found = self._tables[id(index_set)] = (index_set, Table(list(index_set), max(dimen, 1)))
        return found[1]

    def factors(self, index_set: Any) -> list[Table]:
        """The tables of the factors of an index set, in the order of its subscripts."""
        found = self._factors.get(id(index_set))
        if found is None:
            subsets = (
                index_set.subsets(expand_all_set_operators=False) if hasattr(index_set, "subsets") else [index_set]
            )
            found = self._factors[id(index_set)] = (index_set, [self.of(s) for s in subsets])
        return found[1]

    def ragged(self, component: Any, dimen: int) -> Ragged:
        """The table of an indexed set of a dimension; raises ValueError where members have another."""
        found = self._ragged.get(id(component))
        if found is None:
            keys = list(component.index_set())
            sets = [list(component[key]) for key in keys]
            if any((len(member) if type(member) is tuple else 1) != dimen for members in sets for member in members):
                raise ValueError(f"the members of {component.name} differ in their dimension")
            found = self._ragged[id(component)] = (component, Ragged(keys, sets, dimen))
        return found[1]


def _common_dimen(index_set: Any) -> int:
    """Dimension of a set that does not say it; raises ValueError where members differ."""
    found = {len(member) if type(member) is tuple else 1 for member in index_set}
    if len(found) > 1:
        raise ValueError(f"the members of {index_set.name} differ in their dimension")
    return found.pop() if found else 1
