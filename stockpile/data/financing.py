"""Projects, stages, tranches and effects as arrays in model units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpile.data.funds import Funds
from stockpile.data.nodes import Nodes
from stockpile.data.releases import Stage, make_needs, make_offtakes, release_ages, true_ages
from stockpile.data.scale import Scale
from stockpile.instance import Instance
from stockpile.instance.staging import NONE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Effect:
    """One row of the effects table: ``increment`` is the amount that each of ``steps`` periods of the ramp adds.

    ``sector`` is that whose demand of the good ``name`` falls by a share, empty for the other kinds.
    """

    number: int
    project: str
    after: int
    kind: str
    name: str
    increment: float
    steps: int
    sector: str

    @property
    def pair(self) -> tuple[str, str]:
        """Sector and good of an effect on demand."""
        return self.sector, self.name


@dataclass(frozen=True)
class Financing:
    """Per stage (I): cost, duration in periods, ``deadline`` (the first period too late); ``open`` (I, N) is 1 where it may be released.

    ``requires`` holds (project, stage, needed project, needed stage), the stage before included, and
    ``alternatives`` (project, stage, alternative, needed project, needed stage) where there are several; ``offtakes`` holds
    (project, stage, needed contract), and ``offtake_alternatives`` has the alternative before the contract; ``ages`` are the
    periods since the release of stages that were released before the horizon; ``due_lag`` is the
    number of periods from release to payment, without shocks, and ``late`` are the stages that are paid after it; ``shares`` maps (project, stage, fund) to least and greatest share,
    ``instrument`` to loan or equity where it is not a grant; ``end_value`` is what a project is worth at the end, by its
    last stage, where that is something.

    ``ended`` (I, N) is the position, among past and horizon nodes, of the latest release that has ended by a node, and
    ``fails`` (I, N) whether what ends there fails; of ``shifted`` stages shocks change that.  ``shortest`` (I,) is the
    shortest duration that there may be.
    """

    projects: tuple[str, ...]
    stages: tuple[Stage, ...]
    cost: Floats
    duration: Ints
    due_lag: Ints
    open: Floats
    deadline: Ints
    ages: dict[Stage, int]
    requires: tuple[tuple[str, int, str, int], ...]
    alternatives: tuple[tuple[str, int, int, str, int], ...]
    offtakes: tuple[tuple[str, int, str], ...]
    offtake_alternatives: tuple[tuple[str, int, int, str], ...]
    shares: dict[tuple[str, int, str], tuple[float, float]]
    instrument: dict[tuple[str, int, str], str]
    private_share: dict[Stage, float]
    groups: dict[str, tuple[str, ...]]
    effects: tuple[Effect, ...]
    end_value: dict[Stage, float]
    ended: Ints
    fails: Bools
    shifted: frozenset[Stage]
    late: frozenset[Stage]
    shortest: Ints
    nodes: Nodes

    def begun(self, past: int) -> tuple[Floats, Floats]:
        """(I, P) 1 in the past period of a stage's release, and from it on; the last of the past is the one before the start."""
        release, since = np.zeros((len(self.stages), past)), np.zeros((len(self.stages), past))
        for stage, age in self.ages.items():
            release[self.stages.index(stage), past - age] = 1.0
            since[self.stages.index(stage), past - age :] = 1.0
        return release, since

    def since(self, stage: Stage, periods: int = 0) -> Ints:
        """(N,) position of the latest release of a stage that had ended some periods before a node."""
        row, past = self.stages.index(stage), len(self.nodes.past)
        back = self.nodes.tree.ancestor(periods)
        before = np.maximum(back + past - self.duration[row], 0)
        return np.asarray(np.where(back >= 0, self.ended[row, np.maximum(back, 0)], before))

    def busy(self, stage: Stage) -> Ints:
        """(N,) position of the latest release of a stage that is over by a node; what is released at a node is not."""
        return np.minimum(self.since(stage), self.nodes.back(1))

    def duration_of(self, project: str, stage: int) -> int:
        """Periods from release to verification of a stage."""
        return int(self.duration[self.stages.index((project, stage))])


def make_financing(instance: Instance, nodes: Nodes, scale: Scale, funds: Funds) -> Financing:
    """Arrays of the financing block."""
    projects = instance.view("projects")
    view = instance.view("stages").sort_values(["project", "stage"], kind="stable")
    order = {str(p): i for i, p in enumerate(projects["project"])}
    view = view.assign(order=view["project"].map(order)).sort_values(["order", "stage"], kind="stable")
    stages = tuple((str(p), int(i)) for p, i in zip(view["project"], view["stage"], strict=True))
    duration = view["duration"].to_numpy(dtype=float).astype(np.int64)
    deadline = _deadlines(instance, view)
    late = view["pay_on"].astype(str).to_numpy() == "verification"
    requires = [(p, i, p, i - 1) for p, i in stages if i > 1]
    needs, alternatives = make_needs(instance)
    offtakes, offtake_alternatives = make_offtakes(instance)
    requires += needs
    ages = release_ages(instance)
    ended, fails, shortest = _shifted(instance, nodes, stages, duration, ages)
    shifted = frozenset(() if instance.staging is None else instance.staging.stages)
    share = dict(zip(projects["project"].astype(str), projects["min_private_share"].to_numpy(dtype=float), strict=True))
    groups: dict[str, tuple[str, ...]] = {}
    for project, group in zip(projects["project"], projects["group"], strict=True):
        if isinstance(group, str) and group:
            groups[group] = (*groups.get(group, ()), str(project))
    return Financing(
        projects=tuple(order),
        stages=stages,
        cost=view["cost"].to_numpy(dtype=float) / scale.money,
        duration=duration,
        due_lag=np.where(late, duration, 0),
        open=_open(instance, nodes, stages, duration) * (nodes.period[None, :] < deadline[:, None]),
        ages=ages,
        deadline=deadline,
        requires=tuple(dict.fromkeys(need for need in requires if need[:2] not in ages)),
        alternatives=tuple(need for need in alternatives if need[:2] not in ages),
        offtakes=tuple(need for need in offtakes if need[:2] not in ages),
        offtake_alternatives=tuple(need for need in offtake_alternatives if need[:2] not in ages),
        shares=_shares(instance, stages, funds),
        instrument=_instruments(instance, stages),
        private_share={(p, i): float(share[p]) for p, i in stages if share[p] > 0},
        groups={g: members for g, members in groups.items() if len(members) > 1},
        effects=_effects(instance, scale),
        end_value=_end_values(instance, scale, stages),
        ended=ended,
        fails=fails,
        shifted=shifted,
        late=frozenset(s for s, d, due in zip(stages, duration, late, strict=True) if due and (d > 0 or s in shifted)),
        shortest=shortest,
        nodes=nodes,
    )


def _shifted(
    instance: Instance, nodes: Nodes, stages: tuple[Stage, ...], duration: Ints, ages: dict[Stage, int]
) -> tuple[Ints, Bools, Ints]:
    """Positions of the latest releases that have ended, whether what ends fails, (I, N), and the shortest durations (I,).

    A release of the past is where its age puts it, which is no further back than the model looks.
    """
    ended = np.array([nodes.back(int(d)) for d in duration], dtype=np.int64).reshape(len(stages), len(nodes.horizon))
    fails, shortest, staging = np.zeros(ended.shape, dtype=bool), duration.copy(), instance.staging
    for row, stage in enumerate(stages):
        if staging is not None and stage in staging.stages:
            at = staging.stages.index(stage)
            latest = nodes.spread(staging.ended[at])
            if stage in ages:
                latest = np.where(latest > NONE, np.maximum(latest, -ages[stage]), NONE)
            lag = nodes.period - latest
            for each in np.unique(lag):
                ended[row, lag == each] = nodes.back(int(min(each, len(nodes.past) + len(nodes.horizon))))[lag == each]
            fails[row], shortest[row] = nodes.spread(staging.fails[at]), staging.duration[at]
    return ended, fails, shortest


def _open(instance: Instance, nodes: Nodes, stages: tuple[Stage, ...], duration: Ints) -> Floats:
    """1 where a stage may be released: its milestone falls in the horizon, in some scenario; stage 1 only in the project's window."""
    period, periods, staging = nodes.period, len(instance.calendar.labels), instance.staging
    ages = true_ages(instance)
    last = np.array(
        [
            periods - 1 - d if staging is None or stage not in staging.stages else staging.last_release(stage)
            for stage, d in zip(stages, duration.tolist(), strict=True)
        ]
    )
    allowed = (period[None, :] <= last.reshape(-1, 1)).astype(float)
    projects = instance.view("projects")
    columns = (projects[name].tolist() for name in ("project", "start_from", "start_until"))
    windows = {project: window for project, *window in zip(*columns, strict=True)}
    for row, (project, stage) in enumerate(stages):
        if stage == 1:
            start, until = windows[project]
            allowed[row] *= (period >= start) & (period < until)
        if (project, stage) in ages:
            allowed[row] = 0.0
    return allowed


def _deadlines(instance: Instance, view: pd.DataFrame) -> Ints:
    """(I,) the first period too late for each stage; a project that may be abandoned is not begun after any of its deadlines."""
    deadline = view["deadline"].to_numpy(dtype=np.int64).copy()
    may = dict(zip(instance.view("projects")["project"], instance.view("projects")["may_abandon"], strict=True))
    project, first = view["project"].to_numpy(dtype=object), view["stage"].to_numpy() == 1
    for row in np.flatnonzero(first):
        if may[project[row]] is True:
            deadline[row] = deadline[project == project[row]].min()
    return deadline


def _shares(
    instance: Instance, stages: tuple[Stage, ...], funds: Funds
) -> dict[tuple[str, int, str], tuple[float, float]]:
    """Least and greatest share of each fund that may pay a stage."""
    if not len(instance.view("funds")):
        return {(p, i, f): (0.0, 1.0) for p, i in stages for f in funds.projects}
    shares = {}
    for p, i in stages:
        rows = instance.financing_of(p, i)
        for fund, low, high in zip(rows["fund"], rows["min_share"], rows["max_share"], strict=True):
            shares[p, i, str(fund)] = (float(low), float(high))
    return shares


def _end_values(instance: Instance, scale: Scale, stages: tuple[Stage, ...]) -> dict[Stage, float]:
    """What projects are worth at the end, by their last stages."""
    last = dict(stages)
    worth = {(p, i): instance.end_value("project", p) / scale.money for p, i in last.items()}
    return {stage: value for stage, value in worth.items() if value}


def _instruments(instance: Instance, stages: tuple[Stage, ...]) -> dict[tuple[str, int, str], str]:
    """How a fund pays a stage, where it is not a grant."""
    found: dict[tuple[str, int, str], str] = {}
    if (instance.view("financing")["instrument"] == "grant").all():
        return found
    for p, i in stages:
        rows = instance.financing_of(p, i)
        pairs = zip(rows["fund"], rows["instrument"], strict=True)
        found |= {(p, i, str(fund)): str(name) for fund, name in pairs if name != "grant"}
    return found


def _effects(instance: Instance, scale: Scale) -> tuple[Effect, ...]:
    """Effects with their amounts per ramp step in model units."""
    view = instance.view("effects")
    goods = {str(g): i for i, g in enumerate(instance.view("goods")["good"])}
    good_of = dict(zip(instance.view("sources")["source"], instance.view("sources")["good"], strict=True))
    effects = []
    runs = dict(zip(instance.view("processes")["process"], scale.run.tolist(), strict=True))
    columns = (view[name].tolist() for name in ("project", "after", "kind", "name", "sector", "amount", "ramp"))
    for number, (project, after, kind, name, sector, amount, ramp) in enumerate(zip(*columns, strict=True), start=1):
        unit = {"revenue": scale.money, "capacity": scale.store, "demand": 1.0}.get(kind)
        if unit is None:
            unit = runs[name] if kind == "process" else float(scale.good[goods[str(good_of[name])]])
        steps = max(1, int(ramp))
        effects.append(Effect(number, project, int(after), kind, name, amount / unit / steps, steps, sector or ""))
    return tuple(effects)
