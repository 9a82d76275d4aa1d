"""Whether every stage can be reached: what it needs comes before it, in time, and never in a circle; and every input of a process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stockpile.instance.faults import Report

if TYPE_CHECKING:
    import pandas as pd

    from stockpile.instance.instance import Instance

Stage = tuple[str, int]
Need = tuple[Stage, int | None]
Ways = dict[Stage, list[list[Need]]]


def _stages(instance: Instance) -> dict[Stage, int]:
    """The record (counted from 0) of every stage."""
    view = instance.view("stages")
    return {(str(p), int(i)): row for row, (p, i) in enumerate(zip(view["project"], view["stage"], strict=True))}


def _opened(instance: Instance) -> dict[Stage, int]:
    """How many periods before the start stages were released that were."""
    view = instance.view("opening_stages")
    columns = (view[name].tolist() for name in ("project", "stage", "age"))
    return {(str(p), int(i)): int(age) for p, i, age in zip(*columns, strict=True)}


def _ways(instance: Instance, stages: Mapping[Stage, int]) -> Ways:
    """The alternatives of every stage, each a list of what it needs: the record of requires.csv, or None (the stage before).

    A contract that must be signed stands for a stage of number 0.
    """
    found: dict[Stage, dict[int, list[Need]]] = {stage: {} for stage in stages}
    view = instance.view("requires")
    names = ("project", "stage", "alternative", "needs_project", "needs_stage", "needs_contract")
    for row, (p, i, alternative, q, j, c) in enumerate(zip(*(view[name].tolist() for name in names), strict=True)):
        need = (c, 0) if isinstance(c, str) else (str(q), int(j))
        found[str(p), int(i)].setdefault(int(alternative), []).append((need, row))
    before: dict[Stage, list[Need]] = {(p, i): [((p, i - 1), None)] if i > 1 else [] for p, i in stages}
    return {s: [[*before[s], *needs] for needs in ways.values()] or [before[s]] for s, ways in found.items()}


def _signings(instance: Instance) -> dict[Stage, int]:
    """The first period in which each contract may be signed, before the start for one that was."""
    view, before = instance.view("contracts"), set(instance.view("opening_contracts")["contract"])
    pairs = zip(view["contract"], view["sign_from"].tolist(), strict=True)
    return {(str(c), 0): -1 if c in before else int(begin) for c, begin in pairs}


def _check_reachable(instance: Instance, report: Report) -> None:
    """No circle in what stages need, and every milestone can fall in the horizon."""
    stages, opened = _stages(instance), _opened(instance)
    view, projects = instance.view("stages"), instance.view("projects")
    starts = dict(zip(projects["project"], projects["start_from"].tolist(), strict=True))
    ends = dict(zip(projects["project"], projects["start_until"].tolist(), strict=True))
    duration = {stage: int(d) for stage, d in zip(stages, view["duration"], strict=True)}
    deadline = dict(zip(stages, view["deadline"].tolist(), strict=True))
    ways = {stage: way for stage, way in _ways(instance, stages).items() if stage not in opened}
    signings = _signings(instance)
    known = {stage: -age for stage, age in opened.items() if stage in stages} | signings
    duration |= dict.fromkeys(signings, 0)
    begins = {(p, i): int(starts[p]) if i == 1 else 0 for p, i in ways}
    always = {stage: instance.calendar.periods + sum(duration.values()) + 1 for stage in ways}
    first = _first_releases(ways, begins, always, duration, known)
    lost = {
        stage: [need for need in way[0] if need[0] not in first] for stage, way in ways.items() if stage not in first
    }
    cycle = _circle(lost)
    if cycle:
        rows = [row for stage in cycle for needed, row in lost[stage] if row is not None and needed in cycle]
        path = " needs ".join(f"stage {i} of {p!r}" for p, i in [*cycle, cycle[0]])
        report.fault("requires", f"stages need one another in a circle: {path}", min(rows, default=None), "needs_stage")
        return
    close = {
        (p, i): min(deadline[p, i], instance.calendar.periods - duration[p, i], ends[p] if i == 1 else deadline[p, i])
        for p, i in ways
    }
    first = _first_releases(ways, begins, close, duration, known)
    for stage, at in _too_late(ways, begins, first, duration).items():
        (project, number), column = stage, "duration"
        why = "its milestone falls after the horizon"
        if at >= deadline[stage]:
            why, column = "its deadline has passed by then", "deadline"
        elif number == 1 and at >= ends[project]:
            why = "its project's window has closed by then"
        said = f"stage {number} of {project!r} can never be reached: released at the earliest in period {at + 1}, {why}"
        report.fault("stages", said, stages[stage], column)


def _first_releases(
    ways: Ways, begins: dict[Stage, int], close: dict[Stage, int], duration: dict[Stage, int], known: dict[Stage, int]
) -> dict[Stage, int]:
    """The earliest release of every stage that can be released before it closes; ``known`` are those of the past."""
    first, news = dict(known), True
    while news:
        news = False
        for stage in ways:
            at = _earliest(ways[stage], begins[stage], first, duration)
            if at is not None and at < close[stage] and at != first.get(stage):
                first[stage], news = at, True
    return first


def _earliest(way: list[list[Need]], begin: int, first: dict[Stage, int], duration: dict[Stage, int]) -> int | None:
    """The earliest period in which all that one alternative needs is verified; None where none of them can be."""
    ends = [
        max((first[s] + duration[s] for s, _ in need), default=0) for need in way if all(s in first for s, _ in need)
    ]
    return max(min(ends), begin) if ends else None


def _too_late(
    ways: Ways, begins: dict[Stage, int], first: dict[Stage, int], duration: dict[Stage, int]
) -> dict[Stage, int]:
    """When stages would be released that are closed by then, though what they need is there."""
    found = {s: _earliest(way, begins[s], first, duration) for s, way in ways.items() if s not in first}
    return {stage: at for stage, at in found.items() if at is not None}


def _circle(needs: dict[Stage, list[Need]]) -> list[Stage]:
    """Stages that need one another, out of those that can never be released; none where there are none."""
    if not needs:
        return []
    path = [next(iter(needs))]
    while True:
        following = needs[path[-1]][0][0]
        if following in path:
            return path[path.index(following) :]
        path.append(following)


def _brought(instance: Instance) -> set[str]:
    """Goods that the reserve may have: bought for it, there or on their way at the start, lent, or made of such goods."""
    sources = instance.view("sources")
    there = set(sources.loc[sources["paid_by"] != "market", "good"])
    for table in ("opening_stock", "opening_lent"):
        there |= set(instance.view(table)["good"])
    recipes, running = instance.view("recipes"), set(instance.view("opening_runs")["process"])
    makes = recipes[recipes["amount"] > 0].groupby("process")["good"].agg(set).to_dict()
    found, news = set(there), True
    while news:
        now = [goods for j, goods in makes.items() if j in running or not _missing(recipes, str(j), found)]
        news = not set[str]().union(*now) <= found
        found = found.union(*now)
    return found


def _missing(recipes: pd.DataFrame, process: str, found: set[str]) -> list[int]:
    """Records of what a process takes and cannot have: inputs of its recipe, or all of its free inputs."""
    own = recipes[recipes["process"] == process]
    fixed, free = own[own["amount"] < 0], own[own["amount"].isna()]
    lacking = [*fixed.index[~fixed["good"].isin(found)]]
    return lacking + ([*free.index] if len(free) and not free["good"].isin(found).any() else [])


def _check_supplied(instance: Instance, report: Report) -> None:
    """What a process takes can be there: it is bought, lies in stock at the start, or is made by other processes."""
    found, view = _brought(instance), instance.view("recipes")
    for process in dict.fromkeys(view["process"]):
        for row in _missing(view, process, found)[:1]:
            said = f"{process!r} can never run: nothing brings {view['good'].iloc[row]!r} into the reserve"
            report.warn("recipes", said, int(row), "good")


REACH_RULES = (
    (_check_reachable, "projects stages requires opening_stages contracts opening_contracts"),
    (_check_supplied, "sources opening_stock opening_lent processes recipes opening_runs"),
)
