"""Markets: price steps whose width several sources share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.nodes import Nodes
from stockpile.data.purchasing import Purchasing
from stockpile.instance import Instance
from stockpile.instance.offers import members_of

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Markets:
    """``sources`` of every market that has several, and the (market, step, node) in which two or more may be ordered from.

    ``width`` is what they may order together there, in model units of the good.
    """

    sources: dict[str, tuple[str, ...]]
    steps: tuple[tuple[str, int, str], ...]
    width: Floats


def make_markets(instance: Instance, nodes: Nodes, purchasing: Purchasing) -> Markets:
    """Arrays of the markets; a step without a width limits nothing."""
    members = members_of(instance.view("sources"))
    shared = {market: tuple(names) for market, names in members.items() if len(names) > 1}
    place = {key: i for i, key in enumerate(purchasing.steps)}
    steps: list[tuple[str, int, str]] = []
    found: list[float] = []
    for market, names in shared.items():
        for number in [s for k, s in purchasing.steps if k == names[0]]:
            width = purchasing.width[[place[k, number] for k in names]]
            several, most = (width > 0).sum(axis=0) > 1, width.max(axis=0)
            for n in np.flatnonzero(several & np.isfinite(most)):
                steps.append((market, number, nodes.horizon[int(n)]))
                found.append(float(most[n]))
    return Markets(shared if steps else {}, tuple(steps), np.array(found, dtype=np.float64))
