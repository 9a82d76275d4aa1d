"""Backlog: demand that waits and is served later, at a charge for every period, for a while at most."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Quantity
from stockpile.models.parameters import add_rows, grouped
from stockpile.vector import Var, array_param, label_param


def add_backlog(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variable ``waiting`` (demand that waits at the close of a node), its charge, and its penalty at the end; nothing where no demand may wait."""
    block, nodes = data.demand.backlog, data.nodes
    if not block.pairs:
        return
    m.BACKLOGS = pyo.Set(dimen=2, initialize=block.pairs)
    m.BACKLOG_OF = grouped(m.DEMANDS, {pair: [pair] for pair in block.pairs}, dimen=2)
    most = np.full((len(block.pairs), len(nodes.horizon)), np.inf)
    most[np.ix_(block.served, nodes.tree.leaves)] = 0.0
    m.most_waiting = array_param(nodes.with_past(most), m.BACKLOGS, m.ALL_NODES)
    m.waiting = Var(
        m.BACKLOGS, m.ALL_NODES, domain=pyo.NonNegativeReals, bounds=lambda m, e, g, n: (0, m.most_waiting[e, g, n])
    )
    ledger.decided["backlog"] = Quantity(m.BACKLOGS, lambda m, e, g, n: m.waiting[e, g, n])
    ledger.deferred.append(
        lambda m, e, g, n: sum(m.waiting[d, h, n] - m.waiting[d, h, m.parent[n]] for d, h in m.BACKLOG_OF[e, g])
    )
    if block.cost.any():
        m.waiting_cost = array_param(block.cost, m.BACKLOGS)
        ledger.costs["backlog"].append(
            lambda m, n: sum(m.waiting_cost[e, g] * m.waiting[e, g, n] for e, g in m.BACKLOGS)
        )
    if block.end_penalty.any():
        m.end_penalty = array_param(block.end_penalty, m.BACKLOGS)
        ledger.final["shortfall"].append(
            lambda m, n: sum(m.end_penalty[e, g] * m.waiting[e, g, n] for e, g in m.BACKLOGS)
        )


def add_backlog_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows of the longest wait, for the nodes that have one so long ago."""
    block, nodes = data.demand.backlog, data.nodes
    limited = [i for i, periods in enumerate(block.longest) if periods <= nodes.period.max()]
    if not limited:
        return
    longest = block.longest[limited]
    rows = [(i, n) for i in limited for n in np.flatnonzero(nodes.period >= block.longest[i])]
    m.SERVED_SINCE = pyo.Set(dimen=3, initialize=[(*block.pairs[i], nodes.horizon[n]) for i, n in rows])
    since = np.array([nodes.tree.ancestor(int(block.longest[i]))[n] for i, n in rows], dtype=np.int64)
    m.since = label_param(since, m.NODES, m.SERVED_SINCE)
    m.LAGS = pyo.Set(initialize=range(int(longest.max())))
    back = np.array([np.maximum(nodes.tree.ancestor(lag), 0) for lag in range(int(longest.max()))])
    m.back = label_param(back, m.NODES, m.LAGS, m.NODES)
    m.LAGS_OF = grouped(
        m.BACKLOGS, {block.pairs[i]: range(periods) for i, periods in zip(limited, longest, strict=True)}
    )
    add_rows(m, m.SERVED_SINCE, rule=longest_wait)


def longest_wait(m: Any, e: Any, g: Any, n: Any) -> Any:
    r"""What waited a longest wait ago has been served since; the oldest demand is served first.

    .. math:: \mathit{waiting}_{e,g,\,n-W_{e,g}} \le \sum_{k < W_{e,g}} \Big( \mathit{release}_{e,g,\,n-k} + \sum_h \mathit{substitute}_{e,g,h,\,n-k} / \rho_{e,g,h} \Big)

    W is the longest wait in periods: demand of a node may be served in the node and in the W nodes after it.  Exact since
    nothing depends on which unit is served.  Units: quantity.
    """
    served = sum(sum(term(m, e, g, m.back[k, n]) for term in m.ledger.served) for k in m.LAGS_OF[e, g])
    return m.waiting[e, g, m.since[e, g, n]] <= served
