"""A solution and what is needed to read it: arrays in model units, node and period labels, tidy tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpile.data import Data
from stockpile.instance import Instance
from stockpile.tree import Tree

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.object_]

#: Figures that are kept of a number, and the amount in model units below which a value is rounding noise.
FIGURES = 13
NOISE = 1e-9


def names(values: Any) -> Labels:
    """Names as an array of objects, one dimension whatever they look like."""
    out = np.empty(len(values), dtype=object)
    out[:] = list(values)
    return out


def visible(amount: Floats) -> npt.NDArray[np.bool_]:
    """Where there is something of an amount."""
    return np.asarray(amount > 0)


def rounded(values: Floats) -> Floats:
    """Numbers to so many figures, whatever their size: a gram of a tonne counts as a tonne of a megatonne does."""
    size = np.abs(values)
    with np.errstate(divide="ignore"):
        figures = np.where(size > 0, FIGURES - 1 - np.floor(np.log10(size)), 0.0)
    scale = 10.0 ** np.clip(figures, -300, 300)
    return np.asarray(np.round(values * scale) / scale + 0.0)


@dataclass(frozen=True)
class Solution:
    """Column values ``x`` of a compiled model, with the instance, tree and data that it was made from."""

    instance: Instance
    tree: Tree
    data: Data
    model: Any
    compiled: Any
    x: Floats

    def read(self, name: str, rows: int) -> Floats:
        """(rows, N) values of a variable at the horizon's nodes, model units, noise removed."""
        nodes = len(self.tree)
        if not rows:
            return np.zeros((0, nodes))
        values = self.compiled.read(getattr(self.model, name), self.x).reshape(rows, -1)[:, -nodes:]
        return np.where(np.abs(values) < NOISE, 0.0, values)

    @property
    def goods(self) -> dict[str, int]:
        """Row of every good."""
        return {g: i for i, g in enumerate(self.data.stock.goods)}

    def unit_of(self, goods: Any) -> Floats:
        """Instance units per model unit for a list of goods."""
        place = self.goods
        return self.data.scale.good[np.array([place[g] for g in goods], dtype=np.int64)]

    @property
    def periods(self) -> Labels:
        """Label of the period of every node."""
        labels: Labels = np.array(self.instance.calendar.labels, dtype=object)[self.tree.period]
        return labels

    def later(self, node: npt.NDArray[np.int64], lag: npt.NDArray[np.int64]) -> Labels:
        """Label of the period ``lag`` periods after that of a node."""
        labels = np.array(self.instance.calendar.labels, dtype=object)
        found: Labels = labels[np.minimum(self.tree.period[node] + lag, len(labels) - 1)]
        return found

    def expected_end(self, node: int, stage: tuple[str, int]) -> str:
        """Label of the period in which a stage released at a node is verified; empty where that depends on the future."""
        staging, paths = self.instance.staging, self.tree.paths
        assert staging is not None
        found = staging.verified(stage, int(self.tree.period[node]))
        through = [found[s] for s in range(len(paths)) if node in paths[s]] if len(paths) else found
        at = through[0] if len(set(through)) == 1 else None
        return "" if at is None else self.instance.calendar.labels[at]

    def before(self, closing: Floats, start: Floats | None = None) -> Floats:
        """(rows, N) value at the close of the parent; ``start`` (rows,) before the root, zeros where not given."""
        first = np.zeros(len(closing)) if start is None else start
        parent = self.tree.parent
        return np.where(parent[None, :] < 0, first[:, None], closing[:, np.maximum(parent, 0)])

    def table(
        self, keys: Mapping[str, Labels], values: Mapping[str, Floats], keep: npt.NDArray[np.bool_] | None = None
    ) -> pd.DataFrame:
        """A tidy table from (rows, N) arrays: node and period first, entries where ``keep``, in the order of nodes."""
        if keep is None:
            keep = np.ones(next(iter(values.values())).shape, dtype=bool)
        node, row = np.nonzero(keep.T)
        columns: dict[str, Any] = {
            "node": np.array(self.tree.labels, dtype=object)[node],
            "period": self.periods[node],
        }
        for name, key in keys.items():
            column = key[row]
            columns[name] = column.astype(np.int64) if name in ("step", "stage", "tier", "after", "age") else column
        columns |= {name: rounded(array[row, node]) for name, array in values.items()}
        return pd.DataFrame(columns)
