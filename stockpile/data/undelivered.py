"""Orders that arrive after the horizon: what they are worth at its end, and what is then still to be paid for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.funds import Funds
from stockpile.data.nodes import Nodes
from stockpile.data.purchasing import Purchasing
from stockpile.data.scale import Scale
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Undelivered:
    """Per source (U) whose orders may arrive after the horizon, and node (N), of which the leaves count.

    ``worth`` is what a unit on order is worth, for the share that arrives; ``owed`` what is still to be paid of a unit of
    its price, duty included where it counts.  ``steps`` are (source, price step, periods since the order) of what may
    then be on its way.  ``due`` (U, N) is the quantity on order from before the horizon that arrives after it, ``due_cost``
    its price.
    """

    sources: tuple[str, ...]
    worth: Floats
    owed: Floats
    steps: tuple[tuple[str, int, int], ...]
    due: Floats
    due_cost: Floats

    @property
    def due_value(self) -> Floats:
        """(N,) what orders from before count for, as a cost in model money."""
        value: Floats = (self.owed * self.due_cost - self.worth * self.due).sum(axis=0)
        return value


def make_undelivered(
    instance: Instance, nodes: Nodes, scale: Scale, purchasing: Purchasing, funds: Funds
) -> Undelivered:
    """Arrays of the orders that may arrive after the horizon, empty where no end value lets any."""
    value, periods = instance.order_values(), len(instance.calendar.labels)
    kept = np.flatnonzero(value > 0)
    taxed = all(funds.duty_counted[funds.names.index(f)] > 0 for use, f in funds.classes if use == "duties")
    sources = tuple(purchasing.sources[k] for k in kept)
    goods = {str(g): i for i, g in enumerate(instance.view("goods")["good"])}
    unit = scale.good[np.array([goods[purchasing.good_of[k]] for k in sources], dtype=np.int64)]
    arrive = purchasing.arrive[kept]
    due, cost = _due(instance, sources)
    lead = dict(zip(purchasing.sources, purchasing.lead.tolist(), strict=True))
    return Undelivered(
        sources=sources,
        worth=arrive * (value[kept] * unit / scale.money)[:, None],
        owed=arrive * (1.0 + taxed * purchasing.duty[kept]),
        steps=tuple((k, s, j) for k, s in purchasing.steps if k in sources for j in range(min(lead[k], periods))),
        due=np.repeat((due / unit)[:, None], len(nodes.horizon), axis=1),
        due_cost=np.repeat((cost / scale.money)[:, None], len(nodes.horizon), axis=1),
    )


def _due(instance: Instance, sources: tuple[str, ...]) -> tuple[Floats, Floats]:
    """(U,) quantity and price, instance units, of orders from before the horizon that arrive after it."""
    view, periods = instance.view("opening_orders"), instance.calendar.periods
    due, cost = np.zeros(len(sources)), np.zeros(len(sources))
    columns = (view[name].tolist() for name in ("source", "arrives", "quantity", "price"))
    for source, arrives, quantity, price in zip(*columns, strict=True):
        if arrives >= periods:
            due[sources.index(source)] += quantity
            cost[sources.index(source)] += quantity * price
    return due, cost
