"""The scenario tree: one node per period and group of scenarios that cannot yet be told apart.

A deterministic instance is a tree with one path; every room above indexes by node, so that both take the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    ``leaves`` are the nodes of the last period.
    """

    labels: tuple[str, ...]
    parent: Ints
    period: Ints
    probability: Floats
    leaves: Ints

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def branches(self) -> bool:
        """Whether some node has two children or more."""
        inner = self.parent[self.parent >= 0]
        return bool(len(inner) > len(np.unique(inner)))

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


def build_tree(instance: Instance) -> Tree:
    """The tree of an instance: today one path with a node per period, labelled as the period is."""
    calendar = instance.calendar
    periods = len(calendar.labels)
    count = np.arange(periods, dtype=np.int64)
    return Tree(
        labels=tuple(calendar.labels),
        parent=count - 1,
        period=count,
        probability=np.ones(periods),
        leaves=count[-1:],
    )
