"""Markets: sources that share price steps, so that splitting an order over them does not evade the price."""

from __future__ import annotations

from typing import Any

import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.parameters import add_rows, grouped
from stockpile.vector import Var, array_param


def add_market_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows that keep the orders of all sources of a market within its price steps.

    Where normal consumption buys in the same market as the reserve, variable ``normal_step``: it uses a step.
    """
    block = data.markets
    if not block.sources:
        return
    m.MARKETS = pyo.Set(initialize=list(block.sources))
    m.SOURCES_IN = grouped(m.MARKETS, block.sources)
    m.MARKET_STEPS = pyo.Set(dimen=3, initialize=block.steps)
    m.market_width = array_param(block.width, m.MARKET_STEPS)
    add_rows(m, m.MARKET_STEPS, rule=market_step_width)
    if block.turns:
        m.NORMAL_IN = grouped(m.MARKETS, block.normal)
        m.TURNS_OF_MARKETS = pyo.Set(dimen=4, initialize=block.turns)
        m.turn_width = array_param(block.turn_width, m.TURNS_OF_MARKETS)
        m.turn_link = array_param(block.turn_link, m.TURNS_OF_MARKETS)
        m.normal_step = Var(m.TURNS_OF_MARKETS, domain=pyo.Binary)
        add_rows(m, m.TURNS_OF_MARKETS, rule=normal_step_needs_full_step)
        add_rows(m, m.TURNS_OF_MARKETS, rule=normal_step_is_full)


def market_step_width(m: Any, v: Any, s: Any, n: Any) -> Any:
    r"""What the sources of a market sell in a price step stays within its width.

    .. math:: \sum_{k \in K_v} q_{k,s,n} \le w_{v,s,n}

    K are the sources of market v; the price that each is paid is that of the step plus its premium, at the order date
    whatever the lead time.  Units: quantity.
    """
    return sum(m.order[k, s, n] for k in m.SOURCES_IN[v]) <= m.market_width[v, s, n]


def normal_step_needs_full_step(m: Any, v: Any, r: Any, s: Any, n: Any) -> Any:
    r"""Normal consumption takes the cheap steps of a market first: it uses a step only once it has filled the one before.

    .. math:: \sum_{k \in K^{\text{market}}_v} q_{k,s,n} \le \bar w_{v,s,n}\, z_{v,s,n}

    K are the sources of market v that the market pays, z is 1 where they fill step r, the one before s; w is the width of
    the step, or the most that sectors could take where that is less.  What they leave of a step is for the reserve.
    Units: quantity.
    """
    return sum(m.order[k, s, n] for k in m.NORMAL_IN[v]) <= m.turn_link[v, r, s, n] * m.normal_step[v, r, s, n]


def normal_step_is_full(m: Any, v: Any, r: Any, s: Any, n: Any) -> Any:
    r"""The step before one that normal consumption uses is filled by it alone.

    .. math:: \sum_{k \in K^{\text{market}}_v} q_{k,r,n} \ge w_{v,r,n}\, z_{v,s,n}

    Units: quantity.
    """
    return sum(m.order[k, r, n] for k in m.NORMAL_IN[v]) >= m.turn_width[v, r, s, n] * m.normal_step[v, r, s, n]
