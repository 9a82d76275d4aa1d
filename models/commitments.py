"""Commitments: who will pay is settled when a stage is released or an order placed, and what is still unpaid is capped."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Term
from stockpile.models.parameters import add_rows, back_param, grouped, lag_param, members_by
from stockpile.vector import Var, array_param


def add_commitments(m: pyo.ConcreteModel, data: Data) -> None:
    """Variables ``pledge`` (of a tranche), ``order_pledge`` (of an order's price) and ``committed``; their rows.

    Nothing where no fund has a commitment limit.  Comes after the funds have been asked to pay.
    """
    block, nodes = data.commitments, data.nodes
    if not block.funds:
        return
    stages = [key for key in data.financing.shares if key[:2] in block.stages]
    m.PLEDGES = pyo.Set(dimen=3, initialize=stages)
    m.ORDER_PLEDGES = pyo.Set(dimen=2, initialize=[(k, f) for k in block.sources for f in block.payers])
    rows = np.array([data.financing.stages.index(key[:2]) for key in stages], dtype=np.int64)
    open_at = data.financing.open[rows]
    begun = np.array([block.ages[block.stages.index(key[:2])] > 0 for key in stages], dtype=bool)
    open_at = np.where(begun[:, None] & (nodes.tree.parent < 0), 1.0, open_at)
    most = data.financing.cost[rows, None] * open_at
    m.most_pledge = array_param(nodes.with_past(most), m.PLEDGES, m.ALL_NODES)
    m.most_order_pledge = array_param(
        nodes.with_past(np.full((len(m.ORDER_PLEDGES), len(nodes.horizon)), np.inf)), m.ORDER_PLEDGES, m.ALL_NODES
    )
    m.pledge = Var(
        m.PLEDGES,
        m.ALL_NODES,
        domain=pyo.NonNegativeReals,
        bounds=lambda m, p, i, f, n: (0, m.most_pledge[p, i, f, n]),
    )
    m.order_pledge = Var(
        m.ORDER_PLEDGES,
        m.ALL_NODES,
        domain=pyo.NonNegativeReals,
        bounds=lambda m, k, f, n: (0, m.most_order_pledge[k, f, n]),
    )
    _add_committed(m, data)
    deferred = list(dict.fromkeys(key[:2] for key in stages))
    m.LATE_STAGES = pyo.Set(dimen=2, within=m.STAGES, initialize=deferred)
    place = [block.stages.index(stage) for stage in deferred]
    m.promised_for = lag_param(m, data, [block.ages[i] for i in place], m.LATE_STAGES)
    m.dues = len(block.due)
    for k, positions in enumerate(block.due):
        setattr(m, f"pledge_due_{k}", back_param(m, positions[place], m.LATE_STAGES))
    add_rows(m, m.LATE_STAGES, m.NODES, rule=tranche_is_pledged)
    add_rows(m, m.PLEDGES, m.NODES, rule=pledge_is_paid)
    _add_order_rows(m, data)
    m.PLEDGES_OF = grouped(m.COMMITTED, {f: [key for key in stages if key[2] == f] for f in block.funds}, dimen=3)
    orders = {f: [(k, f) for k in block.sources] if f in block.payers else [] for f in block.funds}
    m.ORDER_PLEDGES_OF = grouped(m.COMMITTED, orders, dimen=2)
    m.pledged = _pledged
    if block.guaranteed:
        late = [key for key in block.guaranteed if key[:3] in stages]
        m.GUARANTEED_BY = grouped(m.COMMITTED, members_by(block.guaranteed, lambda key: key[3]), dimen=4)
        m.pledged = _with_guarantees(m.pledged)
        if late:
            m.LATE_GUARANTEED_BY = grouped(m.COMMITTED, members_by(late, lambda key: key[3]), dimen=4)
            m.pledged = _with_late_guarantees(m.pledged)
    add_rows(m, m.COMMITTED, m.NODES, rule=commitments_within_limit)


def _add_committed(m: pyo.ConcreteModel, data: Data) -> None:
    """Variable ``committed``: what each fund with a limit has promised and not yet paid, with what it guarantees."""
    block, nodes = data.commitments, data.nodes
    m.COMMITTED = pyo.Set(within=m.FUNDS, initialize=block.funds)
    limit = np.repeat(block.limit[:, None], len(nodes.horizon), axis=1)
    m.least_committed = array_param(nodes.from_opening(block.opening, 0 * limit), m.COMMITTED, m.ALL_NODES)
    m.most_committed = array_param(nodes.from_opening(block.opening, limit), m.COMMITTED, m.ALL_NODES)
    m.committed = Var(
        m.COMMITTED,
        m.ALL_NODES,
        domain=pyo.NonNegativeReals,
        bounds=lambda m, f, n: (m.least_committed[f, n], m.most_committed[f, n]),
    )


def _due(m: Any, p: Any, i: Any, f: Any, n: Any) -> Any:
    """What a fund has promised of a stage that falls due at a node."""
    total = m.pledge[p, i, f, m.pledge_due_0[p, i, n]]
    for k in range(1, m.dues):
        total = total + m.pledge[p, i, f, getattr(m, f"pledge_due_{k}")[p, i, n]]
    return total


def _pledged(m: Any, f: Any, n: Any) -> Any:
    """What a fund has promised: before, and at the node for tranches, orders and contracts, less what is due there."""
    return (
        m.committed[f, m.parent[n]]
        + sum(m.pledge[p, i, g, n] - _due(m, p, i, g, n) for p, i, g in m.PLEDGES_OF[f])
        + sum(m.order_pledge[k, g, n] - m.order_pledge[k, g, m.arriving[k, n]] for k, g in m.ORDER_PLEDGES_OF[f])
        + sum([term(m, f, n) for term in m.ledger.promised])
    )


def _with_guarantees(pledged: Term) -> Term:
    """With the principal that a fund guarantees."""
    return lambda m, f, n: (
        pledged(m, f, n)
        + sum(
            m.guaranteed_share[p, i, h, g] * (m.principal[p, i, h, n] - m.principal[p, i, h, m.parent[n]])
            for p, i, h, g in m.GUARANTEED_BY[f]
        )
    )


def _with_late_guarantees(pledged: Term) -> Term:
    """With the loans that it will guarantee, once they are paid out."""
    return lambda m, f, n: (
        pledged(m, f, n)
        + sum(
            m.guaranteed_share[p, i, h, g] * (m.pledge[p, i, h, n] - _due(m, p, i, h, n))
            for p, i, h, g in m.LATE_GUARANTEED_BY[f]
        )
    )


def _add_order_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows of the orders that are paid after they are placed."""
    block, buying = data.commitments, data.purchasing
    m.LATE_SOURCES = pyo.Set(within=m.SOURCES, initialize=block.sources)
    m.PURCHASERS = pyo.Set(within=m.FUNDS, initialize=block.payers if block.sources else ())
    m.LATE_OF = grouped(m.PURCHASERS, {f: [(k, f) for k in block.sources] for f in m.PURCHASERS}, dimen=2)
    m.PURCHASERS_OF = grouped(m.LATE_SOURCES, {k: list(block.payers) for k in block.sources})
    m.arriving = lag_param(m, data, [int(buying.lead[buying.sources.index(k)]) for k in block.sources], m.LATE_SOURCES)
    add_rows(m, m.LATE_SOURCES, m.NODES, rule=order_is_pledged)
    add_rows(m, m.PURCHASERS, m.NODES, rule=order_pledges_are_paid)


def tranche_is_pledged(m: Any, p: Any, i: Any, n: Any) -> Any:
    r"""When a stage is released whose tranche is due later, funds together promise the whole of it.

    .. math:: \sum_f \mathit{pledge}_{p,i,f,n} = c_{p,i}\, \mathit{go}_{p,i,\,n-\beta_{p,i}}

    For a stage released beta periods before the root the promise is settled at the root; else beta is 0.  A promise stands until the tranche is due, also where the project is abandoned before.  Units: money.
    """
    return (
        sum(m.pledge[p, i, f, n] for f in m.FUNDS_OF[p, i]) == m.stage_cost[p, i] * m.go[p, i, m.promised_for[p, i, n]]
    )


def pledge_is_paid(m: Any, p: Any, i: Any, f: Any, n: Any) -> Any:
    r"""A fund pays no more of a tranche than it has promised: together they pay what they have promised together, if it is due.

    .. math:: \mathit{tranche}_{p,i,f,n} \le \mathit{pledge}_{p,i,f,\,n-\delta_{p,i}}

    delta is the time from the promise until the tranche is due; where shocks change the durations of stages it is the sum
    over all promises that fall due at n.  Units: money.
    """
    return m.tranche[p, i, f, n] <= _due(m, p, i, f, n)


def order_is_pledged(m: Any, k: Any, n: Any) -> Any:
    r"""When an order is placed that arrives later, funds together promise its price.

    .. math:: \sum_f \mathit{pledge}_{k,f,n} = \sum_s p_{k,s,n}\, q_{k,s,n}

    Units: money.
    """
    return sum(m.order_pledge[k, f, n] for f in m.PURCHASERS_OF[k]) == sum(
        m.price[k, s, n] * m.order[k, s, n] for s in m.STEPS_OF[k]
    )


def order_pledges_are_paid(m: Any, f: Any, n: Any) -> Any:
    r"""A fund pays what it has promised for the deliveries that arrive, for the part of them that arrives.

    .. math:: \mathit{pay}_{\text{purchases},f,n} \ge \sum_k \alpha_{k,n}\, \mathit{pledge}_{k,f,\,n-\ell_k}

    Units: money.
    """
    return m.pay["purchases", f, n] >= sum(
        m.arrive[k, n] * m.order_pledge[k, g, m.arriving[k, n]] for k, g in m.LATE_OF[f]
    )


def commitments_within_limit(m: Any, f: Any, n: Any) -> Any:
    r"""What a fund has promised and not yet been asked to pay grows by new promises; it stays within the commitment limit.

    .. math:: K_{f,n} = K_{f,a(n)} + \sum_{p,i} (\mathit{pledge}_{p,i,f,n} - \mathit{pledge}_{p,i,f,\,n-\delta_{p,i}})
        + \sum_k (\mathit{pledge}_{k,f,n} - \mathit{pledge}_{k,f,\,n-\ell_k})
        + O_{f,n} - O_{f,a(n)} + \sum_l \sigma_{l,f} (P_{l,n} - P_{l,a(n)} + \mathit{pledge}_{l,n} - \mathit{pledge}_{l,\,n-\delta_l}) \le \bar K_f

    l are the loans of which the fund guarantees the share sigma: their principal, and what their lender has promised.  Orders
    from before the horizon do not count.  O is what contracts make the fund pay later in any case.  Units: money.
    """
    return m.committed[f, n] == m.pledged(m, f, n)
