"""Backing: which funds answer for what contracts make them pay in any case, settled when a contract begins."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger
from stockpile.models.parameters import add_rows, grouped, lag_param
from stockpile.vector import Var, array_param


def add_backing(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``answer`` (the part of a contract's least rate for which a fund answers) and ``owing``; their rows.

    Nothing where no fund with a commitment limit may pay for a contract.  Comes after the funds have been asked to pay.
    """
    commitments, nodes = data.commitments, data.nodes
    block, payers = commitments.backed, commitments.payers
    if not block.contracts:
        return
    answering = [f for f in commitments.funds if f in payers]
    m.OWING = pyo.Set(within=m.FUNDS, initialize=answering)
    m.OWING_OF = grouped(m.FUNDS, {f: [f] for f in answering})
    endless = np.full((len(answering), len(nodes.horizon)), np.inf)
    m.most_owing = array_param(nodes.with_past(endless), m.OWING, m.ALL_NODES)
    m.owing = Var(m.OWING, m.ALL_NODES, domain=pyo.NonNegativeReals, bounds=lambda m, f, n: (0, m.most_owing[f, n]))
    m.BACKINGS = pyo.Set(dimen=2, initialize=[(c, f) for c in block.contracts for f in payers])
    ones = nodes.with_past(np.ones((len(m.BACKINGS), len(nodes.horizon))))
    m.most_answer = array_param(ones, m.BACKINGS, m.ALL_NODES)
    m.answer = Var(
        m.BACKINGS, m.ALL_NODES, domain=pyo.NonNegativeReals, bounds=lambda m, c, f, n: (0, m.most_answer[c, f, n])
    )
    ledger.promised.append(lambda m, f, n: sum(m.owing[g, n] - m.owing[g, m.parent[n]] for g in m.OWING_OF[f]))
    m.BACKED = pyo.Set(within=m.CONTRACTS, initialize=block.contracts)
    m.BACKERS_OF = grouped(m.BACKED, {c: list(payers) for c in block.contracts})
    m.SIGNED_AGO = pyo.Set(dimen=2, initialize=block.ages)
    m.signed_ago = lag_param(m, data, [age for _, age in block.ages], m.SIGNED_AGO)
    m.least_due = array_param(block.due, m.SIGNED_AGO, m.NODES)
    m.least_unpaid = array_param(block.unpaid, m.SIGNED_AGO, m.NODES)
    m.BACKER = pyo.Set(within=m.FUNDS, initialize=payers)
    add_rows(m, m.BACKED, m.NODES, rule=contract_is_backed)
    add_rows(m, m.BACKER, m.NODES, rule=backers_pay)
    add_rows(m, m.OWING, m.NODES, rule=least_rates_to_come)


def contract_is_backed(m: Any, c: Any, n: Any) -> Any:
    r"""When a contract begins, funds together answer for all that it makes them pay at least, each for a part until it ends.

    .. math:: \sum_f \mathit{answer}_{c,f,n} = \beta_{c,n} - \beta_{c,a(n)}

    beta is sigma where the contract begins as it is signed.  Contracts signed before the horizon do not count.  Units: 1.
    """
    begins = m.commenced[c, n] - m.commenced[c, m.parent[n]] if m.some_wait else m.sign[c, n]
    return sum(m.answer[c, f, n] for f in m.BACKERS_OF[c]) == begins


def backers_pay(m: Any, f: Any, n: Any) -> Any:
    r"""A fund pays its part of what contracts cost at least.

    .. math:: \mathit{pay}_{\text{contracts},f,n} \ge \sum_c \sum_j u_{c,j,n}\, \mathit{answer}_{c,f,\,n-j}

    u is what the least rate of a contract that began j periods before costs at n, as far as deliveries arrive.
    Units: money.
    """
    return m.pay["contracts", f, n] >= sum(
        m.least_due[c, j, n] * m.answer[c, f, m.signed_ago[c, j, n]] for c, j in m.SIGNED_AGO
    )


def least_rates_to_come(m: Any, f: Any, n: Any) -> Any:
    r"""What a fund will have to pay for contracts that run, whatever is taken.

    .. math:: O_{f,n} = \sum_c \sum_j U_{c,j,n}\, \mathit{answer}_{c,f,\,n-j}

    U is what the least rate of a contract that began j periods before costs after n: what was called is valued at its
    price, what is yet to be called at the price in force.  Units: money.
    """
    return m.owing[f, n] == sum(
        m.least_unpaid[c, j, n] * m.answer[c, f, m.signed_ago[c, j, n]] for c, j in m.SIGNED_AGO
    )
