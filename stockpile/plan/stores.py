"""Plan tables of goods that are balanced store by store: what moves between stores, and the balance of every store and age."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockpile.plan.solution import Floats, Solution, names, visible


def store_tables(s: Solution) -> dict[str, pd.DataFrame]:
    """The tables ``transfers`` and ``store_balance``."""
    return {"transfers": _transfers(s), "store_balance": _balance(s)}


def sent(s: Solution) -> Floats:
    """(moves, N) what is sent, by route and age, in the instance's units."""
    moves = s.data.stores.moves
    return s.read("move", len(moves)) * s.unit_of([g for g, *_ in moves])[:, None]


def under_way(s: Solution) -> Floats:
    """(G, N) what is on the way between stores at the close, less what is lost of it so far."""
    block = s.data.stores
    out = np.zeros((len(s.goods), len(s.tree)))
    for (g, v, w, _), amount in zip(block.moves, sent(s), strict=True):
        for lag in range(int(block.lead[block.routes.index((g, v, w))])):
            out[s.goods[g]] += _earlier(s, amount, lag) * s.data.stock.keep[s.goods[g]] ** lag
    return out


def _earlier(s: Solution, amount: Floats, lag: int) -> Floats:
    """(N,) an amount so many periods before, 0 before the root."""
    back = s.tree.ancestor(lag)
    return np.where(back >= 0, amount[np.maximum(back, 0)], 0.0)


def _transfers(s: Solution) -> pd.DataFrame:
    """What is sent from store to store, and when it arrives."""
    block = s.data.stores
    quantity = sent(s)
    route = np.array([block.routes.index(move[:3]) for move in block.moves], dtype=np.int64)
    unit = s.unit_of([g for g, *_ in block.moves])[:, None]
    cost = quantity * (block.cost[route] * s.data.scale.money / unit)
    keys = {
        name: names([move[i] for move in block.moves])
        for i, name in enumerate(("good", "from_store", "to_store", "age"))
    }
    keep = visible(quantity)
    table = s.table(keys, {"quantity": quantity, "cost": cost}, keep)
    node, row = np.nonzero(keep.T)
    table["arrives"] = s.later(node, block.lead[route[row]])
    return table


def _balance(s: Solution) -> pd.DataFrame:
    """What is put into every store, what comes and goes, and what is left, by age."""
    block = s.data.stores
    place = {key: i for i, key in enumerate(block.held)}
    unit = s.unit_of([g for g, *_ in block.held])[:, None]
    closing, taken = (s.read(name, len(block.held)) * unit for name in ("held", "take"))
    put, came, went = (np.zeros_like(closing) for _ in range(3))
    first = [place[g, w, 0] for g, w in block.pairs]
    put[first] = s.read("put", len(block.pairs)) * unit[first]
    for move, amount in zip(block.moves, sent(s), strict=True):
        g, v, w, age = move
        route = block.routes.index((g, v, w))
        went[place[g, v, age]] += amount
        arriving = _earlier(s, amount, int(block.lead[route])) * block.survives[route]
        came[place[g, w, block.arrives_as[move]]] += arriving
    keys = {name: names([key[i] for key in block.held]) for i, name in enumerate(("good", "store", "age"))}
    values = {"received": put, "arrived": came, "sent": went, "taken": taken, "closing": closing}
    return s.table(keys, values, np.asarray(sum(values.values()) > 0))
