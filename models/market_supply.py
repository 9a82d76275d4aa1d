"""Market supply: what the market buys for normal consumption goes to sectors and never enters the reserve."""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Quantity
from stockpile.models.parameters import add_rows, grouped, members_by
from stockpile.vector import Var, array_param


def add_market_supply(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variable ``market_supply`` (what a sector gets of what the market buys); its cost where all payers count.

    Nothing where the funds pay all sources.
    """
    block = data.market_supply
    if not block.steps:
        return
    m.MARKET_PAID = pyo.Set(dimen=2, within=m.STEPS, initialize=block.steps)
    m.MARKET_PAID_OF = grouped(m.GOODS, members_by(block.steps, lambda ks: data.purchasing.good_of[ks[0]]), dimen=2)
    m.TRADED = pyo.Set(within=m.GOODS, initialize=block.goods)
    m.TRADED_FOR = pyo.Set(dimen=2, within=m.DEMANDS, initialize=block.pairs)
    m.TRADE_OF = grouped(m.DEMANDS, {pair: [pair] for pair in block.pairs}, dimen=2)
    m.market_supply = Var(m.TRADED_FOR, m.NODES, domain=pyo.NonNegativeReals)
    ledger.decided["market_supply"] = Quantity(m.TRADED_FOR, lambda m, e, g, n: m.market_supply[e, g, n])
    ledger.served.append(lambda m, e, g, n: sum(m.market_supply[d, h, n] for d, h in m.TRADE_OF[e, g]))
    m.market_due = array_param(block.due, m.TRADED, m.NODES)
    if block.counted:
        _add_costs(m, data, ledger)


def _add_costs(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What the market pays: for what arrives, its duty, and the charges of its orders."""
    block, buying = data.market_supply, data.purchasing
    m.MARKET_SOURCES = pyo.Set(within=m.SOURCES, initialize=block.sources)
    rows = [buying.sources.index(k) for k in block.sources]
    m.market_owed = array_param((buying.arrive * (1.0 + buying.duty))[rows], m.MARKET_SOURCES, m.NODES)
    ledger.costs["market_purchases"].append(
        lambda m, n: sum(
            m.market_owed[k, n] * m.price[k, s, m.ordered[k, n]] * m.order[k, s, m.ordered[k, n]]
            for k, s in m.MARKET_PAID
        )
    )
    due = ((1.0 + buying.duty) * buying.due_cost)[rows].sum(axis=0)
    if due.any():
        m.market_due_cost = array_param(due, m.NODES)
        ledger.costs["market_purchases"].append(lambda m, n: m.market_due_cost[n])
    charged = [k for k in block.sources if k in buying.lumpy and buying.order_cost[buying.sources.index(k)] > 0]
    if charged:
        m.MARKET_CHARGED = pyo.Set(within=m.LUMPY, initialize=charged)
        ledger.costs["market_purchases"].append(
            lambda m, n: sum(m.order_cost[k] * m.place[k, n] for k in m.MARKET_CHARGED)
        )


def add_market_supply_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """The row that gives what arrives to the sectors."""
    if data.market_supply.steps:
        add_rows(m, m.TRADED, m.NODES, rule=market_supply_is_taken)


def market_supply_is_taken(m: Any, g: Any, n: Any) -> Any:
    r"""What arrives of what the market buys is what sectors get of it in the same node.

    .. math:: \sum_{k \in K^{\text{market}}_g} \alpha_{k,n} \Big( \sum_s q_{k,s,\,n-\ell_k} + \mathit{due}_{k,n} \Big)
        = \sum_e \mathit{market}_{e,g,n}

    K are the sources of good g that the market pays, alpha the share that arrives, l the lead time, due what the market has
    ordered before the horizon.  What a sector gets so counts in its
    demand beside what the reserve releases.  It is at most what is offered: a sector that takes from the reserve what it
    could have bought makes room for fresh stock there.  Units: quantity.
    """
    arrived = sum(m.arrive[k, n] * m.order[k, s, m.ordered[k, n]] for k, s in m.MARKET_PAID_OF[g])
    return arrived + m.market_due[g, n] == sum(m.market_supply[e, g, n] for e in m.SECTORS_OF[g])
