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
        _add_aged_steps(m, data, ledger)
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
    counted = sales.counted(dict(zip(funds.names, funds.counted, strict=True)))
    rows = [sales.goods.index(g) for g in block.priced]
    m.counted_price = array_param((sales.price * counted)[rows], m.SOLD_BY_AGE, m.NODES)
    ledger.costs["sales"].append(
        lambda m, n: sum(m.price_lost[g, c] * m.counted_price[g, n] * m.aged_sale[g, c, n] for g, c in m.AGED_SALES)
    )


def _add_aged_steps(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variable ``aged_step`` (sold of an age in a step of a demand curve), and what it brings less than the step's price."""
    block, sales, funds = data.cohorts, data.stock.sales, data.funds
    curved = [g for g in block.priced if g in sales.stepped]
    if not curved:
        return
    m.AGED_CURVES = pyo.Set(dimen=2, initialize=[pair for pair in sales.steps if pair[0] in curved])
    of_age = members_by((pair for pair in block.pairs if pair[0] in curved), lambda gc: gc[0])
    m.AGED_STEPS = pyo.Set(dimen=3, initialize=[(g, c, s) for g, s in m.AGED_CURVES for _, c in of_age[g]])
    m.aged_step = Var(m.AGED_STEPS, m.NODES, domain=pyo.NonNegativeReals)
    row = {step: i for i, step in enumerate(sales.steps)}
    paid = [(g, s, f, i) for i, (g, f) in enumerate(sales.payees) for h, s in m.AGED_CURVES if h == g]
    m.AGED_STEP_PAYEES = pyo.Set(dimen=3, initialize=[key[:3] for key in paid])
    price = sales.step_price[[row[g, s] for g, s, _, _ in paid]]
    shares = sales.paid[[i for *_, i in paid]].reshape(price.shape)
    m.aged_step_proceeds = array_param(price * shares, m.AGED_STEP_PAYEES, m.NODES)
    sold_for = [(g, c, s, f) for g, s, f, _ in paid for _, c in of_age[g]]
    m.AGED_STEPS_FOR = grouped(m.FUNDS, members_by(sold_for, lambda gcsf: gcsf[3]), dimen=4)
    ledger.income.append(
        lambda m, f, n: sum(
            -m.price_lost[g, c] * m.aged_step_proceeds[g, s, h, n] * m.aged_step[g, c, s, n]
            for g, c, s, h in m.AGED_STEPS_FOR[f]
        )
    )
    counted = sales.counted(dict(zip(funds.names, funds.counted, strict=True)))
    counted = counted[[sales.goods.index(g) for g, _ in m.AGED_CURVES]]
    m.counted_aged_step = array_param(
        sales.step_price[[row[step] for step in m.AGED_CURVES]] * counted, m.AGED_CURVES, m.NODES
    )
    ledger.costs["sales"].append(
        lambda m, n: sum(
            m.price_lost[g, c] * m.counted_aged_step[g, s, n] * m.aged_step[g, c, s, n] for g, c, s in m.AGED_STEPS
        )
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
    if hasattr(m, "aged_step"):
        steps = members_by(m.AGED_STEPS, lambda gcs: gcs[0])
        ages = {g: dict.fromkeys(c for _, c, _ in rows) for g, rows in steps.items()}
        m.AGED_IN_STEPS = pyo.Set(dimen=2, initialize=[(g, c) for g, mine in ages.items() for c in mine])
        m.STEPS_OF_AGE = grouped(
            m.AGED_IN_STEPS, {(g, c): [t for *at, t in steps[g] if at == [g, c]] for g, c in m.AGED_IN_STEPS}
        )
        m.AGES_OF_STEP = grouped(m.AGED_CURVES, {(g, s): list(ages[g]) for g, s in m.AGED_CURVES})
        add_rows(m, m.AGED_IN_STEPS, m.NODES, rule=aged_sale_in_steps)
        add_rows(m, m.AGED_CURVES, m.NODES, rule=step_of_all_ages)
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


def aged_sale_in_steps(m: Any, g: Any, c: Any, n: Any) -> Any:
    r"""What is sold of an age is sold in some step, where a demand curve meets prices by age.

    .. math:: \sum_s \mathit{sale}_{g,c,s,n} = \mathit{sale}_{g,c,n}

    A unit of age c in step s brings the share phi of the step's price.  Units: quantity.
    """
    return sum(m.aged_step[g, c, s, n] for s in m.STEPS_OF_AGE[g, c]) == m.aged_sale[g, c, n]


def step_of_all_ages(m: Any, g: Any, s: Any, n: Any) -> Any:
    r"""What is sold in a step is that of all ages.

    .. math:: \sum_c \mathit{sale}_{g,c,s,n} = \mathit{sale}_{g,s,n}

    Where money counts, what fetches the largest share of a price is sold in the first steps.  Units: quantity.
    Source: the rearrangement inequality, Hardy, Littlewood and Polya (1934), Inequalities.
    """
    return sum(m.aged_step[g, c, s, n] for c in m.AGES_OF_STEP[g, s]) == sum(
        term(m, g, s, n) for term in m.ledger.stepped
    )


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
