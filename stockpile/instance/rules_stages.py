"""Deadlines, abandonment, alternatives and stages under way in random instances."""

from __future__ import annotations

from random import Random

from stockpile.instance.draws import Draws, Tables


def add_stage_rules(tables: Tables, periods: int, seed: int) -> None:
    """Deadlines that can be met, projects that may be abandoned, needs with alternatives.

    Nothing has to be begun, so it stays feasible.
    """
    draws = Draws(Random(f"stages {seed}"), periods, tables)
    for project in tables.get("projects", []):
        if draws.chance(0.5):
            project["may_abandon"] = True
            project["exit_cost"] = draws.number(0.01, 0.2) if draws.chance(0.7) else None
    for stage in tables.get("stages", []):
        first = _earliest(tables, stage["project"], stage["stage"])
        if draws.chance(0.3) and first + 1 < periods:
            stage["deadline"] = draws.date(draws.pick(first + 1, periods - 1))
    _alternatives(draws)


def _alternatives(draws: Draws) -> None:
    """Stages that need a plant before, or one before that."""
    names = [row["project"] for row in draws.tables.get("projects", [])]
    for row in [*draws.tables.get("requires", [])]:
        earlier = names[: names.index(row["needs_project"])]
        if earlier and draws.chance(0.7):
            cells = {"needs_project": earlier[draws.pick(0, len(earlier) - 1)], "needs_stage": 1}
            draws.add("requires", **{**row, **cells}, alternative=2)


def add_opening_stages(tables: Tables, periods: int, seed: int) -> None:
    """First stages that were released before the horizon and are paid, or will never be due; after loans and limits are drawn."""
    draws = Draws(Random(f"opening stages {seed}"), periods, tables)
    lent = {
        row["project"]
        for row in [*draws.tables.get("financing", []), *draws.tables.get("opening_loans", [])]
        if row.get("instrument") or "principal" in row
    }
    limits = ("commitment_limit", "exposure_limit")
    if any(row.get(name) for row in draws.tables.get("funds", []) for name in limits):
        return
    first = {row["project"]: row for row in draws.tables.get("stages", []) if row["stage"] == 1}
    for project in draws.tables.get("projects", []):
        stage = first[project["project"]]
        age = draws.pick(1, 4)
        paid = stage["pay_on"] == "release" or age > stage["duration"]
        if project["project"] in lent or project.get("exposure_limit"):
            continue
        if project["group"] is None and paid and draws.chance(0.3) and stage["duration"] - age < draws.periods:
            draws.add("opening_stages", project=project["project"], stage=1, age=age)


def _earliest(tables: Tables, project: str, stage: int) -> int:
    """The first period in which a stage can be released."""
    duration = {(row["project"], row["stage"]): row["duration"] for row in tables["stages"]}
    needs = [
        (row["needs_project"], row["needs_stage"])
        for row in tables.get("requires", [])
        if (row["project"], row["stage"]) == (project, stage)
    ]
    needs += [(project, stage - 1)] if stage > 1 else []
    return max((_earliest(tables, *need) + int(duration[need]) for need in needs), default=0)


__all__ = ["add_opening_stages", "add_stage_rules"]
