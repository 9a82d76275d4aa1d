"""Orders and deliveries: price steps, windows, charges, minimum orders, lots, capacities, lead times, losses, duties."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from stockpile.plan.auditing.book import Bools, Floats, Ints, Key
from stockpile.plan.auditing.case import ROUNDED, Case
from stockpile.plan.auditing.contracts import Contracted
from stockpile.plan.auditing.grid import Grid
from stockpile.plan.auditing.market_supply import market_paid
from stockpile.plan.auditing.markets import check_markets, offers_of
from stockpile.plan.auditing.undelivered import Orders, Undelivered, goods_on_order


@dataclass(frozen=True)
class Purchases:
    """What the other blocks need: spending by class (nodes,), arrivals of every good (goods, nodes).

    ``orders`` and ``prices`` are quantity and price of what is ordered, by source (nodes,), ``delivered`` what arrives at the
    stores that sources name, by good and store.
    ``traded`` (goods, nodes) is what arrives of what the market buys, ``traded_cost`` (nodes,) what it pays, duty and charges
    included.
    ``arrivals`` are what arrives of a source, ``placed`` and ``deliveries`` how many of its orders are placed and arrive;
    ``undelivered`` is what is on order at the close.
    """

    purchases: Floats
    order_charges: Floats
    duties: Floats
    arrived: Floats
    delivered: dict[tuple[str, str], Floats]
    orders: dict[str, Floats]
    prices: dict[str, Floats]
    traded: Floats
    traded_cost: Floats
    arrivals: dict[str, Floats]
    placed: dict[str, Floats]
    deliveries: dict[str, Floats]
    undelivered: Undelivered


class _Sources:
    """The sources of the instance and their price steps, with what was ordered in them."""

    def __init__(self, case: Case) -> None:
        self.case = case
        view = case.view("sources")
        self.names = view.texts("source")
        self.keys: list[Key] = [(k,) for k in self.names]
        self.goods = np.array(view.texts("good"), dtype=object)
        self.good = np.array([case.good_at[g] for g in self.goods], dtype=np.int64)
        self.stores = view.texts("store")
        self.origins = view.texts("origin")
        self.lead = view["lead_time"].to_numpy(dtype=np.float64).astype(np.int64)
        self.order_cost = view["order_cost"].to_numpy(dtype=np.float64)[:, None]
        self.min_order = view["min_order"].to_numpy(dtype=np.float64)[:, None]
        self.lot = view["lot_size"].to_numpy(dtype=np.float64)[:, None]
        self.arrive = case.series("arrivals", "share", 1.0, self.keys)
        self.start = view["qualified_from"].to_numpy(dtype=np.float64)[:, None]
        self.until = view["until"].to_numpy(dtype=np.float64)[:, None]
        at = {k: i for i, k in enumerate(self.names)}
        self.offers = offers_of(case)
        self.steps, self.width, self.price = self.offers.steps, self.offers.width, self.offers.price
        self.source = np.array([at[k] for k, _ in self.steps], dtype=np.int64)
        self.whole = np.array([view.texts("discount")[k] == "all-units" for k in self.source], dtype=bool)
        self.least = self._least()
        self.step_grid = case.reader.grid("order_steps", self.steps)
        self.by_step = self.step_grid.amount("quantity")
        self.ordered = case.total(self.by_step, self.source, len(self.names))
        self.cost = case.total(self.by_step * self.price, self.source, len(self.names))
        self.priciest = np.zeros_like(self.ordered)
        np.maximum.at(self.priciest, self.source, self.price)
        self.due, self.due_cost = self._due(at)

    def _least(self) -> Floats:
        """(steps, nodes) what an order priced in a step has at least, where one price holds for all of it."""
        least = np.zeros_like(self.width)
        for i, (source, step) in enumerate(self.steps):
            if self.whole[i]:
                for j, (other, earlier) in enumerate(self.steps):
                    if other == source and earlier < step:
                        least[i] += self.width[j]
        return least

    def _due(self, at: dict[str, int]) -> tuple[Floats, Floats]:
        """(sources, nodes) quantity and cost of orders from before the horizon, in the period in which they are due."""
        quantity, cost = np.zeros_like(self.ordered), np.zeros_like(self.ordered)
        view = self.case.view("opening_orders")
        columns = (view[name].tolist() for name in ("source", "arrives", "quantity", "price"))
        for source, period, amount, price in zip(*columns, strict=True):
            arriving = self.case.period == period
            quantity[at[source], arriving] += amount
            cost[at[source], arriving] += amount * price
        return quantity, cost

    def deliveries(self, placed: Bools) -> Floats:
        """(sources, nodes) how many orders arrive, at least in part: those placed a lead time before, and from before."""
        count = self.case.earlier_by_row(placed.astype(np.float64), self.lead)
        at = {k: i for i, k in enumerate(self.names)}
        view = self.case.view("opening_orders")
        for source, period, amount in zip(view["source"], view["arrives"], view["quantity"], strict=True):
            count[at[str(source)], self.case.period == period] += amount > 0
        return np.where(self.arrive > 0, count, 0.0)


def check_purchasing(case: Case, supply: dict[str, Floats], contracted: Contracted) -> Purchases:
    """Check orders, steps and deliveries; ``supply`` is what projects add to the capacity of a source, (nodes,).

    What is ``contracted`` takes of that capacity, and arrives with the rest.
    """
    sources = _Sources(case)
    orders = case.reader.grid("orders", sources.keys)
    _check_steps(sources)
    _check_windows(sources)
    placed = _check_charges(sources, orders)
    _check_capacity(sources, supply, contracted.called)
    found = _check_deliveries(sources, orders, placed)
    delivered, arrivals = {**found.delivered}, {**found.arrivals}
    for place, amount in contracted.delivered.items():
        delivered[place] = delivered.get(place, 0.0 * amount) + amount
    for source, amount in contracted.arrivals.items():
        arrivals[source] = arrivals[source] + amount
    return replace(found, arrived=found.arrived + contracted.arrived, delivered=delivered, arrivals=arrivals)


def _check_steps(s: _Sources) -> None:
    """Quantities within the widths, at the prices in force."""
    case, grid = s.case, s.step_grid
    case.not_negative(grid, "quantity")
    case.book.at_most(
        case.rule(
            "price_step_width",
            grid,
            s.steps,
            case.quantity,
            "the order at {0} in price step {1} is {left}, {amount} over the width of {right} offered",
        ),
        s.by_step,
        np.where(s.width > 0, s.width + s.least, 0.0),
        where=s.offers.own[:, None],
    )
    _check_step_order(s)
    normal = {k for k, paid in zip(s.names, market_paid(case), strict=True) if paid}
    check_markets(case, s.offers, s.by_step, normal)
    _check_brackets(s)
    words = "price step {1} of {0} is written as {left}, but the price in force is {right}"
    case.reader.cells(grid, "price", s.price / case.instance.price_factor, case.price, words)


def _check_step_order(s: _Sources) -> None:
    """A step of a source is used only once the step before is full; markets have steps for several."""
    case, own = s.case, s.offers.own
    at = {key: i for i, key in enumerate(s.steps)}
    later = [i for i, (source, step) in enumerate(s.steps) if (source, step - 1) in at and not s.whole[i] and own[i]]
    before = [at[s.steps[i][0], s.steps[i][1] - 1] for i in later]
    words = "step {1} of {0} is used, but of the step before only {left} of {right}"
    rule = replace(
        case.rule("price_steps_in_order", s.step_grid, [s.steps[i] for i in later], case.quantity, words), binds=False
    )
    used = s.by_step[later] > case.book.tolerance * np.maximum(1.0, s.ordered[s.source[later]])
    case.book.at_least(rule, s.by_step[before], s.width[before], scale=s.ordered[s.source[before]], where=used)


def _check_brackets(s: _Sources) -> None:
    """Where one price holds for the whole order, the order stands in one step, and reaches it."""
    case = s.case
    used = s.by_step > case.book.tolerance
    steps = case.total((used & s.whole[:, None]).astype(np.float64), s.source, len(s.names))
    words = "the order at {0} stands in {left} price steps; one of them prices all of it"
    rule = replace(case.rule("one_bracket", s.step_grid, s.keys, "", words), binds=False)
    case.book.at_most(rule, steps, np.ones(1), where=steps > 0)
    words = "the order at {0} is {left} in price step {1}, {amount} below the {right} from which its price holds"
    rule = case.rule("order_reaches_bracket", s.step_grid, s.steps, case.quantity, words)
    case.book.at_least(rule, s.by_step, s.least, where=used & s.whole[:, None])


def _check_windows(s: _Sources) -> None:
    """Nothing is ordered before a source is qualified, after it ends, or too late to arrive in the horizon."""
    case = s.case
    early, late = case.period < s.start, case.period >= s.until
    beyond = (case.period + s.lead[:, None] > case.last) & ~(case.instance.order_values() > 0)[:, None]
    for family, closed, why in (
        ("qualified_from", early, "before it is qualified"),
        ("source_until", late, "after it ends"),
        ("delivery_in_horizon", beyond, "although it would arrive after the horizon"),
    ):
        rule = case.rule(family, "order_steps", s.keys, case.quantity, f"{{left}} is ordered at {{0}} {why}")
        case.never(rule, s.ordered, closed)


def _check_charges(s: _Sources, orders: Grid) -> Bools:
    """Orders add up over their steps; one that is placed costs its charge and reaches the minimum.  Gives where they are."""
    case, book = s.case, s.case.book
    quantity, charge = orders.amount("quantity"), orders.amount("order_charge")
    case.not_negative(orders, "quantity", "order_charge")
    case.reader.labels(orders, "good", lambda k, n: s.goods[k], "is not what the source sells")
    labels, period = case.reader.periods, case.period
    case.reader.labels(
        orders,
        "arrives",
        lambda k, n: np.append(labels, "")[np.minimum(period[n] + s.lead[k], case.last + 1)],
        "is not when the order arrives",
    )
    words = "the order at {0} is written as {left}, but its price steps add up to {right}"
    book.equal(case.rule("order_is_sum_of_steps", orders, s.keys, case.quantity, words), quantity, s.ordered)
    room = np.maximum(s.min_order, 1.0)
    noise = case.book.tolerance * np.maximum(room, 1.0)
    costs = s.order_cost > 0
    placed = np.where(costs, charge > s.order_cost / 2, quantity > noise)
    words = "the charge of the order at {0} is {left}, but an order costs {right}"
    rule = case.rule("order_charge", orders, s.keys, case.money, words)
    book.equal(rule, charge, np.where(placed, s.order_cost, 0.0))
    words = "{left} is ordered at {0} without the charge of an order"
    rule = case.rule("order_needs_placement", orders, s.keys, case.quantity, words)
    book.at_most(rule, s.ordered, np.zeros(1), scale=room, where=costs & ~placed)
    _check_lots(s)
    words = "the order at {0} is {left}, {amount} below the minimum of {right}"
    rule = case.rule("minimum_order", orders, s.keys, case.quantity, words)
    book.at_least(rule, s.ordered, s.min_order, scale=room, where=placed & (s.min_order > 0))
    return np.asarray(placed, dtype=np.bool_)


def _check_lots(s: _Sources) -> None:
    """An order is a whole number of lots."""
    case, size = s.case, np.where(s.lot > 0, s.lot, 1.0)
    words = "the order at {0} is {left}, which is no whole number of its lots; the nearest is {right}"
    rule = case.rule("whole_lots", "orders", s.keys, case.quantity, words)
    case.book.equal(rule, s.ordered, np.round(s.ordered / size) * size, where=s.lot > 0)


def _check_capacity(s: _Sources, supply: dict[str, Floats], called: dict[str, Floats]) -> None:
    """Orders and calls of a period stay within the source's capacity and what projects add to it."""
    case = s.case
    limited = {str(k) for (k,) in case.instance.series("supply", "capacity", 0.0)[0]}
    base = case.series("supply", "capacity", 0.0, s.keys)
    base = np.where(np.isnan(base), np.inf, base)
    unlimited = [i for i, k in enumerate(s.names) if k not in limited and k not in supply]
    base[unlimited] = np.inf
    added = np.array([supply.get(k, np.zeros(len(case.tree))) for k in s.names]).reshape(base.shape)
    more = np.array([called.get(k, np.zeros(len(case.tree))) for k in s.names]).reshape(base.shape)
    words = "orders at {0} are {left}, {amount} over its capacity of {right}"
    rule = case.rule("supply_capacity", "order_steps", s.keys, case.quantity, words)
    case.book.at_most(rule, s.ordered + more, base + added)


def _check_deliveries(s: _Sources, orders: Grid, placed: Bools) -> Purchases:
    """Deliveries are the orders of a lead time before and those from before the horizon, less what is lost on its way.

    They are paid at the prices of when they were ordered, and the duty of now.
    """
    case, book = s.case, s.case.book
    grid = case.reader.grid("deliveries", s.keys)
    case.reader.labels(grid, "good", lambda k, n: s.goods[k], "is not what the source sells")
    case.reader.labels(grid, "ordered", lambda k, n: _order_label(s, k, n), "is not when it was ordered")
    quantity = s.arrive * (case.earlier_by_row(s.ordered, s.lead) + s.due)
    cost = s.arrive * (case.earlier_by_row(s.cost, s.lead) + s.due_cost)
    priciest = case.earlier_by_row(s.priciest, s.lead)
    duties = np.array([case.instance.duty_rates(o, g) for o, g in zip(s.origins, s.goods, strict=True)])
    rate = case.spread(duties.reshape(len(s.names), case.instance.columns))
    duty = rate * cost
    words = "{left} of {0} is delivered, but of what was ordered for then {right} arrives"
    rule = case.rule("delivery_of_order", grid, s.keys, case.quantity, words)
    book.equal(rule, grid.amount("quantity"), quantity)
    words = "the delivery of {0} costs {left}, but at the prices when it was ordered it costs {right}"
    rule = case.rule("delivery_cost", grid, s.keys, case.money, words)
    book.equal(rule, grid.amount("cost"), cost, scale=priciest * ROUNDED)
    words = "the duty on the delivery of {0} is {left}, but the rate in force makes it {right}"
    rule = case.rule("delivery_duty", grid, s.keys, case.money, words)
    book.equal(rule, grid.amount("duty"), duty, scale=np.maximum(cost, priciest * ROUNDED))
    traded, charge = np.array(market_paid(case), dtype=bool)[:, None], orders.amount("order_charge")
    return Purchases(
        purchases=np.where(traded, 0.0, cost).sum(axis=0),
        order_charges=np.where(traded, 0.0, charge).sum(axis=0),
        duties=np.where(traded, 0.0, duty).sum(axis=0),
        arrived=case.total(np.where(traded, 0.0, quantity), s.good, len(case.good_at)),
        delivered=_to_stores(s, quantity),
        orders=dict(zip(s.names, s.ordered, strict=True)),
        prices=dict(zip(s.names, s.cost, strict=True)),
        traded=case.total(np.where(traded, quantity, 0.0), s.good, len(case.good_at)),
        traded_cost=np.where(traded, cost + duty + charge, 0.0).sum(axis=0),
        arrivals=dict(zip(s.names, quantity, strict=True)),
        placed=dict(zip(s.names, placed.astype(np.float64), strict=True)),
        deliveries=dict(zip(s.names, s.deliveries(placed), strict=True)),
        undelivered=goods_on_order(case, Orders(s.names, s.lead, s.ordered, s.cost, s.arrive, rate)),
    )


def _to_stores(s: _Sources, quantity: Floats) -> dict[tuple[str, str], Floats]:
    """What is delivered to the stores that sources name, (nodes,) by good and store."""
    out: dict[tuple[str, str], Floats] = {}
    for good, store, amount in zip(s.goods, s.stores, quantity, strict=True):
        if store:
            out[good, store] = out.get((good, store), 0.0 * amount) + amount
    return out


def _order_label(s: _Sources, source: Ints, node: Ints) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Label of the period in which what a source delivers at a node was ordered; empty where that was before the horizon."""
    period = s.case.period[node] - s.lead[source]
    new = s.case.earlier_by_row(s.ordered, s.lead)[source, node] > 0
    return np.where(
        (period >= 0) & (new | (s.due[source, node] == 0)), s.case.reader.periods[np.maximum(period, 0)], ""
    )
