"""Exchange: stock is lent to industry and comes back fresh after a lag, with a premium in kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Quantity
from stockpile.models.parameters import add_rows, grouped, lag_param, members_by
from stockpile.vector import Var, array_param


def add_exchange(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``lend`` (quantity lent, by good and lag) and ``lent`` (quantity owed, premium included); what comes back.

    Nothing where no good is lent or was lent before the horizon.
    """
    block, nodes = data.stock.loans, data.nodes
    if not block.goods:
        return
    m.LENT = pyo.Set(within=m.GOODS, initialize=block.goods)
    m.EXCHANGES = pyo.Set(dimen=2, initialize=block.offers)
    m.LENT_OF = grouped(m.GOODS, {g: [g] for g in block.goods})
    m.EXCHANGES_OF = grouped(m.GOODS, members_by(block.offers, lambda gd: gd[0]), dimen=2)
    m.lent_at = lag_param(m, data, [lag for _, lag in block.offers], m.EXCHANGES)
    m.most_lend = array_param(nodes.with_past(block.most), m.EXCHANGES, m.ALL_NODES)
    m.returned_share = array_param(nodes.with_past(block.back), m.EXCHANGES, m.ALL_NODES)
    m.due_back = array_param(block.due, m.LENT, m.NODES)
    m.lend = Var(
        m.EXCHANGES, m.ALL_NODES, domain=pyo.NonNegativeReals, bounds=lambda m, g, d, n: (0, m.most_lend[g, d, n])
    )
    ledger.decided["exchange"] = Quantity(m.EXCHANGES, lambda m, g, d, n: m.lend[g, d, n])
    past = np.repeat(block.opening[:, None], len(nodes.past), axis=1)
    m.least_lent = array_param(np.concatenate([past, np.zeros_like(block.limit)], axis=1), m.LENT, m.ALL_NODES)
    m.most_lent = array_param(np.concatenate([past, block.limit], axis=1), m.LENT, m.ALL_NODES)
    m.lent = Var(m.LENT, m.ALL_NODES, domain=pyo.Reals, bounds=lambda m, g, n: (m.least_lent[g, n], m.most_lent[g, n]))
    ledger.outflow.append(lambda m, g, n: sum(m.lend[h, d, n] for h, d in m.EXCHANGES_OF[g]))
    ledger.rotated["exchange"].append(lambda m, g, n: sum(m.lend[h, d, n] for h, d in m.EXCHANGES_OF[g]))
    ledger.inflow.append(lambda m, g, n: _returned(m, g, n) + sum(m.due_back[h, n] for h in m.LENT_OF[g]))
    if block.end_value.any():
        m.lent_value = array_param(block.end_value, m.LENT)
        ledger.final["end_values"].append(goods_owed)
    add_rows(m, m.LENT, m.NODES, rule=lent_balance)


def _returned(m: Any, g: Any, n: Any) -> Any:
    """What comes back at a node of what was lent a lag before."""
    return sum(
        m.returned_share[h, d, m.lent_at[h, d, n]] * m.lend[h, d, m.lent_at[h, d, n]] for h, d in m.EXCHANGES_OF[g]
    )


def goods_owed(m: Any, n: Any) -> Any:
    r"""Goods that borrowers still owe at the end of the horizon are worth what the instance says.

    .. math:: \mathit{final}_{\mathrm{end\_values},n} \ni -\sum_g \omega_g\, \mathit{lent}_{g,n}, \quad n \in \text{leaves}

    Units: money.
    """
    return sum(-m.lent_value[g] * m.lent[g, n] for g in m.LENT)


def lent_balance(m: Any, g: Any, n: Any) -> Any:
    r"""What borrowers owe grows by what is lent, with its premium, and falls by what comes back; it stays within the credit limit.

    .. math:: \mathit{lent}_{g,n} = \mathit{lent}_{g,a(n)} + (1+\rho_{g,n})\, \mathit{lend}_{g,n}
        - (1+\rho_{g,n-\ell_g})\, \mathit{lend}_{g,\,n-\ell_g} - \mathit{due}_{g,n}, \quad \mathit{lent}_{g,n} \le \bar L_{g,n}

    rho is the premium and l the lag in force when the good is lent, due what comes back of goods lent before the horizon.
    What comes back is fresh: it is part of the arrivals.  What comes back after the horizon is owed at the leaves.
    Units: quantity.
    """
    return m.lent[g, n] == m.lent[g, m.parent[n]] + sum(
        m.returned_share[h, d, n] * m.lend[h, d, n] for h, d in m.EXCHANGES_OF[g]
    ) - _returned(m, g, n) - sum(m.due_back[h, n] for h in m.LENT_OF[g])
