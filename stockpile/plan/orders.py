"""Which orders a solution places."""

from __future__ import annotations

import numpy as np

from stockpile.plan.solution import Floats, Solution

#: The amount, in model units, up to which nothing is ordered.
IDLE = 1e-6


def orders_of(s: Solution) -> tuple[Floats, Floats]:
    """(K, N) what is ordered at every source, in model units, and 1 where an order is placed that is more than its set-up.

    Where nothing is ordered an order counts only if its charge is paid: a set-up that nothing follows never took place.
    """
    block = s.data.purchasing
    quantity, placed = np.zeros(block.due.shape), np.zeros(block.due.shape)
    source = np.array([block.sources.index(k) for k, _ in block.steps], dtype=np.int64)
    np.add.at(quantity, source, s.read("order", len(block.steps)))
    placed[[block.sources.index(k) for k in block.lumpy]] = s.read("place", len(block.lumpy)) > 0.5
    return quantity, placed * ((quantity > IDLE) | (block.order_cost > 0)[:, None])
