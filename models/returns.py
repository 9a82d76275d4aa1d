"""Returns: what can be ordered of recycled goods is what comes back of those that went into use, a time before."""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger
from stockpile.models.parameters import add_rows, grouped, members_by
from stockpile.vector import array_param, label_param


def add_returns(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What comes back to every source that collects, of what sectors got from the reserve, instead, and from the market."""
    block = data.returns
    if not block.rows:
        return
    m.COLLECTING = pyo.Set(within=m.SOURCES, initialize=block.sources)
    m.RETURN_ROWS = pyo.Set(initialize=[row for row, _, _ in block.rows])
    m.return_share = array_param(block.share, m.RETURN_ROWS, m.NODES)
    m.used_at = label_param(block.used, m.NODES, m.RETURN_ROWS, m.NODES)
    m.used_before = array_param(block.before, m.COLLECTING, m.NODES)
    demand, traded = data.demand, set(data.market_supply.pairs)
    released = [row for row in block.rows if row[1:] in demand.pairs]
    instead = [(r, e, w, g) for r, e, g in block.rows for f, w, h in demand.accepts if (f, h) == (e, g)]
    bought = [row for row in block.rows if row[1:] in traded]
    if released:
        m.RELEASES_BACK = grouped(m.COLLECTING, members_by(released, lambda row: block.source_of[row[0]]), dimen=3)
        ledger.returned.append(
            lambda m, k, n: sum(
                m.return_share[r, n] * m.release[e, g, m.used_at[r, n]] for r, e, g in m.RELEASES_BACK[k]
            )
        )
    if instead:
        m.SUBSTITUTES_BACK = grouped(m.COLLECTING, members_by(instead, lambda row: block.source_of[row[0]]), dimen=4)
        ledger.returned.append(
            lambda m, k, n: sum(
                m.return_share[r, n] * m.substitute[e, w, g, m.used_at[r, n]] for r, e, w, g in m.SUBSTITUTES_BACK[k]
            )
        )
    if bought:
        m.TRADE_BACK = grouped(m.COLLECTING, members_by(bought, lambda row: block.source_of[row[0]]), dimen=3)
        ledger.returned.append(
            lambda m, k, n: sum(
                m.return_share[r, n] * m.market_supply[e, g, m.used_at[r, n]] for r, e, g in m.TRADE_BACK[k]
            )
        )


def add_return_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """The row that keeps orders within what comes back."""
    if data.returns.rows:
        add_rows(m, m.COLLECTING, m.NODES, rule=ordered_of_returns)


def ordered_of_returns(m: Any, k: Any, n: Any) -> Any:
    r"""What is ordered at a source that collects used goods is at most what comes back in the period.

    .. math:: \sum_s q_{k,s,n} \le \sum_{b \in B_k} \phi_b \Big( \mathit{release}_{e_b,g_b,\,n-\lambda_b}
        + \sum_h \mathit{substitute}_{e_b,h,g_b,\,n-\lambda_b} + \mathit{market}_{e_b,g_b,\,n-\lambda_b} \Big) + \mathit{before}_{k,n}

    B are the rows of returns of source k: the share phi of what sector e gets of good g comes back the lag lambda after it
    went into use; before is what comes back of use before the horizon.  What is not ordered then is lost.  Units: quantity.
    Source: returns as a function of past sales, Kiesmueller and van der Laan (2001), An inventory model with dependent
    product demands and returns.
    """
    return (
        sum(m.order[k, s, n] for s in m.STEPS_OF[k])
        <= sum(term(m, k, n) for term in m.ledger.returned) + m.used_before[k, n]
    )
