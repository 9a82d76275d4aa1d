"""Rotation: ageing stock is sold at a discount into a market of limited depth."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger
from stockpile.models.parameters import grouped, members_by
from stockpile.vector import Var, array_param


def add_rotation(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variable ``sale`` (quantity sold, at most the depth of the market); its proceeds and where they go."""
    block, funds = data.stock.sales, data.funds
    m.SOLD = pyo.Set(within=m.GOODS, initialize=block.goods)
    m.depth = array_param(block.depth, m.SOLD, m.NODES)
    m.sale = Var(m.SOLD, m.NODES, domain=pyo.NonNegativeReals, bounds=lambda m, g, n: (0, m.depth[g, n]))
    m.SALE_OF = grouped(m.GOODS, {g: [g] for g in block.goods})
    m.PAYEES = pyo.Set(dimen=2, initialize=block.payees)
    m.SOLD_FOR = grouped(m.FUNDS, members_by(block.payees, lambda gf: gf[1]), dimen=2)
    price = block.price[[block.goods.index(g) for g, _ in block.payees]].reshape(block.paid.shape)
    m.proceeds = array_param(price * block.paid, m.PAYEES, m.NODES)
    ledger.outflow.append(lambda m, g, n: sum(m.sale[h, n] for h in m.SALE_OF[g]))
    ledger.income.append(lambda m, f, n: sum(m.proceeds[g, h, n] * m.sale[g, n] for g, h in m.SOLD_FOR[f]))
    if block.goods:
        counted = dict(zip(funds.names, funds.counted, strict=True))
        uncounted = np.zeros_like(block.price)
        for (good, fund), paid in zip(block.payees, block.paid, strict=True):
            uncounted[block.goods.index(good)] += paid * (1.0 - counted[fund])
        m.counted_proceeds = array_param(block.price * (1.0 - uncounted), m.SOLD, m.NODES)
        ledger.costs["sales"].append(lambda m, n: sum(-m.counted_proceeds[g, n] * m.sale[g, n] for g in m.SOLD))
