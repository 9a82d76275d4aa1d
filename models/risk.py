"""Risk: what each future costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.parameters import add_rows
from stockpile.vector import Var, array_param


def add_risk(m: pyo.ConcreteModel, data: Data) -> None:
    """Variables ``path_cost`` (discounted cost from the start to a node) and ``total_cost`` (of a whole path), and their rows.

    Nothing where the instance names no scenarios.
    """
    risk, nodes = data.risk, data.nodes
    if not risk.told:
        return
    free = np.full(len(nodes.horizon), np.inf)
    m.most_path_cost = array_param(nodes.with_past(free), m.ALL_NODES)
    m.path_cost = Var(m.ALL_NODES, domain=pyo.Reals, bounds=lambda m, n: (-m.most_path_cost[n], m.most_path_cost[n]))
    m.total_cost = Var(m.LEAVES, domain=pyo.Reals)
    m.discount = array_param(risk.discount, m.NODES)
    m.final_discount = array_param(risk.final_discount, m.LEAVES)
    add_rows(m, m.NODES, rule=cost_so_far)
    add_rows(m, m.LEAVES, rule=cost_of_path)


def cost_so_far(m: Any, n: Any) -> Any:
    r"""The discounted cost of a path up to a node is that up to its parent and that of the node.

    .. math:: \mathit{path}_n = \mathit{path}_{a(n)} + \delta_{t(n)} \sum_c \mathit{cost}_{c,n}

    cost are the named costs of the objective at the node, before discounting and probability; path is 0 before the root.
    Units: money.
    """
    terms = [term for terms in m.ledger.costs.values() for term in terms]
    return m.path_cost[n] == m.path_cost[m.parent[n]] + m.discount[n] * sum(term(m, n) for term in terms)


def cost_of_path(m: Any, n: Any) -> Any:
    r"""The cost of a whole path counts what is left at its end.

    .. math:: \mathit{total}_n = \mathit{path}_n + \delta_T \sum_c \mathit{final}_{c,n}

    n are leaves.  Units: money.
    """
    terms = [term for terms in m.ledger.final.values() for term in terms]
    return m.total_cost[n] == m.path_cost[n] + m.final_discount[n] * sum(term(m, n) for term in terms)
