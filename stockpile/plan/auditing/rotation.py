"""Rotation: sales into a market of limited depth, disposal, and where the proceeds go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import ROUNDED, Case, texts
from stockpile.plan.auditing.grid import Grid


@dataclass(frozen=True)
class Rotation:
    """(goods, nodes) sold and disposed; disposal cost (nodes,); proceeds by fund, ``""`` for the treasury, (nodes,)."""

    sold: Floats
    disposed: Floats
    disposal: Floats
    proceeds: dict[str, Floats]


def check_rotation(case: Case) -> Rotation:
    """Check sales and disposals."""
    goods = list(case.good_at)
    keys: list[Key] = [(g, mode) for mode in ("sale", "disposal") for g in goods]
    grid = case.reader.grid("rotation", keys)
    quantity = grid.amount("quantity")
    case.not_negative(grid, "quantity", "amount")
    periods = len(case.instance.calendar.labels)
    offers = np.array([case.instance.sale_price(g) for g in goods]).reshape(len(goods), periods)
    price = case.spread(offers)
    depth = case.series("rotation", "depth", 0.0, [(g, "sale") for g in goods])
    depth = np.where(np.isnan(price), 0.0, np.where(np.isnan(depth), np.inf, depth))
    disposal = np.broadcast_to(case.goods["disposal_cost"].to_numpy(dtype=np.float64)[:, None], price.shape)
    sold, disposed = quantity[: len(goods)], quantity[len(goods) :]
    words = "{left} of {0} is sold, {amount} over what the market takes ({right})"
    rule = case.rule("sale_depth", grid, keys[: len(goods)], case.quantity, words)
    case.book.at_most(rule, sold, depth)
    _check_amounts(case, grid, quantity, np.concatenate([np.nan_to_num(price), disposal]))
    return Rotation(
        sold=sold,
        disposed=disposed,
        disposal=(disposed * disposal).sum(axis=0),
        proceeds=_proceeds(case, sold * np.nan_to_num(price)),
    )


def _check_amounts(case: Case, grid: Grid, quantity: Floats, price: Floats) -> None:
    """Every row has the price in force, and the amount that quantity and price make."""
    words = "the price of the {1} of {0} is written as {left}, but it is {right}"
    case.reader.cells(grid, "price", price / case.instance.price_factor, case.price, words)
    words = "the amount of the {1} of {0} is {left}, but quantity and price make it {right}"
    rule = case.rule("rotation_amount", grid, grid.keys, case.money, words)
    case.book.equal(rule, grid.amount("amount"), quantity * price, scale=price * ROUNDED)


def _proceeds(case: Case, amount: Floats) -> dict[str, Floats]:
    """Proceeds by the fund named in the row in force, ``""`` where it names none."""
    view = case.instance.view("rotation").sort_values("from", kind="stable")
    payee = np.full((len(case.good_at), len(case.instance.calendar.labels)), "", dtype=object)
    for good, rows in view.groupby("good", sort=False):
        begins = rows["from"].to_numpy(dtype=np.int64)
        ends = np.minimum(rows["until"].to_numpy(dtype=np.int64), np.append(begins[1:], case.last + 1))
        for first, end, fund in zip(begins, ends, texts(rows["proceeds_to"]), strict=True):
            payee[case.good_at[str(good)], first:end] = fund
    by_node = payee[:, case.period]
    return {str(f): np.where(by_node == f, amount, 0.0).sum(axis=0) for f in dict.fromkeys(payee.ravel())}
