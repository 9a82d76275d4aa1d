"""What leaves the reserve for money: sales, disposals and paid releases as plan tables, and the proceeds of funds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from stockpile.plan.cohorts import priced_sales, sales_by_age
from stockpile.plan.solution import Floats, Solution, names, visible

#: Ways in which goods leave, but for sectors.
MODES = ("sale", "exchange", "disposal")
#: The amount, in model units, up to which nothing is sold or lent.
IDLE = 1e-6


def fill(total: Floats, width: Floats) -> Floats:
    """(steps, N) a total (N,) in steps of some width, the first ones first."""
    before = np.zeros_like(width)
    before[1:] = np.cumsum(width, axis=0)[:-1]
    filled: Floats = np.clip(total - before, 0.0, width)
    return filled


def matched(amounts: Floats, filled: Floats) -> Floats:
    """(ages, steps, N) what of some amounts (ages, N) is sold in steps (steps, N), the first ones first in both."""
    until, up_to = np.cumsum(amounts, axis=0)[:, None], np.cumsum(filled, axis=0)[None]
    since, down_to = until - amounts[:, None], up_to - filled[None]
    return np.asarray(np.maximum(np.minimum(until, up_to) - np.maximum(since, down_to), 0.0))


def sold_in_steps(s: Solution) -> Floats:
    """(steps, N) sales of the goods that have a demand curve, model units."""
    block = s.data.stock.sales
    sold = s.read("sale", len(block.goods))
    out = np.zeros_like(block.width)
    for good in block.stepped:
        rows = [i for i, (g, _) in enumerate(block.steps) if g == good]
        out[rows] = fill(sold[block.goods.index(good)], block.width[rows])
    return out


def _earned(s: Solution) -> Floats:
    """(goods sold, N) proceeds of sales, model money."""
    block = s.data.stock.sales
    earned, sold = priced_sales(s) * block.price, sold_in_steps(s)
    for good, (factor, amounts) in sales_by_age(s).items():
        rows = [i for i, (g, _) in enumerate(block.steps) if g == good]
        sold[rows] = (factor[:, None, None] * matched(amounts, sold[rows])).sum(axis=0)
    of = np.array([block.goods.index(g) for g, _ in block.steps], dtype=np.int64)
    np.add.at(earned, of, sold * block.step_price)
    return earned


def without_idle_events(model: Any, compiled: Any, x: Floats) -> Floats:
    """The same solution with no charge of a sale or a loan where there is none."""
    if not hasattr(model, "rotate"):
        return x
    nodes, out = {n: i for i, n in enumerate(model.NODES)}, x.copy()
    moved: dict[tuple[str, str], Floats] = {}
    for mode, variable, index in (("sale", "sale", "SOLD"), ("exchange", "lend", "EXCHANGES")):
        members = [key if isinstance(key, tuple) else (key,) for key in getattr(model, index, ())]
        amounts = compiled.read(getattr(model, variable), x).reshape(len(members), -1) if members else ()
        for (good, *_), amount in zip(members, amounts, strict=True):
            moved[good, mode] = moved.get((good, mode), 0.0) + amount[-len(nodes) :]
    idle = [moved[good, mode][nodes[n]] <= IDLE for good, mode, n in model.ROTATIONS]
    column = compiled.columns_of(model.rotate)
    out[column[np.array(idle) & (column >= 0)]] = 0.0
    return out


def leaving(s: Solution) -> tuple[Floats, Floats]:
    """(G, N) what is sold and what is lent of every good, quantity unit."""
    goods, unit = s.goods, s.data.scale.good[:, None]
    sold, lent = np.zeros((len(goods), len(s.tree))), np.zeros((len(goods), len(s.tree)))
    sales, loans = s.data.stock.sales, s.data.stock.loans
    sold[[goods[g] for g in sales.goods]] = s.read("sale", len(sales.goods))
    offers = np.array([goods[g] for g, _ in loans.offers], dtype=np.int64)
    np.add.at(lent, offers, s.read("lend", len(loans.offers)))
    return sold * unit, lent * unit


def rotation_tables(s: Solution, disposed: Floats) -> dict[str, pd.DataFrame]:
    """Sales with their proceeds, by step where there are steps, loans, and disposals with their cost."""
    block, sales, scale, goods = s.data.stock, s.data.stock.sales, s.data.scale, s.goods
    money = scale.money / scale.good[:, None]
    sold, lent = leaving(s)
    earned, price, nothing = np.zeros_like(sold), np.zeros_like(sold), np.zeros_like(sold)
    row = [goods[g] for g in sales.goods]
    earned[row] = _earned(s) * scale.money
    price[row] = sales.price * money[row]
    curved = [goods[g] for g in sales.stepped]
    price[curved] = earned[curved] / np.where(sold[curved] > 0, sold[curved], 1.0)
    disposal = np.broadcast_to(block.disposal_cost[:, None] * money, sold.shape)
    quantity, charge = np.concatenate([sold, lent, disposed]), _charges(s)
    mode = [o for o in MODES for _ in goods]
    keys = {"good": names(block.goods * len(MODES)), "mode": names(mode)}
    values = {
        "quantity": quantity,
        "price": np.concatenate([price, nothing, disposal]) / s.instance.price_factor,
        "amount": np.concatenate([earned, nothing, disposed * disposal]),
        "charge": charge,
    }
    rotation = s.table(keys, values, visible(quantity) | (charge > 0))
    return {"rotation": rotation, "sale_steps": _sale_steps(s), "exchange": _exchange(s)}


def _charges(s: Solution) -> Floats:
    """(modes and goods, N) charges of sales and loans, money."""
    block, goods = s.data.stock.events, s.goods
    out = np.zeros((len(MODES) * len(goods), len(s.tree)))
    if block.keys:
        node = {label: i for i, label in enumerate(s.tree.labels)}
        chosen = s.compiled.read(s.model.rotate, s.x) > 0.5
        for (good, mode, n), cost, is_chosen in zip(block.keys, block.cost, chosen, strict=True):
            out[MODES.index(mode) * len(goods) + goods[good], node[n]] = cost * is_chosen * s.data.scale.money
    return out


def _exchange(s: Solution) -> pd.DataFrame:
    """What is lent, what comes back, and what is owed."""
    block, unit = s.data.stock.loans, s.unit_of(s.data.stock.loans.goods)[:, None]
    lend = s.read("lend", len(block.offers))
    shape = (len(block.goods), len(s.tree))
    lent, returned, lag = np.zeros(shape), block.due.copy(), np.zeros(shape, dtype=np.int64)
    for (good, length), amount, back in zip(block.offers, lend, block.back, strict=True):
        at, earlier = block.goods.index(good), s.tree.ancestor(length)
        lent[at] += amount
        lag[at, amount > 0] = length
        returned[at] += np.where(earlier >= 0, (amount * back)[np.maximum(earlier, 0)], 0.0)
    owed = s.read("lent", len(block.goods))
    values = {"lent": lent * unit, "returned": returned * unit, "owed": owed * unit}
    keep = visible(lent) | visible(returned) | visible(owed)
    table = s.table({"good": names(block.goods)}, values, keep)
    node, row = np.nonzero(keep.T)
    inside = (lag[row, node] > 0) & (s.tree.period[node] + lag[row, node] < len(s.instance.calendar.labels))
    table.insert(4, "due", np.where(inside, s.later(node, lag[row, node]), ""))
    return table


def _sale_steps(s: Solution) -> pd.DataFrame:
    """Sales by step of the demand curve."""
    block = s.data.stock.sales
    unit = s.unit_of([g for g, _ in block.steps])[:, None]
    quantity = sold_in_steps(s) * unit
    keys = {"good": names([g for g, _ in block.steps]), "step": names([i for _, i in block.steps])}
    price = block.step_price * (s.data.scale.money / unit) / s.instance.price_factor
    return s.table(keys, {"quantity": quantity, "price": price}, visible(quantity))


def _got(s: Solution) -> Floats:
    """(keys, N) what sectors get of the goods that they pay for, model units."""
    block = s.data.demand
    row = {key: i for i, key in enumerate(block.paid.keys)}
    out = np.zeros_like(block.paid.price)
    released, given = s.read("release", len(block.pairs)), s.read("substitute", len(block.accepts))
    for pair, amounts in zip(block.pairs, released, strict=True):
        if pair in row:
            out[row[pair]] += amounts
    for (sector, _, good), amounts in zip(block.accepts, given, strict=True):
        if (sector, good) in row:
            out[row[sector, good]] += amounts
    return out


def release_table(s: Solution) -> dict[str, pd.DataFrame]:
    """What sectors pay for what they get."""
    block, money = s.data.demand.paid, s.data.scale.money
    unit = s.unit_of([g for _, g in block.keys])[:, None]
    got = _got(s)
    keys = {"sector": names([e for e, _ in block.keys]), "good": names([g for _, g in block.keys])}
    price = block.price * (money / unit) / s.instance.price_factor
    values = {"quantity": got * unit, "price": price, "amount": got * block.price * money}
    return {"releases": s.table(keys, values, visible(got) & (block.price > 0))}


def proceeds_of(s: Solution, place: Mapping[str, int]) -> Floats:
    """(F, N) proceeds of sales and releases by the fund that gets them, money."""
    out = np.zeros((len(place), len(s.tree)))
    sales, prices = s.data.stock.sales, s.data.demand.paid
    earned, paid = _earned(s), _got(s) * prices.price
    for (good, fund), share in zip(sales.payees, sales.paid, strict=True):
        out[place[fund]] += earned[sales.goods.index(good)] * share
    for (sector, good, fund), share in zip(*prices.payees, strict=True):
        out[place[fund]] += paid[prices.keys.index((sector, good))] * share
    return out * s.data.scale.money
