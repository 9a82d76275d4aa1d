"""Sources, price steps, capacities, duties and order linking as arrays in model units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.demand import Demand
from stockpile.data.financing import Financing
from stockpile.data.funds import Funds
from stockpile.data.nodes import Nodes
from stockpile.data.scale import Scale
from stockpile.data.stock import Stock, series_of
from stockpile.errors import DataError, Problem
from stockpile.instance import Instance

#: The largest link of an order to its charge, in model units (a typical amount is 32): more would hide what flows through an
#: order that is 0.
LARGEST = 1e5

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Purchasing:
    """Per source (K), step (KS) and node (N).

    ``width`` is what a step allows at a node, 0 where ordering is not possible there; ``link`` the same, made finite by
    what an order could at most be used for (only for ``lumpy`` sources, which have a charge or a minimum).  ``capped`` are
    the sources with a capacity at all nodes, ``at_times`` pairs of source and node of those that have one at some.
    """

    sources: tuple[str, ...]
    good_of: dict[str, str]
    steps: tuple[tuple[str, int], ...]
    lead: Ints
    width: Floats
    price: Floats
    link: Floats
    lumpy: tuple[str, ...]
    order_cost: Floats
    min_order: Floats
    capped: tuple[str, ...]
    at_times: tuple[tuple[str, str], ...]
    capacity: Floats
    duty: Floats


def make_purchasing(
    instance: Instance, nodes: Nodes, scale: Scale, blocks: tuple[Stock, Demand, Financing, Funds]
) -> Purchasing:
    """Arrays of the purchasing block; ``blocks`` tell what an order could at most be used for."""
    stock, demand, financing, funds = blocks
    view = instance.view("sources")
    names = tuple(str(k) for k in view["source"])
    good_of = dict(zip(names, (str(g) for g in view["good"]), strict=True))
    place = {g: i for i, g in enumerate(stock.goods)}
    good = np.array([place[good_of[k]] for k in names], dtype=np.int64)
    lead = view["lead_time"].to_numpy(dtype=float).astype(np.int64)
    steps = _steps(instance, names)
    source = np.array([names.index(k) for k, _ in steps], dtype=np.int64)
    price = series_of(instance, "prices", "price", steps, np.nan)
    width = series_of(instance, "prices", "width", steps, 0.0)
    width = np.where(np.isnan(price), 0.0, np.where(np.isnan(width), np.inf, width))
    step_scale = scale.good[good[source]]
    allowed = _allowed(instance, nodes, lead)
    width = np.where(allowed[source] > 0, nodes.spread(width) / step_scale[:, None], 0.0)
    capacity = _capacity(instance, nodes, scale.good[good], names, financing)
    always: npt.NDArray[np.bool_] = np.asarray(np.isfinite(capacity).all(axis=1))
    partly: npt.NDArray[np.bool_] = np.asarray(np.isfinite(capacity).any(axis=1)) & ~always
    order_cost = view["order_cost"].to_numpy(dtype=float) / scale.money
    min_order = view["min_order"].to_numpy(dtype=float) / scale.good[good]
    lumpy = (order_cost > 0) | (min_order > 0)
    price = nodes.spread(price) * (step_scale / scale.money)[:, None]
    paid = np.where(np.isnan(price), np.inf, price)
    if any(use == "purchases" and not funds.counted[funds.names.index(f)] for use, f in funds.classes):
        paid = np.where(np.isnan(price), np.inf, 0.0)
    useful = _useful(nodes, stock, demand, paid, (good, source), financing)
    most = np.minimum(
        np.maximum(_at_arrival(useful[good], nodes, lead), min_order[:, None]), _most(capacity, names, financing)
    )
    link = np.where(lumpy[source, None], np.minimum(width, most[source]), width)
    _refuse_unbounded(instance, names, lumpy, np.isinf(link), source)
    origins = view["origin"].astype(object).where(view["origin"].notna(), "").astype(str)
    duty = np.array([instance.duty_rates(o, good_of[k]) for k, o in zip(names, origins, strict=True)])
    return Purchasing(
        sources=names,
        good_of=good_of,
        steps=steps,
        lead=lead,
        width=width,
        price=np.nan_to_num(price),
        link=link,
        lumpy=tuple(k for k, is_lumpy in zip(names, lumpy, strict=True) if is_lumpy),
        order_cost=order_cost,
        min_order=min_order,
        capped=tuple(k for k, limited in zip(names, always, strict=True) if limited),
        at_times=tuple((names[k], nodes.horizon[n]) for k, n in np.argwhere(np.isfinite(capacity) & partly[:, None])),
        capacity=capacity,
        duty=nodes.spread(duty.reshape(len(names), len(instance.calendar.labels))),
    )


def _steps(instance: Instance, names: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """(source, step) pairs in the order of sources and steps."""
    frame = instance.view("prices")
    pairs = {(str(k), int(s)) for k, s in zip(frame["source"], frame["step"], strict=True)}
    order = {k: i for i, k in enumerate(names)}
    return tuple(sorted(pairs, key=lambda pair: (order[pair[0]], pair[1])))


def _allowed(instance: Instance, nodes: Nodes, lead: Ints) -> Floats:
    """(K, N) 1 where a source may be ordered from: it is qualified and the delivery falls in the horizon."""
    view = instance.view("sources")
    start = view["qualified_from"].to_numpy(dtype=float)[:, None]
    until = view["until"].to_numpy(dtype=float)[:, None]
    period = nodes.period[None, :]
    last = len(instance.calendar.labels) - 1
    allowed: Floats = ((period >= start) & (period < until) & (period + lead[:, None] <= last)).astype(float)
    return allowed


def _capacity(instance: Instance, nodes: Nodes, factor: Floats, names: tuple[str, ...], financing: Financing) -> Floats:
    """(K, N) base capacity, inf where there is none."""
    supplied = set(instance.view("supply")["source"].astype(str))
    fed = {e.name for e in financing.effects if e.kind == "supply"}
    values = series_of(instance, "supply", "capacity", [(k,) for k in names], 0.0)
    known = np.array([k in supplied for k in names], dtype=bool)
    project = np.array([k in fed for k in names], dtype=bool)
    values = np.where(np.isnan(values), np.inf, values)
    values[~known & ~project] = np.inf
    return nodes.spread(values) / factor[:, None]


def _most(capacity: Floats, names: tuple[str, ...], financing: Financing) -> Floats:
    """(K, N) capacity with every project's full contribution."""
    gain = np.zeros(len(names))
    for effect in financing.effects:
        if effect.kind == "supply":
            gain[names.index(effect.name)] += effect.increment * effect.steps
    return capacity + gain[:, None]


def _useful(
    nodes: Nodes, stock: Stock, demand: Demand, price: Floats, index: tuple[Ints, Ints], financing: Financing
) -> Floats:
    """(G, N) the most of a good arriving at a node that any plan could have a use for.

    Demand and sale depth over its shelf life, the largest target and the end stock on the way, grossed up by loss in
    storage. Where keeping pays by itself (terminal value at or above a price, which is 0 where a fund that does not count
    may pay), what the stores hold is added. More than this would only be thrown away, so it is a valid bound for linking an
    order to its charge.  On a tree that branches every node counts what all nodes use: valid, and loose.
    """
    good, source = index
    useful = np.zeros((len(stock.goods), len(nodes.horizon)))
    for g, name in enumerate(stock.goods):
        use = demand.amount[[i for i, (_, h) in enumerate(demand.pairs) if h == name]].sum(axis=0)
        keep = np.zeros(len(nodes.horizon))
        if name in stock.sales.goods:
            use = use + stock.sales.depth[stock.sales.goods.index(name)]
        if name in stock.targets.goods:
            keep = stock.targets.amount[stock.targets.goods.index(name)].copy()
        keep[nodes.tree.leaves] = np.maximum(keep[nodes.tree.leaves], stock.end_stock[g])
        cheapest = price[good[source] == g]
        if stock.terminal_value[g] > 0 and len(cheapest) and stock.terminal_value[g] >= cheapest.min():
            keep = keep + np.minimum(_room(stock, financing, name, g), LARGEST)
        if nodes.tree.branches:
            use, keep = np.full_like(use, use.sum()), np.full_like(keep, keep.max())
        useful[g] = _window(use, keep, int(stock.life[g]), float(stock.keep[g]))
    return useful


def _room(stock: Stock, financing: Financing, name: str, g: int) -> Floats:
    """(N,) the most of a good that its stores hold: its own room in each, or the shared room with what projects add."""
    total = np.zeros(stock.capacity.shape[1])
    for i, (good, store) in enumerate(stock.pairs):
        if good == name:
            gain = sum(e.increment * e.steps for e in financing.effects if e.kind == "capacity" and e.name == store)
            shared = (stock.store_capacity[stock.stores.index(store)] + gain) / stock.mass[g]
            total += np.minimum(stock.capacity[i], shared)
    return total


def _window(use: Floats, keep: Floats, life: int, survive: float) -> Floats:
    """From each period on, over ``life`` periods (0: to the end): what is used plus the most that is kept.

    Each is grossed up by the loss until then; above ``LARGEST`` it is cut, as a link should be.
    """
    periods = len(use)
    out = np.zeros(periods)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        for t in range(periods):
            end = periods if life == 0 else min(periods, t + life)
            gross = survive ** -np.arange(end - t, dtype=np.float64)
            out[t] = _product(use[t:end], gross).sum() + _product(keep[t:end], gross).max()
    return np.where(np.isinf(out), out, np.minimum(out, LARGEST))


def _product(amount: Floats, gross: Floats) -> Floats:
    """Amounts grossed up; nothing stays nothing."""
    return np.where(amount == 0, 0.0, amount * np.minimum(gross, LARGEST))


def _at_arrival(useful: Floats, nodes: Nodes, lead: Ints) -> Floats:
    """(K, N) the useful amount of the period in which an order placed at a node arrives, over the paths through it."""
    out = np.zeros_like(useful)
    for row, periods in enumerate(lead):
        source = nodes.tree.ancestor(int(periods))
        inside = source >= 0
        np.maximum.at(out[row], source[inside], useful[row][inside])
    return out


def _refuse_unbounded(
    instance: Instance,
    names: tuple[str, ...],
    lumpy: npt.NDArray[np.bool_],
    infinite: npt.NDArray[np.bool_],
    source: Ints,
) -> None:
    """An order with a charge or a minimum needs some bound; say which tables could give one."""
    bad = sorted({int(source[i]) for i in np.flatnonzero(infinite.any(axis=1)) if lumpy[source[i]]})
    if bad:
        problems = [
            Problem(
                "sources.csv",
                f"nothing bounds an order at {names[k]!r}, which has a charge or a minimum; give its price steps a width, "
                "a supply capacity, or the good's sales a depth and its stores a capacity",
                row=k + 2,
                column="order_cost",
            )
            for k in bad
        ]
        raise DataError(problems)
