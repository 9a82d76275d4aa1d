"""Accounts of participants: a sector draws goods at a set price, up to what it is entitled to, and settles that within a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger
from stockpile.models.parameters import add_pinned, add_rows, grouped, lag_param, members_by
from stockpile.vector import array_param


def add_accounts(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``drawing`` (what a sector draws on its account) and ``unsettled``; what is replaced, and what the sector pays.

    Nothing where there are no accounts.
    """
    block, nodes = data.accounts, data.nodes
    if not block.keys:
        return
    m.ACCOUNTS = pyo.Set(dimen=2, within=m.DEMANDS, initialize=block.keys)
    none = np.zeros((len(block.keys), len(nodes.past)))
    add_pinned(m, "drawing", m.ACCOUNTS, none, block.most)
    add_pinned(m, "unsettled", m.ACCOUNTS, none, np.repeat(block.entitlement[:, None], len(nodes.horizon), axis=1))
    m.drawn_at = lag_param(m, data, block.within, m.ACCOUNTS)
    m.REPLACED_OF = grouped(m.GOODS, members_by(block.replaced, lambda eg: eg[1]), dimen=2)
    ledger.inflow.append(lambda m, g, n: sum(m.drawing[e, h, m.drawn_at[e, h, n]] for e, h in m.REPLACED_OF[g]))
    _add_payments(m, data, ledger)


def _add_payments(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Fees, and the set price of what is bought: income of funds, and a named cost."""
    block = data.accounts
    m.account_fees = array_param(block.fees, m.ACCOUNTS, m.NODES)
    m.set_price = array_param(block.price, m.ACCOUNTS)
    payee = dict(zip(block.keys, block.funds, strict=True))
    of = members_by([key for key in block.keys if payee[key]], lambda key: payee[key])
    m.ACCOUNTS_OF = grouped(m.FUNDS, of, dimen=2)
    m.BOUGHT_FOR = grouped(m.FUNDS, {f: [k for k in keys if k in block.bought] for f, keys in of.items()}, dimen=2)
    ledger.income.append(
        lambda m, f, n: (
            sum(m.account_fees[e, g, n] for e, g in m.ACCOUNTS_OF[f])
            + sum(m.set_price[e, g] * m.drawing[e, g, m.drawn_at[e, g, n]] for e, g in m.BOUGHT_FOR[f])
        )
    )
    counts = dict(zip(data.funds.names, data.funds.counted, strict=True)) | {"": 1.0}
    counted = [key for key in block.keys if counts[payee[key]] > 0]
    m.COUNTED_ACCOUNTS = pyo.Set(dimen=2, within=m.ACCOUNTS, initialize=counted)
    m.COUNTED_BOUGHT = pyo.Set(dimen=2, within=m.ACCOUNTS, initialize=[k for k in counted if k in block.bought])
    ledger.costs["releases"].append(
        lambda m, n: (
            sum(-m.account_fees[e, g, n] for e, g in m.COUNTED_ACCOUNTS)
            + sum(-m.set_price[e, g] * m.drawing[e, g, m.drawn_at[e, g, n]] for e, g in m.COUNTED_BOUGHT)
        )
    )


def add_account_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows that keep draws within what the sector gets and is entitled to."""
    if data.accounts.keys:
        add_rows(m, m.ACCOUNTS, m.NODES, rule=draw_within_service)
        add_rows(m, m.ACCOUNTS, m.NODES, rule=drawn_until_settled)


def draw_within_service(m: Any, e: Any, g: Any, n: Any) -> Any:
    r"""What a sector draws on its account is part of what it gets of the good.

    .. math:: \mathit{draw}_{e,g,n} \le \mathit{release}_{e,g,n}

    draw is 0 where the account is not open.  Units: quantity.
    """
    return m.drawing[e, g, n] <= m.release[e, g, n]


def drawn_until_settled(m: Any, e: Any, g: Any, n: Any) -> Any:
    r"""What was drawn is unsettled for a time, within what the sector is entitled to.

    .. math:: \mathit{unsettled}_{e,g,n} = \mathit{unsettled}_{e,g,a(n)} + \mathit{draw}_{e,g,n}
        - \mathit{draw}_{e,g,\,n-T_{e,g}}, \quad \mathit{unsettled}_{e,g,n} \le E_{e,g}

    After T periods as much comes back fresh, part of the arrivals, or the sector pays its set price for it.
    Units: quantity.  Source: participants of Project Vault may draw down if they replenish, pay a fee and carrying cost, and
    buy at the inventory price that they set; Fastmarkets (2026), How Project Vault is being built.
    """
    return (
        m.unsettled[e, g, n]
        == m.unsettled[e, g, m.parent[n]] + m.drawing[e, g, n] - m.drawing[e, g, m.drawn_at[e, g, n]]
    )
