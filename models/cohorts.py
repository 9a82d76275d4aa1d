"""Cohorts: stock by age, for the goods whose price, loss or use depends on it; which age leaves is a decision."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger
from stockpile.models.parameters import add_pinned, add_rows, grouped, members_by
from stockpile.vector import Var, array_param


def add_cohorts(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``cohort`` (closing stock of an age), ``leave`` (what leaves of an age), ``aged_sale`` (sold of an age).

    With what is lost in storage, and what is missing of proceeds and terminal value because of age.
    """
    block = data.cohorts
    if not block.goods:
        return
    m.AGED = pyo.Set(within=m.GOODS, initialize=block.goods)
    m.COHORTS = pyo.Set(dimen=2, initialize=block.pairs)
    pairs = members_by(block.pairs, lambda gc: gc[0])
    m.AGES_OF = grouped(m.AGED, {g: [c for _, c in mine] for g, mine in pairs.items()})
    m.COHORTS_OF = grouped(m.GOODS, pairs, dimen=2)
    past = np.zeros((len(block.pairs), len(data.nodes.past)))
    past[:, -1] = block.opening
    most = np.repeat(np.where(block.expires, 0.0, np.inf)[:, None], len(data.nodes.horizon), axis=1)
    add_pinned(m, "cohort", m.COHORTS, past, most)
    m.leave = Var(m.COHORTS, m.NODES, domain=pyo.NonNegativeReals)
    m.age_keep = array_param(block.keep, m.COHORTS)
    m.age_loss = array_param(1.0 - block.keep, m.COHORTS)
    if (block.keep < 1).any():
        ledger.outflow.append(
            lambda m, g, n: sum(m.age_loss[h, c] * m.cohort[h, c, m.parent[n]] for h, c in m.COHORTS_OF[g])
        )
    m.FRESH_AGES = pyo.Set(dimen=2, initialize=block.fresh)
    m.AGED_SALES = pyo.Set(dimen=2, initialize=[pair for pair in block.pairs if pair[0] in block.priced])
    m.aged_sale = Var(m.AGED_SALES, m.NODES, domain=pyo.NonNegativeReals)
    if block.priced:
        _add_aged_proceeds(m, data, ledger)
    value = data.stock.terminal_value[[data.stock.goods.index(g) for g, _ in block.pairs]] * (1.0 - block.factor)
    if value.any():
        m.value_lost = array_param(value, m.COHORTS)
        ledger.final["terminal_value"].append(
            lambda m, n: sum(m.value_lost[g, c] * m.cohort[g, c, n] for g, c in m.COHORTS)
        )


def _add_aged_proceeds(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What sales bring less than the price in force because of the age of what is sold."""
    block, sales, funds = data.cohorts, data.stock.sales, data.funds
    aged = [i for i, (g, _) in enumerate(block.pairs) if g in block.priced]
    m.price_lost = array_param(1.0 - block.factor[aged], m.AGED_SALES)
    m.SOLD_BY_AGE = pyo.Set(within=m.AGED, initialize=block.priced)
    payees = [i for i, (g, _) in enumerate(sales.payees) if g in block.priced]
    m.AGED_PAYEES = pyo.Set(dimen=2, initialize=[sales.payees[i] for i in payees])
    triples = [(g, c, f) for g, f in m.AGED_PAYEES for h, c in m.AGED_SALES if h == g]
    m.AGED_SOLD_FOR = grouped(m.FUNDS, members_by(triples, lambda gcf: gcf[2]), dimen=3)
    price = sales.price[np.array([sales.goods.index(sales.payees[i][0]) for i in payees], dtype=np.int64)]
    m.aged_proceeds = array_param(price * sales.paid[np.array(payees, dtype=np.int64)], m.AGED_PAYEES, m.NODES)
    ledger.income.append(
        lambda m, f, n: sum(
            -m.price_lost[g, c] * m.aged_proceeds[g, h, n] * m.aged_sale[g, c, n] for g, c, h in m.AGED_SOLD_FOR[f]
        )
    )
    counts = dict(zip(funds.names, funds.counted, strict=True))
    counted = np.ones_like(sales.price)
    for (good, fund), paid in zip(sales.payees, sales.paid, strict=True):
        counted[sales.goods.index(good)] -= paid * (1.0 - counts[fund])
    rows = [sales.goods.index(g) for g in block.priced]
    m.counted_price = array_param((sales.price * counted)[rows], m.SOLD_BY_AGE, m.NODES)
    ledger.costs["sales"].append(
        lambda m, n: sum(m.price_lost[g, c] * m.counted_price[g, n] * m.aged_sale[g, c, n] for g, c in m.AGED_SALES)
    )


def add_cohort_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows of the balance by age, of the ages that are sold, and of those that sectors take."""
    block = data.cohorts
    if not block.goods:
        return
    m.YOUNGER_AGES = grouped(m.COHORTS, dict(zip(block.pairs, block.younger, strict=True)))
    m.is_new = array_param(np.array([float(c == 0) for _, c in block.pairs]), m.COHORTS)
    add_rows(m, m.COHORTS, m.NODES, rule=cohort_balance)
    add_rows(m, m.AGED, m.NODES, rule=stock_by_age)
    if block.priced:
        add_rows(m, m.SOLD_BY_AGE, m.NODES, rule=sold_by_age)
        add_rows(m, m.AGED_SALES, m.NODES, rule=sale_leaves_stock)
    m.UP_TO = grouped(m.FRESH_AGES, {(g, age): list(range(age + 1)) for g, age in block.fresh})
    priced = set(block.priced)
    m.SOLD_UP_TO = grouped(
        m.FRESH_AGES, {(g, age): [(g, c) for c in range(age + 1) if g in priced] for g, age in block.fresh}, dimen=2
    )
    add_rows(m, m.FRESH_AGES, m.NODES, rule=fresh_enough)


def cohort_balance(m: Any, g: Any, c: Any, n: Any) -> Any:
    r"""What is left of the stock of an age: what was a period younger, less loss, and arrivals if it is new, less what leaves.

    .. math:: H_{g,c,n} = \sum_{u \to c} (1-\theta_{g,u}) H_{g,u,a(n)} + [c = 0]\, \mathit{in}_{g,n} - \mathit{leave}_{g,c,n}

    H is closing stock of age c; u -> c are the ages that are c a period later: c - 1, and in the last class c itself, which
    holds all that is older.  Where a good has a shelf life L its last class is L - 1, of which nothing stays.  What is lost
    counts as leaving in the balance of the stock; so what leaves of all ages is what is released, sold or disposed of.
    Units: quantity.
    """
    return (
        m.cohort[g, c, n]
        == sum(m.age_keep[g, u] * m.cohort[g, u, m.parent[n]] for u in m.YOUNGER_AGES[g, c])
        + m.is_new[g, c] * m.inflow[g, n]
        - m.leave[g, c, n]
    )


def stock_by_age(m: Any, g: Any, n: Any) -> Any:
    r"""The stores hold the stock of all ages.

    .. math:: \sum_w S_{g,w,n} = \sum_c H_{g,c,n}

    Units: quantity.
    """
    return sum(m.stock[g, w, n] for w in m.STORES_OF[g]) == sum(m.cohort[g, c, n] for c in m.AGES_OF[g])


def sold_by_age(m: Any, g: Any, n: Any) -> Any:
    r"""What is sold is of some age, where the price depends on it.

    .. math:: \sum_c \mathit{sale}_{g,c,n} = \mathit{sale}_{g,n}

    A unit of age c brings the share phi of the price.  Units: quantity.
    """
    return sum(m.aged_sale[g, c, n] for c in m.AGES_OF[g]) == sum(term(m, g, n) for term in m.ledger.rotated["sale"])


def sale_leaves_stock(m: Any, g: Any, c: Any, n: Any) -> Any:
    r"""What is sold of an age leaves the stock of that age.

    .. math:: \mathit{sale}_{g,c,n} \le \mathit{leave}_{g,c,n}

    Units: quantity.
    """
    return m.aged_sale[g, c, n] <= m.leave[g, c, n]


def fresh_enough(m: Any, g: Any, u: Any, n: Any) -> Any:
    r"""What leaves that is young enough, and is not sold, is all that the sectors take which want it so young.

    .. math:: \sum_{c \le u} (\mathit{leave}_{g,c,n} - \mathit{sale}_{g,c,n}) \ge \sum_{e:\, \bar c_{e,g} \le u} \Big( \mathit{release}_{e,g,n} + \sum_h \mathit{substitute}_{e,h,g,n} \Big), \quad u \in \{ \bar c_{e,g} \}

    c bar is the oldest age at which sector e takes good g.  Since the ages of one sector are among those of any that takes older
    stock, the rows are enough for a split of what leaves over the sectors.  Units: quantity.
    Source: the marriage theorem, Hall (1935), On representatives of subsets.
    """
    fresh = sum(m.leave[g, c, n] for c in m.UP_TO[g, u]) - sum(m.aged_sale[h, c, n] for h, c in m.SOLD_UP_TO[g, u])
    return fresh >= sum(term(m, g, u, n) for term in m.ledger.taken)
