"""What comes back of goods in use, as arrays in model units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.nodes import Nodes
from stockpile.data.scale import Scale
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
#: Number of the row, sector and good.
Row = tuple[int, str, str]


@dataclass(frozen=True)
class Returns:
    """``rows`` (B) of the table of returns, numbered, with their sector and good; ``source_of`` (B) the source that collects.

    ``share`` (B, N) is the quantity of the source's good for a unit of the good in use, both in the model, 0 where the use was
    before the horizon; ``used`` (B, N) the position of the node of the use.  ``sources`` (K) are those that collect;
    ``before`` (K, N) what comes back of use before the horizon.
    """

    rows: tuple[Row, ...]
    source_of: tuple[str, ...]
    share: Floats
    used: Ints
    sources: tuple[str, ...]
    before: Floats


def make_returns(instance: Instance, nodes: Nodes, scale: Scale) -> Returns:
    """Arrays of the returns; empty ones where nothing comes back."""
    view, sources = instance.view("returns"), instance.view("sources")
    unit = dict(zip(instance.view("goods")["good"], scale.good.tolist(), strict=True))
    good_of = dict(zip(sources["source"], sources["good"], strict=True))
    columns = (view[name].tolist() for name in ("source", "sector", "good", "share", "lag"))
    records = [(str(k), str(e), str(g), share, int(lag)) for k, e, g, share, lag in zip(*columns, strict=True)]
    collecting = tuple(dict.fromkeys(record[0] for record in records))
    shape = (len(records), len(nodes.horizon))
    share, used = np.zeros(shape), np.zeros(shape, dtype=np.int64)
    before = np.zeros((len(collecting), len(nodes.horizon)))
    opening = _opening(instance)
    for row, (source, sector, good, part, lag) in enumerate(records):
        back = nodes.tree.ancestor(lag)
        share[row] = np.where(back >= 0, part * unit[good] / unit[good_of[source]], 0.0)
        used[row] = np.maximum(back, 0)
        for age, quantity in opening.get((sector, good), ()):
            due = nodes.period == lag - age
            before[collecting.index(source), due] += part * quantity / unit[good_of[source]]
    return Returns(
        rows=tuple((row, sector, good) for row, (_, sector, good, _, _) in enumerate(records)),
        source_of=tuple(record[0] for record in records),
        share=share,
        used=used,
        sources=collecting,
        before=before,
    )


def _opening(instance: Instance) -> dict[tuple[str, str], list[tuple[int, float]]]:
    """Age in periods and quantity of what went into use before the horizon, by sector and good."""
    found: dict[tuple[str, str], list[tuple[int, float]]] = {}
    view = instance.view("opening_use")
    columns = (view[name].tolist() for name in ("sector", "good", "age", "quantity"))
    for sector, good, age, quantity in zip(*columns, strict=True):
        found.setdefault((str(sector), str(good)), []).append((int(age), float(quantity)))
    return found
