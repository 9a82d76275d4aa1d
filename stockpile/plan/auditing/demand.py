"""Demand: what is served and what falls short add up to what is wanted; tiers bound and price the shortfall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import ROUNDED, Case


@dataclass(frozen=True)
class Service:
    """What the other blocks need: (goods, nodes) served to all sectors, and the penalty of shortfall (nodes,)."""

    served: Floats
    shortfall: Floats


def check_demand(case: Case) -> Service:
    """Check service and shortfall."""
    book = case.book
    found, values = case.instance.series("demand", "quantity", 0.0)
    keys: list[Key] = [(str(e), str(g)) for e, g in found]
    shape = (len(keys), len(case.instance.calendar.labels))
    demand = case.spread(np.nan_to_num(values).reshape(shape))
    grid = case.reader.grid("service", keys)
    case.not_negative(grid, "demand", "served", "short")
    wanted, served, short = (grid.amount(name) for name in ("demand", "served", "short"))
    words = "the demand of {0} for {1} is written as {left}, but it is {right}"
    book.equal(case.rule("demand", grid, keys, case.quantity, words), wanted, demand)
    words = "{0} is served and short {left} of {1} together, but wants {right}"
    book.equal(case.rule("demand_met", grid, keys, case.quantity, words), served + short, demand)
    lacking, penalty = _check_tiers(case, keys, demand)
    words = "{0} is short {left} of {1}, but the tiers add up to {right}"
    rule = case.rule("short_is_sum_of_tiers", grid, keys, case.quantity, words)
    book.equal(rule, short, lacking, scale=demand)
    good = np.array([case.good_at[g] for _, g in keys], dtype=np.int64)
    return Service(served=case.total(served, good, len(case.good_at)), shortfall=penalty)


def _check_tiers(case: Case, pairs: list[Key], demand: Floats) -> tuple[Floats, Floats]:
    """Each tier within its share of demand, at its penalty.  Gives shortfall by pair and the penalty by node."""
    keys: list[Key] = []
    member: list[int] = []
    share: list[float] = []
    price: list[float] = []
    for i, (sector, good) in enumerate(pairs):
        rows = case.instance.tiers_of(sector, good)
        keys += [(sector, good, int(tier)) for tier in rows["tier"]]
        member += [i] * len(rows)
        share += [float(v) for v in rows["share"]]
        price += [float(v) for v in rows["penalty"]]
    of, each = np.array(member, dtype=np.int64), np.array(price, dtype=np.float64)[:, None]
    grid = case.reader.grid("shortfall", keys)
    quantity = grid.amount("quantity")
    case.not_negative(grid, "quantity", "penalty")
    words = "shortfall of {1} for {0} in tier {2} is {left}, {amount} over the tier's share of demand"
    rule = case.rule("tier_share", grid, keys, case.quantity, words)
    case.book.at_most(rule, quantity, np.array(share, dtype=np.float64)[:, None] * demand[of], scale=demand[of])
    words = "the penalty of {0} for {1} in tier {2} is {left}, but the shortfall makes it {right}"
    rule = case.rule("shortfall_penalty", grid, keys, case.money, words)
    case.book.equal(rule, grid.amount("penalty"), each * quantity, scale=each * ROUNDED)
    return case.total(quantity, of, len(pairs)), np.asarray((each * quantity).sum(axis=0))
