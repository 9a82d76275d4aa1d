"""Rotation: ageing stock is sold at a discount into a market of limited depth."""

from __future__ import annotations

import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger
from stockpile.models.parameters import array_param, grouped, members_by


def add_rotation(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variable ``sale`` (quantity sold, at most the depth of the market); its proceeds and where they go."""
    block, funds = data.stock.sales, data.funds
    counted = dict(zip(funds.names, funds.counted, strict=True))
    m.SOLD = pyo.Set(within=m.GOODS, initialize=block.goods)
    m.depth = array_param(block.depth, m.SOLD, m.NODES)
    m.sale_price = array_param(block.price, m.SOLD, m.NODES)
    m.sale = pyo.Var(m.SOLD, m.NODES, domain=pyo.NonNegativeReals, bounds=lambda m, g, n: (0, m.depth[g, n]))
    m.SALE_OF = grouped(m.GOODS, {g: [g] for g in block.goods})
    m.SOLD_FOR = grouped(m.FUNDS, members_by(block.goods, block.proceeds_to.get))
    m.COUNTED_SALES = pyo.Set(
        within=m.SOLD, initialize=[g for g in block.goods if counted.get(block.proceeds_to.get(g, ""), 1.0) > 0]
    )
    ledger.outflow.append(lambda m, g, n: sum(m.sale[h, n] for h in m.SALE_OF[g]))
    ledger.income.append(lambda m, f, n: sum(m.sale_price[g, n] * m.sale[g, n] for g in m.SOLD_FOR[f]))
    if block.goods:
        ledger.costs["sales"].append(lambda m, n: sum(-m.sale_price[g, n] * m.sale[g, n] for g in m.COUNTED_SALES))
