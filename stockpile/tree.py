"""The scenario tree: one node per period and group of scenarios that cannot yet be told apart.

A deterministic instance is a tree with one path; every room above indexes by node, so that both take the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from stockpile.instance import Instance

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Tree:
    """Nodes in an order in which a parent stands before its children; arrays have one entry per node.

    ``parent`` is -1 at the root, ``period`` counts from 0, ``probability`` sums to 1 over the nodes of a period,
    ``leaves`` are the nodes of the last period.  ``scenarios`` are the names of the futures, ``paths`` (scenarios, periods)
    the node of each in every period; both are empty where the instance names none.
    """

    labels: tuple[str, ...]
    parent: Ints
    period: Ints
    probability: Floats
    leaves: Ints
    scenarios: tuple[str, ...] = ()
    paths: Ints = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def branches(self) -> bool:
        """Whether some node has two children or more, or the first period has two nodes or more."""
        return bool(len(self.parent) > len(np.unique(self.parent)))

    @cached_property
    def column(self) -> Ints:
        """(N,) of a step function with columns by scenario and period, the one of each node: of the first scenario through it."""
        column = self.period.copy()
        periods = self.paths.shape[1]
        for number in range(len(self.paths) - 1, -1, -1):
            column[self.paths[number]] = number * periods + np.arange(periods)
        return column

    def spread(self, values: Floats) -> Floats:
        """(..., T) by period, or (..., scenarios times T) -> (..., N) by node."""
        periods = int(self.period.max()) + 1
        return values[..., self.period if values.shape[-1] == periods else self.column]

    def ancestor(self, lag: int) -> Ints:
        """For every node the node ``lag`` periods back on its path.

        Where the path is too short the entry is negative: minus the number of periods before the root's, so -1 is
        the period just before the start.
        """
        node = np.arange(len(self), dtype=np.int64)
        if lag <= 0:
            return node
        if not self.branches:
            return node - lag
        for _ in range(min(lag, int(self.period.max()) + 1)):
            inside = node >= 0
            node = np.where(inside, self.parent[np.maximum(node, 0)], node)
        return np.where(self.period - lag < 0, self.period - lag, node)


@dataclass(frozen=True)
class Branch:
    """A piece of the tree without a fork: nodes ``first`` to ``last`` that the same ``scenarios`` pass.

    ``depth`` counts the forks before it.
    """

    first: int
    last: int
    depth: int
    scenarios: tuple[str, ...]
    probability: float


def branches(tree: Tree) -> list[Branch]:
    """The branches of a tree with scenarios, each before those that fork from it; none where it has no scenarios."""
    children: dict[int, list[int]] = {}
    for node, parent in enumerate(tree.parent):
        children.setdefault(int(parent), []).append(node)
    passing: dict[int, list[str]] = {}
    for name, path in zip(tree.scenarios, tree.paths, strict=True):
        for node in path:
            passing.setdefault(int(node), []).append(name)
    found: list[Branch] = []
    todo = [(node, 0) for node in reversed(children.get(-1, []))] if tree.scenarios else []
    while todo:
        first, depth = todo.pop()
        last = first
        while len(children.get(last, [])) == 1:
            last = children[last][0]
        found.append(Branch(first, last, depth, tuple(passing[first]), float(tree.probability[first])))
        todo += [(node, depth + 1) for node in reversed(children.get(last, []))]
    return found


def build_tree(instance: Instance) -> Tree:
    """The tree of an instance: in every period a node for each group of scenarios that cannot yet be told apart.

    A node is labelled as its period; where scenarios have parted, the first of its group and how many more there are follow.
    """
    calendar, scenarios = instance.calendar, instance.scenarios
    if scenarios is None:
        count = np.arange(calendar.periods, dtype=np.int64)
        return Tree(tuple(calendar.labels), count - 1, count, np.ones(len(count)), count[-1:])
    groups, names = scenarios.groups(), scenarios.names
    node = np.zeros(groups.shape, dtype=np.int64)
    labels: list[str] = []
    parent, period, probability = [], [], []
    for t, label in enumerate(calendar.labels):
        for first in np.unique(groups[:, t]):
            members = np.flatnonzero(groups[:, t] == first)
            node[members, t] = len(labels)
            parent.append(int(node[first, t - 1]) if t else -1)
            period.append(t)
            probability.append(float(scenarios.probability[members].sum()))
            labels.append(label if len(members) == len(names) else _labelled(label, names, members))
    last = np.flatnonzero(np.array(period) == calendar.periods - 1)
    named = len(instance.view("scenarios")) > 0
    return Tree(
        labels=_all_different(labels),
        parent=np.array(parent, dtype=np.int64),
        period=np.array(period, dtype=np.int64),
        probability=np.array(probability),
        leaves=last.astype(np.int64),
        scenarios=names if named else (),
        paths=node if named else np.zeros((0, 0), dtype=np.int64),
    )


def _labelled(label: str, names: tuple[str, ...], members: Ints) -> str:
    """The label of a node that some of the scenarios pass."""
    more = f" +{len(members) - 1}" if len(members) > 1 else ""
    return f"{label} {names[members[0]]}{more}"


def _all_different(labels: list[str]) -> tuple[str, ...]:
    """Labels with a number behind those that scenarios of odd names make equal."""
    seen: set[str] = set()
    for i, label in enumerate(labels):
        while label in seen:
            label += f" #{i}"
        labels[i] = label
        seen.add(label)
    return tuple(labels)
