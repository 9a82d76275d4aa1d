"""What the futures of an instance weigh, and how risk counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.nodes import Nodes
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Risk:
    """``told`` is whether scenarios are named, so that the cost of each is told.

    ``discount`` (N,) and ``final_discount`` (leaves,) are those of nodes, and of the end of the horizon; ``probability``
    (leaves,) of the paths.
    """

    told: bool
    discount: Floats
    final_discount: Floats
    probability: Floats


def make_risk(instance: Instance, nodes: Nodes) -> Risk:
    """Arrays of the block of risk."""
    probability = nodes.tree.probability
    return Risk(
        told=len(nodes.tree.scenarios) > 0,
        discount=instance.discount[nodes.period],
        final_discount=np.full(len(nodes.leaves), instance.discount[-1]),
        probability=probability[nodes.tree.leaves],
    )
