"""The benchmark model's data: purchase in price steps with a charge, stock, shelf life, a budget, a shared store.

Goods times nodes of one path; three sources for each good with lead times of 0, 1 and 2 periods and three price steps.
About 48 coefficients for each good and node.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SIZES = {"tiny": (3, 12), "50k": (20, 52), "500k": (100, 104), "3M": (250, 250), "10M": (450, 463)}
SOURCES, STEPS, LIFE, PAST = 3, 3, 4, 4


@dataclass(frozen=True)
class Case:
    """(G, K, S) widths and base prices; (N,) price level and budget; (G, N) demand; (G,) holding, penalty, charge."""

    goods: int
    nodes: int
    width: Floats
    price: Floats
    level: Floats
    budget: Floats
    demand: Floats
    holding: Floats
    penalty: Floats
    charge: Floats
    room: float


def make_case(size: str, seed: int = 1) -> Case:
    """Random data of one of the sizes; the same for the same seed."""
    goods, nodes = SIZES[size]
    draw = np.random.default_rng(seed)
    demand = draw.gamma(2.0, 10.0, (goods, nodes)).round(1)
    price = np.sort(draw.uniform(5, 20, (goods, SOURCES, STEPS)), axis=2).round(3)
    level = (1 + 0.01 * np.arange(nodes) + draw.normal(0, 0.1, nodes)).clip(0.6, 3).round(4)
    return Case(
        goods=goods,
        nodes=nodes,
        width=draw.uniform(5, 15, (goods, SOURCES, STEPS)).round(1),
        price=price,
        level=level,
        budget=(demand.sum(axis=0) * 11 * level * draw.uniform(0.9, 1.4, nodes)).round(0),
        demand=demand,
        holding=draw.uniform(0.05, 0.3, goods).round(3),
        penalty=draw.uniform(60, 120, goods).round(1),
        charge=draw.uniform(20, 100, goods).round(1),
        room=float(round(demand.mean() * goods * 3)),
    )


def signature(arrays: Any) -> tuple[int, int, int, float, float, float]:
    """Rows, columns, coefficients, and sums that tell models apart: what every peer must have in common."""
    values, cost, lower, upper = (
        np.asarray(a) for a in (arrays.value, arrays.cost, arrays.row_lower, arrays.row_upper)
    )
    sides = float(np.abs(lower[np.isfinite(lower)]).sum() + np.abs(upper[np.isfinite(upper)]).sum())
    return len(lower), len(cost), len(values), float(np.abs(values).sum()), float(cost.sum()), sides
