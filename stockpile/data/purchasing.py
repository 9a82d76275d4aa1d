"""Sources, price steps, capacities, duties and order linking as arrays in model units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpile.data.demand import Demand
from stockpile.data.discounts import ORDERED, Discounts, make_discounts
from stockpile.data.financing import Financing
from stockpile.data.funds import Funds
from stockpile.data.limits import LARGEST, at_arrival, in_lots, lots_within, most_taken, most_useful, refuse_endless
from stockpile.data.nodes import Nodes
from stockpile.data.pins import Pins
from stockpile.data.policy_needs import Needs
from stockpile.data.processing import Processing
from stockpile.data.resources import Resources
from stockpile.data.scale import Scale
from stockpile.data.series import series_of
from stockpile.data.stock import Stock
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
#: What an order could be used for.
Blocks = tuple[Stock, Demand, Financing, Funds]


@dataclass(frozen=True)
class Purchasing:
    """Per source (K), step (KS) and node (N).

    ``width`` is what a step allows at a node, 0 where ordering is not possible there (the whole order where one price holds
    for all of it); ``link`` the same, made finite by
    what an order could at most be used for (only for ``lumpy`` sources, which have a charge, a set-up or a minimum, and for those whose prices fall).  ``lotted`` are
    the sources that sell in lots, ``lot`` their sizes (K), ``most_lots`` (lotted, N) how many an order may have.  ``capped``
    are the sources with a capacity at all nodes, ``at_times`` pairs of source and node of those that have one at some.
    ``arrive`` (K, N) is the share that arrives of what is delivered at a node, ``due`` what arrives there of orders placed
    before the horizon, ``due_cost`` what is then paid for it, ``due_orders`` how many orders they are.  ``market_paid``
    are the sources that the market pays, ``fund_paid`` the steps of the others.  ``most`` (K, N) is the most that any plan
    could order.
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
    lotted: tuple[str, ...]
    lot: Floats
    most_lots: Floats
    arrive: Floats
    due: Floats
    due_cost: Floats
    due_orders: Floats
    capped: tuple[str, ...]
    at_times: tuple[tuple[str, str], ...]
    capacity: Floats
    duty: Floats
    discounts: Discounts
    market_paid: frozenset[str]
    most: Floats

    @property
    def bought(self) -> Floats:
        """(K, 1) 1 for the sources from which the reserve buys, 0 for those that the market pays."""
        return np.array([[k not in self.market_paid] for k in self.sources], dtype=np.float64).reshape(-1, 1)

    @property
    def fund_paid(self) -> tuple[tuple[str, int], ...]:
        """The steps from which the reserve buys."""
        return tuple(step for step in self.steps if step[0] not in self.market_paid)


def make_purchasing(
    instance: Instance, nodes: Nodes, scale: Scale, blocks: Blocks, limits: tuple[Pins, Resources, Processing, Needs]
) -> Purchasing:
    """Arrays of the purchasing block; ``blocks`` and ``limits`` tell what an order could at most be."""
    stock, financing, (pins, resources, processing, needs) = blocks[0], blocks[2], limits
    view = instance.view("sources")
    names, good_of, good = _goods(view, stock)
    lead = view["lead_time"].to_numpy(dtype=float).astype(np.int64)
    steps = _steps(instance, names)
    source = np.array([names.index(k) for k, _ in steps], dtype=np.int64)
    price, width = (_offers(instance, column, steps, fill) for column, fill in (("price", np.nan), ("width", 0.0)))
    width = np.where(np.isnan(price), 0.0, np.where(np.isnan(width), np.inf, width))
    step_scale = scale.good[good[source]]
    width = np.where(_allowed(instance, nodes, lead)[source] > 0, nodes.spread(width) / step_scale[:, None], 0.0)
    capacity = _capacity(instance, nodes, scale.good[good], names, financing)
    capped, at_times = _capped(names, capacity, nodes)
    order_cost = view["order_cost"].to_numpy(dtype=float) / scale.money
    min_order, lot = (view[c].to_numpy(dtype=float) / scale.good[good] for c in ("min_order", "lot_size"))
    lumpy = (order_cost > 0) | (min_order > 0) | np.isin(names, list(resources.set_up))
    arrive = nodes.spread(series_of(instance, "arrivals", "share", [(k,) for k in names], 1.0))
    traded = view["paid_by"].to_numpy(dtype=object) == "market"
    width = np.where(traded[source, None] & (at_arrival(arrive, nodes, lead)[source] <= 0), 0.0, width)
    price = nodes.spread(price) * (step_scale / scale.money)[:, None]
    kinds = _kinds(view, [k for k, _ in steps], pins.borrowed > 0)
    discounts = make_discounts(kinds, steps, source, nodes, (width, price))
    lumps = np.array([bool(kind) for kind in kinds], dtype=bool) | lumpy
    worth = instance.order_values() * scale.good[good] / scale.money
    offers = _Offers(
        names, good, source, lead, width, price, lot, min_order, lumps, arrive, discounts.least, worth, traded
    )
    due, due_cost, due_orders = _due(instance, nodes, offers, scale)
    supply = _most(capacity, names, financing, resources), due
    link, most_lots, most = _limits(offers, nodes, supply, blocks, (pins, processing, needs))
    return Purchasing(
        sources=names,
        good_of=good_of,
        steps=steps,
        lead=lead,
        width=width + discounts.least,
        price=np.nan_to_num(price),
        link=link,
        lumpy=tuple(k for k, is_lumpy in zip(names, lumpy, strict=True) if is_lumpy),
        order_cost=order_cost,
        min_order=min_order,
        lotted=tuple(names[k] for k in np.flatnonzero(lot > 0)),
        lot=lot,
        most_lots=most_lots[lot > 0],
        arrive=arrive,
        due=due,
        due_cost=due_cost,
        due_orders=due_orders,
        capped=capped,
        at_times=at_times,
        capacity=capacity,
        duty=nodes.spread(_duties(instance)),
        discounts=discounts,
        market_paid=frozenset(k for k, paid in zip(names, traded, strict=True) if paid),
        most=most,
    )


def _goods(view: pd.DataFrame, stock: Stock) -> tuple[tuple[str, ...], dict[str, str], Ints]:
    """The sources, the good of each by name, and (K,) its position."""
    names = tuple(str(k) for k in view["source"])
    good_of = dict(zip(names, (str(g) for g in view["good"]), strict=True))
    place = {g: i for i, g in enumerate(stock.goods)}
    return names, good_of, np.array([place[good_of[k]] for k in names], dtype=np.int64)


def _kinds(view: pd.DataFrame, stepping: list[str], spends: bool) -> tuple[str, ...]:
    """How the prices of every source may fall, the empty text where they do not.

    Where a plan may want to spend (``spends``), rising prices of a fund's own sources of several steps (``stepping``) must
    be told to come in order: it would pay the dear ones first.
    """
    blank = view["discount"].isna() | (view["discount"] == "")
    several = np.array([stepping.count(str(k)) > 1 for k in view["source"]], dtype=bool)
    own = several & view["market"].isna().to_numpy() & (view["paid_by"] != "market").to_numpy()
    rising = np.where(own & spends, ORDERED, "")
    return tuple(
        str(rise) if none else str(kind) for none, rise, kind in zip(blank, rising, view["discount"], strict=True)
    )


def _duties(instance: Instance) -> Floats:
    """(K, T) the duty on every source's goods."""
    view = instance.view("sources")
    origins = view["origin"].astype(object).where(view["origin"].notna(), "").astype(str)
    rates = [instance.duty_rates(o, str(g)) for o, g in zip(origins, view["good"], strict=True)]
    return np.array(rates).reshape(len(view), instance.columns)


@dataclass(frozen=True)
class _Offers:
    """What limits orders, by source (K), price step with its ``source`` (KS), and node."""

    names: tuple[str, ...]
    good: Ints
    source: Ints
    lead: Ints
    width: Floats
    price: Floats
    lot: Floats
    min_order: Floats
    lumpy: npt.NDArray[np.bool_]
    arrive: Floats
    least: Floats
    worth: Floats
    traded: npt.NDArray[np.bool_]


def _limits(
    o: _Offers,
    nodes: Nodes,
    supply: tuple[Floats, Floats],
    blocks: Blocks,
    limits: tuple[Pins, Processing, Needs],
) -> tuple[Floats, Floats, Floats]:
    """(KS, N) what ties a step to the charge of its order, (K, N) how many lots an order may have, and (K, N) how much.

    ``supply`` (K, N) is the most that can be ordered at a source, and what arrives of orders from before the horizon.
    """
    (stock, demand, financing, funds), (capacity, due), (pins, processing, needs) = blocks, supply, limits
    free = any(use == "purchases" and not funds.counted[funds.names.index(f)] for use, f in funds.classes)
    paid = np.where(np.isnan(o.price), np.inf, 0.0 if free else o.price)
    useful, whole = most_useful(nodes, stock, demand, paid, (o.good, o.source), (financing, pins, processing, needs))
    asked = np.repeat(o.min_order[:, None], len(nodes.horizon), axis=1)
    asked = np.maximum(asked, [pins.required("order", k, len(nodes.horizon)) for k in o.names] if o.names else 0.0)
    np.maximum.at(asked, o.source, o.least)
    beyond = needs.beyond_use(o.names, whole, (asked + o.lot[:, None] + due).sum(axis=1))
    beyond = np.where(o.traded, 0.0, np.maximum(beyond, LARGEST * (pins.borrowed > 0)))[:, None]
    taken = most_taken(nodes, stock, demand) if o.traded.any() else useful
    wanted = np.where(o.traded[:, None], taken[o.good], useful[o.good]) + beyond
    wanted = np.where(o.arrive > 0, wanted / np.where(o.arrive > 0, o.arrive, 1.0), 0.0)
    late = nodes.period[None, :] + o.lead[:, None] > nodes.period.max()
    most = at_arrival(wanted, nodes, o.lead) + np.where(late, beyond, 0.0)
    most = np.maximum(np.maximum(most, o.min_order[:, None]) + _left_on_order(o, nodes), asked)
    most = np.minimum(in_lots(most, o.lot), capacity)
    width = o.width + o.least
    link = np.where(o.lumpy[o.source, None], np.minimum(width, most[o.source]), width)
    most_lots = lots_within(o.width, most, o.source, o.lot)
    endless: npt.NDArray[np.bool_] = np.asarray(np.isinf(most_lots).any(axis=1))
    open_ended = o.source[np.isinf(link).any(axis=1)]
    endless[open_ended] |= o.lumpy[open_ended]
    refuse_endless(o.names, endless)
    return link, most_lots, most


def _left_on_order(o: _Offers, nodes: Nodes) -> Floats:
    """(K, N) inf where an order arrives after the horizon and is worth more at its end than its cheapest price, else 0."""
    cheapest = np.full(o.arrive.shape, np.inf)
    np.minimum.at(cheapest, o.source, np.where(o.width > 0, np.nan_to_num(o.price, nan=np.inf), np.inf))
    late = nodes.period[None, :] + o.lead[:, None] > nodes.period.max()
    return np.where(late & (o.worth[:, None] > cheapest), np.inf, 0.0)


def _due(instance: Instance, nodes: Nodes, o: _Offers, scale: Scale) -> tuple[Floats, Floats, Floats]:
    """(K, N) what arrives, its cost (model units) and number of the orders from before the horizon, where they are due."""
    view = instance.view("opening_orders")
    view = view[view["arrives"] < len(instance.calendar.labels)]
    quantity = np.zeros((len(o.names), len(instance.calendar.labels)))
    cost, count = np.zeros_like(quantity), np.zeros_like(quantity)
    row = {k: i for i, k in enumerate(o.names)}
    at = (np.array([row[str(k)] for k in view["source"]], dtype=np.int64), view["arrives"].to_numpy(dtype=np.int64))
    amount = view["quantity"].to_numpy(dtype=float)
    np.add.at(quantity, at, amount)
    np.add.at(cost, at, amount * view["price"].to_numpy(dtype=float))
    np.add.at(count, at, (amount > 0).astype(float))
    arrives = o.arrive * nodes.spread(quantity) / scale.good[o.good, None]
    return arrives, o.arrive * nodes.spread(cost) / scale.money, (o.arrive > 0) * nodes.spread(count)


def _steps(instance: Instance, names: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """(source, step) pairs in the order of sources and steps."""
    pairs = {(str(k), int(s)) for k, s in instance.offers("price", np.nan)[0]}
    order = {k: i for i, k in enumerate(names)}
    return tuple(sorted(pairs, key=lambda pair: (order[pair[0]], pair[1])))


def _offers(instance: Instance, column: str, steps: tuple[tuple[str, int], ...], fill: float) -> Floats:
    """(KS, T) a column of the price steps in their order."""
    found, values = instance.offers(column, fill)
    place = {(str(k), int(s)): i for i, (k, s) in enumerate(found)}
    chosen = np.array([place[step] for step in steps], dtype=np.int64)
    return np.asarray(values[chosen]).reshape(len(steps), instance.columns)


def _allowed(instance: Instance, nodes: Nodes, lead: Ints) -> Floats:
    """(K, N) 1 where a source may be ordered from: it is qualified, and the delivery falls in the horizon or is worth something."""
    view = instance.view("sources")
    start = view["qualified_from"].to_numpy(dtype=float)[:, None]
    until = view["until"].to_numpy(dtype=float)[:, None]
    period = nodes.period[None, :]
    last = len(instance.calendar.labels) - 1
    counts = (period + lead[:, None] <= last) | (instance.order_values()[:, None] > 0)
    allowed: Floats = ((period >= start) & (period < until) & counts).astype(float)
    return allowed


def _capacity(instance: Instance, nodes: Nodes, factor: Floats, names: tuple[str, ...], financing: Financing) -> Floats:
    """(K, N) base capacity, inf where there is none."""
    supplied = {str(k) for (k,) in instance.series("supply", "capacity", 0.0)[0]}
    fed = {e.name for e in financing.effects if e.kind == "supply"}
    values = series_of(instance, "supply", "capacity", [(k,) for k in names], 0.0)
    known = np.array([k in supplied for k in names], dtype=bool)
    project = np.array([k in fed for k in names], dtype=bool)
    values = np.where(np.isnan(values), np.inf, values)
    values[~known & ~project] = np.inf
    return nodes.spread(values) / factor[:, None]


def _capped(
    names: tuple[str, ...], capacity: Floats, nodes: Nodes
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The sources with a capacity at all nodes, and source and node of those that have one at some."""
    always: npt.NDArray[np.bool_] = np.asarray(np.isfinite(capacity).all(axis=1))
    partly: npt.NDArray[np.bool_] = np.asarray(np.isfinite(capacity).any(axis=1)) & ~always
    at_times = np.argwhere(np.isfinite(capacity) & partly[:, None])
    return (
        tuple(k for k, limited in zip(names, always, strict=True) if limited),
        tuple((names[k], nodes.horizon[n]) for k, n in at_times),
    )


def _most(capacity: Floats, names: tuple[str, ...], financing: Financing, resources: Resources) -> Floats:
    """(K, N) capacity with every project's full contribution, within what resources allow."""
    gain = np.zeros(len(names))
    for effect in financing.effects:
        if effect.kind == "supply":
            gain[names.index(effect.name)] += effect.increment * effect.steps
    most: Floats = np.minimum(capacity + gain[:, None], resources.most_ordered(names))
    return most
