"""Goods on order at the end, of a solution: what they are worth, and what of it counts."""

from __future__ import annotations

import numpy as np

from stockpile.plan.solution import Floats, Solution


def goods_on_order(s: Solution) -> tuple[tuple[str, ...], Floats, Floats]:
    """The sources whose orders may arrive after the horizon; (sources, N) worth of what is then on order, and what counts.

    Only the leaves' figures are of the end; money, a gain is negative.
    """
    block, buying = s.data.undelivered, s.data.purchasing
    quantity, cost = block.due.copy(), block.due_cost.copy()
    steps = s.read("order", len(buying.steps)) if block.steps else np.zeros((0, len(s.tree)))
    place = {step: i for i, step in enumerate(buying.steps)}
    for source, step, ago in block.steps:
        row, back = place[source, step], s.tree.ancestor(ago)
        ordered = np.where(back >= 0, steps[row, np.maximum(back, 0)], 0.0)
        price = buying.price[row, np.maximum(back, 0)]
        quantity[block.sources.index(source)] += ordered
        cost[block.sources.index(source)] += ordered * price
    money = s.data.scale.money
    return block.sources, block.worth * quantity * money, (block.owed * cost - block.worth * quantity) * money
