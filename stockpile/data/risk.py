"""What the futures of an instance weigh, and how risk counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.nodes import Nodes
from stockpile.data.scale import Scale
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]

#: The named costs that a measure is made of; all of them where it is not here.
MADE_OF = {"shortfall": ("shortfall",)}


@dataclass(frozen=True)
class Risk:
    """``measures`` are what is added up along every path: cost and shortfall where scenarios are named, and what risk is taken of.

    ``discount`` (N,) and ``final_discount`` (leaves,) are those of nodes and of the end of the horizon; ``probability``
    (leaves,) of the paths.  ``measure`` is cvar or worst, ``of`` one of the measures, both empty where risk does not count;
    ``share`` is what the excess over the level weighs, 1 / (1 - level); ``limit`` is in model money, infinite where none is.
    """

    measures: tuple[str, ...]
    discount: Floats
    final_discount: Floats
    probability: Floats
    measure: str
    of: str
    share: float
    weight: float
    limit: float


def make_risk(instance: Instance, nodes: Nodes, scale: Scale) -> Risk:
    """Arrays of the block of risk."""
    asked = instance.settings.risk
    counts = asked.measure != "expected"
    told = ("cost", "shortfall") if nodes.tree.scenarios else ()
    return Risk(
        measures=tuple(dict.fromkeys([*told, *([asked.of] if counts else [])])),
        discount=instance.discount[nodes.period],
        final_discount=np.full(len(nodes.leaves), instance.discount[-1]),
        probability=nodes.tree.probability[nodes.tree.leaves],
        measure=asked.measure if counts else "",
        of=asked.of if counts else "",
        share=1.0 / (1.0 - asked.level) if asked.measure == "cvar" else 0.0,
        weight=asked.weight,
        limit=np.inf if asked.limit is None else asked.limit / scale.money,
    )
