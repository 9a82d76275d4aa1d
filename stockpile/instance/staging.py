"""What shocks do to stages: which releases have ended by when, which of those that end fail, and what of it can be seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Stage = tuple[str, int]
NONE = -(10**6)
"""A release that is before all that there can be."""


@dataclass(frozen=True)
class Staging:
    """The ``stages`` that some shock changes (I), with ``scenarios`` and ``periods``; arrays are (I, scenarios times periods).

    ``ended`` is the period of the latest release that has ended by a period: a stage released in m has ended once it has
    run for as long as its duration in force, so that it is the greatest u - duration(u) so far.  It is NONE as long as no
    release that there can be has ended, and no later than the last release that there can be.  ``fails`` is whether what
    ends in a period fails.  ``duration`` is the shortest at any time (I,); ``certain`` are the releases that
    are known to take place by a period: those before the horizon, and those that a pin requires.
    """

    stages: tuple[Stage, ...]
    scenarios: int
    periods: int
    ended: Ints
    fails: Bools
    duration: Ints
    certain: Mapping[Stage, int]

    @cached_property
    def seen(self) -> Ints:
        """(2 I, scenarios, periods) what is seen of stages in every period: which releases have ended, and failures."""
        shape = (len(self.stages), self.scenarios, self.periods)
        return np.concatenate([self.ended.reshape(shape), self.fails.reshape(shape).astype(np.int64)])

    @property
    def certainly_seen(self) -> Ints:
        """The same of stages whose release is certain, as soon as the last moment of it has ended."""
        out = np.zeros_like(self.seen)
        for row, stage in enumerate(self.stages):
            if stage in self.certain:
                over = self.seen[row] >= self.certain[stage]
                out[row], out[row + len(self.stages)] = over, over & (self.seen[row + len(self.stages)] > 0)
        return out

    def last_release(self, stage: Stage) -> int:
        """The last period of a release that ends in the horizon in some scenario; NONE where there is none."""
        row = self.ended[self.stages.index(stage)].reshape(self.scenarios, self.periods)
        return int(row[:, -1].max())

    def of(self, stage: Stage) -> tuple[Ints, Bools]:
        """(scenarios, periods) of one stage: ``ended`` and ``fails``."""
        at = self.stages.index(stage)
        shape = (self.scenarios, self.periods)
        return self.ended[at].reshape(shape), self.fails[at].reshape(shape)

    def verified(self, stage: Stage, release: int) -> list[int | None]:
        """By scenario the period in which a stage released in one is verified; None where that is not in the horizon."""
        ended, fails = self.of(stage)
        found: list[int | None] = []
        for row, failed in zip(ended, fails, strict=True):
            at = np.flatnonzero(row >= release)[:1]
            found.append(int(at[0]) if len(at) and not failed[at[0]] else None)
        return found


def make_staging(instance: Instance) -> Staging | None:
    """What shocks do to the stages of an instance; None where they do nothing to any."""
    scenarios = instance.scenarios
    if scenarios is None or not any(s.quantity in ("duration", "outcome") for s in scenarios.shocks):
        return None
    keys, duration = scenarios.shocked("stages", "duration", instance.plain_series("stages", "duration"))
    _, outcome = scenarios.shocked("stages", "outcome", instance.plain_series("stages", "outcome"))
    base = instance.plain_series("stages", "duration")[1][:, 0].astype(np.int64)
    periods, count = instance.calendar.periods, len(scenarios.names)
    lasts = np.ceil(duration - 1e-9).astype(np.int64).reshape(len(keys), count, periods)
    passes = (outcome > 0.5).reshape(len(keys), count, periods)
    run = np.maximum.accumulate(np.maximum(np.arange(periods) - lasts, (-1 - base)[:, None, None]), axis=-1)
    stages: list[Stage] = [(str(p), int(i)) for p, i in keys]
    least, most, certain = _releases(instance, stages)
    ended, fails, ways = np.full_like(run, NONE), np.zeros_like(passes), _ways(instance, stages, certain)
    for s in range(count):
        known = dict(zip(stages, zip(run[:, s], passes[:, s], (-1 - base).tolist(), strict=True), strict=True))
        first = _first(ways, least, known, _signings(instance))
        for i, stage in enumerate(stages):
            if stage in first:
                there = np.minimum(run[i, s], most[stage])
                ended[i, s] = np.where(run[i, s] >= first[stage], there, NONE)
            before = np.concatenate([[max(NONE, -1 - base[i])], ended[i, s, :-1]])
            fails[i, s] = (ended[i, s] > before) & ~passes[i, s]
    hit = np.flatnonzero((lasts != base[:, None, None]).any(axis=(1, 2)) | ~passes.all(axis=(1, 2)))
    if not len(hit):
        return None
    return Staging(
        stages=tuple(stages[i] for i in hit),
        scenarios=count,
        periods=periods,
        ended=ended[hit].reshape(len(hit), -1),
        fails=fails[hit].reshape(len(hit), -1),
        duration=lasts[hit].min(axis=(1, 2), initial=10**6),
        certain={**_required(instance), **certain},
    )


def plain_stages(instance: Instance, column: str) -> tuple[list[tuple[Any, ...]], Floats]:
    """Durations of stages in periods, or as ``outcome`` 1, without shocks: keys, (keys, periods)."""
    view = instance.view("stages")
    keys: list[tuple[Any, ...]] = [(str(p), int(i)) for p, i in zip(view["project"], view["stage"], strict=True)]
    values = view["duration"].to_numpy(dtype=np.float64) if column == "duration" else np.ones(len(keys))
    return keys, np.repeat(values[:, None], instance.calendar.periods, axis=1)


def _required(instance: Instance) -> dict[Stage, int]:
    """The last period in which a stage is released that a pin requires."""
    pins = instance.view("pins")
    columns = (pins[c].tolist() for c in ("decision", "name", "stage", "at_least", "until"))
    asked = [
        ((str(name), int(stage)), min(int(until), instance.calendar.periods) - 1)
        for decision, name, stage, least, until in zip(*columns, strict=True)
        if decision == "release" and least > 0
    ]
    return {stage: min(end for other, end in asked if other == stage) for stage, _ in asked}


def _releases(
    instance: Instance, stages: Iterable[Stage]
) -> tuple[dict[Stage, int], dict[Stage, int], dict[Stage, int]]:
    """The first and the last period in which each stage may be released by its window and deadline; those of the past."""
    projects, view, opening = (instance.view(name) for name in ("projects", "stages", "opening_stages"))
    windows = {
        str(p): (int(a), int(b))
        for p, a, b in zip(projects["project"], projects["start_from"], projects["start_until"], strict=True)
    }
    deadline = {
        (str(p), int(i)): float(d) for p, i, d in zip(view["project"], view["stage"], view["deadline"], strict=True)
    }
    past = {
        (str(p), int(i)): -int(a) for p, i, a in zip(opening["project"], opening["stage"], opening["age"], strict=True)
    }
    least, most = {}, {}
    for p, i in stages:
        begin, until = windows.get(p, (0, instance.calendar.periods))
        least[p, i] = begin if i == 1 else 0
        close = min(deadline[p, i], float(instance.calendar.periods), float(until) if i == 1 else np.inf)
        most[p, i] = int(close) - 1
        if (p, i) in past:
            least[p, i] = most[p, i] = past[p, i]
    return least, most, past


def _ways(instance: Instance, stages: Iterable[Stage], past: Mapping[Stage, int]) -> dict[Stage, list[list[Stage]]]:
    """The alternatives of every stage, each a list of the stages that it needs; those of the past need nothing.

    A contract that must be signed stands for a stage of number 0.
    """
    known = list(stages)
    needs: dict[Stage, dict[int, list[Stage]]] = {stage: {} for stage in known}
    view = instance.view("requires")
    names = ("project", "stage", "alternative", "needs_project", "needs_stage", "needs_contract")
    for p, i, alternative, q, j, c in zip(*(view[name].tolist() for name in names), strict=True):
        if (str(p), int(i)) in needs:
            need = (c, 0) if isinstance(c, str) else (str(q), int(j))
            needs[str(p), int(i)].setdefault(int(alternative), []).append(need)
    before = {(p, i): [(p, i - 1)] if i > 1 else [] for p, i in known}
    ways = {s: [[*before[s], *need] for need in found.values()] or [before[s]] for s, found in needs.items()}
    return {s: [[]] if s in past else way for s, way in ways.items()}


def _signings(instance: Instance) -> dict[Stage, int]:
    """The first period in which each contract may be signed, NONE for one that was before the horizon."""
    view, before = instance.view("contracts"), set(instance.view("opening_contracts")["contract"])
    pairs = zip(view["contract"], view["sign_from"].tolist(), strict=True)
    return {(str(c), 0): NONE if c in before else int(begin) for c, begin in pairs}


def _first(
    ways: Mapping[Stage, list[list[Stage]]],
    least: Mapping[Stage, int],
    known: Mapping[Stage, tuple[Ints, Bools, int]],
    signings: Mapping[Stage, int],
) -> dict[Stage, int]:
    """The earliest release of every stage in one scenario; those that can never be released are not in it.

    ``known`` has the latest releases that have ended and whether what ends passes, (periods,), and the latest that had
    ended before the horizon; ``signings`` are when contracts may be signed.
    """
    first: dict[Stage, int] = {}
    verified: dict[Stage, int] = dict(signings)
    news = True
    while news:
        news = False
        for stage, way in ways.items():
            ends = [max((verified[s] for s in need), default=NONE) for need in way if all(s in verified for s in need)]
            at = max(min(ends), least[stage]) if ends else None
            if at is None or at >= first.get(stage, 10**6):
                continue
            first[stage], news = at, True
            ended, passes, before = known[stage]
            new = (ended >= at) & passes & (np.diff(ended, prepend=before) > 0)
            if before >= at:
                verified[stage] = NONE
            elif new.any():
                verified[stage] = int(np.argmax(new))
    return first
