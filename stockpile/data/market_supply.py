"""Sources that the market pays for normal consumption, and the sectors that want their goods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.demand import Demand
from stockpile.data.purchasing import Purchasing
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class MarketSupply:
    """``sources`` that the market pays, their ``steps`` and ``goods``, the (sector, good) ``pairs`` that get them.

    ``counted`` where the objective counts what the market pays; ``due`` (goods, N) is what arrives of orders of the market
    from before the horizon.
    """

    sources: tuple[str, ...]
    steps: tuple[tuple[str, int], ...]
    goods: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    counted: bool
    due: Floats


def make_market_supply(instance: Instance, purchasing: Purchasing, demand: Demand) -> MarketSupply:
    """Which sources the market pays, and whom they serve."""
    steps = tuple(step for step in purchasing.steps if step[0] in purchasing.market_paid)
    goods = tuple(dict.fromkeys(purchasing.good_of[k] for k, _ in steps))
    pairs = tuple(pair for pair in demand.pairs if pair[1] in goods)
    sources = tuple(dict.fromkeys(k for k, _ in steps))
    due = np.zeros((len(goods), purchasing.due.shape[1]))
    for k in sources:
        due[goods.index(purchasing.good_of[k])] += purchasing.due[purchasing.sources.index(k)]
    return MarketSupply(sources, steps, goods, pairs, instance.settings.economics.perspective == "all", due)
