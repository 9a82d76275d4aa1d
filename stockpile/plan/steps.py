"""Orders moved into the first price steps that still have room."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: How much of an order, in model units and relative to it, may stand in a later step than it could.
SKIPPED = 1e-7


def in_order(model: Any, compiled: Any, x: Floats) -> tuple[npt.NDArray[np.int32], Floats] | None:
    """Columns of orders and their quantities with the price steps filled from the first on; None where they are already.

    Where money does not count, the relaxation has no reason to take the cheap step first.
    """
    nodes = len(model.NODES)
    if not len(model.STEPS):
        return None
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
    if (np.abs(filled - quantity) <= SKIPPED * np.maximum(1.0, quantity)).all():
        return None
    return column.ravel(), filled.ravel()


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
