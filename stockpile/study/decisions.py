"""What a plan decides that can be asked about: projects, contracts and sources."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stockpile.data import make_data
from stockpile.errors import DataError, Problem
from stockpile.instance.cells import nearest, shown
from stockpile.tree import build_tree

if TYPE_CHECKING:
    from stockpile.data import Data
    from stockpile.instance import Instance
    from stockpile.plan.plan import Plan

PROJECT, CONTRACT, SOURCE = "project", "contract", "source"
#: The part of a typical amount of its good that a source must deliver that has no least order.
PART = 0.1
TYPICAL = 32.0


@dataclass(frozen=True)
class Decision:
    """A project to finance, a contract to sign or a source to order from; ``used`` if the plan does so anywhere.

    ``stage`` is the one that is pinned of a project, ``amount`` what is required of a source that is not used (quantity).  What
    is not used could be so from period ``begin`` on, and the stages of a project be released in the periods ``releases``.
    """

    kind: str
    name: str
    used: bool
    stage: int = 0
    amount: float = 0.0
    begin: int = 0
    releases: tuple[tuple[int, int], ...] = ()


def decisions_of(instance: Instance, plan: Plan) -> list[Decision]:
    """All decisions that can be forced: projects, contracts, then sources, those that the plan uses first in each kind."""
    tree = build_tree(instance)
    data = make_data(instance, tree)
    found = [*_projects(instance, plan), *_contracts(instance, plan), *_sources(instance, plan, data)]
    kinds = (PROJECT, CONTRACT, SOURCE)
    return sorted(found, key=lambda d: (kinds.index(d.kind), not d.used))


def chosen(decisions: Sequence[Decision], names: Sequence[str]) -> list[Decision]:
    """The decisions with some names, in their order; ``kind:name`` tells apart what has the same.  Raises DataError with every problem."""
    known = {d.name for d in decisions} | {f"{d.kind}:{d.name}" for d in decisions}
    problems = [
        Problem("--decision", f"{shown(n)} is no project, contract or source to decide on; {nearest(n, known)}")
        for n in names
        if n not in known
    ]
    if problems:
        raise DataError(problems)
    return [d for name in dict.fromkeys(names) for d in decisions if name in (d.name, f"{d.kind}:{d.name}")]


def _projects(instance: Instance, plan: Plan) -> list[Decision]:
    """Of a project that the plan finances the first stage that it may release, of another the last that it may on every path."""
    stages: dict[str, list[int]] = {}
    view, opening = instance.view("stages"), instance.view("opening_stages")
    begun = set(zip(opening["project"], opening["stage"].tolist(), strict=True))
    for project, stage in zip(view["project"], view["stage"].tolist(), strict=True):
        if (project, stage) not in begun:
            stages.setdefault(str(project), []).append(int(stage))
    financed = set(plan.tables["go"]["project"])
    found = []
    for project, own in stages.items():
        if project in financed:
            found.append(Decision(PROJECT, project, True, stage=min(own)))
        else:
            releases = _releases(instance, project, sorted(own))
            found.append(Decision(PROJECT, project, False, stage=releases[-1][0], releases=releases))
    return found


def _releases(instance: Instance, project: str, stages: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """The stages of a project that can be released in every future, each as soon as the one before it is verified in all."""
    projects, view = instance.view("projects"), instance.view("stages")
    begins = dict(zip(projects["project"], projects["start_from"].tolist(), strict=True))
    rows = zip(view["project"], view["stage"].tolist(), view["duration"].tolist(), strict=True)
    duration = {int(i): int(d) for p, i, d in rows if p == project}
    staging, at = instance.staging, int(begins.get(project, 0)) if stages[0] == 1 else 0
    found: list[tuple[int, int]] = []
    for stage in stages:
        found.append((stage, at))
        verified: list[int | None] = [at + duration[stage]]
        if staging is not None and (project, stage) in staging.stages:
            verified = staging.verified((project, stage), at)
        if any(end is None or end >= instance.calendar.periods for end in verified):
            break
        at = max(end for end in verified if end is not None)
    return tuple(found)


def _contracts(instance: Instance, plan: Plan) -> list[Decision]:
    """Contracts that were not signed before the horizon."""
    before, signed = set(instance.view("opening_contracts")["contract"]), set(plan.tables["contracts"]["contract"])
    view = instance.view("contracts")
    pairs = zip(view["contract"], view["sign_from"].tolist(), strict=True)
    return [Decision(CONTRACT, str(c), c in signed, begin=int(begin)) for c, begin in pairs if c not in before]


def _sources(instance: Instance, plan: Plan, data: Data) -> list[Decision]:
    """Sources at which the reserve orders, not those that the market pays; of those that are not used the least order or a lot, else a part of a typical amount of the good."""
    block, orders = data.purchasing, plan.tables["orders"]
    used = set(orders.loc[orders["quantity"] > 0, "source"])
    view = instance.view("sources")
    traded = {str(k) for k, paid_by in zip(view["source"], view["paid_by"], strict=True) if paid_by == "market"}
    found = []
    for i, name in enumerate(block.sources):
        if name in traded:
            continue
        rows = [j for j, (k, _) in enumerate(block.steps) if k == name]
        room = np.minimum(block.width[rows].sum(axis=0), block.capacity[i]) if rows else np.zeros(1)
        least = float(max(block.min_order[i], block.lot[i]))
        unit = float(data.scale.good[data.stock.goods.index(block.good_of[name])])
        if name in used:
            found.append(Decision(SOURCE, name, True))
        elif room.max() > 0:
            amount = least * unit if least > 0 else _round(min(PART * TYPICAL, float(room.max())) * unit)
            begin = int(data.nodes.period[np.flatnonzero(room > 0)].min())
            found.append(Decision(SOURCE, name, False, amount=amount, begin=begin))
    return found


def _round(amount: float) -> float:
    """Down to one figure."""
    unit = 10.0 ** math.floor(math.log10(amount))
    return float(f"{max(math.floor(amount / unit), 1) * unit:.1g}")


__all__ = ["CONTRACT", "PROJECT", "SOURCE", "Decision", "chosen", "decisions_of"]
