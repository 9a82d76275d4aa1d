"""Goods, stores, shelf life, opening stock and targets as arrays in model units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.cohorts import cohort_goods, grossed_up
from stockpile.data.nodes import Nodes
from stockpile.data.rotation import Events, Loans, Sales, make_events, make_loans, make_sales
from stockpile.data.scale import Scale
from stockpile.data.series import series_of
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Opening:
    """What is there at the start: ``stock`` per pair (age 1 and more), ``fresh`` per good (age 0, arrives at the root).

    ``inflow`` (G, P) and ``unexpired`` (G,) put the older stock of ageing goods on the past nodes.
    """

    stock: Floats
    fresh: Floats
    inflow: Floats
    unexpired: Floats


@dataclass(frozen=True)
class Targets:
    """Stock targets of the ``goods`` that have them, per node; ``soft`` where a penalty is set.

    For the ``falling`` goods, whose demand projects may make fall, ``amount`` has the quantity alone, and ``periods``
    (falling, N) says how many periods of demand are to be covered; ``most`` has what is wanted where none of it falls.
    """

    goods: tuple[str, ...]
    amount: Floats
    soft: npt.NDArray[np.bool_]
    penalty: Floats
    falling: tuple[str, ...]
    periods: Floats
    most: Floats


@dataclass(frozen=True)
class Stock:
    """Per good (G), pair of good and store (GW), store (W) and node (N).

    ``keep`` is 1 - theta per period, 1 for goods that are kept by age, whose loss is in ``Cohorts``; ``by_store`` are the
    goods that do not move freely and are balanced store by store; ``ageing`` are the others with a shelf life.  ``life`` is the shelf life in periods, 0 where unlimited; ``gross`` (G, N) what must arrive for a unit to
    be left so many periods later; ``mass`` turns the model unit of a good into that of shared capacity.
    """

    goods: tuple[str, ...]
    stores: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    by_store: tuple[str, ...]
    ageing: tuple[str, ...]
    life: Ints
    keep: Floats
    gross: Floats
    disposal_cost: Floats
    terminal_value: Floats
    end_stock: Floats
    mass: Floats
    holding_cost: Floats
    capacity: Floats
    store_capacity: Floats
    opening: Opening
    sales: Sales
    loans: Loans
    events: Events
    targets: Targets


def past_length(instance: Instance) -> int:
    """Periods before the root that carry data: the oldest opening stock of a good that ages, and one empty one."""
    goods = instance.view("goods").set_index("good")["shelf_life"]
    opening = instance.view("opening_stock")
    ageing = opening["good"].map(goods).notna()
    return int(opening.loc[ageing, "age"].max(skipna=True)) + 1 if ageing.any() else 1


def make_stock(instance: Instance, nodes: Nodes, scale: Scale) -> Stock:
    """Arrays of the stock block."""
    goods = instance.view("goods")
    names = tuple(str(g) for g in goods["good"])
    of = {g: i for i, g in enumerate(names)}
    storage = instance.view("storage")
    pairs = tuple(dict.fromkeys(zip(storage["good"].astype(str), storage["store"].astype(str), strict=True)))
    stores_view = instance.view("stores")
    stores = tuple(str(w) for w in stores_view["store"])
    per_good = scale.good / scale.money
    pair_good = np.array([of[g] for g, _ in pairs], dtype=np.int64)
    pair_scale = scale.good[pair_good]
    life = goods["shelf_life"].fillna(0).to_numpy(dtype=float).astype(np.int64)
    keep = 1.0 - goods["loss_rate"].to_numpy(dtype=float)
    by_age = np.isin(list(names), list(cohort_goods(instance)))
    holding = nodes.spread(series_of(instance, "storage", "holding_cost", list(pairs), 0.0))
    capacity = series_of(instance, "storage", "capacity", list(pairs), 0.0)
    capacity = nodes.spread(np.where(np.isnan(capacity), np.inf, capacity))
    store_capacity = stores_view["capacity"].to_numpy(dtype=float)
    sales, loans = make_sales(instance, nodes, scale, of), make_loans(instance, nodes, scale, of)
    by_store = _by_store(instance, names, pairs)
    return Stock(
        goods=names,
        stores=stores,
        pairs=pairs,
        by_store=by_store,
        ageing=tuple(names[i] for i in np.flatnonzero((life > 0) & ~by_age) if names[i] not in by_store),
        life=life,
        keep=np.where(by_age, 1.0, keep),
        gross=grossed_up(instance, names, keep, len(nodes.horizon)),
        disposal_cost=goods["disposal_cost"].to_numpy(dtype=float) * per_good,
        terminal_value=goods["terminal_value"].to_numpy(dtype=float) * per_good,
        end_stock=goods["end_stock"].to_numpy(dtype=float) / scale.good,
        mass=scale.good / scale.store,
        holding_cost=holding * (pair_scale / scale.money)[:, None],
        capacity=capacity / pair_scale[:, None],
        store_capacity=np.where(np.isnan(store_capacity), np.inf, store_capacity) / scale.store,
        opening=_opening(instance, pairs, nodes, scale, (names, life, keep)),
        sales=sales,
        loans=loans,
        events=make_events(instance, nodes, scale, of, (sales, loans)),
        targets=_targets(instance, nodes, scale, of),
    )


def kept_by(pairs: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    """By store the goods that it keeps."""
    kept: dict[str, list[str]] = {}
    for good, store in pairs:
        kept.setdefault(store, []).append(good)
    return kept


def _by_store(instance: Instance, names: tuple[str, ...], pairs: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Goods that have a route between stores, or are kept in a store from which they leave slowly."""
    view, kept, found = instance.view("transfers"), kept_by(pairs), set[str]()
    stores, storage = instance.view("stores"), instance.view("storage")
    for store in stores.loc[stores["release_rate"].notna(), "store"]:
        found |= set(kept.get(str(store), ()))
    found |= set(storage.loc[storage["release_rate"].notna(), "good"].astype(str))
    for good, v, w in zip(view["good"], view["from_store"], view["to_store"], strict=True):
        found |= {good} if isinstance(good, str) else set(kept.get(v, ())) & set(kept.get(w, ()))
    return tuple(g for g in names if g in found)


def _opening(
    instance: Instance,
    pairs: tuple[tuple[str, str], ...],
    nodes: Nodes,
    scale: Scale,
    goods: tuple[tuple[str, ...], Ints, Floats],
) -> Opening:
    """Opening stock by pair, fresh by good, and as arrivals on the past nodes; ``goods`` are names, life and keep."""
    names, life, keep = goods
    of = {g: i for i, g in enumerate(names)}
    frame = instance.view("opening_stock")
    good = np.array([of[str(g)] for g in frame["good"]], dtype=np.int64)
    place = {pair: i for i, pair in enumerate(pairs)}
    pair = np.array([place[k] for k in zip(frame["good"], frame["store"], strict=True)], dtype=np.int64)
    age = frame["age"].fillna(0).to_numpy(dtype=float).astype(np.int64)
    quantity = frame["quantity"].to_numpy(dtype=float) / scale.good[good]
    old = age >= 1
    ages = old & (life[good] > 0)
    stock, fresh, unexpired = np.zeros(len(pairs)), np.zeros(len(of)), np.zeros(len(of))
    inflow = np.zeros((len(of), len(nodes.past)))
    np.add.at(stock, pair[old], quantity[old])
    np.add.at(fresh, good[~old], quantity[~old])
    np.add.at(unexpired, good[ages], quantity[ages])
    grown = quantity[ages] / keep[good[ages]] ** (age[ages] - 1)
    np.add.at(inflow, (good[ages], len(nodes.past) - age[ages]), grown)
    return Opening(stock=stock, fresh=fresh, inflow=inflow, unexpired=unexpired)


def _targets(instance: Instance, nodes: Nodes, scale: Scale, of: dict[str, int]) -> Targets:
    """Stock targets per good: the larger of a quantity and days of cover at the yearly demand rate in force."""
    goods = tuple(dict.fromkeys(str(g) for g in instance.view("targets")["good"]))
    index = np.array([of[g] for g in goods], dtype=np.int64)
    keys = [(g,) for g in goods]
    quantity = np.nan_to_num(series_of(instance, "targets", "quantity", keys, 0.0))
    cover = np.nan_to_num(series_of(instance, "targets", "cover", keys, 0.0))
    penalty = series_of(instance, "targets", "penalty", keys, np.nan)
    yearly = np.array([demand_of(instance, g) for g in goods]).reshape(quantity.shape) / instance.calendar.length
    effects = instance.view("effects")
    lowered = set(effects.loc[effects["kind"] == "demand", "name"])
    falling = [i for i, g in enumerate(goods) if g in lowered and cover[i].any()]
    most = np.maximum(quantity, cover / 365.25 * yearly)
    target = most.copy()
    target[falling] = quantity[falling]
    return Targets(
        goods=goods,
        amount=nodes.spread(target) / scale.good[index][:, None],
        soft=~np.isnan(nodes.spread(penalty)),
        penalty=nodes.spread(np.nan_to_num(penalty)) * (scale.good[index] / scale.money)[:, None],
        falling=tuple(goods[i] for i in falling),
        periods=nodes.spread(cover[falling] / 365.25 / instance.calendar.length),
        most=nodes.spread(most) / scale.good[index][:, None],
    )


def demand_of(instance: Instance, good: str) -> Floats:
    """Demand of a good over all sectors, per period (T,), quantity unit."""
    keys, values = instance.series("demand", "quantity", 0.0)
    rows = [i for i, (_, g) in enumerate(keys) if g == good]
    total: Floats = np.nan_to_num(values[rows]).sum(axis=0) if rows else np.zeros(instance.columns)
    return total
