"""Demand by sector and good and the tiers of shortfall as arrays in model units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.backlog import Backlog, make_backlog
from stockpile.data.nodes import Nodes
from stockpile.data.scale import Scale
from stockpile.data.series import Payees, payees_of, series_of
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Demand:
    """``pairs`` of sector and good with demand (E, N); ``tiers`` of (sector, good, tier) with share and penalty.

    ``accepts`` are (sector, good wanted, good given) with what a unit given is worth in units wanted, and its cost.
    ``backlog`` is the demand that may wait.
    ``paid`` are the prices that sectors pay.
    """

    sectors: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    amount: Floats
    tiers: tuple[tuple[str, str, int], ...]
    share: Floats
    penalty: Floats
    accepts: tuple[tuple[str, str, str], ...]
    worth: Floats
    substitution_cost: Floats
    backlog: Backlog
    paid: ReleasePrices


@dataclass(frozen=True)
class ReleasePrices:
    """What sectors pay for what they get: ``keys`` of sector and good, price per node (0 where nothing is paid).

    ``payees`` are (sector, good, fund) where proceeds go to a fund, with (payees, N) 1 where they do.
    """

    keys: tuple[tuple[str, str], ...]
    price: Floats
    payees: Payees


def make_demand(instance: Instance, nodes: Nodes, scale: Scale) -> Demand:
    """Arrays of the demand block."""
    goods = {str(g): i for i, g in enumerate(instance.view("goods")["good"])}
    keys, values = instance.series("demand", "quantity", 0.0)
    pairs = tuple((str(e), str(g)) for e, g in keys)
    factor = scale.good[[goods[g] for _, g in pairs]] if pairs else np.zeros(0)
    values = np.nan_to_num(np.asarray(values, dtype=float)).reshape(len(pairs), instance.columns)
    tiers: list[tuple[str, str, int]] = []
    share: list[float] = []
    penalty: list[float] = []
    for sector, good in pairs:
        rows = instance.tiers_of(sector, good)
        tiers += [(sector, good, int(tier)) for tier in rows["tier"]]
        share += [float(v) for v in rows["share"]]
        penalty += [float(v) * scale.good[goods[good]] / scale.money for v in rows["penalty"]]
    view, known = instance.view("accepts"), set(pairs)
    columns = (view[name].tolist() for name in ("sector", "wanted", "given", "rate", "cost"))
    takes = [row for row in zip(*columns, strict=True) if row[:2] in known]
    unit = {g: float(scale.good[i]) for g, i in goods.items()}
    return Demand(
        sectors=tuple(str(e) for e in instance.view("sectors")["sector"]),
        pairs=pairs,
        amount=nodes.spread(values) / factor[:, None],
        tiers=tuple(tiers),
        share=np.array(share),
        penalty=np.array(penalty),
        accepts=tuple((str(e), str(g), str(h)) for e, g, h, _, _ in takes),
        worth=np.array([unit[h] / (unit[g] * rate) for _, g, h, rate, _ in takes]),
        substitution_cost=np.array([cost * unit[h] / scale.money for _, _, h, _, cost in takes]),
        backlog=make_backlog(instance, pairs, scale),
        paid=_release_prices(instance, nodes, scale, goods),
    )


def _release_prices(instance: Instance, nodes: Nodes, scale: Scale, goods: dict[str, int]) -> ReleasePrices:
    """Prices that sectors pay, and the funds that get the money."""
    keys = tuple((str(e), str(g)) for e, g in instance.series("release_prices", "price", 0.0)[0])
    unit = scale.good[np.array([goods[g] for _, g in keys], dtype=np.int64)] / scale.money
    payees, paid = payees_of(instance, "release_prices", ("sector", "good"))
    price = nodes.spread(series_of(instance, "release_prices", "price", keys, 0.0)) * unit[:, None]
    return ReleasePrices(keys, price, (payees, nodes.spread(paid)))
