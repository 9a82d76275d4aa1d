"""Purchasing: orders in convex price steps, charges, minimum orders, lots, lead times, capacities, losses and duties."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Term
from stockpile.models.parameters import add_rows, grouped, lag_param, members_by
from stockpile.vector import Var, array_param


def add_purchasing(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``order`` (quantity ordered), ``place`` (an order is placed), ``lots``; deliveries, spending and charges."""
    block, nodes = data.purchasing, data.nodes
    cut = bool((block.arrive < 1).any())
    m.SOURCES = pyo.Set(initialize=block.sources)
    m.STEPS = pyo.Set(dimen=2, initialize=block.steps)
    m.LUMPY = pyo.Set(within=m.SOURCES, initialize=block.lumpy)
    m.STEPS_OF = grouped(
        m.SOURCES, {k: [s for _, s in ks] for k, ks in members_by(block.steps, lambda ks: ks[0]).items()}
    )
    m.OFFERS_OF = grouped(m.GOODS, members_by(block.steps, lambda ks: block.good_of[ks[0]]), dimen=2)
    m.ordered = lag_param(m, data, block.lead, m.SOURCES)
    m.width = array_param(nodes.with_past(block.width), m.STEPS, m.ALL_NODES)
    m.price = array_param(nodes.with_past(block.price), m.STEPS, m.ALL_NODES)
    m.order = Var(m.STEPS, m.ALL_NODES, domain=pyo.NonNegativeReals, bounds=lambda m, k, s, n: (0, m.width[k, s, n]))
    m.place = Var(m.LUMPY, m.NODES, domain=pyo.Binary)
    m.LOTTED = pyo.Set(within=m.SOURCES, initialize=block.lotted)
    m.most_lots = array_param(block.most_lots, m.LOTTED, m.NODES)
    m.lots = Var(m.LOTTED, m.NODES, domain=pyo.NonNegativeIntegers, bounds=lambda m, k, n: (0, m.most_lots[k, n]))
    m.arrive = array_param(block.arrive, m.SOURCES, m.NODES)

    def arriving(m: Any, k: Any, s: Any, n: Any) -> Any:
        """What arrives at a node of a price step: the order of a lead time before, less what is lost on its way."""
        ordered = m.order[k, s, m.ordered[k, n]]
        return m.arrive[k, n] * ordered if cut else ordered

    ledger.inflow.append(lambda m, g, n: sum(arriving(m, k, s, n) for k, s in m.OFFERS_OF[g]))
    if block.steps:
        ledger.spending["purchases"].append(
            lambda m, n: sum(m.price[k, s, m.ordered[k, n]] * arriving(m, k, s, n) for k, s in m.STEPS)
        )
    if block.duty.any() and block.steps:
        m.duty = array_param(block.duty, m.SOURCES, m.NODES)
        ledger.spending["duties"].append(
            lambda m, n: sum(m.duty[k, n] * m.price[k, s, m.ordered[k, n]] * arriving(m, k, s, n) for k, s in m.STEPS)
        )
    _add_due(m, data, ledger)
    if block.order_cost.any():
        lumpy = [block.sources.index(k) for k in block.lumpy]
        m.order_cost = array_param(block.order_cost[lumpy], m.LUMPY)
        ledger.spending["order_charges"].append(lambda m, n: sum(m.order_cost[k] * m.place[k, n] for k in m.LUMPY))


def _add_due(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What arrives and is paid of orders placed before the horizon: amounts that no decision changes."""
    block, goods = data.purchasing, data.stock.goods
    if not block.due.any():
        return
    due = np.zeros((len(goods), block.due.shape[1]))
    np.add.at(due, [goods.index(block.good_of[k]) for k in block.sources], block.due)
    m.on_order = array_param(due, m.GOODS, m.NODES)
    ledger.inflow.append(lambda m, g, n: m.on_order[g, n])
    for name, cost in (("purchases", block.due_cost), ("duties", block.duty * block.due_cost)):
        if cost.any():
            setattr(m, f"due_{name}", array_param(cost.sum(axis=0), m.NODES))
            ledger.spending[name].append(_due_payment(f"due_{name}"))


def _due_payment(name: str) -> Term:
    """A payment for orders placed before the horizon."""
    return lambda m, n: getattr(m, name)[n]


def add_purchasing_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows that tie orders to their charge, their minimum and the capacity of their source."""
    block = data.purchasing
    place = {k: i for i, k in enumerate(block.sources)}
    rows = [i for i, (k, _) in enumerate(block.steps) if k in block.lumpy]
    m.LUMPY_STEPS = pyo.Set(dimen=2, within=m.STEPS, initialize=[block.steps[i] for i in rows])
    m.link = array_param(block.link[rows], m.LUMPY_STEPS, m.NODES)
    add_rows(m, m.LUMPY_STEPS, m.NODES, rule=order_needs_placement)
    least = [k for k in block.lumpy if block.min_order[place[k]] > 0]
    m.WITH_MINIMUM = pyo.Set(within=m.LUMPY, initialize=least)
    m.min_order = array_param(block.min_order[[place[k] for k in least]], m.WITH_MINIMUM)
    add_rows(m, m.WITH_MINIMUM, m.NODES, rule=minimum_order)
    m.lot = array_param(block.lot[[place[k] for k in block.lotted]], m.LOTTED)
    add_rows(m, m.LOTTED, m.NODES, rule=whole_lots)
    m.CAPPED = pyo.Set(within=m.SOURCES, initialize=block.capped)
    m.CAPPED_AT = pyo.Set(dimen=2, initialize=block.at_times)
    m.capacity = array_param(np.where(np.isinf(block.capacity), 0.0, block.capacity), m.SOURCES, m.NODES)
    add_rows(m, m.CAPPED, m.NODES, rule=supply_capacity)
    add_rows(m, m.CAPPED_AT, rule=supply_capacity, name="supply_capacity_at_times")


def order_needs_placement(m: Any, k: Any, s: Any, n: Any) -> Any:
    r"""Order in a step only where the order is placed and its charge paid.

    .. math:: q_{k,s,n} \le \bar w_{k,s,n}\, y_{k,n}

    q is the quantity ordered at source k in price step s at node n; y is 1 where an order is placed; w is the width of
    the step, or the most that any plan could use of one delivery where that is less.  Units: quantity.
    Source: the step-wise link of Padberg, Van Roy and Wolsey (1985), Valid linear inequalities for fixed charge problems.
    """
    return m.order[k, s, n] <= m.link[k, s, n] * m.place[k, n]


def minimum_order(m: Any, k: Any, n: Any) -> Any:
    r"""An order that is placed is at least the source's minimum.

    .. math:: \sum_s q_{k,s,n} \ge \underline q_k\, y_{k,n}

    Units: quantity.
    """
    return sum(m.order[k, s, n] for s in m.STEPS_OF[k]) >= m.min_order[k] * m.place[k, n]


def whole_lots(m: Any, k: Any, n: Any) -> Any:
    r"""An order is a whole number of lots.

    .. math:: \sum_s q_{k,s,n} = \lambda_k\, u_{k,n}, \quad u_{k,n} \in \{0, 1, 2, \dots\}

    lambda is the lot size of source k.  Units: quantity.
    """
    return sum(m.order[k, s, n] for s in m.STEPS_OF[k]) == m.lot[k] * m.lots[k, n]


def supply_capacity(m: Any, k: Any, n: Any) -> Any:
    r"""Orders of a period stay within what the source can supply, plus what commissioned projects add to it.

    .. math:: \sum_s q_{k,s,n} \le \mathit{cap}_{k,n} + \sum_{x \in X_k} \sum_r \alpha_x\, \mathit{started}_{p_x,i_x,\,n-d-r}

    X are the effects that raise source k, alpha the part of their amount that each period of the ramp adds, d the
    duration of the stage that commissions them.  Units: quantity per period.
    """
    return sum(m.order[k, s, n] for s in m.STEPS_OF[k]) <= m.capacity[k, n] + sum(
        term(m, k, n) for term in m.ledger.supply
    )
