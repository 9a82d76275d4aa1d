"""Orders and runs worth trying where a relaxation buys and runs in trickles: trickles are gathered until they fill one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Columns = npt.NDArray[np.int32]
Read = Callable[[str, int], Columns]

SOME = 1e-6
"""What is less than this part of an order or a run is nothing."""


class Gathering:
    """Gathers what sources and processes do at a point until it reaches the least order, the lot, or the least run.

    ``read`` gives the columns of a variable at the horizon's nodes by name and number of rows; ``parent`` is the position
    of every node's parent, -1 at the root.
    """

    def __init__(self, model: Any, parent: Ints, read: Read) -> None:
        self.parent, self.nodes = parent, list(model.NODES)
        self.lumpy, self.lotted, steps = list(model.LUMPY), list(model.LOTTED), list(model.STEPS)
        self.of_source = {k: [i for i, (j, _) in enumerate(steps) if j == k] for k in {*self.lumpy, *self.lotted}}
        self.order, self.place = read("order", len(steps)), read("place", len(self.lumpy))
        self.lots = read("lots", len(self.lotted))
        self.lot = {k: float(model.lot[k]) for k in self.lotted}
        self.least_order = {k: float(model.min_order[k]) for k in model.WITH_MINIMUM}
        self._read_brackets(model, steps, read)
        processes = list(getattr(model, "PROCESSES", ()))
        self.runs = list(getattr(model, "LUMPY_PROCESSES", ()))
        self.run, self.operate = read("run", len(processes)), read("operate", len(self.runs))
        self.run = self.run[[processes.index(j) for j in self.runs]]
        self.least_run = {j: float(model.min_run[j]) for j in getattr(model, "WITH_LEAST_RUN", ())}

    def _read_brackets(self, model: Any, steps: list[Any], read: Read) -> None:
        """Steps that price a whole order: where they are among the steps, and what an order in them is at least."""
        brackets = list(model.BRACKETS)
        self.bracket = read("bracket", len(brackets))
        self.rows_of = {k: [i for i, (j, _) in enumerate(brackets) if j == k] for k in model.BRACKETED}
        self.step_of = [steps.index(pair) for pair in brackets]
        least = [[float(model.bracket_least[k, s, n]) for n in self.nodes] for k, s in brackets]
        self.bracket_least = np.array(least).reshape(len(brackets), len(self.nodes))

    def write(self, guess: Floats, x: Floats, early: bool) -> None:
        """Write down which orders are placed, in how many lots and at which price, and which processes run.

        They are placed before what they gather is needed (``early``), or when it has come together.
        """
        self.early = early
        flow = {k: x[self.order[rows]].sum(axis=0) for k, rows in self.of_source.items()}
        for row, k in enumerate(self.lumpy):
            if k not in self.lot:
                guess[self.place[row]], amount = self._gather(flow[k], self._least(k, x))
                self._choose_bracket(guess, k, amount)
        for row, k in enumerate(self.lotted):
            on, amount = self._gather(flow[k], max(self._least(k, x), self.lot[k]), self.lot[k])
            guess[self.lots[row]] = np.round(amount / self.lot[k])
            if k in self.lumpy:
                guess[self.place[self.lumpy.index(k)]] = on
            self._choose_bracket(guess, k, amount)
        for row, j in enumerate(self.runs):
            guess[self.operate[row]] = self._gather(x[self.run[row]], self.least_run.get(j, 0.0))[0]

    def _least(self, k: Any, x: Floats) -> float:
        """The least order; where a step prices the whole of it, what the step reaches that the point prefers."""
        least = self.least_order.get(k, 0.0)
        rows = self.rows_of.get(k)
        if not rows:
            return least
        preferred = rows[int(np.argmax([x[self.order[self.step_of[i]]].sum() for i in rows]))]
        return max(least, float(self.bracket_least[preferred].max()))

    def _choose_bracket(self, guess: Floats, k: Any, amount: Floats) -> None:
        """The last step that the amount reaches prices it; the first where it reaches none."""
        rows = self.rows_of.get(k)
        if rows:
            reached = (self.bracket_least[rows] <= amount + SOME).sum(axis=0) - 1
            chosen = np.arange(len(rows))[:, None] == np.maximum(reached, 0)
            guess[self.bracket[rows]] = chosen & (amount > SOME)

    def _gather(self, flow: Floats, least: float, lot: float = 0.0) -> tuple[Floats, Floats]:
        """Where what has come together since the last time is enough, and how much it is, in whole lots if there are any."""
        on, amount, left = np.zeros(len(flow)), np.zeros(len(flow)), np.zeros(len(flow))
        for n, parent in enumerate(self.parent):
            together = flow[n] + (left[parent] if parent >= 0 else least * self.early * (1 - 2 * SOME))
            enough = flow[n] > SOME and together >= least * (1 - SOME)
            amount[n] = max(together, least) * enough
            if lot:
                amount[n] = lot * np.floor(amount[n] / lot + SOME)
            on[n], left[n] = enough, together - amount[n]
        return on, amount


__all__ = ["Gathering"]
