"""Price floors: funds pay what the market price is below a floor for the output of commissioned projects, and take none of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Quantity
from stockpile.models.parameters import add_rows, back_param, grouped, members_by
from stockpile.vector import Var, array_param


def add_price_floors(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variable ``covered`` (output that a floor covers); what funds pay for it and get of it.  Nothing without floors."""
    block = data.price_floors
    if not block.numbers:
        return
    m.FLOORS = pyo.Set(initialize=block.numbers)
    m.covered = Var(m.FLOORS, m.NODES, domain=pyo.NonNegativeReals)
    m.floor_pays = array_param(block.pays, m.FLOORS, m.NODES)
    m.floor_gets = array_param(block.gets, m.FLOORS, m.NODES)
    m.FLOORS_OF = grouped(m.FUNDS, members_by(block.numbers, lambda y: block.funds[y - 1]))
    m.FLOOR_PAYERS = pyo.Set(dimen=2, initialize=[(f, y) for y, f in zip(block.numbers, block.funds, strict=True)])
    ledger.decided["floor"] = Quantity(m.FLOOR_PAYERS, lambda m, f, y, n: m.floor_pays[y, n] * m.covered[y, n])
    ledger.payments.append(lambda m, f, n: sum(m.floor_pays[y, n] * m.covered[y, n] for y in m.FLOORS_OF[f]))
    ledger.income.append(lambda m, f, n: sum(m.floor_gets[y, n] * m.covered[y, n] for y in m.FLOORS_OF[f]))
    counts = dict(zip(data.funds.names, data.funds.counted, strict=True))
    m.COUNTED_FLOORS = pyo.Set(
        within=m.FLOORS, initialize=[y for y, f in zip(block.numbers, block.funds, strict=True) if counts[f] > 0]
    )
    if len(m.COUNTED_FLOORS):
        ledger.costs["price_floors"].append(
            lambda m, n: sum(m.floor_pays[y, n] * m.covered[y, n] for y in m.COUNTED_FLOORS)
        )
        ledger.costs["revenue"].append(
            lambda m, n: sum(-m.floor_gets[y, n] * m.covered[y, n] for y in m.COUNTED_FLOORS)
        )


def add_price_floor_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows that tie what is covered to what projects supply."""
    block = data.price_floors
    if not block.numbers:
        return
    effects = {e.number: e for e in data.financing.effects}
    m.FLOOR_PARTS = pyo.Set(dimen=3, initialize=list(block.parts))
    m.floor_part = array_param(np.array(list(block.parts.values())), m.FLOOR_PARTS)
    begun = [data.financing.since((effects[x].project, effects[x].after), r) for _, x, r in block.parts]
    m.covered_since = back_param(m, begun, m.FLOOR_PARTS)
    ending = [p in data.abandonment.projects for p in block.projects]
    for name, kept in (("LASTING_FLOORS", False), ("ENDING_FLOORS", True)):
        chosen = [y for y, ends in zip(block.numbers, ending, strict=True) if ends is kept]
        setattr(m, name, pyo.Set(within=m.FLOORS, initialize=chosen))
    m.PARTS_OF = grouped(m.FLOORS, members_by(block.parts, lambda part: part[0]), dimen=3)
    add_rows(m, m.LASTING_FLOORS, m.NODES, rule=output_is_covered)
    if any(ending):
        place = np.flatnonzero(ending)
        m.floor_project = array_param(np.array(block.projects, dtype=object), m.FLOORS)
        m.most_covered = array_param(block.full[place], m.ENDING_FLOORS)
        add_rows(m, m.ENDING_FLOORS, m.SIDES, m.NODES, rule=covered_until_abandoned)


def _output(m: Any, y: Any, n: Any) -> Any:
    """What a floor covers of the output of its project at a node, were the project not abandoned."""
    return sum(
        m.floor_part[z, x, r] * m.started[m.effect_project[x], m.effect_stage[x], m.covered_since[z, x, r, n]]
        for z, x, r in m.PARTS_OF[y]
    )


def output_is_covered(m: Any, y: Any, n: Any) -> Any:
    r"""A floor covers a share of what its project supplies, from each effect's milestone on until the term ends.

    .. math:: u_{y,n} = \sigma_y \sum_{x \in X_y} \epsilon_x \sum_{r < \min(R_x, \tau_y)}
        (x_{p_x,i_x,\,n-d-r} - x_{p_x,i_x,\,n-d-\tau_y})

    X are the effects by which the project supplies the source, epsilon the step of the ramp, R the number of its steps,
    tau the term.  The fund pays max(0, floor - price) for each unit of u, to nobody in the model, and gets its share of
    max(0, price - strike); who buys the output, and at what price, does not matter.  Units: quantity.
    """
    return m.covered[y, n] == _output(m, y, n)


def covered_until_abandoned(m: Any, y: Any, side: Any, n: Any) -> Any:
    r"""The same for a project that may be abandoned: with it the cover ends.

    .. math:: u_{y,n} = (1 - b_{p_y,n})\, \sigma_y \sum_{x \in X_y} \epsilon_x \sum_{r < \min(R_x, \tau_y)}
        (x_{p_x,i_x,\,n-d-r} - x_{p_x,i_x,\,n-d-\tau_y})

    as the three rows of a product.  Units: quantity.
    """
    return (
        m.side_product[side] * m.covered[y, n]
        + m.side_of[side] * _output(m, y, n)
        + m.side_unless[side] * m.most_covered[y] * m.abandoned[m.floor_project[y], n]
        <= m.side_most[side] * m.most_covered[y]
    )
