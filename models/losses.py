"""What taxpayers lose: grants and principal of public funds in projects that are abandoned, less what comes back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger
from stockpile.models.parameters import add_rows
from stockpile.vector import Var, array_param


def add_losses(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variable ``lost_grant`` (so far) and its rows; nothing where nobody asks what taxpayers lose."""
    block, nodes = data.losses, data.nodes
    if block.grants:
        m.LOST_GRANTS = pyo.Set(dimen=3, within=m.GRANTS, initialize=block.grants)
        most = nodes.with_past(np.repeat(block.most[:, None], len(nodes.horizon), axis=1))
        m.most_lost_grant = array_param(most, m.LOST_GRANTS, m.ALL_NODES)
        m.lost_grant = Var(
            m.LOST_GRANTS,
            m.ALL_NODES,
            domain=pyo.NonNegativeReals,
            bounds=lambda m, p, i, f, n: (0, m.most_lost_grant[p, i, f, n]),
        )
        for name, values in (("loss_unless", (1, 0, -1)), ("loss_most", (1, 0, 0))):
            setattr(m, name, array_param(np.array(values, dtype=float), m.SIDES))
        add_rows(m, m.LOST_GRANTS, m.SIDES, m.NODES, rule=grant_is_lost_when_abandoned)
        ledger.losses.append(
            lambda m, n: sum(m.lost_grant[p, i, f, n] - m.lost_grant[p, i, f, m.parent[n]] for p, i, f in m.LOST_GRANTS)
        )
    if block.loans:
        m.LOST_LOANS = pyo.Set(dimen=3, within=m.LOSABLE, initialize=block.loans)
        m.public_share = array_param(block.share, m.LOST_LOANS)
        ledger.losses.append(principal_lost)


def principal_lost(m: Any, n: Any) -> Any:
    r"""Of what is written off public lenders and guarantors bear their share, less what comes back.

    .. math:: \sum_l \phi_l \big( W_{l,n} - W_{l,a(n)} - \rho_p (W_{l,n-\lambda} - W_{l,n-\lambda-1}) \big)

    phi is the share of loan l that public funds bear, rho the share that is recovered, lambda periods later.  Units: money.
    """
    return sum(
        m.public_share[p, i, f]
        * (
            m.written_off[p, i, f, n]
            - m.written_off[p, i, f, m.parent[n]]
            - m.recovery[p, i, f]
            * (m.written_off[p, i, f, m.recovered[p, i, f, n]] - m.written_off[p, i, f, m.recovered_before[p, i, f, n]])
        )
        for p, i, f in m.LOST_LOANS
    )


def grant_is_lost_when_abandoned(m: Any, p: Any, i: Any, f: Any, side: Any, n: Any) -> Any:
    r"""What public funds have granted a project is lost once it is abandoned.

    .. math:: L_{p,i,f,n} = T_{p,i,f,n}\, b_{p,n}

    as the three rows of a product: T is what has been paid so far, at most the fund's greatest share of the tranche.
    Units: money.
    """
    return (
        m.side_product[side] * m.lost_grant[p, i, f, n]
        + m.side_of[side] * m.granted[p, i, f, n]
        + m.loss_unless[side] * m.most_lost_grant[p, i, f, n] * m.abandoned[p, n]
        <= m.loss_most[side] * m.most_lost_grant[p, i, f, n]
    )
