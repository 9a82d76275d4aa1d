"""Rotation as arrays in model units: sales at one price or at steps, exchanges, and the charges and lots of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.nodes import Nodes
from stockpile.data.scale import Scale
from stockpile.data.series import payees_of, series_of
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]

#: The most that ties a sale or a loan to its charge, in model units: more would hide what flows through one that is 0.
LARGEST = 1e5


@dataclass(frozen=True)
class Sales:
    """Rotation by sale of the ``goods`` that have it: price and depth (0 where no sale is possible) per node.

    ``payees`` are the pairs of good and fund that gets proceeds at some node; ``paid`` (pairs, N) is 1 where it does.
    ``steps`` are the pairs of good and step of those that are sold along a demand curve, with price and ``width`` (steps, N);
    the price of such a good is 0, its depth the sum of the widths.
    """

    goods: tuple[str, ...]
    price: Floats
    depth: Floats
    payees: tuple[tuple[str, ...], ...]
    paid: Floats
    steps: tuple[tuple[str, int], ...]
    step_price: Floats
    width: Floats

    @property
    def stepped(self) -> tuple[str, ...]:
        """The goods that are sold at steps."""
        return tuple(dict.fromkeys(g for g, _ in self.steps))

    def counted(self, counts: Mapping[str, float]) -> Floats:
        """(goods sold, N) the part of proceeds that the objective counts, by what it counts of the money of each fund."""
        part = np.ones_like(self.price)
        for (good, fund), paid in zip(self.payees, self.paid, strict=True):
            part[self.goods.index(good)] -= paid * (1.0 - counts[fund])
        return part


@dataclass(frozen=True)
class Loans:
    """Rotation by exchange of the ``goods`` that are lent or were: ``offers`` are pairs of good and lag in periods.

    ``most`` (offers, N) may be lent; ``back`` (offers, N) comes back for a unit lent then.  ``limit`` (goods, N) is the
    most that may be owed, ``due`` (goods, N) what comes back of goods lent before the horizon, ``opening`` (goods,) all of it.
    ``end_value`` (goods,) is what a unit owed at the end of the horizon is worth.
    """

    goods: tuple[str, ...]
    offers: tuple[tuple[str, int], ...]
    most: Floats
    back: Floats
    limit: Floats
    due: Floats
    opening: Floats
    end_value: Floats


@dataclass(frozen=True)
class Events:
    """Nodes in which selling or lending a good is a decision of its own: ``keys`` of good, mode and node.

    Each has the most and the least quantity, and its charge.
    """

    keys: tuple[tuple[str, str, str], ...]
    most: Floats
    least: Floats
    cost: Floats


def make_sales(instance: Instance, nodes: Nodes, scale: Scale, of: dict[str, int]) -> Sales:
    """Sale price and depth per good that may be sold; depth 0 where a sale is not possible."""
    frame = instance.view("rotation")
    sold = tuple(dict.fromkeys(str(g) for g in frame.loc[frame["mode"] == "sale", "good"]))
    index = np.array([of[g] for g in sold], dtype=np.int64)
    modes = [(g, "sale") for g in sold]
    depth = series_of(instance, "rotation", "depth", modes, 0.0)
    price = np.array([instance.sale_price(g) for g in sold]).reshape(len(sold), instance.columns)
    depth = np.where(np.isnan(depth), np.inf, depth)
    depth = np.where(np.isnan(price), 0.0, depth)
    price = np.nan_to_num(price)
    steps, step_price, width = _steps(instance, sold)
    good = np.array([sold.index(g) for g, _ in steps], dtype=np.int64)
    price[good], depth[good] = 0.0, 0.0
    np.add.at(depth, good, width)
    unit = scale.good[index]
    payees, paid = payees_of(instance, "rotation", ("good",), "sale")
    return Sales(
        goods=sold,
        price=nodes.spread(price) * (unit / scale.money)[:, None],
        depth=nodes.spread(depth) / unit[:, None],
        payees=payees,
        paid=nodes.spread(paid),
        steps=steps,
        step_price=nodes.spread(step_price) * (unit[good] / scale.money)[:, None],
        width=nodes.spread(width) / unit[good, None],
    )


def _steps(instance: Instance, sold: tuple[str, ...]) -> tuple[tuple[tuple[str, int], ...], Floats, Floats]:
    """The steps of the goods sold along a demand curve, with price after the discount and width by period."""
    view = instance.view("sales")
    pairs = {(str(g), int(s)) for g, s in zip(view["good"], view["step"], strict=True)}
    steps = tuple(sorted((p for p in pairs if p[0] in sold), key=lambda pair: (sold.index(pair[0]), pair[1])))
    price = series_of(instance, "sales", "price", steps, np.nan)
    width = series_of(instance, "sales", "width", steps, 0.0)
    discount = series_of(instance, "rotation", "discount", [(g, "sale") for g, _ in steps], np.nan)
    closed = np.isnan(price) | np.isnan(discount)
    width = np.where(closed, 0.0, np.where(np.isnan(width), np.inf, width))
    return steps, np.where(closed, 0.0, price * (1.0 - discount)), width


def make_loans(instance: Instance, nodes: Nodes, scale: Scale, of: dict[str, int]) -> Loans:
    """What may be lent and what comes back."""
    frame, opening = instance.view("rotation"), instance.view("opening_lent")
    lent = dict.fromkeys(str(g) for g in frame.loc[frame["mode"] == "exchange", "good"])
    goods = tuple(lent | dict.fromkeys(str(g) for g in opening["good"]))
    modes = [(g, "exchange") for g in goods]
    lag = series_of(instance, "rotation", "lag", modes, np.nan)
    depth, limit = (series_of(instance, "rotation", name, modes, np.nan) for name in ("depth", "credit_limit"))
    premium = np.nan_to_num(series_of(instance, "rotation", "premium", modes, 0.0))
    offers = tuple((g, int(length)) for g, row in zip(goods, lag, strict=True) for length in _distinct(row))
    at = np.array([goods.index(g) for g, _ in offers], dtype=np.int64)
    unit = scale.good[np.array([of[g] for g in goods], dtype=np.int64)]
    due = np.zeros((len(goods), instance.calendar.periods))
    row = np.array([goods.index(str(g)) for g in opening["good"]], dtype=np.int64)
    np.add.at(due, (row, opening["due"].to_numpy(dtype=np.int64)), opening["quantity"].to_numpy(dtype=float))
    old = due.sum(axis=1, keepdims=True) - np.cumsum(due, axis=1)
    old = np.tile(old, (1, limit.shape[1] // instance.calendar.periods))
    limit = np.where(np.isnan(limit), np.inf, np.maximum(limit, old))
    most = np.minimum(np.where(np.isnan(depth), np.inf, depth), limit / (1.0 + premium))
    most = np.where(lag[at] == np.array([length for _, length in offers])[:, None], most[at], 0.0)
    return Loans(
        goods=goods,
        offers=offers,
        most=nodes.spread(most) / unit[at, None],
        back=nodes.spread(1.0 + premium[at]),
        limit=nodes.spread(limit) / unit[:, None],
        due=nodes.spread(due) / unit[:, None],
        opening=due.sum(axis=1) / unit,
        end_value=np.array([instance.end_value("lent", g) for g in goods]) * unit / scale.money,
    )


def _distinct(lags: Floats) -> list[float]:
    """The lags that occur, short ones first."""
    return sorted(set(lags[~np.isnan(lags)].tolist()))


def make_events(
    instance: Instance, nodes: Nodes, scale: Scale, of: dict[str, int], markets: tuple[Sales, Loans]
) -> Events:
    """Where a charge or a least lot makes a sale or a loan a decision of its own."""
    sales, loans = markets
    keys: list[tuple[str, str, str]] = []
    amounts: list[tuple[float, float, float]] = []
    for mode, goods in (("sale", sales.goods), ("exchange", loans.goods)):
        modes = [(g, mode) for g in goods]
        cost = nodes.spread(series_of(instance, "rotation", "fixed_cost", modes, 0.0)) / scale.money
        least = nodes.spread(series_of(instance, "rotation", "min_lot", modes, 0.0))
        for row, good in enumerate(goods):
            lent = [m for (g, _), m in zip(loans.offers, loans.most, strict=True) if g == good]
            most = sales.depth[row] if mode == "sale" else np.sum(lent, axis=0)
            for n in np.flatnonzero(((cost[row] > 0) | (least[row] > 0)) & (most > 0)):
                keys.append((good, mode, nodes.horizon[n]))
                lot = float(least[row, n] / scale.good[of[good]])
                amounts.append((min(float(most[n]), max(LARGEST, lot)), lot, float(cost[row, n])))
    most, least, cost = np.array(amounts).reshape(len(keys), 3).T
    return Events(tuple(keys), most, least, cost)
