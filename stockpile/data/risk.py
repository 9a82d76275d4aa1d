"""What the futures of an instance weigh, and how risk counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.demand import Demand
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
    ``conditional`` (N,) is the probability of a node where its parent is reached.  ``share`` is what the excess over the level weighs, 1 / (1 - level); ``limit`` is in model money, infinite where none is.
    ``cover`` is the probability with which a path's penalties of shortfall are at most ``allowed``, 0 where nothing is
    asked; ``most_short`` (leaves,) the most that they can be above it.
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
    conditional: Floats
    cover: float
    allowed: float
    most_short: Floats


def make_risk(instance: Instance, nodes: Nodes, scale: Scale, demand: Demand) -> Risk:
    """Arrays of the block of risk."""
    asked = instance.settings.risk
    counts = asked.measure != "expected"
    told = ("cost", "shortfall") if nodes.tree.scenarios else ()
    tree, allowed = nodes.tree, asked.cover_shortfall / scale.money
    before = np.where(tree.parent >= 0, tree.probability[np.maximum(tree.parent, 0)], 1.0)
    return Risk(
        measures=tuple(dict.fromkeys([*told, *([asked.of] if counts else [])])),
        discount=instance.discount[nodes.period],
        final_discount=np.full(len(nodes.leaves), instance.discount[-1]),
        probability=nodes.tree.probability[nodes.tree.leaves],
        measure=asked.measure if counts else "",
        of=asked.of if counts else "",
        share=1.0 / (1.0 - asked.level) if asked.measure in ("cvar", "nested") else 0.0,
        weight=asked.weight,
        limit=np.inf if asked.limit is None else asked.limit / scale.money,
        conditional=tree.probability / before,
        cover=asked.cover or 0.0,
        allowed=allowed,
        most_short=np.maximum(_most_short(instance, nodes, demand) - allowed, 0.0),
    )


def _most_short(instance: Instance, nodes: Nodes, demand: Demand) -> Floats:
    """(leaves,) penalties of a path on which nothing is served: all at the dearest tier, or waiting until the end."""
    worst = dict.fromkeys(demand.pairs, 0.0)
    for (sector, good, _), penalty in zip(demand.tiers, demand.penalty, strict=True):
        worst[sector, good] = max(worst[sector, good], float(penalty))
    for pair, penalty in zip(demand.backlog.pairs, demand.backlog.end_penalty, strict=True):
        worst[pair] = max(worst[pair], float(penalty))
    each = np.array([worst[pair] for pair in demand.pairs]).reshape(1, -1) @ demand.amount.reshape(len(worst), -1)
    total = each.reshape(-1) * instance.discount[nodes.period] if len(worst) else np.zeros(len(nodes.horizon))
    for n, parent in enumerate(nodes.tree.parent):
        total[n] += total[parent] if parent >= 0 else 0.0
    return np.asarray(total[nodes.tree.leaves])
