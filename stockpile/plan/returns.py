"""What comes back of goods in use in a solution, as a table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockpile.plan.solution import Floats, Solution, names, visible


def returns(s: Solution) -> pd.DataFrame:
    """What comes back to every source that collects, and what is ordered of it, instance units."""
    block, buying = s.data.returns, s.data.purchasing
    unit = s.unit_of([buying.good_of[k] for k in block.sources])[:, None]
    there = block.before.copy()
    for (row, sector, good), source in zip(block.rows, block.source_of, strict=True):
        there[block.sources.index(source)] += block.share[row] * _used(s, sector, good)[block.used[row]]
    steps, ordered = s.read("order", len(buying.steps)), np.zeros_like(there)
    for (k, _), amount in zip(buying.steps, steps, strict=True):
        if k in block.sources:
            ordered[block.sources.index(k)] += amount
    values = {"available": there * unit, "ordered": ordered * unit}
    return s.table({"source": names(block.sources)}, values, visible(there + ordered))


def _used(s: Solution, sector: str, good: str) -> Floats:
    """(N,) what a sector gets of a good: released, instead of another, and from the market; model units."""
    demand, traded = s.data.demand, s.data.market_supply
    got = np.zeros(len(s.tree))
    for (e, g), amount in zip(demand.pairs, s.read("release", len(demand.pairs)), strict=True):
        got += amount * ((e, g) == (sector, good))
    for (e, _, h), amount in zip(demand.accepts, s.read("substitute", len(demand.accepts)), strict=True):
        got += amount * ((e, h) == (sector, good))
    for pair, amount in zip(traded.pairs, s.read("market_supply", len(traded.pairs)), strict=True):
        got += amount * (pair == (sector, good))
    return got
