"""Tracing: stock by class of origin, for the goods whose use depends on where they come from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Quantity
from stockpile.models.parameters import add_pinned, add_rows, grouped, lag_param, members_by
from stockpile.vector import Var, array_param


def add_tracing(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``class_stock``, ``class_inflow``, ``class_left``, ``class_unexpired``, ``class_lent``, ``use`` and ``market_use``.

    Nothing where no rule tells apart the origins of a traced good.
    """
    block, nodes = data.tracing, data.nodes
    if not block.classes:
        return
    m.TRACED = pyo.Set(within=m.GOODS, initialize=block.goods)
    m.TRACED_CLASSES = pyo.Set(dimen=2, initialize=block.classes)
    m.TRACED_CLASSES_OF = grouped(m.TRACED, {g: [c for _, c in block.of(g)] for g in block.goods})
    free = np.full((len(block.classes), len(nodes.horizon)), np.inf)
    opening = np.zeros(block.past.shape)
    opening[:, -1] = block.opening
    add_pinned(m, "class_stock", m.TRACED_CLASSES, opening, free)
    add_pinned(m, "class_inflow", m.TRACED_CLASSES, block.past, free)
    m.class_left = Var(m.TRACED_CLASSES, m.NODES, domain=pyo.NonNegativeReals)
    ageing = [i for i, (g, _) in enumerate(block.classes) if g in data.stock.ageing]
    m.AGEING_CLASSES = pyo.Set(dimen=2, within=m.TRACED_CLASSES, initialize=[block.classes[i] for i in ageing])
    unexpired = np.zeros((len(ageing), len(nodes.past)))
    unexpired[:, -1] = block.unexpired[ageing]
    add_pinned(m, "class_unexpired", m.AGEING_CLASSES, unexpired, free[ageing])
    m.USERS = pyo.Set(dimen=2, initialize=block.users)
    m.USES = pyo.Set(dimen=3, initialize=block.uses)
    m.use = Var(m.USES, m.NODES, domain=pyo.NonNegativeReals)
    ledger.decided["use"] = Quantity(m.USES, lambda m, e, g, c, n: m.use[e, g, c, n])
    m.USES_OF = grouped(m.USERS, members_by(block.uses, lambda egc: egc[:2]), dimen=3)
    m.USES_FROM = grouped(m.TRACED_CLASSES, members_by(block.uses, lambda egc: egc[1:]), dimen=3)
    _add_lent(m, data)
    _add_market_use(m, data, ledger)


def _add_lent(m: pyo.ConcreteModel, data: Data) -> None:
    """What is lent of every class, which comes back as it is: of the same class."""
    block, loans = data.tracing, data.stock.loans
    offers = [i for i, (g, _) in enumerate(loans.offers) if g in block.goods]
    keys = [(g, int(d), c) for g, d in (loans.offers[i] for i in offers) for _, c in block.of(g)]
    m.CLASS_OFFERS = pyo.Set(dimen=3, initialize=keys)
    m.LENT_FROM = grouped(m.TRACED_CLASSES, members_by(keys, lambda gdc: (gdc[0], gdc[2])), dimen=3)
    m.TRACED_OFFERS = pyo.Set(dimen=2, initialize=[loans.offers[i] for i in offers])
    m.CLASSES_LENT = grouped(m.TRACED_OFFERS, members_by(keys, lambda gdc: gdc[:2]), dimen=3)
    m.trace_lends = bool(keys)
    if not keys:
        return
    most = np.full((len(keys), len(data.nodes.horizon)), np.inf)
    add_pinned(m, "class_lent", m.CLASS_OFFERS, np.zeros((len(keys), len(data.nodes.past))), most)
    back = data.nodes.with_past(loans.back[offers])
    m.class_back = array_param(back, m.TRACED_OFFERS, m.ALL_NODES)
    m.class_lent_at = lag_param(m, data, [d for _, d in m.TRACED_OFFERS], m.TRACED_OFFERS)


def _add_market_use(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What sectors get of every class of what the market buys."""
    block, traded = data.tracing, data.market_supply
    users = [pair for pair in block.users if pair in traded.pairs]
    m.MARKET_USERS = pyo.Set(dimen=2, initialize=users)
    uses = [use for use in block.uses if use[:2] in users]
    m.MARKET_USES = pyo.Set(dimen=3, initialize=uses)
    m.MARKET_USES_OF = grouped(m.MARKET_USERS, members_by(uses, lambda egc: egc[:2]), dimen=3)
    m.market_use = Var(m.MARKET_USES, m.NODES, domain=pyo.NonNegativeReals)
    ledger.decided["market_use"] = Quantity(m.MARKET_USES, lambda m, e, g, c, n: m.market_use[e, g, c, n])
    bought = [c for c in block.classes if c[0] in traded.goods]
    m.MARKET_CLASSES = pyo.Set(dimen=2, within=m.TRACED_CLASSES, initialize=bought)
    m.MARKET_USES_FROM = grouped(m.MARKET_CLASSES, members_by(uses, lambda egc: egc[1:]), dimen=3)
    steps = members_by(traded.steps, lambda ks: block.sources.get(ks[0]))
    m.MARKET_OFFERS_OF = grouped(m.MARKET_CLASSES, {c: steps.get(c, []) for c in bought}, dimen=2)
    rows = [block.classes.index(c) for c in bought]
    m.market_class_due = array_param(block.market_due[rows], m.MARKET_CLASSES, m.NODES)


def add_tracing_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows of stock by class, what leaves it and who gets it."""
    block, nodes = data.tracing, data.nodes
    if not block.classes:
        return
    root = nodes.tree.parent < 0
    due = block.due + np.where(root, block.fresh[:, None], 0.0)
    m.class_due = array_param(due, m.TRACED_CLASSES, m.NODES)
    steps = members_by(data.purchasing.fund_paid, lambda ks: block.sources.get(ks[0]))
    m.OFFERS_OF_CLASS = grouped(m.TRACED_CLASSES, {c: steps.get(c, []) for c in block.classes}, dimen=2)
    calls = members_by(data.contracts.calls, lambda call: block.sources.get(data.contracts.source_of[call[0]]))
    m.trace_calls = any(c in calls for c in block.classes)
    if m.trace_calls:
        m.CALLS_OF_CLASS = grouped(m.TRACED_CLASSES, {c: calls.get(c, []) for c in block.classes}, dimen=3)
    m.trace_makes = bool(block.makers)
    m.MADE_OF_CLASS = grouped(m.TRACED_CLASSES, members_by(block.makers, lambda jg: block.makers[jg]), dimen=2)
    keep = np.array([data.stock.keep[data.stock.goods.index(g)] for g in block.goods])
    m.class_keep = array_param(keep, m.TRACED)
    add_rows(m, m.TRACED_CLASSES, m.NODES, rule=class_arrivals)
    add_rows(m, m.TRACED_CLASSES, m.NODES, rule=class_balance)
    ageing = [data.stock.goods.index(g) for g, _ in m.AGEING_CLASSES]
    m.class_survives = array_param(data.stock.keep[ageing] ** (data.stock.life[ageing] - 1), m.AGEING_CLASSES)
    m.class_expiring = lag_param(m, data, data.stock.life[ageing] - 1, m.AGEING_CLASSES)
    add_rows(m, m.AGEING_CLASSES, m.NODES, rule=class_unexpired_stock)
    add_rows(m, m.AGEING_CLASSES, m.NODES, rule=class_shelf_life)
    add_rows(m, m.TRACED, m.NODES, rule=stock_by_class)
    add_rows(m, m.TRACED_OFFERS, m.NODES, rule=lent_by_class)
    add_rows(m, m.USERS, m.NODES, rule=used_by_class)
    add_rows(m, m.TRACED_CLASSES, m.NODES, rule=use_leaves_class)
    add_rows(m, m.MARKET_USERS, m.NODES, rule=market_use_by_class)
    add_rows(m, m.MARKET_CLASSES, m.NODES, rule=market_use_of_class)


def class_arrivals(m: Any, g: Any, c: Any, n: Any) -> Any:
    r"""What arrives of a class: of its sources and processes, of what was lent of it, at the root its opening stock of age 0.

    .. math:: \mathit{in}_{g,c,n} = \sum_{k \in K_{g,c}} \alpha_{k,n} \Big( \sum_s q_{k,s,\,n-\ell_k} + \sum_d \mathit{call}_{d,\,n-\ell_k} \Big) + \sum_{j \in J_{g,c}} a_{j,g}\, r_{j,\,n-\ell_j}
        + \sum_{(j,b) \in B_{g,c}} a_{j,g}\, \mathit{batch}_{j,b,\,n-\ell_j} + (1+\rho_{g,n-\ell_g})\, \mathit{lend}_{g,c,\,n-\ell_g} + \mathit{due}_{g,c,n}

    A class holds the goods that the same rules on origin allow.  d are contracts with its sources, J its processes that pass no
    origin on, B the batches of others.  Goods that were lent come back with the origin of what was
    lent; due is what no decision changes.  Units: quantity.
    """
    ledger = m.ledger.decided
    arrived = sum(ledger["delivery"].term(m, k, s, n) for k, s in m.OFFERS_OF_CLASS[g, c])
    if m.trace_calls:
        called = ledger["contract_delivery"].term
        arrived += sum(called(m, d, b, p, n) for d, b, p in m.CALLS_OF_CLASS[g, c])
    if m.trace_makes:
        arrived += sum(ledger["made"].term(m, j, h, n) for j, h in m.MADE_OF_CLASS[g, c])
    if m.trace_batches:
        arrived += sum(m.output_per_run[j, h] * m.batch[j, b, m.ran[j, n]] for j, h, b in m.BATCHES_OF_CLASS[g, c])
    if m.trace_lends:
        arrived += sum(
            m.class_back[h, d, m.class_lent_at[h, d, n]] * m.class_lent[h, d, b, m.class_lent_at[h, d, n]]
            for h, d, b in m.LENT_FROM[g, c]
        )
    return m.class_inflow[g, c, n] == arrived + m.class_due[g, c, n]


def class_balance(m: Any, g: Any, c: Any, n: Any) -> Any:
    r"""Closing stock of a class is what is left of it, plus arrivals, less what leaves.

    .. math:: T_{g,c,n} = (1-\theta_g)\, T_{g,c,a(n)} + \mathit{in}_{g,c,n} - \mathit{left}_{g,c,n}

    Units: quantity.
    """
    return (
        m.class_stock[g, c, n]
        == m.class_keep[g] * m.class_stock[g, c, m.parent[n]] + m.class_inflow[g, c, n] - m.class_left[g, c, n]
    )


def class_unexpired_stock(m: Any, g: Any, c: Any, n: Any) -> Any:
    r"""What could remain of a class at the close had nothing of it been used.

    .. math:: W_{g,c,n} = (1-\theta_g) W_{g,c,a(n)} + \mathit{in}_{g,c,n} - (1-\theta_g)^{L_g-1}\, \mathit{in}_{g,c,\,n-L_g+1}

    Units: quantity.
    """
    return (
        m.class_unexpired[g, c, n]
        == m.class_keep[g] * m.class_unexpired[g, c, m.parent[n]]
        + m.class_inflow[g, c, n]
        - m.class_survives[g, c] * m.class_inflow[g, c, m.class_expiring[g, c, n]]
    )


def class_shelf_life(m: Any, g: Any, c: Any, n: Any) -> Any:
    r"""No unit of a class stays beyond its shelf life; the oldest of a class leaves first.

    .. math:: T_{g,c,n} \le W_{g,c,n}

    Exact, since no rule prefers one unit of a class to another.  Units: quantity.
    """
    return m.class_stock[g, c, n] <= m.class_unexpired[g, c, n]


def stock_by_class(m: Any, g: Any, n: Any) -> Any:
    r"""The stores hold the stock of all classes.

    .. math:: \sum_w S_{g,w,n} = \sum_c T_{g,c,n}

    With the balances what leaves of all classes is what is released, sold, lent, processed or disposed of.  Units: quantity.
    """
    return sum(m.stock[g, w, n] for w in m.STORES_OF[g]) == sum(m.class_stock[g, c, n] for c in m.TRACED_CLASSES_OF[g])


def lent_by_class(m: Any, g: Any, d: Any, n: Any) -> Any:
    r"""What is lent is of some class.

    .. math:: \sum_c \mathit{lend}_{g,c,n} = \mathit{lend}_{g,n}

    Units: quantity.
    """
    return sum(m.class_lent[h, e, c, n] for h, e, c in m.CLASSES_LENT[g, d]) == m.ledger.decided["exchange"].term(
        m, g, d, n
    )


def used_by_class(m: Any, e: Any, g: Any, n: Any) -> Any:
    r"""What a sector gets from the reserve that some rule on origin is about is of classes that it accepts.

    .. math:: \sum_{c \in C_{e,g}} \mathit{use}_{e,g,c,n} = \mathit{release}_{e,g,n} + \sum_h \mathit{substitute}_{e,h,g,n}

    C are the classes of the group that sector e accepts, or all.  Units: quantity.
    """
    return sum(m.use[d, h, c, n] for d, h, c in m.USES_OF[e, g]) == sum(term(m, e, g, n) for term in m.ledger.used)


def use_leaves_class(m: Any, g: Any, c: Any, n: Any) -> Any:
    r"""What sectors get, borrowers take and batches are made of leaves the stock of its class; what else leaves may be of any.

    .. math:: \sum_e \mathit{use}_{e,g,c,n} + \mathit{lend}_{g,c,n} + \sum_{j,b} \mathit{batch}^{\text{in}}_{j,g,c,b,n}
        \le \mathit{left}_{g,c,n}

    Since what leaves of all classes adds up to all that leaves, the rest is there for sales, processes that pass no origin on,
    disposal and the sectors that no rule is about.  Units: quantity.
    """
    used = sum(m.use[e, h, b, n] for e, h, b in m.USES_FROM[g, c])
    if m.trace_lends:
        used += sum(m.class_lent[h, d, b, n] for h, d, b in m.LENT_FROM[g, c])
    if m.trace_batches:
        used += sum(m.batch_input[j, h, b, d, n] for j, h, b, d in m.FED_FROM[g, c])
    return used <= m.class_left[g, c, n]


def market_use_by_class(m: Any, e: Any, g: Any, n: Any) -> Any:
    r"""What a sector gets of what the market buys is of classes that it accepts too.

    .. math:: \sum_{c \in C_{e,g}} \mathit{use}^{\text{market}}_{e,g,c,n} = \mathit{market}_{e,g,n}

    Units: quantity.
    """
    got = m.ledger.decided["market_supply"].term(m, e, g, n)
    return sum(m.market_use[d, h, c, n] for d, h, c in m.MARKET_USES_OF[e, g]) == got


def market_use_of_class(m: Any, g: Any, c: Any, n: Any) -> Any:
    r"""It is no more than what arrives of that class.

    .. math:: \sum_e \mathit{use}^{\text{market}}_{e,g,c,n} \le \sum_{k \in K^{\text{market}}_{g,c}} \alpha_{k,n} \Big(
        \sum_s q_{k,s,\,n-\ell_k} + \mathit{due}_{k,n} \Big)

    Units: quantity.
    """
    arrived = sum(m.ledger.decided["delivery"].term(m, k, s, n) for k, s in m.MARKET_OFFERS_OF[g, c])
    return (
        sum(m.market_use[e, h, b, n] for e, h, b in m.MARKET_USES_FROM[g, c]) <= arrived + m.market_class_due[g, c, n]
    )
