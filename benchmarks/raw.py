"""The benchmark model as numpy arrays, written by hand: the mark that the others are measured by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from benchmarks.case import LIFE, PAST, SOURCES, STEPS, Case


@dataclass
class Raw:
    """A model as HiGHS takes it."""

    cost: Any
    lower: Any
    upper: Any
    integer: Any
    row_lower: Any
    row_upper: Any
    start: Any
    index: Any
    value: Any


def build(case: Case) -> Raw:
    """All rows, family by family, in the order of ``models.build``."""
    g, n, k, s, p = case.goods, case.nodes, SOURCES, STEPS, PAST
    shapes = {
        "order": (g, k, s, p + n),
        "place": (g, k, n),
        "inflow": (g, n),
        "so_far": (g, p + n),
        "stock": (g, p + n),
    }
    shapes |= {"release": (g, n), "short": (g, n)}
    at, columns = {}, 0
    for name, shape in shapes.items():
        size = int(np.prod(shape))
        at[name] = np.arange(columns, columns + size, dtype=np.int32).reshape(shape)
        columns += size
    lower, upper, cost = np.zeros(columns), np.full(columns, np.inf), np.zeros(columns)
    integer = np.zeros(columns, dtype=np.int32)
    order = at["order"]
    upper[order[..., p:]] = case.width[..., None]
    for name in ("order", "so_far", "stock"):
        upper[at[name][..., :p]] = 0.0
    upper[at["place"]], integer[at["place"]] = 1.0, 1
    price = case.price[..., None] * case.level
    cost[order[..., p:]] = price
    cost[at["place"]] = case.charge[:, None, None]
    cost[at["stock"][:, p:]] = case.holding[:, None]
    cost[at["short"]] = case.penalty[:, None]
    rows = _Rows()
    now = order[..., p:]
    rows.add(
        (g, k, s, n),
        [(now[..., None], 1.0), (at["place"][:, :, None, :, None], -case.width[..., None, None])],
        -np.inf,
        0.0,
    )
    arrived = np.stack([order[:, j, :, p - j : p - j + n] for j in range(k)], axis=1)
    flat = np.moveaxis(arrived.reshape(g, k * s, n), 1, 2)
    rows.add((g, n), [(at["inflow"][..., None], 1.0), (flat, -1.0)], 0.0, 0.0)
    stock, so_far = at["stock"], at["so_far"]
    one = [
        (stock[:, p:, None], 1.0),
        (stock[:, p - 1 : -1, None], -1.0),
        (at["inflow"][..., None], -1.0),
        (at["release"][..., None], 1.0),
    ]
    rows.add((g, n), one, 0.0, 0.0)
    two = [(so_far[:, p:, None], 1.0), (so_far[:, p - 1 : -1, None], -1.0), (at["inflow"][..., None], -1.0)]
    rows.add((g, n), two, 0.0, 0.0)
    back = p - LIFE + 1
    three = [(stock[:, p:, None], 1.0), (so_far[:, p:, None], -1.0), (so_far[:, back : back + n, None], 1.0)]
    rows.add((g, n), three, -np.inf, 0.0)
    rows.add((g, n), [(at["release"][..., None], 1.0), (at["short"][..., None], 1.0)], case.demand, case.demand)
    spent = np.moveaxis(now.reshape(g * k * s, n), 0, 1)
    paid = np.moveaxis(price.reshape(g * k * s, n), 0, 1)
    charged = np.moveaxis(at["place"].reshape(g * k, n), 0, 1)
    rows.add((n,), [(spent, paid), (charged, np.repeat(case.charge, k))], -np.inf, case.budget)
    rows.add((n,), [(np.moveaxis(stock[:, p:], 0, 1), 1.0)], -np.inf, case.room)
    return Raw(cost, lower, upper, integer, *rows.done())


class _Rows:
    """Collects families of rows."""

    def __init__(self) -> None:
        self.index: list[Any] = []
        self.value: list[Any] = []
        self.count: list[Any] = []
        self.lower: list[Any] = []
        self.upper: list[Any] = []

    def add(self, shape: tuple[int, ...], blocks: list[tuple[Any, Any]], lower: Any, upper: Any) -> None:
        """One family: blocks of columns (its shape and a width) with coefficients that broadcast."""
        rows = int(np.prod(shape))
        wide = [columns.shape[-1] for columns, _ in blocks]
        index, value = np.empty((rows, sum(wide)), np.int32), np.empty((rows, sum(wide)))
        at = 0
        for (columns, coefficient), width in zip(blocks, wide, strict=True):
            whole = (*shape, width)
            index[:, at : at + width] = np.broadcast_to(columns, whole).reshape(rows, width)
            value[:, at : at + width] = np.broadcast_to(coefficient, whole).reshape(rows, width)
            at += width
        self.index.append(index.ravel())
        self.value.append(value.ravel())
        self.count.append(np.full(rows, sum(wide), np.int32))
        self.lower.append(np.broadcast_to(lower, shape).ravel())
        self.upper.append(np.broadcast_to(upper, shape).ravel())

    def done(self) -> tuple[Any, ...]:
        """Bounds of rows, then CSR."""
        count = np.concatenate(self.count)
        start = np.zeros(len(count) + 1, np.int32)
        np.cumsum(count, out=start[1:])
        sides = np.concatenate(self.lower), np.concatenate(self.upper)
        return (*sides, start, np.concatenate(self.index), np.concatenate(self.value))


def hand_over(model: Any, offset: float = 0.0) -> Any:
    """A silent HiGHS with the model."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.passModel(
        len(model.cost), len(model.row_lower), len(model.index), int(highspy.MatrixFormat.kRowwise), 1, offset, model.cost,
        model.lower, model.upper, model.row_lower, model.row_upper, model.start, model.index, model.value,
        np.asarray(model.integer).astype(np.int32),
    )  # fmt: skip
    return highs
