"""Decisions of a plan the other way round: what is done is forbidden, what is not is required, as pins are, and solved again."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from stockpile.data import make_data
from stockpile.errors import DataError, Problem
from stockpile.instance import Instance
from stockpile.instance.cells import nearest, shown
from stockpile.plan.plan import Plan
from stockpile.study.searches import Interval, Listener, Searches
from stockpile.tree import build_tree

if TYPE_CHECKING:
    from stockpile.data import Data

PROJECT, CONTRACT, SOURCE = "project", "contract", "source"
#: What is pinned of each kind.
PINNED = {PROJECT: "release", CONTRACT: "signing", SOURCE: "order"}
#: The tables of a plan from which something goes that is forbidden, by kind and the column of its name.
ROWS = {PROJECT: ("go", "project"), CONTRACT: ("contracts", "contract"), SOURCE: ("orders", "source")}
#: The part of a typical amount of its good that a source must deliver that has no least order.
PART = 0.1
TYPICAL = 32.0
PIN = "asked by explain"


@dataclass(frozen=True)
class Decision:
    """A project to finance, a contract to sign or a source to order from; ``used`` if the plan does so anywhere.

    ``stage`` is the one that is pinned of a project, ``amount`` what is required of a source that is not used (quantity).
    """

    kind: str
    name: str
    used: bool
    stage: int = 0
    amount: float = 0.0


@dataclass(frozen=True)
class Answer:
    """What the other way round costs more, money: from ``low`` (-inf: unknown) to ``high`` (inf: no plan is known).

    ``status`` is how its search ended: optimal, feasible, infeasible, unbounded or no plan; ``plan`` is what it found.
    """

    decision: Decision
    low: float
    high: float
    status: str
    plan: Plan | None


@dataclass(frozen=True)
class Asked:
    """How the variants are searched for: gap (a share) and seconds of each, seconds of all, threads."""

    gap: float | None
    each: float
    total: float
    threads: int | None = None
    progress: Listener | None = None


def decisions_of(instance: Instance, plan: Plan) -> list[Decision]:
    """All decisions that can be forced: projects, contracts, then sources, those that the plan uses first in each kind."""
    tree = build_tree(instance)
    data = make_data(instance, tree)
    found = [*_projects(instance, plan), *_contracts(instance, plan), *_sources(plan, data)]
    kinds = list(PINNED)
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


def forced(
    instance: Instance, plan: Plan, decisions: Sequence[Decision], asked: Asked
) -> tuple[list[Answer], list[Decision], str | None]:
    """What the other way round of each decision costs; which were left out for want of time, and what ended the searches by hand.

    Each variant is the instance with one pin more, and its search sets out from the plan.  The difference is between what
    is proven of both optima; where least cost is asked for it is never negative, for the pin only forbids.
    """
    base = Interval(plan.bound, plan.objective, plan.status)
    options = {"gap": asked.gap, "threads": asked.threads}
    searches = Searches(asked.total, len(decisions), asked.progress, options, asked.each)
    answers: list[Answer] = []
    for at, decision in enumerate(decisions):
        if searches.over:
            break
        try:
            variant = pinned(instance, decision)
        except DataError:
            answers.append(Answer(decision, math.inf, math.inf, "infeasible", None))
            continue
        name = f"{at + 1} of {len(decisions)}: {'without' if decision.used else 'with'} {decision.name}"
        interval, found = searches.run(variant, name, start=without(plan, decision))
        if searches.stopped_by is not None and found is None:
            break
        answers.append(_answer(instance, decision, base, interval, None if found is None else found.plan))
    done = {id(answer.decision) for answer in answers}
    return answers, [d for d in decisions if id(d) not in done], searches.stopped_by


def pinned(instance: Instance, decision: Decision) -> Instance:
    """The instance with the decision the other way round.  Raises DataError where a pin cannot ask for that."""
    cells: dict[str, Any] = {"decision": PINNED[decision.kind], "name": decision.name}
    if decision.stage:
        cells["stage"] = decision.stage
    limit = {"at_most": 0.0} if decision.used else {"at_least": decision.amount or 1.0}
    table = instance.table("pins")
    taken = set(table["pin"])
    name = next(n for n in (PIN, *(f"{PIN} {i}" for i in range(len(taken) + 1))) if n not in taken)
    rows = [*table.to_dict("records"), {"pin": name, **cells, **limit}]
    return with_tables(instance, {"pins": rows})


def with_tables(instance: Instance, tables: Mapping[str, Any]) -> Instance:
    """The instance with some of its tables others.  Raises DataError with every fault."""
    settings = {**instance.settings.as_document(), "name": instance.name, "title": instance.title}
    return Instance.from_tables(instance.name, settings, {**instance.tables, **tables})


def without(plan: Plan, decision: Decision) -> Plan:
    """The plan to set out from: without what is forbidden."""
    if not decision.used:
        return plan
    table, column = ROWS[decision.kind]
    frame = plan.tables[table]
    gone = frame[column] == decision.name
    if decision.kind == PROJECT:
        gone &= frame["stage"] >= decision.stage
    return replace(plan, tables={**plan.tables, table: frame[~gone].reset_index(drop=True)})


def _answer(instance: Instance, decision: Decision, base: Interval, found: Interval, plan: Plan | None) -> Answer:
    """The difference of two optima."""
    if found.status == "infeasible":
        return Answer(decision, math.inf, math.inf, found.status, None)
    low, high = found.low - base.high, found.high - base.low
    if instance.settings.objective.goal == "least-cost":
        low, high = max(low, 0.0), max(high, 0.0)
    return Answer(decision, low, high, found.status, plan)


def _projects(instance: Instance, plan: Plan) -> list[Decision]:
    """Of a project that the plan finances the first stage that it may release, of another the last that it may on every path."""
    stages: dict[str, list[int]] = {}
    view, opening = instance.view("stages"), instance.view("opening_stages")
    begun = set(zip(opening["project"], opening["stage"].tolist(), strict=True))
    for project, stage in zip(view["project"], view["stage"].tolist(), strict=True):
        if (project, stage) not in begun:
            stages.setdefault(str(project), []).append(int(stage))
    financed = set(plan.tables["go"]["project"])
    return [
        Decision(PROJECT, p, True, stage=min(own))
        if p in financed
        else Decision(PROJECT, p, False, _last(instance, p, sorted(own)))
        for p, own in stages.items()
    ]


def _last(instance: Instance, project: str, stages: Sequence[int]) -> int:
    """The last stage of a project that can be released in every future, each as soon as the one before it is verified in all."""
    view = instance.view("stages")
    rows = zip(view["project"], view["stage"].tolist(), view["duration"].tolist(), strict=True)
    duration = {int(i): int(d) for p, i, d in rows if p == project}
    staging, at = instance.staging, 0
    for stage in stages[:-1]:
        verified: list[int | None] = [at + duration[stage]]
        if staging is not None and (project, stage) in staging.stages:
            verified = staging.verified((project, stage), at)
        if any(end is None or end >= instance.calendar.periods for end in verified):
            return stage
        at = max(end for end in verified if end is not None)
    return stages[-1]


def _contracts(instance: Instance, plan: Plan) -> list[Decision]:
    """Contracts that were not signed before the horizon."""
    before, signed = set(instance.view("opening_contracts")["contract"]), set(plan.tables["contracts"]["contract"])
    names = dict.fromkeys(str(c) for c in instance.view("contracts")["contract"])
    return [Decision(CONTRACT, c, c in signed) for c in names if c not in before]


def _sources(plan: Plan, data: Data) -> list[Decision]:
    """Sources that take orders; of those that are not used the least order or a lot, else a part of a typical amount of the good."""
    block, orders = data.purchasing, plan.tables["orders"]
    used = set(orders.loc[orders["quantity"] > 0, "source"])
    found = []
    for i, name in enumerate(block.sources):
        rows = [j for j, (k, _) in enumerate(block.steps) if k == name]
        room = float(np.minimum(block.width[rows].sum(axis=0), block.capacity[i]).max()) if rows else 0.0
        least = float(max(block.min_order[i], block.lot[i]))
        unit = float(data.scale.good[data.stock.goods.index(block.good_of[name])])
        if name in used:
            found.append(Decision(SOURCE, name, True))
        elif room > 0:
            amount = least * unit if least > 0 else _round(min(PART * TYPICAL, room) * unit)
            found.append(Decision(SOURCE, name, False, amount=amount))
    return found


def _round(amount: float) -> float:
    """Down to one figure."""
    unit = 10.0 ** math.floor(math.log10(amount))
    return float(f"{max(math.floor(amount / unit), 1) * unit:.1g}")


__all__ = [
    "CONTRACT",
    "PROJECT",
    "SOURCE",
    "Answer",
    "Asked",
    "Decision",
    "chosen",
    "decisions_of",
    "forced",
    "pinned",
    "with_tables",
    "without",
]
