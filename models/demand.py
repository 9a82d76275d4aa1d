"""Demand: what sectors get from the reserve, what they take instead, and the tiers of what they do not get.

Rotation by issue is a release at a price: the sector gets the good, and the fund gets the money to replace it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Quantity
from stockpile.models.parameters import add_rows, grouped, members_by
from stockpile.vector import Var, array_param


def add_demand(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``release`` (to a sector), ``substitute`` (given instead) and ``short`` (by tier, at most its share of demand).

    With the penalty of shortfall, the cost of substitutes, and what sectors pay for what they get.
    """
    block = data.demand
    m.DEMANDS = pyo.Set(dimen=2, initialize=block.pairs)
    m.TIERS = pyo.Set(dimen=3, initialize=block.tiers)
    m.SECTORS_OF = grouped(
        m.GOODS, {g: [e for e, _ in pairs] for g, pairs in members_by(block.pairs, lambda eg: eg[1]).items()}
    )
    tiers = members_by(block.tiers, lambda egi: egi[:2])
    m.TIERS_OF = grouped(m.DEMANDS, {pair: [i for _, _, i in rows] for pair, rows in tiers.items()})
    place = {pair: i for i, pair in enumerate(block.pairs)}
    most = np.array(
        [share * block.amount[place[e, g]] for (e, g, _), share in zip(block.tiers, block.share, strict=True)]
    )
    m.demand = array_param(block.amount, m.DEMANDS, m.NODES)
    m.most_short = array_param(most.reshape(len(block.tiers), len(data.nodes.horizon)), m.TIERS, m.NODES)
    m.release = Var(m.DEMANDS, m.NODES, domain=pyo.NonNegativeReals)
    ledger.decided["service"] = Quantity(m.DEMANDS, lambda m, e, g, n: m.release[e, g, n])
    m.short = Var(
        m.TIERS, m.NODES, domain=pyo.NonNegativeReals, bounds=lambda m, e, g, i, n: (0, m.most_short[e, g, i, n])
    )
    ledger.decided["shortfall"] = Quantity(m.TIERS, lambda m, e, g, i, n: m.short[e, g, i, n])
    ledger.outflow.append(lambda m, g, n: sum(m.release[e, g, n] for e in m.SECTORS_OF[g]))
    m.ACCEPTS = pyo.Set(dimen=3, initialize=block.accepts)
    m.GIVEN_FOR = grouped(
        m.DEMANDS, {p: [h for _, _, h in rows] for p, rows in members_by(block.accepts, lambda a: a[:2]).items()}
    )
    m.GIVEN_AS = grouped(
        m.GOODS, {h: [a[:2] for a in rows] for h, rows in members_by(block.accepts, lambda a: a[2]).items()}, dimen=2
    )
    m.worth = array_param(block.worth, m.ACCEPTS)
    m.substitute = Var(m.ACCEPTS, m.NODES, domain=pyo.NonNegativeReals)
    ledger.decided["substitution"] = Quantity(m.ACCEPTS, lambda m, e, g, h, n: m.substitute[e, g, h, n])
    ledger.outflow.append(lambda m, h, n: sum(m.substitute[e, g, h, n] for e, g in m.GIVEN_AS[h]))
    ledger.served.append(released_or_replaced)
    _add_issued(m, data, ledger)
    if block.substitution_cost.any():
        m.substitution_cost = array_param(block.substitution_cost, m.ACCEPTS)
        ledger.costs["substitution"].append(
            lambda m, n: sum(m.substitution_cost[e, g, h] * m.substitute[e, g, h, n] for e, g, h in m.ACCEPTS)
        )
    if data.tracing.users:
        _add_used(m, data, ledger)
    if data.cohorts.fresh:
        _add_taken(m, data, ledger)
    if block.tiers:
        m.shortfall_penalty = array_param(block.penalty, m.TIERS)
        ledger.costs["shortfall"].append(
            lambda m, n: sum(m.shortfall_penalty[e, g, i] * m.short[e, g, i, n] for e, g, i in m.TIERS)
        )
    if block.paid.keys:
        _add_release_prices(m, data, ledger)


def _add_release_prices(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What sectors pay for the goods that they get, wanted or taken instead: income of funds, and a named cost."""
    block, funds = data.demand, data.funds
    keys, (payees, paid) = block.paid.keys, block.paid.payees
    wanted, accepts = set(block.pairs), members_by(block.accepts, lambda a: (a[0], a[2]))
    m.PRICED = pyo.Set(dimen=2, initialize=keys)
    m.PAID_RELEASES = pyo.Set(dimen=2, initialize=[key for key in keys if key in wanted])
    m.PAID_SUBSTITUTES = pyo.Set(dimen=3, initialize=[a for key in keys for a in accepts.get(key, ())])
    m.RELEASE_PAYEES = pyo.Set(dimen=3, initialize=payees)
    to = [(e, g, f) for e, g, f in payees if (e, g) in wanted]
    m.RELEASES_TO = grouped(m.FUNDS, members_by(to, lambda egf: egf[2]), dimen=3)
    instead = [(e, g, h, f) for e, h, f in payees for _, g, _ in accepts.get((e, h), ())]
    m.SUBSTITUTES_TO = grouped(m.FUNDS, members_by(instead, lambda eghf: eghf[3]), dimen=4)
    row = np.array([keys.index((e, g)) for e, g, _ in payees], dtype=np.int64)
    m.release_proceeds = array_param(block.paid.price[row] * paid, m.RELEASE_PAYEES, m.NODES)
    counts = dict(zip(funds.names, funds.counted, strict=True))
    uncounted = np.zeros_like(block.paid.price)
    np.add.at(uncounted, row, paid * np.array([1.0 - counts[f] for _, _, f in payees])[:, None])
    m.counted_release = array_param(block.paid.price * (1.0 - uncounted), m.PRICED, m.NODES)
    ledger.income.append(
        lambda m, f, n: (
            sum(m.release_proceeds[e, g, o, n] * m.release[e, g, n] for e, g, o in m.RELEASES_TO[f])
            + sum(m.release_proceeds[e, h, o, n] * m.substitute[e, g, h, n] for e, g, h, o in m.SUBSTITUTES_TO[f])
        )
    )
    ledger.costs["releases"].append(
        lambda m, n: (
            sum(-m.counted_release[e, g, n] * m.release[e, g, n] for e, g in m.PAID_RELEASES)
            + sum(-m.counted_release[e, h, n] * m.substitute[e, g, h, n] for e, g, h in m.PAID_SUBSTITUTES)
        )
    )


def released_or_replaced(m: Any, e: Any, g: Any, n: Any) -> Any:
    """What a sector gets of the good it wants, and what others that it takes instead are worth in units of it."""
    return m.release[e, g, n] + sum(m.worth[e, g, h] * m.substitute[e, g, h, n] for h in m.GIVEN_FOR[e, g])


def _add_taken(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What the sectors get of a good, wanted or taken instead of another, that take it up to an age and no older."""
    demand, cohorts = data.demand, data.cohorts
    takers = {(g, age): cohorts.takers(g, age) for g, age in cohorts.fresh}
    wanted = {(g, c): [(e, h) for e, h in demand.pairs if h == g and e in who] for (g, c), who in takers.items()}
    instead = {(g, c): [a for a in demand.accepts if a[2] == g and a[0] in who] for (g, c), who in takers.items()}
    m.TAKEN_AS_WANTED = grouped(m.FRESH_AGES, wanted, dimen=2)
    m.TAKEN_INSTEAD = grouped(m.FRESH_AGES, instead, dimen=3)
    ledger.taken.append(lambda m, g, c, n: sum(m.release[e, h, n] for e, h in m.TAKEN_AS_WANTED[g, c]))
    ledger.taken.append(lambda m, g, c, n: sum(m.substitute[e, w, h, n] for e, w, h in m.TAKEN_INSTEAD[g, c]))


def _add_used(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What sectors get of the goods that rules on origin follow into use."""
    demand, users = data.demand, data.tracing.users
    m.USED_AS_WANTED = pyo.Set(dimen=2, initialize=users)
    m.WANTED_BY = grouped(m.USED_AS_WANTED, {pair: [pair] for pair in users if pair in demand.pairs}, dimen=2)
    instead = members_by(demand.accepts, lambda a: (a[0], a[2]))
    m.INSTEAD_FOR = grouped(m.USED_AS_WANTED, {pair: instead.get(pair, []) for pair in users}, dimen=3)
    ledger.used.append(lambda m, e, g, n: sum(m.release[d, h, n] for d, h in m.WANTED_BY[e, g]))
    ledger.used.append(lambda m, e, g, n: sum(m.substitute[d, w, h, n] for d, w, h in m.INSTEAD_FOR[e, g]))


def _add_issued(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """What sectors get that are served from a store of their own."""
    block, stores = data.demand, data.stores
    if not stores.served:
        return
    wanted = [(e, g) for e, g in block.pairs if (g, stores.serves.get(e)) in stores.served]
    given = [(e, g, h) for e, g, h in block.accepts if (h, stores.serves.get(e)) in stores.served]
    at = members_by(wanted, lambda eg: (eg[1], stores.serves[eg[0]]))
    m.SECTORS_AT = grouped(m.SERVED, {pair: [e for e, _ in rows] for pair, rows in at.items()})
    instead = members_by(given, lambda egh: (egh[2], stores.serves[egh[0]]))
    m.GIVEN_AT = grouped(m.SERVED, {pair: [egh[:2] for egh in rows] for pair, rows in instead.items()}, dimen=2)
    ledger.issued.append(lambda m, g, w, n: sum(m.release[e, g, n] for e in m.SECTORS_AT[g, w]))
    ledger.issued.append(lambda m, h, w, n: sum(m.substitute[e, g, h, n] for e, g in m.GIVEN_AT[h, w]))


def add_demand_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """The row that splits demand into what is released and what falls short; tiers of demand that projects make fall."""
    add_rows(m, m.DEMANDS, m.NODES, rule=demand_met)
    if m.ledger.spared:
        block, falling = data.demand, {e.pair for e in data.financing.effects if e.kind == "demand"}
        rows = [i for i, (e, g, _) in enumerate(block.tiers) if (e, g) in falling]
        m.FALLING_TIERS = pyo.Set(dimen=3, within=m.TIERS, initialize=[block.tiers[i] for i in rows])
        m.tier_share = array_param(block.share[rows], m.FALLING_TIERS)
        add_rows(m, m.FALLING_TIERS, m.NODES, rule=share_of_demand_left)


def demand_left(m: Any, e: Any, g: Any, n: Any) -> Any:
    """What a sector wants of a good: its demand less the shares of it that commissioned projects make fall away."""
    return m.demand[e, g, n] - sum([m.demand[e, g, n] * term(m, e, g, n) for term in m.ledger.spared])


def demand_met(m: Any, e: Any, g: Any, n: Any) -> Any:
    r"""What a sector gets, what it takes instead, what it lacks and what is put off add up to its demand; stock cannot be dumped as service.

    .. math:: \mathit{release}_{e,g,n} + \mathit{market}_{e,g,n} + \sum_h \mathit{substitute}_{e,g,h,n} / \rho_{e,g,h} + \sum_i \mathit{short}_{e,g,i,n} + \mathit{waiting}_{e,g,n} - \mathit{waiting}_{e,g,a(n)} = D_{e,g,n} \Big( 1 - \sum_{x \in X_{e,g}} \sum_r \alpha_x\, \mathit{started}_{p_x,i_x,\,n-d-r} \Big), \quad 0 \le \mathit{short}_{e,g,i,n} \le \sigma_i D_{e,g,n}

    rho is how much of good h is given for a unit wanted; sigma is the share of a tier; where the shares sum to less than 1
    the rest of the demand is hard.  waiting is demand that waits at the close of a node, 0 where it may not;
    market is what the sector gets of what the market buys, 0 where it buys nothing.  X are the effects of projects that make
    the demand fall, alpha the share that each period of their ramp takes away.  Units: quantity.
    """
    met = sum(term(m, e, g, n) for term in m.ledger.served) + sum(m.short[e, g, i, n] for i in m.TIERS_OF[e, g])
    return met + sum([term(m, e, g, n) for term in m.ledger.deferred]) == demand_left(m, e, g, n)


def share_of_demand_left(m: Any, e: Any, g: Any, i: Any, n: Any) -> Any:
    r"""A tier of shortfall is a share of what is left of the demand, where projects make it fall.

    .. math:: \mathit{short}_{e,g,i,n} \le \sigma_i D_{e,g,n} \Big( 1 - \sum_{x \in X_{e,g}} \sum_r \alpha_x\, \mathit{started}_{p_x,i_x,\,n-d-r} \Big)

    Elsewhere its bound says so.  Units: quantity.
    """
    return m.short[e, g, i, n] <= m.tier_share[e, g, i] * demand_left(m, e, g, n)
