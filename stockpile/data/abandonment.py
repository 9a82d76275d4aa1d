"""Projects that may be abandoned: what that costs, which milestones it puts in doubt, and where deadlines demand it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.financing import Financing
from stockpile.data.nodes import Nodes
from stockpile.data.releases import Stage
from stockpile.data.scale import Scale
from stockpile.instance import Instance
from stockpile.instance.commencement import awaited_stages

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Abandonment:
    """``exit_cost`` (A,) per project in model money; the rest names stages and effects of these projects.

    ``milestones`` are those that abandonment may keep from being verified and that matter to others: to funds that pay a
    tranche then (``late``), to contracts that wait for them, or to stages of other projects (``needed``: project, stage, needed project, needed stage;
    ``needed_alternatives`` with the number of the alternative after the stage).
    ``deadlines`` are the nodes (project, stage, node) at which a stage that is not released makes the project abandoned.
    ``effects`` are the numbers of the effects that end; ``failures`` the nodes (project, stage, node) at which a stage that
    ends fails; ``awaited`` are the milestones that let contracts begin.
    """

    projects: tuple[str, ...]
    exit_cost: Floats
    milestones: tuple[Stage, ...]
    late: tuple[Stage, ...]
    needed: tuple[tuple[str, int, str, int], ...]
    needed_alternatives: tuple[tuple[str, int, int, str, int], ...]
    deadlines: tuple[tuple[str, int, str], ...]
    effects: tuple[int, ...]
    failures: tuple[tuple[str, int, str], ...]
    awaited: tuple[Stage, ...]


def make_abandonment(instance: Instance, nodes: Nodes, scale: Scale, financing: Financing) -> Abandonment:
    """Arrays of the projects that may be abandoned; all of them empty where there is none."""
    view = instance.view("projects")
    may = np.array([flag is True for flag in view["may_abandon"]], dtype=bool)
    projects = tuple(str(p) for p in view["project"][may])
    running = {s: d > 0 or s in financing.shifted for s, d in zip(financing.stages, financing.duration, strict=True)}
    late = tuple(stage for stage in financing.stages if stage[0] in projects and stage in financing.late)
    failures = [(*financing.stages[i], nodes.horizon[n]) for i, n in np.argwhere(financing.fails)]
    needed = tuple((p, i, q, j) for p, i, q, j in financing.requires if q in projects and q != p and running[q, j])
    others = tuple(need for need in financing.alternatives if need[3] in projects and need[3] != need[0])
    others = tuple(need for need in others if running[need[3:]])
    stages = dict.fromkeys(awaited_stages(instance).values())
    awaited = tuple(stage for stage in stages if stage[0] in projects and running[stage])
    matter = {*late, *awaited, *(need[2:] for need in needed), *(need[3:] for need in others)}
    deadlines = tuple(
        (p, i, nodes.horizon[n])
        for (p, i), deadline in zip(financing.stages, financing.deadline, strict=True)
        if p in projects and i > 1
        for n in np.flatnonzero(nodes.period == deadline)
    )
    return Abandonment(
        projects=projects,
        exit_cost=view["exit_cost"].to_numpy(dtype=float)[may] / scale.money,
        milestones=tuple(stage for stage in financing.stages if stage in matter),
        late=late,
        needed=needed,
        needed_alternatives=others,
        deadlines=deadlines,
        effects=tuple(e.number for e in financing.effects if e.project in projects),
        failures=tuple((p, i, n) for p, i, n in failures if p in projects),
        awaited=awaited,
    )
