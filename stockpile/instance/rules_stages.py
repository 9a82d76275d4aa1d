"""Deadlines and abandonment in random instances."""

from __future__ import annotations

from random import Random

from stockpile.instance.draws import Draws, Tables


def add_stage_rules(tables: Tables, periods: int, seed: int) -> None:
    """Deadlines that can be met, and projects that may be abandoned; nothing has to be begun, so it stays feasible."""
    draws = Draws(Random(f"stages {seed}"), periods, tables)
    for project in tables.get("projects", []):
        if draws.chance(0.5):
            project["may_abandon"] = True
            project["exit_cost"] = draws.number(0.01, 0.2) if draws.chance(0.7) else None
    for stage in tables.get("stages", []):
        first = _earliest(tables, stage["project"], stage["stage"])
        if draws.chance(0.3) and first + 1 < periods:
            stage["deadline"] = draws.date(draws.pick(first + 1, periods - 1))


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


__all__ = ["add_stage_rules"]
