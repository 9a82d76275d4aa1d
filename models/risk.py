"""Risk: what each future costs, and the mean of the worst of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.data.risk import MADE_OF
from stockpile.models.ledger import Ledger, Term
from stockpile.models.parameters import add_rows
from stockpile.vector import Var, array_param


def add_risk(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``path_...`` (a measure from the start to a node), ``total_...`` (of a whole path), and those of the tail.

    Nothing where the instance names no scenarios and risk does not count.
    """
    risk, nodes = data.risk, data.nodes
    if not risk.measures:
        return
    m.discount = array_param(risk.discount, m.NODES)
    m.final_discount = array_param(risk.final_discount, m.LEAVES)
    m.most_so_far = array_param(nodes.with_past(np.full(len(nodes.horizon), np.inf)), m.ALL_NODES)
    rules = {"cost": (cost_so_far, cost_of_path), "shortfall": (shortfall_so_far, shortfall_of_path)}
    for name in risk.measures:
        free = Var(m.ALL_NODES, domain=pyo.Reals, bounds=lambda m, n: (-m.most_so_far[n], m.most_so_far[n]))
        setattr(m, f"path_{name}", free)
        setattr(m, f"total_{name}", Var(m.LEAVES, domain=pyo.Reals))
        along, whole = rules[name]
        add_rows(m, m.NODES, rule=along)
        add_rows(m, m.LEAVES, rule=whole)
    if risk.measure:
        _add_tail(m, data, ledger)


def _add_tail(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``level`` and ``excess``; the mean of the tail as a cost beside the mean of all, or within its limit."""
    risk = data.risk
    m.TAIL = pyo.Set(initialize=[risk.of])
    m.path_probability = array_param(risk.probability, m.LEAVES)
    m.tail_level = Var(m.TAIL, domain=pyo.Reals)
    ledger.at_risk = risk.of
    if risk.measure == "cvar":
        m.excess_share = array_param(np.array([risk.share]), m.TAIL)
        m.excess = Var(m.TAIL, m.LEAVES, domain=pyo.NonNegativeReals)
        add_rows(m, m.TAIL, m.LEAVES, rule=excess_over_level)
    else:
        add_rows(m, m.TAIL, m.LEAVES, rule=worst_path)
    if np.isfinite(risk.limit):
        m.tail_limit = array_param(np.array([risk.limit]), m.TAIL)
        add_rows(m, m.TAIL, rule=risk_limit)
    if risk.weight:
        m.risk_weight = array_param(np.array([risk.weight]), m.TAIL)
        ledger.whole["risk"].append(lambda m: sum(m.risk_weight[r] * (tail_mean(m, r) - mean(m)) for r in m.TAIL))


def at_risk(m: Any, n: Any) -> Any:
    """What risk is taken of, of a whole path."""
    return getattr(m, f"total_{m.ledger.at_risk}")[n]


def mean(m: Any) -> Any:
    """The expected value of what risk is taken of."""
    return sum(m.path_probability[n] * at_risk(m, n) for n in m.LEAVES)


def tail_mean(m: Any, r: Any) -> Any:
    """The mean of the tail, or the worst."""
    if not hasattr(m, "excess"):
        return m.tail_level[r]
    return m.tail_level[r] + sum(m.excess_share[r] * m.path_probability[n] * m.excess[r, n] for n in m.LEAVES)


def added(m: Any, n: Any, terms: list[Term]) -> Any:
    """The sum of some terms at a node, 0 where there are none: Pyomo's templates know no empty sum."""
    total: Any = 0.0
    for term in terms:
        total = total + term(m, n)
    return total


def cost_so_far(m: Any, n: Any) -> Any:
    r"""The discounted cost of a path up to a node is that up to its parent and that of the node.

    .. math:: \mathit{path}_n = \mathit{path}_{a(n)} + \delta_{t(n)} \sum_c \mathit{cost}_{c,n}

    cost are the named costs of the objective at the node, before discounting and probability; path is 0 before the root.
    Units: money.
    """
    terms = [term for terms in m.ledger.costs.values() for term in terms]
    return m.path_cost[n] == m.path_cost[m.parent[n]] + m.discount[n] * added(m, n, terms)


def cost_of_path(m: Any, n: Any) -> Any:
    r"""The cost of a whole path counts what is left at its end.

    .. math:: \mathit{total}_n = \mathit{path}_n + \delta_T \sum_c \mathit{final}_{c,n}

    n are leaves.  Units: money.
    """
    terms = [term for terms in m.ledger.final.values() for term in terms]
    return m.total_cost[n] == m.path_cost[n] + m.final_discount[n] * added(m, n, terms)


def shortfall_so_far(m: Any, n: Any) -> Any:
    r"""The discounted penalties of shortfall of a path up to a node, as for its cost.

    .. math:: \mathit{path}_n = \mathit{path}_{a(n)} + \delta_{t(n)}\, \mathit{cost}_{\text{shortfall},n}

    Units: money.
    """
    terms = [term for name in MADE_OF["shortfall"] for term in m.ledger.costs.get(name, ())]
    return m.path_shortfall[n] == m.path_shortfall[m.parent[n]] + m.discount[n] * added(m, n, terms)


def shortfall_of_path(m: Any, n: Any) -> Any:
    r"""The penalties of shortfall of a whole path, with those of demand that still waits at its end.

    .. math:: \mathit{total}_n = \mathit{path}_n + \delta_T\, \mathit{final}_{\text{shortfall},n}

    Units: money.
    """
    terms = [term for name in MADE_OF["shortfall"] for term in m.ledger.final.get(name, ())]
    return m.total_shortfall[n] == m.path_shortfall[n] + m.final_discount[n] * added(m, n, terms)


def excess_over_level(m: Any, r: Any, n: Any) -> Any:
    r"""By how much a path exceeds the level of the tail.

    .. math:: \mathit{excess}_n \ge \mathit{total}_n - \eta

    At the optimum eta is the value at risk, and :math:`\eta + \sum_n \pi_n \mathit{excess}_n / (1 - \alpha)` the mean of the
    worst 1 - alpha of the probability.  Units: money.
    Source: Rockafellar and Uryasev (2000), Optimization of conditional value-at-risk.
    """
    return m.excess[r, n] >= at_risk(m, n) - m.tail_level[r]


def worst_path(m: Any, r: Any, n: Any) -> Any:
    r"""No path is above the worst.

    .. math:: \mathit{total}_n \le \eta

    Units: money.
    """
    return at_risk(m, n) <= m.tail_level[r]


def risk_limit(m: Any, r: Any) -> Any:
    r"""The mean of the tail, or the worst, stays within its limit.

    .. math:: \eta + \frac{1}{1 - \alpha} \sum_n \pi_n\, \mathit{excess}_n \le \bar R

    For the worst path the sum falls away.  Units: money.
    """
    return tail_mean(m, r) <= m.tail_limit[r]
