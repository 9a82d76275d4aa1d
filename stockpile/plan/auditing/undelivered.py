"""Goods on order at the end: those ordered so late, or before the horizon for after it, and what is still to be paid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockpile.plan.auditing.book import Floats, Ints
from stockpile.plan.auditing.case import Case


@dataclass(frozen=True)
class Orders:
    """By source: lead time, and (sources, nodes) quantity and price ordered, the share that arrives, the duty in force."""

    names: list[str]
    lead: Ints
    quantity: Floats
    cost: Floats
    arrive: Floats
    duty: Floats


@dataclass(frozen=True)
class Undelivered:
    """The sources for which it counts, and (sources, nodes) worth of what is on order at the leaves, and what counts; money."""

    sources: list[str]
    worth: Floats
    value: Floats


def goods_on_order(case: Case, orders: Orders) -> Undelivered:
    """What the last lead time's orders, and those from before the horizon that arrive after it, are worth and still cost."""
    price = case.instance.order_values()
    leaf = np.zeros(len(case.tree))
    leaf[case.tree.leaves] = 1.0
    worth, value, names = [], [], []
    for k in np.flatnonzero(price > 0):
        quantity, owed = _from_before(case, orders.names[k])
        for ago in range(int(orders.lead[k])):
            quantity = quantity + case.earlier(orders.quantity[k], ago)
            owed = owed + case.earlier(orders.cost[k], ago)
        taxed = owed * (1.0 + orders.duty[k]) if _duties_count(case) else owed
        names.append(orders.names[k])
        worth.append(price[k] * orders.arrive[k] * quantity * leaf)
        value.append(orders.arrive[k] * taxed * leaf - worth[-1])
    shape = (len(names), len(case.tree))
    return Undelivered(names, np.array(worth).reshape(shape), np.array(value).reshape(shape))


def _from_before(case: Case, source: str) -> tuple[Floats, Floats]:
    """(nodes,) quantity and price of what was ordered before the horizon for after it."""
    view = case.view("opening_orders").frame
    mine = view[(view["source"] == source) & (view["arrives"] > case.last)]
    quantity, price = mine["quantity"].to_numpy(dtype=np.float64), mine["price"].to_numpy(dtype=np.float64)
    every = np.ones(len(case.tree))
    return quantity.sum() * every, (quantity * price).sum() * every


def _duties_count(case: Case) -> bool:
    """Whether every fund that may pay duties is charged for them: none is public, and all of them count."""
    view = case.view("funds")
    payers = [
        not public and case.instance.settings.economics.perspective == "all"
        for fund, public in zip(view["fund"], view["public"], strict=True)
        if "purchases" in case.instance.uses_of(str(fund))
    ]
    return all(payers)
