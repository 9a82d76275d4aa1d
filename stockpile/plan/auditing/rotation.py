"""Rotation: sales into a market of limited depth, loans, disposal, their charges, and where the proceeds go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import ROUNDED, Case
from stockpile.plan.auditing.cohorts import Cohorts
from stockpile.plan.auditing.exchange import check_exchange
from stockpile.plan.auditing.grid import Grid
from stockpile.plan.auditing.proceeds import proceeds_by_fund
from stockpile.plan.auditing.sale_steps import check_curves


@dataclass(frozen=True)
class Rotation:
    """(goods, nodes) sold, lent, returned, owed at the close and disposed; cost of disposal and charges (nodes,).

    ``proceeds`` of sales are by fund, ``""`` where no fund gets them, (nodes,).
    """

    sold: Floats
    lent: Floats
    returned: Floats
    owed: Floats
    disposed: Floats
    disposal: Floats
    charges: Floats
    proceeds: dict[str, Floats]


def check_rotation(case: Case, cohorts: Cohorts) -> Rotation:
    """Check sales, loans and disposals; ``cohorts`` say what sales of aged stock count for."""
    goods = list(case.good_at)
    keys: list[Key] = [(g, mode) for mode in ("sale", "exchange", "disposal") for g in goods]
    grid = case.reader.grid("rotation", keys)
    quantity = grid.amount("quantity")
    case.not_negative(grid, "quantity", "amount", "charge")
    sold, lent, disposed = quantity.reshape(3, len(goods), -1)
    depth, price, earned = _market(case, sold, cohorts)
    words = "{left} of {0} is sold, {amount} over what the market takes ({right})"
    rule = case.rule("sale_depth", grid, keys[: len(goods)], case.quantity, words)
    case.book.at_most(rule, sold, depth)
    disposal = np.broadcast_to(case.goods["disposal_cost"].to_numpy(dtype=np.float64)[:, None], sold.shape)
    nothing = np.zeros_like(sold)
    returned, owed = check_exchange(case, lent)
    each, amounts = (price, nothing, disposal), (earned, nothing, disposed * disposal)
    _check_amounts(case, grid, np.concatenate(each), np.concatenate(amounts))
    return Rotation(
        sold=sold,
        lent=lent,
        returned=returned,
        owed=owed,
        disposed=disposed,
        disposal=(disposed * disposal).sum(axis=0),
        charges=_check_events(case, grid, quantity),
        proceeds=proceeds_by_fund(case, "rotation", keys[: len(goods)], earned),
    )


def _market(case: Case, sold: Floats, cohorts: Cohorts) -> tuple[Floats, Floats, Floats]:
    """(goods, nodes) what the market takes, the price (on average, where it is sold at steps), and what sales earn."""
    goods, columns = list(case.good_at), case.instance.columns
    offers = np.array([case.instance.sale_price(g) for g in goods]).reshape(len(goods), columns)
    price = case.spread(offers)
    depth = case.series("rotation", "depth", 0.0, [(g, "sale") for g in goods])
    depth = np.where(np.isnan(price), 0.0, np.where(np.isnan(depth), np.inf, depth))
    price = np.nan_to_num(price)
    earned = cohorts.paid_for(sold) * price
    for good, curve in check_curves(case, sold, cohorts.sales).items():
        depth[good], earned[good] = curve.depth, curve.earned
        price[good] = curve.earned / np.where(sold[good] > 0, sold[good], 1.0)
    return depth, price, earned


def _check_events(case: Case, grid: Grid, quantity: Floats) -> Floats:
    """A sale or a loan has its charge and reaches its least lot.  Gives the charges, (nodes,)."""
    book, charge = case.book, grid.amount("charge")
    cost = case.series("rotation", "fixed_cost", 0.0, grid.keys)
    least = case.series("rotation", "min_lot", 0.0, grid.keys)
    room = np.maximum(least, 1.0)
    placed = np.where(cost > 0, charge > cost / 2, quantity > book.tolerance * room)
    words = "the charge of the {1} of {0} is {left}, but it costs {right}"
    rule = case.rule("rotation_charge", grid, grid.keys, case.money, words)
    book.equal(rule, charge, np.where(placed, cost, 0.0))
    words = "{left} of {0} leaves by {1} without its charge"
    rule = case.rule("rotation_needs_event", grid, grid.keys, case.quantity, words)
    book.at_most(rule, quantity, np.zeros(1), scale=room, where=(cost > 0) & ~placed)
    words = "the {1} of {0} is {left}, {amount} below the least lot of {right}"
    rule = case.rule("least_lot", grid, grid.keys, case.quantity, words)
    book.at_least(rule, quantity, least, scale=room, where=placed & (least > 0))
    return np.asarray(charge.sum(axis=0))


def _check_amounts(case: Case, grid: Grid, price: Floats, amount: Floats) -> None:
    """Every row has the price in force, and the amount that quantity and price make."""
    words = "the price of the {1} of {0} is written as {left}, but it is {right}"
    case.reader.cells(grid, "price", price / case.instance.price_factor, case.price, words)
    words = "the amount of the {1} of {0} is {left}, but quantity and price make it {right}"
    rule = case.rule("rotation_amount", grid, grid.keys, case.money, words)
    case.book.equal(rule, grid.amount("amount"), amount, scale=price * ROUNDED)
