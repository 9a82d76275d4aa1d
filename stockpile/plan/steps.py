"""Orders and sales moved into the first price steps that still have room."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from stockpile.plan.rotation import fill, matched

Floats = npt.NDArray[np.float64]

#: How much of an order, in model units and relative to it, may stand in a later step than it could.
SKIPPED = 1e-7

#: Columns, their quantities, and the quantities with the first steps filled first, (steps, nodes).
Part = tuple[npt.NDArray[np.int32], Floats, Floats]


def in_order(model: Any, compiled: Any, x: Floats) -> tuple[npt.NDArray[np.int32], Floats] | None:
    """Columns of orders and sales and their quantities with the price steps filled from the first on; None where they are.

    Where money does not count, the relaxation has no reason to take the better step first.
    """
    parts = []
    if len(model.STEPS):
        parts.append(_orders(model, compiled, x))
    if hasattr(model, "sale_step"):
        parts.append(_sales(model, compiled, x))
    if hasattr(model, "aged_step"):
        parts.append(_aged(model, compiled, x, parts[-1]))
    if all((np.abs(filled - quantity) <= SKIPPED * np.maximum(1.0, quantity)).all() for _, quantity, filled in parts):
        return None
    return np.concatenate([part[0].ravel() for part in parts]), np.concatenate([part[2].ravel() for part in parts])


def _sales(model: Any, compiled: Any, x: Floats) -> Part:
    """Sales by step of the demand curve."""
    steps = list(model.SALE_STEPS)
    column = compiled.columns_of(model.sale_step).reshape(len(steps), -1)
    quantity, width = x[column], compiled.upper[column]
    filled = np.zeros_like(quantity)
    for good in dict.fromkeys(g for g, _ in steps):
        rows = [i for i, (other, _) in enumerate(steps) if other == good]
        filled[rows] = fill(quantity[rows].sum(axis=0), width[rows])
    return column, quantity, filled


def _aged(model: Any, compiled: Any, x: Floats, sales: Part) -> Part:
    """Sales by age and step of the demand curve: what fetches the largest share in the first steps."""
    keys, steps = list(model.AGED_STEPS), list(model.SALE_STEPS)
    column = compiled.columns_of(model.aged_step).reshape(len(keys), -1)
    quantity = x[column]
    filled = np.zeros_like(quantity)
    for good in dict.fromkeys(g for g, _, _ in keys):
        mine = [i for i, (g, _, _) in enumerate(keys) if g == good]
        lost = {keys[i][1]: float(model.price_lost[good, keys[i][1]]) for i in mine}
        ages = sorted(lost, key=lost.__getitem__)
        rows = [i for i, (g, _) in enumerate(steps) if g == good]
        amounts = np.array([sum(quantity[i] for i in mine if keys[i][1] == c) for c in ages])
        split = matched(amounts, sales[2][rows])
        for i in mine:
            filled[i] = split[ages.index(keys[i][1]), [steps[r][1] for r in rows].index(keys[i][2])]
    return column, quantity, filled


def _orders(model: Any, compiled: Any, x: Floats) -> Part:
    """Orders by price step."""
    nodes = len(model.NODES)
    column = compiled.columns_of(model.order).reshape(len(model.STEPS), -1)[:, -nodes:]
    quantity, width = x[column], compiled.upper[column]
    source = [k for k, _ in model.STEPS]
    whole = set(model.BRACKETED)
    filled = quantity * np.array([k in whole for k in source])[:, None]
    shared = [list(model.SOURCES_IN[u]) for u in model.MARKETS] if hasattr(model, "MARKETS") else []
    inside = {k for names in shared for k in names}
    for k in dict.fromkeys(k for k in source if k not in whole and k not in inside):
        rows = [i for i, other in enumerate(source) if other == k]
        left = quantity[rows].sum(axis=0)
        for i in rows:
            filled[i] = np.minimum(left, width[i])
            left = left - filled[i]
    for names in shared:
        place = np.array([[i for i, other in enumerate(source) if other == k] for k in names])
        filled[place] = _moved_up(quantity[place], width[place].max(axis=0))
    return column, quantity, filled


def _moved_up(quantity: Floats, width: Floats) -> Floats:
    """Orders (sources, steps, nodes) of a market with its steps, (steps, nodes) wide, filled from the first on.

    What moves goes to an earlier step of its own source: no source is paid more than before in any period.
    """
    filled = quantity.copy()
    for s in range(len(width)):
        room = np.maximum(width[s] - filled[:, s].sum(axis=0), 0.0)
        for later in range(len(width) - 1, s, -1):
            for k in range(len(filled)):
                moved = np.minimum(room, filled[k, later])
                filled[k, later] -= moved
                filled[k, s] += moved
                room = room - moved
    return filled
