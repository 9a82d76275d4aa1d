"""Risk: what each future costs, and the mean of the worst of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.data.risk import MADE_OF
from stockpile.models.ledger import Ledger, Term
from stockpile.models.parameters import add_rows, grouped
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
    rules = {
        "cost": (cost_so_far, cost_of_path),
        "shortfall": (shortfall_so_far, shortfall_of_path),
        "taxpayer_loss": (loss_so_far, loss_of_path),
    }
    for name in risk.measures:
        free = Var(m.ALL_NODES, domain=pyo.Reals, bounds=lambda m, n: (-m.most_so_far[n], m.most_so_far[n]))
        setattr(m, f"path_{name}", free)
        setattr(m, f"total_{name}", Var(m.LEAVES, domain=pyo.Reals))
        along, whole = rules[name]
        add_rows(m, m.NODES, rule=along)
        add_rows(m, m.LEAVES, rule=whole)
    if risk.measure:
        _add_tail(m, data, ledger)
    if risk.cover > 0:
        _add_cover(m, data)


def _add_cover(m: pyo.ConcreteModel, data: Data) -> None:
    """Variable ``uncovered``: 1 where a path may lack more than what is allowed."""
    risk = data.risk
    m.COVERS = pyo.Set(initialize=["cover"])
    m.most_above = array_param(risk.most_short, m.LEAVES)
    m.allowed_short = array_param(np.full(len(data.nodes.leaves), risk.allowed), m.LEAVES)
    m.most_uncovered = array_param(np.array([1.0 - risk.cover]), m.COVERS)
    m.uncovered_probability = array_param(risk.probability, m.LEAVES)
    m.uncovered = Var(m.LEAVES, domain=pyo.Binary)
    add_rows(m, m.LEAVES, rule=shortfall_is_covered)
    add_rows(m, m.COVERS, rule=chance_of_cover)


def _add_nested(m: pyo.ConcreteModel, data: Data) -> None:
    """Variables ``to_go`` (from a node on), ``fork_level`` and ``child_excess`` of what may follow a node; their rows."""
    risk, nodes = data.risk, data.nodes
    parents = [nodes.past[-1] if p < 0 else nodes.horizon[p] for p in nodes.tree.parent]
    m.FORKS = pyo.Set(initialize=list(dict.fromkeys(parents)))
    m.START = pyo.Set(within=m.FORKS, initialize=[nodes.past[-1]])
    children: dict[str, list[str]] = {}
    for node, parent in zip(nodes.horizon, parents, strict=True):
        children.setdefault(parent, []).append(node)
    m.FOLLOWING = grouped(m.ALL_NODES, children)
    m.FORK_OF = grouped(m.ALL_NODES, {n: [n] for n in children})
    m.LEAF_OF = grouped(m.NODES, {n: [n] for n in nodes.leaves})
    m.conditional = array_param(risk.conditional, m.NODES)
    m.at_a_fork = array_param(np.array([risk.weight]), m.TAIL)
    m.to_go = Var(m.TAIL, m.NODES, domain=pyo.Reals)
    m.fork_level = Var(m.TAIL, m.FORKS, domain=pyo.Reals)
    m.child_excess = Var(m.TAIL, m.NODES, domain=pyo.NonNegativeReals)
    add_rows(m, m.TAIL, m.NODES, rule=risk_to_go)
    add_rows(m, m.TAIL, m.NODES, rule=excess_at_fork)
    add_rows(m, m.TAIL, m.START, rule=risk_from_the_start)


def _add_tail(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``level`` and ``excess``; the mean of the tail as a cost beside the mean of all, or within its limit."""
    risk = data.risk
    m.TAIL = pyo.Set(initialize=[risk.of])
    m.path_probability = array_param(risk.probability, m.LEAVES)
    m.tail_level = Var(m.TAIL, domain=pyo.Reals)
    ledger.at_risk = risk.of
    if risk.share:
        m.excess_share = array_param(np.array([risk.share]), m.TAIL)
    if risk.measure == "nested":
        _add_nested(m, data)
    elif risk.measure == "cvar":
        m.excess = Var(m.TAIL, m.LEAVES, domain=pyo.NonNegativeReals)
        add_rows(m, m.TAIL, m.LEAVES, rule=excess_over_level)
    else:
        add_rows(m, m.TAIL, m.LEAVES, rule=worst_path)
    if np.isfinite(risk.limit):
        m.tail_limit = array_param(np.array([risk.limit]), m.TAIL)
        add_rows(m, m.TAIL, rule=risk_limit)
    if risk.weight:
        counts = 1.0 if risk.measure == "nested" else risk.weight
        m.risk_weight = array_param(np.array([counts]), m.TAIL)
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


def loss_so_far(m: Any, n: Any) -> Any:
    r"""The discounted loss of taxpayers on a path up to a node, as for its cost.

    .. math:: \mathit{path}_n = \mathit{path}_{a(n)} + \delta_{t(n)}\, \mathit{loss}_n

    loss is what public funds lose at the node of grants and of principal, less what comes back there.  Units: money.
    """
    return m.path_taxpayer_loss[n] == m.path_taxpayer_loss[m.parent[n]] + m.discount[n] * added(m, n, m.ledger.losses)


def loss_of_path(m: Any, n: Any) -> Any:
    r"""The loss of taxpayers on a whole path: nothing is added at its end.

    .. math:: \mathit{total}_n = \mathit{path}_n

    Units: money.
    """
    return m.total_taxpayer_loss[n] == m.path_taxpayer_loss[n]


def _follows(m: Any, r: Any, n: Any) -> Any:
    """What may follow a node: its mean, and the mean of the worst of it by its weight; 0 after a leaf."""
    return sum(
        m.conditional[c]
        * ((1 - m.at_a_fork[r]) * m.to_go[r, c] + m.at_a_fork[r] * m.excess_share[r] * m.child_excess[r, c])
        for c in m.FOLLOWING[n]
    ) + sum(m.at_a_fork[r] * m.fork_level[r, f] for f in m.FORK_OF[n])


def _along(m: Any, n: Any) -> Any:
    """What risk is taken of, at a node: that of its period, and at a leaf of the end."""
    so_far, whole = (getattr(m, f"{name}_{m.ledger.at_risk}") for name in ("path", "total"))
    return so_far[n] - so_far[m.parent[n]] + sum(whole[leaf] - so_far[leaf] for leaf in m.LEAF_OF[n])


def risk_to_go(m: Any, r: Any, n: Any) -> Any:
    r"""What counts from a node on: that of its period, and of what may follow the mean and the mean of the worst.

    .. math:: R_n = z_n + \sum_{c \in C(n)} \pi_{c|n} \Big( (1-w) R_c + \frac{w}{1-\alpha}\, e_c \Big) + w\, \eta_n

    z is what risk is taken of, discounted, C(n) the nodes that may follow, w the weight, alpha the level.  Units: money.
    Source: Shapiro, Tekaya, da Costa and Soares (2013), Risk neutral and risk averse stochastic dual dynamic programming
    method; Ruszczynski and Shapiro (2006), Conditional risk mappings.
    """
    return m.to_go[r, n] == _along(m, n) + _follows(m, r, n)


def excess_at_fork(m: Any, r: Any, n: Any) -> Any:
    r"""By how much what counts from a node on exceeds the level of the tail of all that may follow its parent.

    .. math:: e_n \ge R_n - \eta_{a(n)}

    Units: money.  Source: Rockafellar and Uryasev (2000), at every fork.
    """
    return m.child_excess[r, n] >= m.to_go[r, n] - m.fork_level[r, m.parent[n]]


def risk_from_the_start(m: Any, r: Any, n: Any) -> Any:
    r"""What counts from the start on: the roots are what may follow it.

    .. math:: R = \sum_{c \in C} \pi_c \Big( (1-w) R_c + \frac{w}{1-\alpha}\, e_c \Big) + w\, \eta

    It stands for the expected value in the objective, and stays within its limit.  Units: money.
    """
    return m.tail_level[r] == _follows(m, r, n)


def shortfall_is_covered(m: Any, n: Any) -> Any:
    r"""A path lacks no more than is allowed, unless it is one of those that may.

    .. math:: \mathit{total}_n \le X + \bar S_n\, u_n

    total are the penalties of shortfall of the path to leaf n, S bounds what they can be above X, u is 0 or 1.  Units: money.
    """
    return m.total_shortfall[n] <= m.allowed_short[n] + m.most_above[n] * m.uncovered[n]


def chance_of_cover(m: Any, r: Any) -> Any:
    r"""The paths that may lack more have at most the probability that is left.

    .. math:: \sum_n \pi_n u_n \le 1 - p

    Units: 1.  Source: Raike (1970), Dissection methods for solutions in chance constrained programming problems.
    """
    return sum(m.uncovered_probability[n] * m.uncovered[n] for n in m.LEAVES) <= m.most_uncovered[r]
