"""The model of a tree taken apart by path: what a column and a row are on every path from the root, whatever node they are of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from stockpile.errors import SolverError
from stockpile.solver.compile import Compiled
from stockpile.tree import Tree

Key = tuple[Any, ...]
Ints = npt.NDArray[np.int64]


@dataclass
class Paths:
    """Columns and rows by key (component, index without node, period) and node; -1 is the node of what belongs to none.

    A row belongs to the deepest of its own node and those of its columns.
    """

    column: dict[Key, dict[int, int]] = field(default_factory=dict)
    row: dict[Key, dict[int, int]] = field(default_factory=dict)
    column_key: list[Key] = field(default_factory=list)
    column_node: list[int] = field(default_factory=list)


def paths_of(compiled: Compiled, tree: Tree, left_out: frozenset[str]) -> Paths:
    """The columns and rows of a model by path, without the families ``left_out``.

    Raises SolverError for a row whose columns are on several paths.
    """
    found = Paths()
    node_of = {label: n for n, label in enumerate(tree.labels)}
    for number, (name, index) in enumerate(_column_indices(compiled)):
        rest, node = _apart(index, node_of)
        key = (name, rest, int(tree.period[node]) if node >= 0 else -1)
        found.column.setdefault(key, {})[node] = number
        found.column_key.append(key)
        found.column_node.append(node)
    above = _ancestors(tree)
    nodes = np.array([*found.column_node, -1])
    for number, (name, index) in enumerate(_row_indices(compiled)):
        if name in left_out:
            continue
        rest, node = _apart(index, node_of)
        part = compiled.index[compiled.start[number] : compiled.start[number + 1]]
        along = {node, *nodes[part].tolist()} - {-1}
        deepest = max(along, key=lambda n: int(tree.period[n]), default=-1)
        if any(n not in above[deepest] for n in along):
            raise SolverError(f"{name} links futures that have parted, which SMPS cannot say")
        key = (name, rest, int(tree.period[deepest]) if deepest >= 0 else -1)
        found.row.setdefault(key, {})[deepest] = number
    return found


def _ancestors(tree: Tree) -> dict[int, set[int]]:
    """By node the nodes on its path."""
    above: dict[int, set[int]] = {-1: set()}
    for node, parent in enumerate(tree.parent.tolist()):
        above[node] = {*above[parent], node}
    return above


def _apart(index: Any, node_of: dict[str, int]) -> tuple[Key, int]:
    """An index without its node, and the node."""
    parts = index if isinstance(index, tuple) else (index,)
    node = node_of.get(parts[-1], -1) if parts else -1
    return (parts[:-1], node) if node >= 0 else (parts, -1)


def _column_indices(compiled: Compiled) -> Iterator[tuple[str, Any]]:
    """The variable and the index of every column."""
    number, slot = compiled.origin.number, 0
    for var, _, count in compiled.origin.columns.variables:
        members = iter(var.index_set()) if var.is_indexed() else iter([()])
        for _ in range(count):
            index = next(members)
            if number is None or number[slot] >= 0:
                yield str(var.name), index
            slot += 1


def _row_indices(compiled: Compiled) -> Iterator[tuple[str, Any]]:
    """The family and the index of every row."""
    for name, rows in compiled.origin.rows.items():
        component = rows.component
        members = list(component.index_set()) if component.is_indexed() else [()]
        places = range(len(compiled.families[name])) if rows.place is None else rows.place
        for place in places:
            yield name, members[int(place)]


__all__ = ["Key", "Paths", "paths_of"]
