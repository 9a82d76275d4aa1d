"""Which nodes share their decisions beyond those of the tree: decisions that are taken before their data are seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.nodes import Nodes
from stockpile.instance import Instance

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Observing:
    """By class of decisions the nodes that follow another one (``tied``) and that one (``leader``), positions in the horizon."""

    tied: dict[str, Ints]
    leader: dict[str, Ints]


def make_observing(instance: Instance, nodes: Nodes) -> Observing:
    """Nodes that are tied, for every class of decisions that has any."""
    found = {name: leaders(instance, nodes.tree.parent, nodes.period, name) for name in ("orders", "releases")}
    tied = {name: np.flatnonzero(leader != np.arange(len(leader))) for name, leader in found.items()}
    return Observing(
        tied={name: at for name, at in tied.items() if len(at)},
        leader={name: found[name][at] for name, at in tied.items() if len(at)},
    )


def leaders(instance: Instance, parent: Ints, period: Ints, name: str) -> Ints:
    """(N,) the node whose decisions of a class a node shares; itself where it decides alone."""
    asked = instance.settings.decisions
    before = getattr(asked, name) == "before"
    first: dict[tuple[str, int], int] = {}
    out = np.arange(len(parent))
    for n in range(len(parent)):
        if period[n] < asked.here_and_now:
            out[n] = first.setdefault(("period", int(period[n])), n)
        elif before:
            out[n] = first.setdefault(("parent", int(parent[n])), n)
    return out
