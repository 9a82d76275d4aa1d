"""When stages end on the paths of the tree: period by period, as their durations are in force there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stockpile.plan.auditing.book import Bools, Floats, Ints, Key
from stockpile.plan.auditing.case import Case


class Courses:
    """The course of every stage (S) on the tree.

    A stage ends in the first period by which it has run for as long as its duration is then; what ends while its outcome
    is 0 fails.  ``ages`` (S, 1) are periods since a release before the horizon, NaN without one.
    """

    def __init__(self, case: Case, stages: Sequence[Key], ages: Floats) -> None:
        self.case, self.stages, self.ages = case, stages, ages
        self.duration = np.ceil(case.series("stages", "duration", np.nan, stages) - 1e-9)
        self.passes = case.series("stages", "outcome", 1.0, stages) > 0.5
        self.usual = case.view("stages")["duration"].to_numpy(dtype=np.float64)

    def follow(self, go: Floats) -> tuple[Bools, Bools]:
        """(S, nodes) where a stage ends that is released where ``go`` says, and where it has ended."""
        shape = go.shape
        ends, ended = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        since = np.full(shape, np.nan)
        opened, over = -self.ages[:, 0], self.ages[:, 0] > self.usual
        for n, parent in enumerate(self.case.tree.parent):
            before, done = (since[:, parent], ended[:, parent]) if parent >= 0 else (opened, over)
            since[:, n] = np.where(np.isnan(before) & (go[:, n] > 0), self.case.period[n], before)
            ends[:, n] = ~done & (self.case.period[n] - since[:, n] >= self.duration[:, n])
            ended[:, n] = done | ends[:, n]
        return ends, ended

    @property
    def too_late(self) -> Bools:
        """(S, nodes) where a release would end in the horizon in no scenario."""
        count, last = len(self.stages), self.case.last
        paths: Ints = self.case.tree.paths if len(self.case.tree.paths) else np.arange(last + 1)[None, :]
        latest = np.full(count, -1)
        for path in paths:
            runs = np.arange(last + 1) - self.duration[:, path]
            latest = np.maximum(latest, runs.max(axis=1, initial=-1.0))
        return np.asarray(self.case.period[None, :] > latest[:, None])

    def verified(self, row: int, node: int) -> int | None:
        """The period in which a stage released at a node is verified; None where that differs or is not in the horizon."""
        found: set[int | None] = set()
        tree, todo = self.case.tree, [node]
        children: dict[int, list[int]] = {}
        for n, parent in enumerate(tree.parent):
            children.setdefault(int(parent), []).append(n)
        while todo:
            n = todo.pop()
            if self.case.period[n] - self.case.period[node] >= self.duration[row, n]:
                found.add(int(self.case.period[n]) if self.passes[row, n] else None)
            elif n in children:
                todo += children[n]
            else:
                found.add(None)
        return found.pop() if len(found) == 1 else None
