"""Goods that are balanced store by store, their routes between stores, and what ages lie where, as arrays in model units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.nodes import Nodes
from stockpile.data.scale import Scale
from stockpile.data.series import series_of
from stockpile.data.stock import Stock, kept_by
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Pair = tuple[str, str]
Route = tuple[str, str, str]


@dataclass(frozen=True)
class Stores:
    """Goods balanced store by store: stock by ``held`` (H) of good, store and age; ``routes`` (R) of good, from and to.

    Ages are whole periods; a good without shelf life has the one age 0.  ``older`` maps an age to the one before it.
    ``most_held`` (H,) is 0 at the last age, which never stays, and infinite elsewhere; ``opening`` (H,) what is there at the
    start.  ``cost`` and ``most`` (R, N) are those of what is sent at a node, ``survives`` (R,) the share that is left after
    the ``lead`` (R,).  ``moves`` are (good, from, to, age when sent).  ``delivered`` are pairs of good and store where
    something must be put, ``fresh`` (pairs, N) what of it was there at the start with age 0; ``served`` are those from which
    something must be taken.  ``store_of`` and ``serves`` name the stores of sources and sectors.  ``slow`` are the stores
    that release at most ``most_released`` (slow,) in the unit of shared capacity, ``slow_pairs`` good, store and node where
    no more than ``most_of_good`` (slow pairs,) may leave.
    """

    goods: tuple[str, ...]
    pairs: tuple[Pair, ...]
    held: tuple[tuple[str, str, int], ...]
    most_held: Floats
    opening: Floats
    before: dict[tuple[str, str, int], list[int]]
    routes: tuple[Route, ...]
    lead: Ints
    survives: Floats
    cost: Floats
    most: Floats
    moves: tuple[tuple[str, str, str, int], ...]
    arrives_as: dict[tuple[str, str, str, int], int]
    delivered: tuple[Pair, ...]
    fresh: Floats
    store_of: dict[str, str]
    served: tuple[Pair, ...]
    serves: dict[str, str]
    slow: tuple[str, ...]
    most_released: Floats
    slow_pairs: tuple[tuple[str, str, str], ...]
    most_of_good: Floats


def make_stores(instance: Instance, nodes: Nodes, scale: Scale, stock: Stock) -> Stores:
    """Arrays of the goods that are balanced store by store; empty ones where no good is."""
    goods = stock.by_store
    pairs = tuple(pair for pair in stock.pairs if pair[0] in goods)
    ages = {g: _ages(instance, g, int(stock.life[stock.goods.index(g)])) for g in goods}
    held = tuple((g, w, a) for g, w in pairs for a in range(ages[g]))
    lives = {g: stock.life[stock.goods.index(g)] > 0 for g in goods}
    last = {g: int(stock.life[stock.goods.index(g)]) - 1 for g in goods}
    rows = routes_of(instance, pairs)
    routes = tuple(rows)
    lead = np.array([_lead(instance, key) for key in rows.values()], dtype=np.int64)
    of = np.array([stock.goods.index(g) for g, _, _ in routes], dtype=np.int64)
    unit = scale.good[of][:, None]
    cost = nodes.spread(series_of(instance, "transfers", "cost", list(rows.values()), 0.0))
    most = series_of(instance, "transfers", "capacity", list(rows.values()), 0.0)
    most = nodes.spread(np.where(np.isnan(most), np.inf, most)) / unit
    late = nodes.period[None, :] + lead[:, None] > len(instance.calendar.labels) - 1
    arrives_as = {
        (g, v, w, a): a + int(periods) if lives[g] else 0
        for (g, v, w), periods in zip(routes, lead, strict=True)
        for a in range(ages[g])
        if not lives[g] or a + periods < ages[g]
    }
    store_of, serves = _store_of(instance, "sources", "source"), _store_of(instance, "sectors", "sector")
    release = instance.view("stores").set_index("store")["release_rate"].dropna() / scale.store
    slow_pairs, most_of_good = _slow_pairs(instance, nodes, scale, stock, pairs)
    opening, fresh = _opening(instance, scale, stock, held)
    taken, made = _processed(instance, goods)
    delivered = tuple(dict.fromkeys([*_delivered(instance, store_of, fresh), *made]))
    return Stores(
        goods=goods,
        pairs=pairs,
        held=held,
        most_held=np.array([0.0 if lives[g] and a == last[g] else np.inf for g, _, a in held]),
        opening=opening,
        before={(g, w, a): ([a - 1] if a else []) if lives[g] else [0] for g, w, a in held},
        routes=routes,
        lead=lead,
        survives=stock.keep[of] ** lead,
        cost=cost * unit / scale.money,
        most=np.where(late, 0.0, most),
        moves=tuple(arrives_as),
        arrives_as=arrives_as,
        delivered=delivered,
        fresh=_at_root(nodes, [fresh.get(pair, 0.0) for pair in delivered]),
        store_of=store_of,
        served=tuple(dict.fromkeys([*_served(instance, serves, goods), *taken])),
        serves=serves,
        slow=tuple(str(w) for w in release.index if any(v == w for _, v in pairs)),
        most_released=np.array([release[w] for w in release.index if any(v == w for _, v in pairs)], dtype=np.float64),
        slow_pairs=slow_pairs,
        most_of_good=most_of_good,
    )


def _ages(instance: Instance, good: str, life: int) -> int:
    """The number of ages that a good can have within the horizon; 1 where it has no shelf life."""
    if not life:
        return 1
    view = instance.view("opening_stock")
    oldest = view.loc[view["good"] == good, "age"].fillna(0).max()
    return min(life, len(instance.calendar.labels) + (int(oldest) if oldest == oldest else 0))


def routes_of(instance: Instance, pairs: tuple[Pair, ...]) -> dict[Route, tuple[str | None, str, str]]:
    """Routes of goods and the key of their rows in the table: those of the good, or else those of all goods."""
    keys, _ = instance.series("transfers", "cost", 0.0)
    kept = kept_by(pairs)
    own = {key: key for key in keys if key[0] is not None}
    general = {
        (good, v, w): (None, v, w)
        for known, v, w in keys
        if known is None
        for good in kept.get(v, ())
        if good in kept.get(w, ())
    }
    return {**general, **own}


def _lead(instance: Instance, key: tuple[str | None, str, str]) -> int:
    """Periods on the way."""
    view = instance.view("transfers")
    columns = (view[name].tolist() for name in ("good", "from_store", "to_store", "lead_time"))
    for good, v, w, lead in zip(*columns, strict=True):
        if (good if isinstance(good, str) else None, v, w) == key:
            return int(lead)
    raise KeyError(key)


def _store_of(instance: Instance, table: str, column: str) -> dict[str, str]:
    """The store of a source or a sector, for those that name one."""
    view = instance.view(table)
    return {str(k): str(w) for k, w in zip(view[column], view["store"], strict=True) if isinstance(w, str)}


def _served(instance: Instance, serves: Mapping[str, str], goods: tuple[str, ...]) -> tuple[Pair, ...]:
    """Pairs of good and store that a sector is served with from a store of its own."""
    wanted, accepts = instance.view("demand"), instance.view("accepts")
    pairs = [
        *zip(wanted["sector"], wanted["good"], strict=True),
        *zip(accepts["sector"], accepts["given"], strict=True),
    ]
    return tuple(dict.fromkeys((str(g), serves[e]) for e, g in pairs if e in serves and g in goods))


def _processed(instance: Instance, goods: tuple[str, ...]) -> tuple[list[Pair], list[Pair]]:
    """Pairs of good and store from which a process with a store of its own takes, and into which it makes."""
    store_of, view = _store_of(instance, "processes", "process"), instance.view("recipes")
    rows = [
        (str(g), store_of[j], amount)
        for j, g, amount in zip(view["process"], view["good"], view["amount"], strict=True)
        if j in store_of and g in goods
    ]
    return [(g, w) for g, w, amount in rows if not amount > 0], [(g, w) for g, w, amount in rows if amount > 0]


def _slow_pairs(
    instance: Instance, nodes: Nodes, scale: Scale, stock: Stock, pairs: tuple[Pair, ...]
) -> tuple[tuple[tuple[str, str, str], ...], Floats]:
    """Good, store and node where a release rate of the good holds, and what may leave there."""
    if not pairs:
        return (), np.zeros(0)
    unit = scale.good[np.array([stock.goods.index(g) for g, _ in pairs], dtype=np.int64)]
    rates = nodes.spread(series_of(instance, "storage", "release_rate", list(pairs), np.nan)) / unit[:, None]
    at = np.argwhere(np.isfinite(rates))
    return tuple((*pairs[i], nodes.horizon[n]) for i, n in at), rates[at[:, 0], at[:, 1]]


def _opening(
    instance: Instance, scale: Scale, stock: Stock, held: tuple[tuple[str, str, int], ...]
) -> tuple[Floats, dict[Pair, float]]:
    """(H,) stock before the root, a period younger than in the first period; and by pair what has age 0 there."""
    place = {key: i for i, key in enumerate(held)}
    opening, fresh = np.zeros(len(held)), dict[Pair, float]()
    view = instance.view("opening_stock")
    columns = (view[name].tolist() for name in ("good", "store", "age", "quantity"))
    for good, store, age, quantity in zip(*columns, strict=True):
        if good not in stock.by_store:
            continue
        amount = quantity / scale.good[stock.goods.index(good)]
        if age >= 1:
            lives = stock.life[stock.goods.index(good)] > 0
            opening[place[good, store, int(age) - 1 if lives else 0]] += amount
        else:
            fresh[good, store] = fresh.get((good, store), 0.0) + amount
    return opening, fresh


def _delivered(instance: Instance, store_of: Mapping[str, str], fresh: Mapping[Pair, float]) -> tuple[Pair, ...]:
    """Pairs of good and store to which a source delivers, or where fresh stock lies at the start."""
    view = instance.view("sources")
    good_of = dict(zip(view["source"].astype(str), view["good"].astype(str), strict=True))
    return tuple(dict.fromkeys([*((good_of[k], w) for k, w in store_of.items()), *fresh]))


def _at_root(nodes: Nodes, amounts: list[float]) -> Floats:
    """(rows, N) amounts at the root, 0 elsewhere."""
    return np.array(amounts)[:, None] * (nodes.tree.parent < 0)[None, :]
