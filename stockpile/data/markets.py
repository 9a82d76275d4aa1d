"""Markets: price steps whose width several sources share, and which normal consumption uses before the reserve."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

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

    ``width`` is what they may order together there, in model units of the good.  ``normal`` are the sources that the market
    pays, of markets that the reserve buys from as well, and ``turns`` the (market, step before, step, node) at which both
    may order; ``turn_width`` is the width of the step before, ``turn_link`` the most that normal consumption could use of
    the step.
    """

    sources: dict[str, tuple[str, ...]]
    steps: tuple[tuple[str, int, str], ...]
    width: Floats
    normal: dict[str, tuple[str, ...]]
    turns: tuple[tuple[str, int, int, str], ...]
    turn_width: Floats
    turn_link: Floats


def make_markets(instance: Instance, nodes: Nodes, purchasing: Purchasing) -> Markets:
    """Arrays of the markets; a step without a width limits nothing."""
    members = members_of(instance.view("sources"))
    shared = {market: tuple(names) for market, names in members.items() if len(names) > 1}
    place = {key: i for i, key in enumerate(purchasing.steps)}
    steps: list[tuple[str, int, str]] = []
    found: list[float] = []
    turns: list[tuple[str, int, int, str]] = []
    limits: list[tuple[float, float]] = []
    for market, names in shared.items():
        numbers = [s for k, s in purchasing.steps if k == names[0]]
        offered = np.array([[purchasing.width[place[k, s]] for s in numbers] for k in names])
        for i, number in enumerate(numbers):
            width = offered[:, i]
            several, most = (width > 0).sum(axis=0) > 1, width.max(axis=0)
            for n in np.flatnonzero(several & np.isfinite(most)):
                steps.append((market, number, nodes.horizon[int(n)]))
                found.append(float(most[n]))
        for before, step, at, both in _turns(names, offered, purchasing):
            turns.append((market, numbers[before], numbers[step], nodes.horizon[at]))
            limits.append(both)
    width_before, link = np.array(limits, dtype=np.float64).reshape(len(limits), 2).T
    return Markets(
        sources=shared if steps or turns else {},
        steps=tuple(steps),
        width=np.array(found, dtype=np.float64),
        normal={u: tuple(k for k in names if k in purchasing.market_paid) for u, names in shared.items()}
        if turns
        else {},
        turns=tuple(turns),
        turn_width=width_before,
        turn_link=link,
    )


def _turns(
    names: tuple[str, ...], offered: Floats, purchasing: Purchasing
) -> list[tuple[int, int, int, tuple[float, float]]]:
    """(step before, step, node) of a market and their limits, where funds and the market may both order in some step.

    ``offered`` (sources, steps, N) is what each may order in a step.  A step after one without limit is never reached.
    """
    paid = np.array([k in purchasing.market_paid for k in names], dtype=bool)
    if paid.all() or not paid.any():
        return []
    width = offered.max(axis=0)
    both = (offered[paid].max(axis=(0, 1)) > 0) & (offered[~paid].max(axis=(0, 1)) > 0)
    rows = [purchasing.sources.index(k) for k, mine in zip(names, paid, strict=True) if mine]
    most = purchasing.most[rows].sum(axis=0)
    found = []
    for n in np.flatnonzero(both):
        there = np.flatnonzero(width[:, n] > 0)
        for before, step in pairwise(there):
            endless = np.isinf(width[before, n])
            link = 0.0 if endless else min(width[step, n], most[n])
            found.append((int(before), int(step), int(n), (0.0 if endless else float(width[before, n]), float(link))))
    return found
