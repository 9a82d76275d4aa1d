"""Goods on order at the end: orders that arrive after the horizon, net of what is still to be paid for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger
from stockpile.vector import array_param, label_param


def add_undelivered(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What orders count for that arrive after the horizon; nothing where no end value lets any."""
    block, nodes = data.undelivered, data.nodes
    leaves = nodes.tree.leaves
    if block.steps:
        m.WITHOUT_DELIVERY = pyo.Set(within=m.SOURCES, initialize=block.sources)
        m.UNDELIVERED = pyo.Set(dimen=3, initialize=block.steps)
        m.order_worth = array_param(block.worth[:, leaves], m.WITHOUT_DELIVERY, m.LEAVES)
        m.order_owed = array_param(block.owed[:, leaves], m.WITHOUT_DELIVERY, m.LEAVES)
        back = np.array([nodes.back(j)[leaves] for _, _, j in block.steps], dtype=np.int64)
        m.placed_before = label_param(back, m.ALL_NODES, m.UNDELIVERED, m.LEAVES)
        ledger.final["end_values"].append(goods_on_order)
    if block.due_value[leaves].any():
        m.due_after = array_param(block.due_value[leaves], m.LEAVES)
        ledger.final["end_values"].append(lambda m, n: m.due_after[n])


def goods_on_order(m: Any, n: Any) -> Any:
    r"""Goods on order at the end of the horizon are worth what the instance says, less what is still to be paid for them.

    .. math:: \mathit{final}_{\mathrm{end\_values},n} \ni \sum_k \sum_s \sum_{j < \ell_k}
        \alpha_{k,n} \big( (1 + \theta\, \tau_{k,n})\, p_{k,s,n-j} - \omega_k \big)\, q_{k,s,n-j}, \quad n \in \text{leaves}

    omega is the worth of a unit on order at source k, l its lead time, alpha the share that arrives and tau the duty as in
    the last period; theta is 1 where duties count for every fund that may pay them.  The price is deducted in full, whoever
    will pay it and though it is paid later.  Orders from before the horizon that arrive after it count in the same way.
    Units: money.
    """
    return sum(
        (m.order_owed[k, n] * m.price[k, s, m.placed_before[k, s, j, n]] - m.order_worth[k, n])
        * m.order[k, s, m.placed_before[k, s, j, n]]
        for k, s, j in m.UNDELIVERED
    )
