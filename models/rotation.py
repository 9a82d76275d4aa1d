"""Rotation: ageing stock is sold into a market of limited depth, at a discount or along a demand curve of falling prices."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Quantity
from stockpile.models.parameters import add_rows, grouped, members_by
from stockpile.vector import Var, array_param

Floats = npt.NDArray[np.float64]


def add_rotation(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variable ``sale`` (quantity sold, at most the depth of the market); its proceeds and where they go."""
    block = data.stock.sales
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
        m.counted_proceeds = array_param(block.price * _counted(data), m.SOLD, m.NODES)
        ledger.costs["sales"].append(lambda m, n: sum(-m.counted_proceeds[g, n] * m.sale[g, n] for g in m.SOLD))
    ledger.decided["sale"] = Quantity(m.SOLD, lambda m, g, n: m.sale[g, n])
    ledger.rotated["sale"].append(lambda m, g, n: m.sale[g, n])
    if block.steps:
        _add_steps(m, data, ledger)


def _counted(data: Data) -> Floats:
    """(goods sold, N) the part of proceeds that the objective counts: 0 where they go to a fund that does not count."""
    return data.stock.sales.counted(dict(zip(data.funds.names, data.funds.counted, strict=True)))


def _add_steps(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variable ``sale_step`` (quantity sold in a step, at most its width) of the goods that have a demand curve."""
    block = data.stock.sales
    m.SALE_STEPS = pyo.Set(dimen=2, initialize=block.steps)
    m.STEPPED = pyo.Set(within=m.SOLD, initialize=block.stepped)
    m.SALE_STEPS_OF = grouped(
        m.STEPPED, {g: [s for _, s in steps] for g, steps in members_by(block.steps, lambda gs: gs[0]).items()}
    )
    m.sale_width = array_param(block.width, m.SALE_STEPS, m.NODES)
    m.sale_step = Var(
        m.SALE_STEPS, m.NODES, domain=pyo.NonNegativeReals, bounds=lambda m, g, s, n: (0, m.sale_width[g, s, n])
    )
    ledger.stepped.append(lambda m, g, s, n: m.sale_step[g, s, n])
    row = {step: i for i, step in enumerate(block.steps)}
    paid = [((g, s, f), row[g, s], i) for i, (g, f) in enumerate(block.payees) for h, s in block.steps if h == g]
    m.STEP_PAYEES = pyo.Set(dimen=3, initialize=[key for key, _, _ in paid])
    m.STEPS_FOR = grouped(m.FUNDS, members_by([key for key, _, _ in paid], lambda gsf: gsf[2]), dimen=3)
    proceeds = block.step_price[[s for _, s, _ in paid]] * block.paid[[i for _, _, i in paid]]
    m.step_proceeds = array_param(proceeds.reshape(len(paid), block.price.shape[1]), m.STEP_PAYEES, m.NODES)
    ledger.income.append(
        lambda m, f, n: sum(m.step_proceeds[g, s, h, n] * m.sale_step[g, s, n] for g, s, h in m.STEPS_FOR[f])
    )
    counted = _counted(data)[[block.goods.index(g) for g, _ in block.steps]]
    m.counted_steps = array_param(block.step_price * counted, m.SALE_STEPS, m.NODES)
    ledger.costs["sales"].append(
        lambda m, n: sum(-m.counted_steps[g, s, n] * m.sale_step[g, s, n] for g, s in m.SALE_STEPS)
    )
    add_rows(m, m.STEPPED, m.NODES, rule=sale_in_steps)


def sale_in_steps(m: Any, g: Any, n: Any) -> Any:
    r"""A good with a demand curve is sold in steps of falling prices; each is at most as wide as the market says.

    .. math:: \mathit{sale}_{g,n} = \sum_s \mathit{sale}_{g,s,n}, \quad 0 \le \mathit{sale}_{g,s,n} \le w_{g,s,n}

    Since prices fall, the first steps are sold first wherever money counts.  Units: quantity.
    """
    return m.sale[g, n] == sum(m.sale_step[g, s, n] for s in m.SALE_STEPS_OF[g])
