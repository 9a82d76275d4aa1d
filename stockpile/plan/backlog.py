"""Waiting demand of a solution as a table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockpile.plan.effects import spared
from stockpile.plan.solution import NOISE, Floats, Solution, names, visible


def backlog(s: Solution, short: Floats) -> pd.DataFrame:
    """What is postponed, caught up and waits; ``short`` (E, N) is what falls short of every demand, instance units.

    The oldest demand is served first, so that what waits is demand of the node itself as far as it goes.
    """
    block, money = s.data.demand.backlog, s.data.scale.money
    row = np.array([s.data.demand.pairs.index(pair) for pair in block.pairs], dtype=np.int64)
    unit = s.unit_of([g for _, g in block.pairs])[:, None]
    waiting = s.read("waiting", len(block.pairs)) * unit
    demand = (s.data.demand.amount * (1.0 - spared(s)))[row] * unit
    postponed = np.clip(demand - short[row], 0.0, waiting)
    caught_up = s.before(waiting) + postponed - waiting
    caught_up = np.where(caught_up < NOISE * unit, 0.0, caught_up)
    last = np.zeros(len(s.tree))
    last[s.tree.leaves] = 1.0
    values = {
        "postponed": postponed,
        "caught_up": caught_up,
        "waiting": waiting,
        "cost": waiting * block.cost[:, None] / unit * money,
        "end_penalty": waiting * block.end_penalty[:, None] / unit * money * last,
    }
    keys = {"sector": names([e for e, _ in block.pairs]), "good": names([g for _, g in block.pairs])}
    return s.table(keys, values, visible(waiting + caught_up))
