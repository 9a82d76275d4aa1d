"""Demand: what is served, substituted and short adds up to what is wanted; tiers bound and price the shortfall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from stockpile.plan.auditing.backlog import Waiting, check_backlog
from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import ROUNDED, Case
from stockpile.plan.auditing.market_supply import check_market_supply


@dataclass(frozen=True)
class Service:
    """What the other blocks need: (goods, nodes) released to all sectors; penalty of shortfall and cost of substitutes (nodes,), what waits.

    ``given`` is what a sector gets by sector and good, ``by_pair`` what is released of the good wanted, ``instead`` what is
    given by sector, good wanted and good given, ``short`` what is lacking by sector and good, ``at_stores`` what
    sectors get from the stores that they name, by good and store, (nodes,).  ``spared`` (goods, nodes) is demand that falls away,
    ``used`` what a sector gets of a good from the reserve and the market, ``market`` from the market alone, (nodes,).
    """

    served: Floats
    at_stores: dict[tuple[str, str], Floats]
    shortfall: Floats
    substitution: Floats
    waiting: Waiting
    given: dict[Key, Floats]
    by_pair: dict[Key, Floats]
    instead: dict[Key, Floats]
    short: dict[Key, Floats]
    spared: Floats
    used: dict[Key, Floats]
    market: dict[Key, Floats]


def check_demand(case: Case, traded: Floats, falls: Mapping[Key, Floats]) -> Service:
    """Check service and shortfall; ``traded`` (goods, nodes) is what arrives of what the market buys, ``falls`` (nodes,) the
    share of the demand of a sector and good that falls away because of projects.
    """
    book = case.book
    found, values = case.instance.series("demand", "quantity", 0.0)
    keys: list[Key] = [(str(e), str(g)) for e, g in found]
    shape = (len(keys), case.instance.columns)
    whole = case.spread(np.nan_to_num(values).reshape(shape))
    spared = np.array([whole[i] * falls.get(key, 0.0) for i, key in enumerate(keys)]).reshape(whole.shape)
    demand = whole - spared
    grid = case.reader.grid("service", keys)
    case.not_negative(grid, "demand", "served", "substituted", "short")
    given, replaced, substitution = _check_substitutes(case, keys)
    words = "{0} is written to have {left} of its {1} substituted, but what it takes instead replaces {right}"
    rule = case.rule("substituted", grid, keys, case.quantity, words)
    book.equal(rule, grid.amount("substituted"), replaced, scale=demand)
    wanted, served, short = (grid.amount(name) for name in ("demand", "served", "short"))
    words = "the demand of {0} for {1} is written as {left}, but it is {right}"
    book.equal(case.rule("demand", grid, keys, case.quantity, words), wanted, demand)
    waiting = check_backlog(case, keys, demand, short)
    bought = check_market_supply(case, traded, keys)
    met = served + replaced + short + waiting.deferred + bought
    words = "{0} is served and short {left} of {1} together, but wants {right}"
    book.equal(case.rule("demand_met", grid, keys, case.quantity, words), met, demand)
    lacking, penalty = _check_tiers(case, keys, demand)
    words = "{0} is short {left} of {1}, but the tiers add up to {right}"
    rule = case.rule("short_is_sum_of_tiers", grid, keys, case.quantity, words)
    book.equal(rule, short, lacking, scale=demand)
    good = np.array([case.good_at[g] for _, g in keys], dtype=np.int64)
    got = {key: amount.copy() for key, amount in zip(keys, served, strict=True)}
    for (sector, _, other), amount in given.items():
        got[sector, other] = got.get((sector, other), 0.0) + amount
    taken = np.array([case.good_at[str(h)] for _, _, h in given], dtype=np.int64)
    instead = np.array(list(given.values())).reshape(len(given), len(case.tree))
    released = case.total(served, good, len(case.good_at)) + case.total(instead, taken, len(case.good_at))
    by_pair, lacks, market = (dict(zip(keys, amounts, strict=True)) for amounts in (served, short, bought))
    used = {**got, **{key: got[key] + amount for key, amount in market.items()}}
    away, there = case.total(spared, good, len(case.good_at)), _at_stores(case, got)
    return Service(released, there, penalty, substitution, waiting, got, by_pair, given, lacks, away, used, market)


def _at_stores(case: Case, got: dict[Key, Floats]) -> dict[tuple[str, str], Floats]:
    """What sectors get from the stores that they name, (nodes,) by good and store; ``got`` is by sector and good."""
    view = case.view("sectors")
    store_of = dict(zip(view.texts("sector"), view.texts("store"), strict=True))
    out: dict[tuple[str, str], Floats] = {}
    for (sector, good), amount in got.items():
        if store_of[sector]:
            pair = (good, store_of[sector])
            out[pair] = out.get(pair, 0.0 * amount) + amount
    return out


def _check_substitutes(case: Case, pairs: list[Key]) -> tuple[dict[Key, Floats], Floats, Floats]:
    """What is taken instead, by sector, good wanted and good given (nodes,); demand replaced (pairs, nodes); cost (nodes,)."""
    view = case.view("accepts")
    at = {pair: i for i, pair in enumerate(pairs)}
    columns = (view[name].tolist() for name in ("sector", "wanted", "given", "rate", "cost"))
    rows = [(str(e), str(g), str(h), rate, cost) for e, g, h, rate, cost in zip(*columns, strict=True) if (e, g) in at]
    keys: list[Key] = [row[:3] for row in rows]
    rate, price = (np.array([row[i] for row in rows], dtype=np.float64)[:, None] for i in (3, 4))
    grid = case.reader.grid("substitution", keys)
    case.not_negative(grid, "quantity", "replaces", "cost")
    quantity = grid.amount("quantity")
    words = "{0} takes {2} instead of {1}: replaces is {left}, but at the rate it is {right}"
    rule = case.rule("substitution_rate", grid, keys, case.quantity, words)
    case.book.equal(rule, grid.amount("replaces"), quantity / rate, scale=quantity)
    words = "{0} takes {2} instead of {1} at a cost of {left}, but it costs {right}"
    rule = case.rule("substitution_cost", grid, keys, case.money, words)
    case.book.equal(rule, grid.amount("cost"), price * quantity, scale=price * ROUNDED)
    of = np.array([at[key[:2]] for key in keys], dtype=np.int64)
    given = dict(zip(keys, quantity, strict=True))
    return given, case.total(quantity / rate, of, len(pairs)), np.asarray((price * quantity).sum(axis=0))


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
