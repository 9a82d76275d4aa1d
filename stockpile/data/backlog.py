"""Demand that may wait, as arrays in model units, and how much of what arrives late demand may take."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.scale import Scale
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Backlog:
    """``pairs`` (B) of sector and good whose demand may wait: at a ``cost`` per period, for ``longest`` periods at most.

    ``longest`` is the length of the horizon where there is no limit.  What waits at the end costs ``end_penalty``; nothing
    may where ``served`` is set.
    """

    pairs: tuple[tuple[str, str], ...]
    cost: Floats
    longest: Ints
    end_penalty: Floats
    served: npt.NDArray[np.bool_]

    def longest_of(self, pair: tuple[str, str]) -> int:
        """The most periods that demand of a pair may wait, 0 where it may not."""
        return int(self.longest[self.pairs.index(pair)]) if pair in self.pairs else 0


def make_backlog(instance: Instance, pairs: tuple[tuple[str, str], ...], scale: Scale) -> Backlog:
    """Arrays of the backlog of ``pairs`` of sector and good that have demand."""
    goods = [str(g) for g in instance.view("goods")["good"]]
    periods = len(instance.calendar.labels)
    known = () if instance.view("backlog").empty else pairs
    rows = [(pair, row) for pair in known for row in instance.backlog_of(*pair).to_dict("records")]
    unit = np.array([scale.good[goods.index(g)] for (_, g), _ in rows]) / scale.money
    wait, cost, end = (np.array([row[c] for _, row in rows], dtype=float) for c in ("max_wait", "cost", "end_penalty"))
    return Backlog(
        pairs=tuple(pair for pair, _ in rows),
        cost=cost * unit,
        longest=np.minimum(np.where(np.isnan(wait), periods, wait), periods).astype(np.int64),
        end_penalty=np.nan_to_num(end) * unit,
        served=np.isnan(end),
    )


def late_use(demand: Floats, longest: int, life: int, gross: Floats, most: float) -> Floats:
    """(N,) the most of what arrives in a period that demand could take which may wait for ``longest`` periods.

    It is demand of the periods in which a unit may leave and of those before from which demand may still wait, each at
    the loss until the last period in which it may be served: what is needed of ``demand`` (N,), times what must
    arrive for a unit to be left so many periods later (``gross``).  No factor of loss counts for more than ``most``.
    """
    periods = len(demand)
    out = np.zeros(periods)
    for t in range(periods):
        end = periods if life == 0 else min(periods, t + life)
        begin = max(0, t - longest)
        last = np.minimum(np.arange(begin, end) + longest, end - 1) - t
        out[t] = (demand[begin:end] * np.minimum(gross[last], most)).sum()
    return out
