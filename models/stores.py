"""Stores: goods that do not move freely are balanced store by store and age by age, and move by routes at a cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.ledger import Ledger, Quantity
from stockpile.models.parameters import add_pinned, add_rows, grouped, lag_param, members_by
from stockpile.vector import Var, array_param


def add_stores(m: pyo.ConcreteModel, data: Data, ledger: Ledger) -> None:
    """Variables ``held`` (stock by store and age), ``put`` (into a store), ``take`` (out of the reserve), ``move``; its cost."""
    block, nodes = data.stores, data.nodes
    if not block.goods:
        return
    m.BY_STORE = pyo.Set(within=m.GOODS, initialize=block.goods)
    m.PLACES = pyo.Set(dimen=2, within=m.STORAGE, initialize=block.pairs)
    m.HELD = pyo.Set(dimen=3, initialize=block.held)
    m.DELIVERED = pyo.Set(dimen=2, within=m.PLACES, initialize=block.delivered)
    m.SERVED = pyo.Set(dimen=2, within=m.PLACES, initialize=block.served)
    opening = np.zeros((len(block.held), len(nodes.past)))
    opening[:, -1] = block.opening
    most = np.repeat(block.most_held[:, None], len(nodes.horizon), axis=1)
    add_pinned(m, "held", m.HELD, opening, most)
    m.put = Var(m.PLACES, m.NODES, domain=pyo.NonNegativeReals)
    m.take = Var(m.HELD, m.NODES, domain=pyo.NonNegativeReals)
    m.ROUTES = pyo.Set(dimen=3, initialize=block.routes)
    m.MOVES = pyo.Set(dimen=4, initialize=block.moves)
    m.most_sent = array_param(nodes.with_past(block.most), m.ROUTES, m.ALL_NODES)
    m.move = Var(
        m.MOVES,
        m.ALL_NODES,
        domain=pyo.NonNegativeReals,
        bounds=lambda m, g, o, w, a, n: (0, m.most_sent[g, o, w, n]),
    )
    ledger.decided["transfer"] = Quantity(m.MOVES, lambda m, g, o, w, a, n: m.move[g, o, w, a, n])
    if block.cost.any():
        m.transfer_cost = array_param(block.cost, m.ROUTES, m.NODES)
        ledger.spending["transfers"].append(
            lambda m, n: sum(m.transfer_cost[g, o, w, n] * m.move[g, o, w, a, n] for g, o, w, a in m.MOVES)
        )


def add_store_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows that put what arrives into stores, take what leaves from them, and balance every store and age."""
    block = data.stores
    if not block.goods:
        return
    m.PLACES_OF = grouped(
        m.BY_STORE, {g: [w for _, w in rows] for g, rows in members_by(block.pairs, lambda gw: gw[0]).items()}
    )
    m.HELD_OF = grouped(
        m.BY_STORE, {g: [h[1:] for h in rows] for g, rows in members_by(block.held, lambda h: h[0]).items()}, dimen=2
    )
    m.AGES_IN = grouped(
        m.PLACES, {p: [a for _, _, a in rows] for p, rows in members_by(block.held, lambda h: h[:2]).items()}
    )
    _add_movements(m, data)
    add_rows(m, m.BY_STORE, m.NODES, rule=put_in_stores)
    add_rows(m, m.BY_STORE, m.NODES, rule=taken_from_stores)
    add_rows(m, m.HELD, m.NODES, rule=store_balance)
    add_rows(m, m.PLACES, m.NODES, rule=stock_of_all_ages)
    m.fresh_there = array_param(block.fresh, m.DELIVERED, m.NODES)
    add_rows(m, m.DELIVERED, m.NODES, rule=delivered_to_store)
    add_rows(m, m.SERVED, m.NODES, rule=served_from_store)
    _add_release_rates(m, data)
    ages = members_by(block.moves, lambda move: move[:3])
    several = [route for route in block.routes if len(ages.get(route, ())) > 1]
    m.LIMITED_ROUTES = pyo.Set(dimen=4, initialize=[(*r, n) for r in several for n in _limited_at(data, r)])
    m.AGES_SENT = grouped(m.ROUTES, {r: [a for *_, a in rows] for r, rows in ages.items()})
    add_rows(m, m.LIMITED_ROUTES, rule=transfer_capacity)


def _limited_at(data: Data, route: tuple[str, str, str]) -> list[str]:
    """Nodes at which a route has a capacity that bounds do not keep by themselves."""
    most = data.stores.most[data.stores.routes.index(route)]
    return [n for n, limit in zip(data.nodes.horizon, most, strict=True) if 0 < limit < np.inf]


def _add_movements(m: pyo.ConcreteModel, data: Data) -> None:
    """What goes into and out of a store at an age."""
    block = data.stores
    m.keep_by_store = array_param(data.stock.keep[[data.stock.goods.index(g) for g in block.goods]], m.BY_STORE)
    m.AGE_BEFORE = grouped(m.HELD, block.before)
    m.PUT_AS = grouped(m.HELD, {(g, w, a): [w] if a == 0 else [] for g, w, a in block.held})
    m.sent = lag_param(m, data, block.lead, m.ROUTES)
    m.survives_way = array_param(block.survives, m.ROUTES)
    into = members_by(block.moves, lambda move: (move[0], move[2], block.arrives_as[move]))
    out = members_by(block.moves, lambda move: (move[0], move[1], move[3]))
    m.COMES_FROM = grouped(m.HELD, {key: [(o, a) for _, o, _, a in rows] for key, rows in into.items()}, dimen=2)
    m.GOES_TO = grouped(m.HELD, {key: [w for _, _, w, _ in rows] for key, rows in out.items()})


def _add_release_rates(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows of what may leave a store in a period."""
    block = data.stores
    m.SLOW = pyo.Set(within=m.STORES, initialize=block.slow)
    m.HELD_IN = grouped(
        m.SLOW, {w: [(g, a) for g, _, a in rows] for w, rows in members_by(block.held, lambda h: h[1]).items()}, dimen=2
    )
    sent = members_by(block.moves, lambda move: move[1])
    m.SENT_FROM = grouped(m.SLOW, {w: [(g, o, a) for g, _, o, a in rows] for w, rows in sent.items()}, dimen=3)
    m.most_released = array_param(block.most_released, m.SLOW)
    add_rows(m, m.SLOW, m.NODES, rule=store_release)
    sent = members_by(block.moves, lambda move: move[:2])
    m.SENT_OF = grouped(m.PLACES, {p: [(o, a) for _, _, o, a in rows] for p, rows in sent.items()}, dimen=2)
    m.SLOW_PAIRS = pyo.Set(dimen=3, initialize=block.slow_pairs)
    m.most_of_good = array_param(block.most_of_good, m.SLOW_PAIRS)
    add_rows(m, m.SLOW_PAIRS, rule=good_release)


def put_in_stores(m: Any, g: Any, n: Any) -> Any:
    r"""What arrives is put into the stores that keep the good.

    .. math:: \sum_w \mathit{put}_{g,w,n} = \mathit{in}_{g,n}

    Units: quantity.
    """
    return sum(m.put[g, w, n] for w in m.PLACES_OF[g]) == m.inflow[g, n]


def delivered_to_store(m: Any, g: Any, w: Any, n: Any) -> Any:
    r"""What a source delivers to a store of its own, what a process makes there, and what lies there at the start, is put into that store.

    .. math:: \mathit{put}_{g,w,n} \ge \sum_{k \in K_{g,w}} \alpha_{k,n} \Big( \sum_s q_{k,s,\,n-\ell_k} + \mathit{due}_{k,n} \Big) + \sum_{j \in J_w,\, a_{j,g} > 0} a_{j,g} \big( r_{j,\,n-\ell_j} + \mathit{due}_{j,n} \big) + \mathit{fresh}_{g,w,n}

    K are the sources that deliver to store w, J the processes that stand there.  Exact, since all puts of a good add up to all that arrives.  Units: quantity.
    """
    return m.put[g, w, n] >= sum(term(m, g, w, n) for term in m.ledger.delivered) + m.fresh_there[g, w, n]


def taken_from_stores(m: Any, g: Any, n: Any) -> Any:
    r"""What leaves the reserve is taken from the stores, at whatever age.

    .. math:: \sum_w \sum_a \mathit{take}_{g,w,a,n} = \sum \mathit{out}_{g,n}

    out are releases, substitutes given, sales, loans, what runs of processes take, and disposal.  Units: quantity.
    """
    return sum(m.take[g, w, a, n] for w, a in m.HELD_OF[g]) == sum(term(m, g, n) for term in m.ledger.outflow)


def store_balance(m: Any, g: Any, w: Any, a: Any, n: Any) -> Any:
    r"""Stock of an age in a store is what was there a period younger, plus what is put in and comes from other stores, less
    what is taken and sent.

    .. math:: H_{g,w,a,n} = (1-\theta_g) H_{g,w,a-1,a(n)} + [a = 0]\, \mathit{put}_{g,w,n}
        + \sum_o (1-\theta_g)^{\lambda_{g,o,w}}\, \mathit{move}_{g,o,w,\,a-\lambda_{g,o,w},\,n-\lambda_{g,o,w}}
        - \sum_o \mathit{move}_{g,w,o,a,n} - \mathit{take}_{g,w,a,n}, \quad H_{g,w,L_g-1,n} = 0

    lambda is the lead time of a route; goods under way age, and are lost, as those in store.  A good without shelf life has
    one age, which stays what it is.  A unit that would be too old on arrival cannot be sent.  Units: quantity.
    """
    return (
        m.held[g, w, a, n]
        == m.keep_by_store[g] * sum(m.held[g, w, b, m.parent[n]] for b in m.AGE_BEFORE[g, w, a])
        + sum(m.put[g, o, n] for o in m.PUT_AS[g, w, a])
        + sum(m.survives_way[g, o, w] * m.move[g, o, w, b, m.sent[g, o, w, n]] for o, b in m.COMES_FROM[g, w, a])
        - sum(m.move[g, w, o, a, n] for o in m.GOES_TO[g, w, a])
        - m.take[g, w, a, n]
    )


def stock_of_all_ages(m: Any, g: Any, w: Any, n: Any) -> Any:
    r"""Closing stock of a store is that of all ages.

    .. math:: S_{g,w,n} = \sum_a H_{g,w,a,n}

    Units: quantity.
    """
    return m.stock[g, w, n] == sum(m.held[g, w, a, n] for a in m.AGES_IN[g, w])


def transfer_capacity(m: Any, g: Any, o: Any, w: Any, n: Any) -> Any:
    r"""What is sent on a route in a period, at all ages together, stays within its capacity.

    .. math:: \sum_a \mathit{move}_{g,o,w,a,n} \le \mathit{cap}_{g,o,w,n}

    Where a good has one age its bound says so.  Units: quantity per period.
    """
    return sum(m.move[g, o, w, a, n] for a in m.AGES_SENT[g, o, w]) <= m.most_sent[g, o, w, n]


def served_from_store(m: Any, g: Any, w: Any, n: Any) -> Any:
    r"""What sectors and processes get from a store of their own is taken from that store.

    .. math:: \sum_a \mathit{take}_{g,w,a,n} \ge \sum_{e \in E_w} \Big( \mathit{release}_{e,g,n} + \sum_h \mathit{substitute}_{e,h,g,n} \Big) + \sum_{j \in J_w,\, a_{j,g} < 0} |a_{j,g}|\, r_{j,n}

    E are the sectors that store w serves, J the processes that stand there.  Exact, since all that is taken of a good adds up to all that leaves.  Units: quantity.
    """
    return sum(m.take[g, w, a, n] for a in m.AGES_IN[g, w]) >= sum(term(m, g, w, n) for term in m.ledger.issued)


def store_release(m: Any, w: Any, n: Any) -> Any:
    r"""What leaves a store in a period, of all goods together, stays within its release rate.

    .. math:: \sum_g \sum_a \Big( \mathit{take}_{g,w,a,n} + \sum_o \mathit{move}_{g,w,o,a,n} \Big) \le \mathit{rate}_w

    What arrives and leaves in the same period counts too.  Units: quantity per period.
    """
    taken = sum(m.mass[g] * m.take[g, w, a, n] for g, a in m.HELD_IN[w])
    sent = sum(m.mass[g] * m.move[g, w, o, a, n] for g, o, a in m.SENT_FROM[w])
    return taken + sent <= m.most_released[w]


def good_release(m: Any, g: Any, w: Any, n: Any) -> Any:
    r"""What leaves a store of one good in a period stays within the good's release rate there.

    .. math:: \sum_a \Big( \mathit{take}_{g,w,a,n} + \sum_o \mathit{move}_{g,w,o,a,n} \Big) \le \mathit{rate}_{g,w,n}

    Units: quantity per period.
    """
    taken = sum(m.take[g, w, a, n] for a in m.AGES_IN[g, w])
    return taken + sum(m.move[g, w, o, a, n] for o, a in m.SENT_OF[g, w]) <= m.most_of_good[g, w, n]
