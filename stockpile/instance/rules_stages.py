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


def add_opening_finance(tables: Tables, periods: int, seed: int) -> None:
    """First stages of projects with loans, equity or limits that were released before the horizon, and who paid for them."""
    draws = Draws(Random(f"opening finance {seed}"), periods, tables)
    begun = {row["project"] for row in tables.get("opening_stages", [])}
    first = {row["project"]: row for row in tables.get("stages", []) if row["stage"] == 1}
    for project in tables.get("projects", []):
        name, stage, age = project["project"], first[project["project"]], draws.pick(1, 6)
        paid = stage["pay_on"] == "release" or age > stage["duration"]
        if name in begun or project["group"] is not None or not paid or stage["duration"] - age >= periods:
            continue
        if not draws.chance(0.3):
            continue
        draws.add("opening_stages", project=name, stage=1, age=age)
        room = min(stage["cost"], 0.5 * (project.get("exposure_limit") or stage["cost"]))
        for row in [r for r in tables.get("financing", []) if r["project"] == name and r.get("stage") is None]:
            amount = round(0.45 * room * draws.number(0.5, 1.0), 4)
            if not row.get("instrument") or not project.get("exposure_limit"):
                draws.add("opening_disbursements", project=name, stage=1, fund=row["fund"], amount=amount)


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


__all__ = ["add_opening_finance", "add_opening_stages", "add_stage_rules"]
