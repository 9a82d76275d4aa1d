"""Abandonment: projects given up once begun, at their cost; and deadlines, which close stages and demand it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stockpile.plan.auditing.book import Floats, Ints, Key
from stockpile.plan.auditing.case import Case


class Abandonment:
    """The projects that may be abandoned and where the plan does so; arrays are (stages, nodes) over given stages."""

    def __init__(self, case: Case, stages: Sequence[Key]) -> None:
        self.case, self.stages = case, stages
        view = case.view("projects")
        may = [flag is True for flag in view["may_abandon"]]
        self.keys: list[Key] = [(p,) for p, flag in zip(view.texts("project"), may, strict=True) if flag]
        self.price = view["exit_cost"].to_numpy(dtype=np.float64)[may][:, None]
        self.grid = case.reader.grid("abandonments", self.keys)
        self.given_up = self.grid.present.astype(np.float64)
        place = {p: i for i, (p,) in enumerate(self.keys)}
        self.row = np.array([place.get(p, -1) for p, _ in stages], dtype=np.int64)

    @property
    def cost(self) -> Floats:
        """(nodes,) exit costs paid."""
        paid: Floats = (self.given_up * self.price).sum(axis=0)
        return paid

    def _of_stages(self, by_project: Floats) -> Floats:
        """Rows by project to rows by stage, 0 for projects that may not be abandoned."""
        none = np.zeros((1, by_project.shape[1]))
        return np.concatenate([by_project, none])[self.row]

    @property
    def gone(self) -> Floats:
        """1 where the project of a stage has been abandoned, in the period or before."""
        return self._of_stages(self.case.so_far(self.given_up))

    @property
    def gone_before(self) -> Floats:
        """1 where the project of a stage was abandoned in an earlier period."""
        return self._of_stages(self.case.before(self.case.so_far(self.given_up)))

    def check(self, go: Floats, started: Floats, opening: Floats) -> None:
        """A project is abandoned once, after it was begun, at its cost, and no stage of it is released from then on.

        ``opening`` (stages, 1) is 1 for stages released before the horizon.
        """
        case, book = self.case, self.case.book
        words = "abandoning {0} costs {left}, but its exit cost is {right}"
        rule = case.rule("exit_cost", self.grid, self.keys, case.money, words)
        book.equal(rule, self.grid.amount("cost"), self.given_up * self.price)
        so_far = case.so_far(self.given_up)
        words = "{0} has been abandoned {left} times"
        rule = case.rule("abandoned_once", self.grid, self.keys, "", words)
        case.never(rule, so_far, (self.given_up > 0) & (so_far > 1))
        first = [self.stages.index((p, 1)) for (p,) in self.keys]
        before = case.before(started, opening)
        begun = before[first] if self.keys else np.zeros_like(self.given_up)
        words = "{0} is abandoned, but it was not begun in a period before"
        rule = case.rule("abandoned_once_begun", self.grid, self.keys, "", words)
        case.never(rule, self.given_up, begun < 1)
        words = "stage {1} of {0} is released, but the project is abandoned"
        case.never(case.rule("released_unless_abandoned", "go", self.stages, "", words), go, self.gone > 0)
        self._check_deadlines(go, before)

    def _check_deadlines(self, go: Floats, before: Floats) -> None:
        """No release on or after a deadline; what has begun and misses one is abandoned by then, if it may be."""
        case = self.case
        deadline = self.case.view("stages")["deadline"].to_numpy(dtype=np.float64)[:, None]
        words = "stage {1} of {0} is released on or after its deadline"
        case.never(case.rule("deadline", "go", self.stages, "", words), go, case.period >= deadline)
        lapsed = self._lapses(deadline)
        words = "{0} is begun on or after the deadline of one of its stages, by which it lapses"
        case.never(case.rule("begun_in_time", "go", self.stages, "", words), go, case.period >= lapsed)
        first: Ints = np.array([self.stages.index((p, 1)) for p, _ in self.stages], dtype=np.int64)
        missed = (before[first] >= 1) & (before < 1) & (case.period == deadline) & (self.row >= 0)[:, None]
        words = "{0} has not released stage {1} by its deadline, so it is abandoned, but the plan goes on with it"
        rule = case.rule("missed_deadline", self.grid, self.stages, "", words)
        case.never(rule, 1.0 - self.gone, missed)

    def _lapses(self, deadline: Floats) -> Floats:
        """(stages, 1) the earliest deadline of the project where a stage is its first and it may be abandoned, else none."""
        out = np.full(deadline.shape, np.inf)
        for row, (project, stage) in enumerate(self.stages):
            if stage == 1 and self.row[row] >= 0:
                out[row] = min(deadline[i, 0] for i, (p, _) in enumerate(self.stages) if p == project)
        return out
