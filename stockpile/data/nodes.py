"""Nodes of the tree with the chain of past periods before the root, and what one unit of money weighs in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.tree import Tree

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Labels = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Nodes:
    """Labels of all nodes: a chain of past periods (oldest first), then the horizon in the tree's order.

    The past carries what was there at the start (opening stock by age); its oldest node carries nothing, so that a
    lag that reaches further back may end there. ``weight`` is probability times discount per horizon node, ``final_weight``
    the same per leaf at the end of the horizon.
    """

    past: tuple[str, ...]
    horizon: tuple[str, ...]
    leaves: tuple[str, ...]
    period: Ints
    weight: Floats
    final_weight: Floats
    branches: bool
    tree: Tree

    @property
    def all(self) -> tuple[str, ...]:
        """Past and horizon."""
        return self.past + self.horizon

    def back(self, lag: int) -> Ints:
        """Position in ``all`` of the node ``lag`` periods back, per horizon node; clipped to the oldest past node."""
        ancestor = self.tree.ancestor(lag)
        return np.maximum(ancestor + len(self.past), 0)

    def back_labels(self, lag: int) -> Labels:
        """Label of the node ``lag`` periods back, per horizon node."""
        return np.array(self.all, dtype=object)[self.back(lag)]

    def spread(self, by_period: Floats) -> Floats:
        """(..., T) by period, or (..., columns) by period and scenario -> (..., N) by horizon node."""
        return self.tree.spread(by_period)

    def with_past(self, by_node: Floats) -> Floats:
        """(..., N) by horizon node -> (..., P + N) with zeros in the past."""
        zeros = np.zeros((*by_node.shape[:-1], len(self.past)))
        return np.concatenate([zeros, by_node], axis=-1)

    def from_opening(self, opening: Floats, by_node: Floats) -> Floats:
        """(R, N) by horizon node -> (R, P + N); ``opening`` (R,) is what the last past node holds, the others hold nothing."""
        out = self.with_past(by_node)
        out[:, len(self.past) - 1] = opening
        return out


def make_nodes(tree: Tree, past: int, discount: Floats) -> Nodes:
    """Nodes of a tree with ``past`` periods before it; ``discount`` has T + 1 entries."""
    return Nodes(
        past=tuple(f"past{age}" for age in range(past, 0, -1)),
        horizon=tree.labels,
        leaves=tuple(tree.labels[i] for i in tree.leaves),
        period=tree.period,
        weight=tree.probability * discount[tree.period],
        final_weight=tree.probability[tree.leaves] * discount[tree.period[tree.leaves] + 1],
        branches=tree.branches,
        tree=tree,
    )
