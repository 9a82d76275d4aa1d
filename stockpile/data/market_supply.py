"""Sources that the market pays for normal consumption, and the sectors that want their goods."""

from __future__ import annotations

from dataclasses import dataclass

from stockpile.data.demand import Demand
from stockpile.data.purchasing import Purchasing
from stockpile.instance import Instance


@dataclass(frozen=True)
class MarketSupply:
    """``steps`` of the sources that the market pays, their ``goods``, the (sector, good) ``pairs`` that get them.

    ``counted`` where the objective counts what the market pays.
    """

    steps: tuple[tuple[str, int], ...]
    goods: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    counted: bool


def make_market_supply(instance: Instance, purchasing: Purchasing, demand: Demand) -> MarketSupply:
    """Which sources the market pays, and whom they serve."""
    steps = tuple(step for step in purchasing.steps if step[0] in purchasing.market_paid)
    goods = tuple(dict.fromkeys(purchasing.good_of[k] for k, _ in steps))
    pairs = tuple(pair for pair in demand.pairs if pair[1] in goods)
    return MarketSupply(steps, goods, pairs, instance.settings.economics.perspective == "all")
