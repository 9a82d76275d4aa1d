"""Markets: sources that share price steps, so that splitting an order over them does not evade the price."""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.parameters import add_rows, grouped
from stockpile.vector import array_param


def add_market_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows that keep the orders of all sources of a market within its price steps."""
    block = data.markets
    if not block.steps:
        return
    m.MARKETS = pyo.Set(initialize=list(block.sources))
    m.SOURCES_IN = grouped(m.MARKETS, block.sources)
    m.MARKET_STEPS = pyo.Set(dimen=3, initialize=block.steps)
    m.market_width = array_param(block.width, m.MARKET_STEPS)
    add_rows(m, m.MARKET_STEPS, rule=market_step_width)


def market_step_width(m: Any, v: Any, s: Any, n: Any) -> Any:
    r"""What the sources of a market sell in a price step stays within its width.

    .. math:: \sum_{k \in K_v} q_{k,s,n} \le w_{v,s,n}

    K are the sources of market v; the price that each is paid is that of the step plus its premium, at the order date
    whatever the lead time.  Units: quantity.
    """
    return sum(m.order[k, s, n] for k in m.SOURCES_IN[v]) <= m.market_width[v, s, n]
