"""Stock: balance with loss, shelf life by the compact rows, capacities, holding and disposal cost, targets, end values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Quantity
from stockpile.models.parameters import add_pinned, add_rows, grouped, lag_param, members_by
from stockpile.vector import Var, array_param


def add_stock(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``inflow``, ``stock``, ``unexpired``, ``dispose``, ``under``; disposal, holding cost and terminal value."""
    block = data.stock
    m.STORES = pyo.Set(initialize=block.stores)
    m.STORAGE = pyo.Set(dimen=2, initialize=block.pairs)
    m.AGEING = pyo.Set(within=m.GOODS, initialize=block.ageing)
    m.TARGETED = pyo.Set(within=m.GOODS, initialize=block.targets.goods)
    m.STORES_OF = grouped(
        m.GOODS, {g: [w for _, w in pairs] for g, pairs in members_by(block.pairs, lambda gw: gw[0]).items()}
    )
    add_pinned(m, "inflow", m.GOODS, block.opening.inflow, np.full((len(block.goods), len(data.nodes.horizon)), np.inf))
    opening = np.zeros((len(block.pairs), len(data.nodes.past)))
    opening[:, -1] = block.opening.stock
    add_pinned(m, "stock", m.STORAGE, opening, block.capacity)
    ageing = [block.goods.index(g) for g in block.ageing]
    unexpired = np.zeros((len(ageing), len(data.nodes.past)))
    unexpired[:, -1] = block.opening.unexpired[ageing]
    add_pinned(m, "unexpired", m.AGEING, unexpired, np.full((len(ageing), len(data.nodes.horizon)), np.inf))
    m.dispose = Var(m.GOODS, m.NODES, domain=pyo.NonNegativeReals)
    m.most_under = array_param(np.where(block.targets.soft, np.inf, 0.0), m.TARGETED, m.NODES)
    m.under = Var(m.TARGETED, m.NODES, domain=pyo.NonNegativeReals, bounds=lambda m, g, n: (0, m.most_under[g, n]))
    ledger.outflow.append(lambda m, g, n: m.dispose[g, n])
    ledger.decided["disposal"] = Quantity(m.GOODS, lambda m, g, n: m.dispose[g, n])
    ledger.decided["stock"] = Quantity(m.STORAGE, lambda m, g, w, n: m.stock[g, w, n])
    if block.holding_cost.any():
        m.holding_cost = array_param(block.holding_cost, m.STORAGE, m.NODES)
        ledger.spending["storage"].append(
            lambda m, n: sum(m.holding_cost[g, w, n] * m.stock[g, w, n] for g, w in m.STORAGE)
        )
    if block.disposal_cost.any():
        m.disposal_cost = array_param(block.disposal_cost, m.GOODS)
        ledger.spending["disposal"].append(lambda m, n: sum(m.disposal_cost[g] * m.dispose[g, n] for g in m.GOODS))
    if block.targets.goods:
        m.target_penalty = array_param(block.targets.penalty, m.TARGETED, m.NODES)
        ledger.costs["target_shortfall"].append(
            lambda m, n: sum(m.target_penalty[g, n] * m.under[g, n] for g in m.TARGETED)
        )
    m.terminal_value = array_param(block.terminal_value, m.GOODS)
    ledger.final["terminal_value"].append(
        lambda m, n: sum(-m.terminal_value[g] * m.stock[g, w, n] for g, w in m.STORAGE)
    )


def add_stock_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows of the balance, shelf life, capacities, targets and end stock."""
    block = data.stock
    fresh = np.zeros((len(block.goods), len(data.nodes.horizon)))
    fresh[:, data.nodes.tree.parent < 0] = block.opening.fresh[:, None]
    m.keep = array_param(block.keep, m.GOODS)
    m.fresh = array_param(fresh, m.GOODS, m.NODES)
    add_rows(m, m.GOODS, m.NODES, rule=arrivals)
    add_rows(m, _moving_freely(m, data), m.NODES, rule=stock_balance)
    ageing = [block.goods.index(g) for g in block.ageing]
    m.survives = array_param(block.keep[ageing] ** (block.life[ageing] - 1), m.AGEING)
    m.expiring = lag_param(m, data, block.life[ageing] - 1, m.AGEING)
    add_rows(m, m.AGEING, m.NODES, rule=unexpired_stock)
    stored = {g for g, _ in block.pairs}
    m.AGEING_STORED = pyo.Set(within=m.AGEING, initialize=[g for g in block.ageing if g in stored])
    add_rows(m, m.AGEING_STORED, m.NODES, rule=shelf_life)
    full = [w for w, cap in zip(block.stores, block.store_capacity, strict=True) if np.isfinite(cap)]
    full = [w for w in full if any(v == w for _, v in block.pairs)]
    m.LIMITED_STORES = pyo.Set(within=m.STORES, initialize=full)
    m.GOODS_IN = grouped(
        m.STORES, {w: [g for g, _ in pairs] for w, pairs in members_by(block.pairs, lambda gw: gw[1]).items()}
    )
    m.mass = array_param(block.mass, m.GOODS)
    m.store_capacity = array_param(block.store_capacity[[block.stores.index(w) for w in full]], m.LIMITED_STORES)
    add_rows(m, m.LIMITED_STORES, m.NODES, rule=store_room)
    m.target = array_param(block.targets.amount, m.TARGETED, m.NODES)
    add_rows(m, m.TARGETED, m.NODES, rule=stock_target)
    if block.targets.falling:
        m.COVERED = pyo.Set(within=m.TARGETED, initialize=block.targets.falling)
        m.periods_covered = array_param(block.targets.periods, m.COVERED, m.NODES)
        add_rows(m, m.COVERED, m.NODES, rule=cover_target)
    last = [i for i, amount in enumerate(block.end_stock) if amount > 0]
    m.KEPT = pyo.Set(within=m.GOODS, initialize=[block.goods[i] for i in last])
    m.end_amount = array_param(block.end_stock[last], m.KEPT)
    m.beyond_end = Var(m.KEPT, m.LEAVES, domain=pyo.NonNegativeReals)
    add_rows(m, m.KEPT, m.LEAVES, rule=end_stock)


def _moving_freely(m: pyo.ConcreteModel, data: Data) -> pyo.Set:
    """The goods that move between their stores at no cost."""
    block = data.stock
    if not block.by_store:
        return m.GOODS
    m.POOLED = pyo.Set(within=m.GOODS, initialize=[g for g in block.goods if g not in block.by_store])
    return m.POOLED


def arrivals(m: Any, g: Any, n: Any) -> Any:
    r"""What arrives of a good: deliveries of its sources, what processes make, goods lent that come back, at the root the opening stock of age 0.

    .. math:: \mathit{in}_{g,n} = \sum_{k \in K_g} \alpha_{k,n} \Big( \sum_s q_{k,s,\,n-\ell_k} + \mathit{due}_{k,n} \Big) + \sum_{j:\, a_{j,g} > 0} a_{j,g} \big( r_{j,\,n-\ell_j} + \mathit{due}_{j,n} \big) + \mathit{fresh}_{g,n}

    K are the sources of good g that funds pay, l the lead time of source k, alpha the share that arrives of what is
    delivered at n (1 unless deliveries are cut), due what was ordered or run before the horizon for n; a is what a unit of
    run of process j makes (above 0) or takes (below 0).  Units: quantity.
    """
    return m.inflow[g, n] == sum(term(m, g, n) for term in m.ledger.inflow) + m.fresh[g, n]


def stock_balance(m: Any, g: Any, n: Any) -> Any:
    r"""Closing stock is what is left of the opening stock, plus arrivals, less what leaves.

    .. math:: \sum_w S_{g,w,n} = (1-\theta_g) \sum_w S_{g,w,a(n)} + \mathit{in}_{g,n} - \sum \mathit{out}_{g,n}

    theta is the share lost in storage per period; out are releases, sales, loans, what runs of processes take, and disposal.  A good moves between its
    stores at no cost, unless it is balanced store by store.  Units: quantity.
    """
    return sum(m.stock[g, w, n] for w in m.STORES_OF[g]) == m.keep[g] * sum(
        m.stock[g, w, m.parent[n]] for w in m.STORES_OF[g]
    ) + m.inflow[g, n] - sum(term(m, g, n) for term in m.ledger.outflow)


def unexpired_stock(m: Any, g: Any, n: Any) -> Any:
    r"""What could remain at the close of a node had nothing been used: the arrivals of the last L - 1 periods, less loss.

    .. math:: W_{g,n} = (1-\theta_g) W_{g,a(n)} + \mathit{in}_{g,n} - (1-\theta_g)^{L_g-1}\, \mathit{in}_{g,\,n-L_g+1}

    L is the shelf life: a unit received in period b may leave in b, ..., b+L-1.  Units: quantity.
    """
    return (
        m.unexpired[g, n]
        == m.keep[g] * m.unexpired[g, m.parent[n]] + m.inflow[g, n] - m.survives[g] * m.inflow[g, m.expiring[g, n]]
    )


def shelf_life(m: Any, g: Any, n: Any) -> Any:
    r"""No unit stays beyond its shelf life; the oldest leaves first.

    .. math:: \sum_w S_{g,w,n} \le W_{g,n}

    Exact where every outflow may take the oldest unit.  Units: quantity.
    Source: first-in-first-out issuing of perishables, Nahmias (1982), Perishable inventory theory: a review.
    """
    return sum(m.stock[g, w, n] for w in m.STORES_OF[g]) <= m.unexpired[g, n]


def store_room(m: Any, w: Any, n: Any) -> Any:
    r"""The goods of a store share its capacity, which projects may extend.

    .. math:: \sum_g S_{g,w,n} \le \mathit{room}_w + \sum_{x \in X_w} \sum_r \alpha_x\, \mathit{started}_{p_x,i_x,\,n-d-r}

    Units: quantity.
    """
    return sum(m.mass[g] * m.stock[g, w, n] for g in m.GOODS_IN[w]) <= m.store_capacity[w] + sum(
        term(m, w, n) for term in m.ledger.room
    )


def stock_target(m: Any, g: Any, n: Any) -> Any:
    r"""Closing stock reaches the target, or what is missing is paid for where the target is soft.

    .. math:: \sum_w S_{g,w,n} + \mathit{under}_{g,n} \ge \max(\mathit{quantity}_{g,n},\ \mathit{days}_{g,n}/365.25 \cdot \dot D_{g,n})

    D is the yearly demand in force.  Units: quantity.
    """
    return sum(m.stock[g, w, n] for w in m.STORES_OF[g]) + m.under[g, n] >= m.target[g, n]


def cover_target(m: Any, g: Any, n: Any) -> Any:
    r"""Where projects make the demand of a good fall, days of cover are those of what is left of it.

    .. math:: \sum_w S_{g,w,n} + \mathit{under}_{g,n} \ge \mathit{days}_{g,n}/365.25 \cdot \sum_e \dot D_{e,g,n} \Big( 1 - \sum_{x \in X_{e,g}} \sum_r \alpha_x\, \mathit{started}_{p_x,i_x,\,n-d-r} \Big)

    Units: quantity.
    """
    held = sum(m.stock[g, w, n] for w in m.STORES_OF[g]) + m.under[g, n]
    wanted = sum(m.demand[e, g, n] for e in m.SECTORS_OF[g]) - sum(term(m, g, n) for term in m.ledger.spared_of_all)
    return held >= m.periods_covered[g, n] * wanted


def end_stock(m: Any, g: Any, n: Any) -> Any:
    r"""At least the required stock is left at the end of the horizon.

    .. math:: \sum_w S_{g,w,n} - \mathit{beyond}_{g,n} = \mathit{end}_g, \quad \mathit{beyond} \ge 0, \quad n \in \text{leaves}

    beyond is what is left above the requirement; with it the row exists for a good that no store keeps, and cannot hold.
    Units: quantity.
    """
    return sum(m.stock[g, w, n] for w in m.STORES_OF[g]) - m.beyond_end[g, n] == m.end_amount[g]
