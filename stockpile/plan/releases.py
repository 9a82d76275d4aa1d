"""Releases and abandonments worth trying, written into a point of the model so that they go together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Columns = npt.NDArray[np.int32]


class Releases:
    """The columns of go decisions and abandonments: (stages, nodes) and (projects that may be abandoned, nodes).

    ``columns`` gives the columns of a variable at the horizon's nodes by name and number of rows; ``parent`` is the
    position of every node's parent, -1 at the root.
    """

    def __init__(self, model: Any, parent: Ints, columns: Callable[[str, int], Columns]) -> None:
        self.parent, self.stages = parent, list(model.STAGES)
        self.go, self.started = columns("go", len(self.stages)), columns("started", len(self.stages))
        self.projects = list(getattr(model, "ABANDONABLE", ()))
        self.abandon, self.abandoned = (columns(name, len(self.projects)) for name in ("abandon", "abandoned"))
        self.begun = np.array([stage in set(getattr(model, "BEGUN", ())) for stage in self.stages], dtype=np.float64)
        place = {stage: row for row, stage in enumerate(self.stages)}
        self.first = [place[p, 1] for p in self.projects]
        self.rows_of = [[row for (q, _), row in place.items() if q == p] for p in self.projects]
        node = {label: n for n, label in enumerate(model.NODES)}
        self.deadlines: dict[int, list[tuple[int, int]]] = {}
        for p, i, label in getattr(model, "DEADLINES", ()):
            self.deadlines.setdefault(node[label], []).append((self.projects.index(p), place[p, i]))
        self.failures: dict[int, list[tuple[int, int, tuple[float, ...]]]] = {}
        for p, i, label in getattr(model, "FAILURES", ()):
            ends = [named[p, i, label] for named in (model.verified, model.verified_before)]
            known = tuple(float(node.get(at, -1 - model.most_started[p, i, at])) for at in ends)
            self.failures.setdefault(node[label], []).append((self.projects.index(p), place[p, i], known))

    def columns_by_project(self) -> list[Columns]:
        """The columns of every project: of its stages, and of giving it up."""
        found: dict[str, list[Columns]] = {}
        for row, (project, _) in enumerate(self.stages):
            found.setdefault(project, []).extend((self.go[row], self.started[row]))
        for row, project in enumerate(self.projects):
            found[project] += [self.abandon[row], self.abandoned[row]]
        return [np.concatenate(columns) for columns in found.values()]

    def near(self, x: Floats, threshold: float) -> tuple[Floats, Floats]:
        """What has been released and abandoned where more than a part of it is at a point."""
        started = (x[self.started] > threshold).astype(np.float64)
        return started, (x[self.abandoned] > threshold).astype(np.float64)

    def write(self, point: Floats, started: Floats, abandoned: Floats) -> None:
        """Write down which stages have been released and which projects abandoned, and where that happens.

        What is abandoned was begun before; nothing of it is released from then on; a missed deadline abandons, and so does a
        stage that fails.
        """
        started[self.begun > 0] = 1.0
        none = np.zeros(len(self.projects))
        for n, parent in enumerate(self.parent) if self.projects else ():
            before, gone = (started[:, parent], abandoned[:, parent]) if parent >= 0 else (self.begun, none)
            late = [p for p, row in self.deadlines.get(n, ()) if not before[row]]
            late += [p for p, row, ends in self.failures.get(n, ()) if self._ends(started[row], *ends)]
            abandoned[:, n] = np.maximum(gone, abandoned[:, n])
            abandoned[late, n] = 1.0
            abandoned[:, n] *= before[self.first]
            for p in np.flatnonzero(abandoned[:, n]):
                started[self.rows_of[p], n] = before[self.rows_of[p]]
        point[self.started], point[self.abandoned] = started, abandoned
        point[self.go] = self.steps(started, self.begun)
        point[self.abandon] = self.steps(abandoned, none)

    @staticmethod
    def _ends(started: Floats, at: float, before: float) -> bool:
        """Whether a stage was released by one position and not by another; -1 and -2 are the past, without and with it."""
        by = [started[int(k)] if k >= 0 else -1.0 - k for k in (at, before)]
        return bool(by[0] > by[1])

    def steps(self, values: Floats, start: Floats) -> Floats:
        """Where values rise above those of the parent; ``start`` (rows,) before the root."""
        before = np.where(self.parent >= 0, values[:, np.maximum(self.parent, 0)], start[:, None])
        return np.maximum(values - before, 0.0)

    def so_far(self, happens: Floats) -> Floats:
        """1 from where something happens on, on every path."""
        done = happens.copy()
        for n, parent in enumerate(self.parent):
            if parent >= 0:
                done[:, n] = np.maximum(done[:, n], done[:, parent])
        return done
