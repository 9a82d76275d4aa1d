"""Sources, price steps, capacities, duties and order linking as arrays in model units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.demand import Demand
from stockpile.data.financing import Financing
from stockpile.data.nodes import Nodes
from stockpile.data.scale import Scale
from stockpile.data.stock import Stock, series_of
from stockpile.errors import DataError, Problem
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Purchasing:
    """Per source (K), step (KS) and node (N).

    ``width`` is what a step allows at a node, 0 where ordering is not possible there; ``link`` the same, made finite by
    what an order could at most be used for (only for ``lumpy`` sources, which have a charge or a minimum).
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
    capacity: Floats
    duty: Floats


def make_purchasing(
    instance: Instance, nodes: Nodes, scale: Scale, blocks: tuple[Stock, Demand, Financing]
) -> Purchasing:
    """Arrays of the purchasing block; ``blocks`` tell what an order could at most be used for."""
    stock, demand, financing = blocks
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
    capacity, capped = _capacity(instance, nodes, scale.good[good], names, financing)
    order_cost = view["order_cost"].to_numpy(dtype=float) / scale.money
    min_order = view["min_order"].to_numpy(dtype=float) / scale.good[good]
    lumpy = (order_cost > 0) | (min_order > 0)
    price = nodes.spread(price) * (step_scale / scale.money)[:, None]
    useful = _useful(nodes, stock, demand, np.where(np.isnan(price), np.inf, price), (good, source))
    most = np.minimum(
        np.maximum(_at_arrival(useful[good], nodes, lead), min_order[:, None]), _most(capacity, names, financing)
    )
    link = np.where(lumpy[source, None], np.minimum(width, most[source]), width)
    _refuse_unbounded(instance, names, lumpy, np.isinf(link), source)
    finite = np.where(np.isinf(capacity), np.where(np.isfinite(most), most, 1e6), capacity)
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
        capped=capped,
        capacity=finite,
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


def _capacity(
    instance: Instance, nodes: Nodes, factor: Floats, names: tuple[str, ...], financing: Financing
) -> tuple[Floats, tuple[str, ...]]:
    """(K, N) base capacity (inf: none) and the sources that have one or get some from a project."""
    supplied = set(instance.view("supply")["source"].astype(str))
    fed = {e.name for e in financing.effects if e.kind == "supply"}
    values = series_of(instance, "supply", "capacity", [(k,) for k in names], 0.0)
    known = np.array([k in supplied for k in names], dtype=bool)
    project = np.array([k in fed for k in names], dtype=bool)
    values = np.where(np.isnan(values), np.inf, values)
    values[~known & ~project] = np.inf
    capacity = nodes.spread(values) / factor[:, None]
    capped = tuple(k for k, row in zip(names, capacity, strict=True) if np.isfinite(row).any())
    return capacity, capped


def _most(capacity: Floats, names: tuple[str, ...], financing: Financing) -> Floats:
    """(K, N) capacity with every project's full contribution."""
    gain = np.zeros(len(names))
    for effect in financing.effects:
        if effect.kind == "supply":
            gain[names.index(effect.name)] += effect.increment * effect.steps
    return capacity + gain[:, None]


def _useful(nodes: Nodes, stock: Stock, demand: Demand, price: Floats, index: tuple[Ints, Ints]) -> Floats:
    """(G, N) the most of a good arriving at a node that any plan could have a use for.

    Demand and sale depth over its shelf life, the largest target and the end stock on the way, grossed up by loss in
    storage. Where keeping pays by itself (terminal value at or above a price, sales without depth), what the stores hold
    is added. More than this would only be thrown away, so it is a valid bound for linking an order to its charge.
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
            keep = keep + stock.capacity[[i for i, (h, _) in enumerate(stock.pairs) if h == name]].sum(axis=0)
        useful[g] = _window(use, keep, int(stock.life[g]), float(stock.keep[g]))
    return useful


def _window(use: Floats, keep: Floats, life: int, survive: float) -> Floats:
    """From each period on, over ``life`` periods (0: to the end): what is used plus the most that is kept, grossed up."""
    periods = len(use)
    out = np.zeros(periods)
    for t in range(periods):
        end = periods if life == 0 else min(periods, t + life)
        out[t] = (use[t:end].sum() + keep[t:end].max()) / survive ** (end - t)
    return out


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
