"""How much an order could at most be used for: a bound that ties it to its charge and counts its lots."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from stockpile.data.backlog import late_use
from stockpile.data.demand import Demand
from stockpile.data.financing import Financing
from stockpile.data.nodes import Nodes
from stockpile.data.pins import Pins
from stockpile.data.policy_needs import Needs
from stockpile.data.processing import Processing
from stockpile.data.stock import Stock
from stockpile.errors import DataError, Problem

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: The largest link of an order to its charge, in model units (a typical amount is 32): more would hide what flows through an
#: order that is 0.
LARGEST = 1e5
#: How near to whole a number of lots counts as whole.
WHOLE = 1e-9


def in_lots(most: Floats, lot: Floats) -> Floats:
    """(K, N) the least whole number of lots that is as much: the last lot may be needed in part."""
    size = np.where(lot > 0, lot, 1.0)[:, None]
    return np.where(lot[:, None] > 0, np.ceil(most / size - WHOLE) * size, most)


def most_useful(
    nodes: Nodes,
    stock: Stock,
    demand: Demand,
    price: Floats,
    index: tuple[Ints, Ints],
    more: tuple[Financing, Pins, Processing, Needs],
) -> tuple[Floats, Floats]:
    """(G, N) the most of a good arriving at a node that any plan could have a use for, and (G,) over the whole horizon.

    Demand, what may be sold, what may be lent and what processes may take over its shelf life, the largest target and the end stock on the way, grossed up by loss in
    storage. Where keeping pays by itself (terminal value at or above a price, which is 0 where a fund that does not count
    may pay), what the stores hold is added. What pins and policies require to be kept, and pins to be thrown away or moved, counts as well. More than this would only be thrown away, so it is a valid bound for linking an
    order to its charge.  On a tree that branches every node counts what all nodes use: valid, and loose.
    """
    good, source = index
    financing, pins, processing, needs = more
    useful, whole = np.zeros((len(stock.goods), len(nodes.horizon))), np.zeros(len(stock.goods))
    for g, name in enumerate(stock.goods):
        use, late = _demanded(nodes, demand, name, int(stock.life[g]), stock.gross[g])
        use = use + processing.most_taken(name, len(use))
        keep = np.zeros(len(nodes.horizon))
        if name in stock.sales.goods:
            use = use + stock.sales.depth[stock.sales.goods.index(name)]
        for (lent, _), most in zip(stock.loans.offers, stock.loans.most, strict=True):
            use = use + most if lent == name else use
        if name in stock.targets.goods:
            keep = stock.targets.most[stock.targets.goods.index(name)].copy()
        keep = np.maximum(keep, pins.required("stock", name, len(keep)))
        keep = np.maximum(keep, needs.kept.get(name, 0.0))
        use = use + pins.required("disposal", name, len(use)) + pins.moved(name, len(use))
        keep[nodes.tree.leaves] = np.maximum(keep[nodes.tree.leaves], stock.end_stock[g])
        cheapest = price[good[source] == g]
        if stock.terminal_value[g] > 0 and len(cheapest) and stock.terminal_value[g] >= cheapest.min():
            keep = keep + np.minimum(_room(stock, financing, name, g), LARGEST)
        if nodes.tree.branches:
            use, keep = np.full_like(use, use.sum()), np.full_like(keep, keep.max())
        useful[g] = _window(use, keep, int(stock.life[g]), stock.gross[g])
        useful[g] = np.where(np.isinf(useful[g]), useful[g], np.minimum(useful[g] + late, LARGEST))
        whole[g] = _product(use + keep, np.full(len(use), stock.gross[g].max(initial=1.0))).sum() + late.sum()
    return useful, whole


def most_taken(nodes: Nodes, stock: Stock, demand: Demand) -> Floats:
    """(G, N) the most of a good arriving at a node that sectors could take there, of which nothing is stored."""
    taken = np.zeros((len(stock.goods), len(nodes.horizon)))
    for g, name in enumerate(stock.goods):
        use, late = _demanded(nodes, demand, name, 1, np.ones(len(nodes.horizon)))
        taken[g] = use + late
    return taken


def _demanded(nodes: Nodes, demand: Demand, name: str, life: int, gross: Floats) -> tuple[Floats, Floats]:
    """(N,) what sectors may use of a good in a node at once, and what those whose demand may wait use of an arrival there."""
    use, late = np.zeros(len(nodes.horizon)), np.zeros(len(nodes.horizon))
    wants = [(pair, 1.0) for pair in demand.pairs if pair[1] == name]
    wants += [(a[:2], worth) for a, worth in zip(demand.accepts, demand.worth, strict=True) if a[2] == name]
    for pair, worth in wants:
        amount = demand.amount[demand.pairs.index(pair)] / worth
        longest = demand.backlog.longest_of(pair)
        if longest == 0:
            use += amount
        elif nodes.tree.branches:
            late += late_use(np.full_like(amount, amount.sum()), longest, life, gross, LARGEST)
        else:
            late += late_use(amount, longest, life, gross, LARGEST)
    return use, late


def _room(stock: Stock, financing: Financing, name: str, g: int) -> Floats:
    """(N,) the most of a good that its stores hold: its own room in each, or the shared room with what projects add."""
    total = np.zeros(stock.capacity.shape[1])
    for i, (good, store) in enumerate(stock.pairs):
        if good == name:
            gain = sum(e.increment * e.steps for e in financing.effects if e.kind == "capacity" and e.name == store)
            shared = (stock.store_capacity[stock.stores.index(store)] + gain) / stock.mass[g]
            total += np.minimum(stock.capacity[i], shared)
    return total


def _window(use: Floats, keep: Floats, life: int, gross: Floats) -> Floats:
    """From each period on, over ``life`` periods (0: to the end): what is used plus the most that is kept.

    Each is grossed up by the loss until then (``gross`` by periods since); above ``LARGEST`` it is cut, as a link should be.
    """
    periods = len(use)
    out = np.zeros(periods)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        for t in range(periods):
            end = periods if life == 0 else min(periods, t + life)
            lost = gross[: end - t]
            out[t] = _product(use[t:end], lost).sum() + _product(keep[t:end], lost).max()
    return np.where(np.isinf(out), out, np.minimum(out, LARGEST))


def _product(amount: Floats, gross: Floats) -> Floats:
    """Amounts grossed up; nothing stays nothing."""
    return np.where(amount == 0, 0.0, amount * np.minimum(gross, LARGEST))


def at_arrival(useful: Floats, nodes: Nodes, lead: Ints) -> Floats:
    """(K, N) the useful amount of the period in which an order placed at a node arrives, over the paths through it."""
    out = np.zeros_like(useful)
    for row, periods in enumerate(lead):
        source = nodes.tree.ancestor(int(periods))
        inside = source >= 0
        np.maximum.at(out[row], source[inside], useful[row][inside])
    return out


def lots_within(width: Floats, most: Floats, source: Ints, lot: Floats) -> Floats:
    """(K, N) the most lots of an order within its price steps and ``most``; 0 for sources without lots."""
    offered = np.zeros(most.shape)
    np.add.at(offered, source, width)
    size = np.where(lot > 0, lot, np.inf)[:, None]
    with np.errstate(invalid="ignore"):
        return np.where(lot[:, None] > 0, np.floor(np.minimum(offered, most) / size + WHOLE), 0.0)


def refuse_endless(names: tuple[str, ...], endless: npt.NDArray[np.bool_]) -> None:
    """An order with a charge, a minimum, lots or a discount needs some bound; say which tables could give one."""
    problems = [
        Problem(
            "sources.csv",
            f"nothing bounds an order at {names[k]!r}, which has a charge, a set-up, a minimum, lots or a discount; give its price steps a width, "
            "a supply capacity, or the good's sales and exchanges a depth and its stores and processes a capacity",
            row=int(k) + 2,
            column="order_cost",
        )
        for k in np.flatnonzero(endless)
    ]
    if problems:
        raise DataError(problems)
