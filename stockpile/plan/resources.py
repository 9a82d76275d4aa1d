"""What a solution takes of resources, as a table of the plan."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockpile.plan.contracts import called
from stockpile.plan.orders import orders_of
from stockpile.plan.processing import levels, operated
from stockpile.plan.solution import Floats, Solution, names


def resources(s: Solution) -> pd.DataFrame:
    """Use, capacity, overtime and its cost of every resource at every node, in the resource's own unit."""
    block, money = s.data.resources, s.data.scale.money
    used = _by_processes(s)
    row = {r: i for i, r in enumerate(block.names)}
    sources = s.data.purchasing.sources
    for kind, (quantity, count) in _orders(s).items():
        for amounts, uses in ((quantity, block.per_unit[kind]), (count, block.per_order[kind])):
            for (r, k), each in uses.items():
                used[row[r]] += each * amounts[sources.index(k)]
    for kind, calls in called(s).items():
        for (r, k), each in block.per_unit[kind].items():
            used[row[r]] += each * calls.get(k, 0.0)
    financing, past = s.data.financing, s.data.nodes.past
    going = np.round(s.read("started", len(financing.stages)))
    started = np.concatenate([financing.begun(len(past))[1], going], axis=1)
    for (r, p, i), each in block.over_stage.items():
        own = started[financing.stages.index((p, i))]
        used[row[r]] += each * (own[len(past) :] - own[financing.busy((p, i))])
    overtime = np.zeros_like(used)
    over = [i for i, most in enumerate(block.overtime) if most.any()]
    overtime[over] = s.read("overtime", len(over))
    needed = np.maximum(used - block.capacity, 0.0)
    asked = {p.name for p in s.data.pins.of("overtime") if p.at_least > 0}
    kept = (block.price > 0) | np.array([r in asked for r in block.names], dtype=bool)[:, None]
    overtime = np.where(kept, overtime, np.minimum(overtime, needed))
    unit = block.unit[:, None]
    values = {
        "used": used * unit,
        "capacity": np.where(np.isinf(block.capacity), used, block.capacity) * unit,
        "overtime": overtime * unit,
        "cost": overtime * block.price * money,
    }
    return s.table({"resource": names(block.names)}, values)


def _by_processes(s: Solution) -> Floats:
    """(R, N) what processes take of every resource, in model units."""
    block, level, on = s.data.resources, levels(s), operated(s)
    used = np.zeros((len(block.names), len(s.tree)))
    for amounts, uses in ((level, block.per_unit["process"]), (on, block.per_order["process"])):
        for (r, j), each in uses.items():
            used[block.names.index(r)] += each * amounts[s.data.processing.names.index(j)]
    return used


def _orders(s: Solution) -> dict[str, tuple[Floats, Floats]]:
    """(K, N) quantity and number of orders, and of deliveries, in model units."""
    block = s.data.purchasing
    quantity, placed = orders_of(s)
    delivered, arriving = block.due.copy(), block.due_orders.copy()
    for k, lead in enumerate(block.lead):
        back = s.tree.ancestor(int(lead))
        inside = back >= 0
        delivered[k, inside] += (block.arrive[k] * quantity[k, np.maximum(back, 0)])[inside]
        arriving[k, inside] += ((block.arrive[k] > 0) * placed[k, np.maximum(back, 0)])[inside]
    return {"order": (quantity, placed), "delivery": (delivered, arriving)}
