"""Incentives as arrays in model units: what counts as delivered by a project, what a unit is paid, and what that may come to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpile.data.contracts import Call, Contracts
from stockpile.data.financing import Financing
from stockpile.data.nodes import Nodes
from stockpile.data.processing import Pair, Processing
from stockpile.data.purchasing import Purchasing
from stockpile.data.releases import Stage
from stockpile.data.scale import Scale
from stockpile.data.series import series_of
from stockpile.instance import Instance
from stockpile.instance.outputs import Output, outputs_of

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
#: What brings the goods that count: releases of projects, orders, calls and runs.
Blocks = tuple[Financing, Purchasing, Contracts, Processing]


@dataclass(frozen=True)
class Incentives:
    """Per incentive (Z): its name, project, good and fund; ``cap`` is inf and ``term`` None where there is none.

    What counts is what arrives of ``orders`` and ``calls``, what is ``made``, and ``due`` (Z, N) from before the horizon, in
    the good's model unit.  ``inside`` (Z, N) is 1 where a row is in force, ``rate`` (Z, N) model money for a unit there, 0
    elsewhere.  ``stages`` bring the first of the good; what is delivered may be that of another project of the group where
    it is ``shared``.  ``most`` (Z, N) is the most that the project can deliver at a node, ``most_of_any`` the same of all
    in its group, ``most_earned`` (Z, N) the most that can have been earned by then at the rate.
    """

    names: tuple[str, ...]
    projects: tuple[str, ...]
    goods: tuple[str, ...]
    funds: tuple[str, ...]
    cap: Floats
    term: tuple[int | None, ...]
    stages: tuple[Stage, ...]
    orders: tuple[tuple[tuple[str, int], ...], ...]
    calls: tuple[tuple[Call, ...], ...]
    made: tuple[tuple[Pair, ...], ...]
    due: Floats
    inside: Floats
    rate: Floats
    shared: tuple[bool, ...]
    most: Floats
    most_of_any: Floats
    most_earned: Floats

    @property
    def capped(self) -> tuple[str, ...]:
        """Those that may earn more than their cap."""
        over = self.most_earned.max(axis=1) > self.cap
        return tuple(self.names[z] for z in np.flatnonzero(over))


def make_incentives(instance: Instance, nodes: Nodes, scale: Scale, blocks: Blocks) -> Incentives:
    """Arrays of the incentives; all of them empty where there is none."""
    _, purchasing, contracts, processing = blocks
    view = instance.view("incentives")
    first = view.drop_duplicates("incentive")
    outputs = outputs_of(instance) if len(first) else {}
    names, projects, funds = (tuple(str(cell) for cell in first[c]) for c in ("incentive", "project", "fund"))
    goods = tuple(_good(outputs[p], good) for p, good in zip(projects, first["good"], strict=True))
    found = [outputs[p][g] for p, g in zip(projects, goods, strict=True)]
    term = tuple(None if t != t else int(t) for t in first["term"].to_numpy(dtype=float))
    good_at = {str(g): i for i, g in enumerate(instance.view("goods")["good"])}
    unit = np.array([float(scale.good[good_at[g]]) for g in goods]).reshape(-1, 1) / scale.money
    rate = nodes.spread(series_of(instance, "incentives", "rate", [(z,) for z in names], 0.0)) * unit
    reach, rivals = _Reach(nodes, blocks, outputs), [_rivals(outputs, o, g) for o, g in zip(found, goods, strict=True)]
    most, of_any, due = (
        np.array(rows).reshape(rate.shape)
        for rows in (
            [reach.most(o, p, g) for o, p, g in zip(found, projects, goods, strict=True)],
            [
                np.max([reach.most(o, p, g) for p in each], axis=0)
                for o, each, g in zip(found, rivals, goods, strict=True)
            ],
            [reach.due(o, g) for o, g in zip(found, goods, strict=True)],
        )
    )
    cap = first["cap"].to_numpy(dtype=float) / scale.money
    return Incentives(
        names=names,
        projects=projects,
        goods=goods,
        funds=funds,
        cap=np.where(np.isnan(cap), np.inf, cap),
        term=term,
        stages=tuple((p, o.after) for p, o in zip(projects, found, strict=True)),
        orders=tuple(tuple(step for step in purchasing.steps if step[0] in o.sources) for o in found),
        calls=tuple(tuple(c for c in contracts.calls if contracts.source_of[c[0]] in o.sources) for o in found),
        made=tuple(
            tuple(jg for jg in processing.makes if jg[0] in o.processes and jg[1] == g)
            for o, g in zip(found, goods, strict=True)
        ),
        due=due,
        inside=_inside(instance, nodes, view, names),
        rate=rate,
        shared=tuple(len(each) > 1 for each in rivals),
        most=most + due,
        most_of_any=of_any + due,
        most_earned=_most_earned(nodes, rate * most, rate * due, term),
    )


def _good(made: dict[str, Output], good: object) -> str:
    """The good of an incentive: the one that is named, or the only one."""
    return good if isinstance(good, str) else next(iter(made))


def _rivals(outputs: dict[str, dict[str, Output]], output: Output, good: str) -> list[str]:
    """The projects that bring a good at the same sources and processes: at most one of them is started."""
    mine = {*output.sources, *output.processes}
    made = {p: by_good.get(good, Output((), (), 0)) for p, by_good in outputs.items()}
    return [p for p, o in made.items() if mine & {*o.sources, *o.processes}]


def _inside(instance: Instance, nodes: Nodes, view: pd.DataFrame, names: tuple[str, ...]) -> Floats:
    """(Z, N) 1 where a row of an incentive is in force."""
    inside = np.zeros((len(names), len(nodes.horizon)))
    for name, begin, end in zip(view["incentive"], *instance.spans("incentives"), strict=True):
        inside[names.index(str(name))] += (nodes.period >= begin) & (nodes.period < end)
    return inside


class _Reach:
    """What projects can deliver, of whatever they may have released by then."""

    def __init__(self, nodes: Nodes, blocks: Blocks, projects: Collection[str]) -> None:
        self.nodes = nodes
        self.financing, self.purchasing, self.contracts, self.processing = blocks
        self.can = self._can_start(projects)

    def _can_start(self, projects: Collection[str]) -> Bools:
        """(I, P + N) whether a stage of some projects may have been released by a node: those before it had ended."""
        block, nodes = self.financing, self.nodes
        past, parent = len(nodes.past), nodes.tree.parent
        can = np.concatenate([block.begun(past)[1] > 0, np.zeros(block.open.shape, dtype=bool)], axis=1)
        rows = [(i, stage) for i, stage in enumerate(block.stages) if stage[0] in projects]
        ended = {i: block.since(block.stages[i - 1]) for i, (_, number) in rows if number > 1}
        for n in range(block.open.shape[1]):
            before = past + parent[n] if parent[n] >= 0 else past - 1
            for i, _ in rows:
                ready = i not in ended or can[i - 1, ended[i][n]]
                can[i, past + n] = can[i, before] or (block.open[i, n] > 0 and ready)
        return can

    def _brought(self, project: str, kind: str, name: str) -> Floats:
        """(N,) the most that a project can add to a source or process."""
        block, total = self.financing, np.zeros(len(self.nodes.horizon))
        for effect in block.effects:
            if (effect.project, effect.kind, effect.name) == (project, kind, name):
                stage = (project, effect.after)
                for r in range(effect.steps):
                    total += effect.increment * self.can[block.stages.index(stage), block.since(stage, r)]
        return total

    def most(self, output: Output, project: str, good: str) -> Floats:
        """(N,) the most that can arrive of what is ordered, called and run in the horizon."""
        buying, calls = self.purchasing, self.contracts
        total = np.zeros(len(self.nodes.horizon))
        for k in output.sources:
            row = buying.sources.index(k)
            steps = [i for i, (source, _) in enumerate(buying.steps) if source == k]
            called = [i for i, c in enumerate(calls.names) if calls.source_of[c] == k]
            offered = buying.width[steps].sum(axis=0) + calls.most[called].sum(axis=0)
            taken = np.minimum(self._brought(project, "supply", k), offered)
            total += buying.arrive[row] * self._earlier(taken, int(buying.lead[row]))
        for j in output.processes:
            lead = int(self.processing.lead[self.processing.names.index(j)])
            total += self.processing.makes[j, good] * self._earlier(self._brought(project, "process", j), lead)
        return total

    def due(self, output: Output, good: str) -> Floats:
        """(N,) what arrives of orders and runs from before the horizon."""
        buying, block = self.purchasing, self.processing
        ordered = sum(buying.due[buying.sources.index(k)] for k in output.sources)
        run = sum(block.makes[j, good] * block.due[block.names.index(j)] for j in output.processes)
        return np.asarray(np.zeros(len(self.nodes.horizon)) + ordered + run)

    def _earlier(self, values: Floats, lag: int) -> Floats:
        """(N,) values some periods back, 0 before the horizon."""
        back = self.nodes.tree.ancestor(lag)
        return np.where(back >= 0, values[np.maximum(back, 0)], 0.0)


def _most_earned(nodes: Nodes, earned: Floats, due: Floats, term: tuple[int | None, ...]) -> Floats:
    """(Z, N) the most that can have been earned by a node: in the best of all terms, and what is due in any case."""
    most = np.zeros(earned.shape)
    for z, periods in enumerate(term):
        so_far, sure = _so_far(nodes, earned[z]), _so_far(nodes, due[z])
        if periods is not None:
            back = nodes.tree.ancestor(periods)
            so_far = so_far - np.where(back >= 0, so_far[np.maximum(back, 0)], 0.0)
            for n, parent in enumerate(nodes.tree.parent):
                so_far[n] = max(so_far[n], so_far[parent]) if parent >= 0 else so_far[n]
        most[z] = so_far + sure
    return most


def _so_far(nodes: Nodes, values: Floats) -> Floats:
    """(N,) sums over the path up to and with every node."""
    out = values.copy()
    for n, parent in enumerate(nodes.tree.parent):
        out[n] += out[parent] if parent >= 0 else 0.0
    return out


__all__ = ["Incentives", "make_incentives"]
