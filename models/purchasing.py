"""Purchasing: orders in price steps, charges, minimum orders, lots, discounts, lead times, capacities, losses, duties."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Quantity, Term
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
    m.OFFERS_OF = grouped(m.GOODS, members_by(block.fund_paid, lambda ks: block.good_of[ks[0]]), dimen=2)
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

    ledger.decided["order"] = Quantity(m.STEPS, lambda m, k, s, n: m.order[k, s, n])
    ledger.decided["delivery"] = Quantity(m.STEPS, arriving)
    ledger.inflow.append(lambda m, g, n: sum(arriving(m, k, s, n) for k, s in m.OFFERS_OF[g]))
    bought = "STEPS"
    if block.market_paid:
        bought, m.FUND_PAID = "FUND_PAID", pyo.Set(dimen=2, within=m.STEPS, initialize=block.fund_paid)
    if block.fund_paid:
        ledger.spending["purchases"].append(
            lambda m, n: sum(m.price[k, s, m.ordered[k, n]] * arriving(m, k, s, n) for k, s in getattr(m, bought))
        )
    if any(block.duty[block.sources.index(k)].any() for k, _ in block.fund_paid):
        m.duty = array_param(block.duty, m.SOURCES, m.NODES)
        ledger.spending["duties"].append(
            lambda m, n: sum(
                m.duty[k, n] * m.price[k, s, m.ordered[k, n]] * arriving(m, k, s, n) for k, s in getattr(m, bought)
            )
        )
    _add_due(m, data, ledger)
    if data.stores.store_of:
        store_of, good_of = data.stores.store_of, block.good_of
        at = [step for step in block.steps if step[0] in store_of]
        m.OFFERS_TO = grouped(m.DELIVERED, members_by(at, lambda ks: (good_of[ks[0]], store_of[ks[0]])), dimen=2)
        ledger.delivered.append(lambda m, g, w, n: sum(arriving(m, k, s, n) for k, s in m.OFFERS_TO[g, w]))
    _add_charges(m, data, ledger)


def _add_charges(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """The charges of orders: funds pay those of their own, and the market the others."""
    block = data.purchasing
    if not block.order_cost.any():
        return
    lumpy = [block.sources.index(k) for k in block.lumpy]
    m.order_cost = array_param(block.order_cost[lumpy], m.LUMPY)
    charged = "LUMPY"
    if block.market_paid.intersection(block.lumpy):
        charged, m.FUND_CHARGED = (
            "FUND_CHARGED",
            pyo.Set(within=m.LUMPY, initialize=[k for k in block.lumpy if k not in block.market_paid]),
        )
    if (block.bought * block.order_cost[:, None]).any():
        ledger.spending["order_charges"].append(
            lambda m, n: sum(m.order_cost[k] * m.place[k, n] for k in getattr(m, charged))
        )


def _add_due(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What arrives and is paid of orders of the reserve placed before the horizon: amounts that no decision changes."""
    block, goods = data.purchasing, data.stock.goods
    bought = block.bought * block.due
    if not bought.any():
        return
    due = np.zeros((len(goods), block.due.shape[1]))
    np.add.at(due, [goods.index(block.good_of[k]) for k in block.sources], bought)
    m.on_order = array_param(due, m.GOODS, m.NODES)
    ledger.inflow.append(lambda m, g, n: m.on_order[g, n])
    _add_due_in_store(m, data, ledger)
    paid = block.bought * block.due_cost
    for name, cost in (("purchases", paid), ("duties", block.duty * paid)):
        if cost.any():
            setattr(m, f"due_{name}", array_param(cost.sum(axis=0), m.NODES))
            ledger.spending[name].append(_due_payment(f"due_{name}"))


def _add_due_in_store(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What of it arrives in a store of its own."""
    block, stores = data.purchasing, data.stores
    rows = [(k, (block.good_of[k], stores.store_of[k])) for k in block.sources if k in stores.store_of]
    due = np.zeros((len(stores.delivered), block.due.shape[1]))
    for source, pair in rows:
        due[stores.delivered.index(pair)] += block.due[block.sources.index(source)]
    if due.any():
        m.due_there = array_param(due, m.DELIVERED, m.NODES)
        ledger.delivered.append(lambda m, g, w, n: m.due_there[g, w, n])


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
    _add_discounts(m, data)
    m.CAPPED = pyo.Set(within=m.SOURCES, initialize=block.capped)
    m.CAPPED_AT = pyo.Set(dimen=2, initialize=block.at_times)
    m.capacity = array_param(np.where(np.isinf(block.capacity), 0.0, block.capacity), m.SOURCES, m.NODES)
    add_rows(m, m.CAPPED, m.NODES, rule=supply_capacity)
    add_rows(m, m.CAPPED_AT, rule=supply_capacity, name="supply_capacity_at_times")


def _add_discounts(m: pyo.ConcreteModel, data: Data) -> None:
    """Variables ``full`` (a step before a cheaper one is full) and ``bracket`` (a step prices the whole order); their rows."""
    block = data.purchasing
    falling = block.discounts
    before, step, node = falling.fall_rows.T
    m.FALLS = pyo.Set(dimen=4, initialize=falling.falls)
    m.fall_link = array_param(block.link[step, node], m.FALLS)
    m.fall_width = array_param(block.width[before, node], m.FALLS)
    m.full = Var(m.FALLS, domain=pyo.Binary)
    add_rows(m, m.FALLS, rule=cheaper_step_needs_full_step)
    add_rows(m, m.FALLS, rule=step_is_full)
    rows = falling.bracket_rows
    m.BRACKETED = pyo.Set(within=m.SOURCES, initialize=falling.bracketed)
    m.BRACKETS = pyo.Set(dimen=2, within=m.STEPS, initialize=falling.brackets)
    m.bracket_link = array_param(block.link[rows], m.BRACKETS, m.NODES)
    m.bracket_least = array_param(falling.least[rows], m.BRACKETS, m.NODES)
    m.bracket = Var(m.BRACKETS, m.NODES, domain=pyo.Binary)
    add_rows(m, m.BRACKETS, m.NODES, rule=order_within_bracket)
    add_rows(m, m.BRACKETS, m.NODES, rule=order_reaches_bracket)
    add_rows(m, m.BRACKETED, m.NODES, rule=one_bracket)


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


def cheaper_step_needs_full_step(m: Any, k: Any, r: Any, s: Any, n: Any) -> Any:
    r"""Up to the last step that is cheaper than one before it, a step is used only once the step before is full.

    .. math:: q_{k,s,n} \le \bar w_{k,s,n}\, z_{k,s,n}

    z is 1 where step s - 1 is full; it exists only where the price falls from there on or has fallen, and
    for all steps of the reserve's own sources where a draw or its repayment is required, so that spending by itself pays.
    Units: quantity.
    Source: incremental discounts, Hadley and Whitin (1963), Analysis of inventory systems.
    """
    return m.order[k, s, n] <= m.fall_link[k, r, s, n] * m.full[k, r, s, n]


def step_is_full(m: Any, k: Any, r: Any, s: Any, n: Any) -> Any:
    r"""The step before a cheaper one that is used is full.

    .. math:: q_{k,s-1,n} \ge w_{k,s-1,n}\, z_{k,s,n}

    Units: quantity.
    """
    return m.order[k, r, n] >= m.fall_width[k, r, s, n] * m.full[k, r, s, n]


def order_within_bracket(m: Any, k: Any, s: Any, n: Any) -> Any:
    r"""Where one price holds for the whole order, a step holds an order of at most the widths up to it, if it is chosen.

    .. math:: q_{k,s,n} \le \Big( \sum_{r \le s} w_{k,r,n} \Big) b_{k,s,n}

    b is 1 where the order is priced in step s; the widths are cut at the most that any plan could use.  Units: quantity.
    Source: all-units discounts, Hadley and Whitin (1963), Analysis of inventory systems.
    """
    return m.order[k, s, n] <= m.bracket_link[k, s, n] * m.bracket[k, s, n]


def order_reaches_bracket(m: Any, k: Any, s: Any, n: Any) -> Any:
    r"""An order priced in a step is at least what the steps before it hold.

    .. math:: q_{k,s,n} \ge \Big( \sum_{r < s} w_{k,r,n} \Big) b_{k,s,n}

    Units: quantity.
    """
    return m.order[k, s, n] >= m.bracket_least[k, s, n] * m.bracket[k, s, n]


def one_bracket(m: Any, k: Any, n: Any) -> Any:
    r"""An order has one price.

    .. math:: \sum_s b_{k,s,n} \le 1

    Units: 1.
    """
    return sum(m.bracket[k, s, n] for s in m.STEPS_OF[k]) <= 1


def supply_capacity(m: Any, k: Any, n: Any) -> Any:
    r"""Orders and calls of a period stay within what the source can supply, plus what commissioned projects add to it.

    .. math:: \sum_s q_{k,s,n} + \sum_{c \in C_k} \mathit{call}_{c,n} \le \mathit{cap}_{k,n} + \sum_{x \in X_k} \sum_r \alpha_x\, \mathit{started}_{p_x,i_x,\,n-d-r}

    C are the contracts with source k, X the effects that raise it, alpha the part of their amount that each period of the ramp adds, d the
    duration of the stage that commissions them.  Units: quantity per period.
    """
    ordered = sum(m.order[k, s, n] for s in m.STEPS_OF[k]) + sum([term(m, k, n) for term in m.ledger.called])
    return ordered <= m.capacity[k, n] + sum(term(m, k, n) for term in m.ledger.supply)
