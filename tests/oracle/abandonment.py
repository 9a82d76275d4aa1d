"""When a project may be abandoned, and when it must be."""

from __future__ import annotations

from tests.oracle.facts import Facts, Project
from tests.oracle.maker import Maker, Row


def endings(facts: Facts, project: Project, released: dict[tuple[str, int], int]) -> list[int | None]:
    """The periods in which it may be abandoned, once it was begun and after all its releases; None: never.

    Where a stage was not released by its deadline, it is abandoned then at the latest.
    """
    if project.exit_cost is None or not released:
        return [None]
    latest = [s.deadline for s in project.stages if (project.name, s.number) not in released]
    last = min([facts.periods, *latest])
    first = max(released.values()) + 1
    ways: list[int | None] = [*range(first, min(last, facts.periods - 1) + 1)]
    return ways if last < facts.periods else [None, *ways]


def add_abandonment(m: Maker) -> None:
    """Deadlines, and projects that may be abandoned, as far as there is room for the assignments."""
    for project in m.rows("projects"):
        mine = [s for s in m.rows("stages") if s["project"] == project["project"]]
        if m.chance(70) and m.take(m.periods):
            project["may_abandon"] = m.pick([True, "yes"])
            if m.chance(60):
                project["exit_cost"] = m.money(m.number(0.2, 6))
            if m.chance(75):
                _begin(m, project["project"], mine)
        for stage in mine:
            earliest = _earliest(m, project["project"], stage["stage"])
            if "deadline" not in stage and m.chance(30) and earliest + 1 < m.periods:
                stage["deadline"] = m.first_day(m.pick(range(earliest + 1, m.periods))).isoformat()


def _begin(m: Maker, project: str, stages: list[Row]) -> None:
    """Pin the release of the first stage, make the others dear and due soon, so that there is something to abandon."""
    if any(pin["name"] == project for pin in m.rows("pins")):
        return
    m.add("pins", pin=f"begin {project}", decision="release", name=project, stage=1, at_least=1)
    stages[0]["pay_on"] = "verification"
    for stage in stages[1:]:
        stage["cost"] *= 3
        soon = _earliest(m, project, stage["stage"]) + 1
        if soon < m.periods:
            stage["deadline"] = m.first_day(soon).isoformat()


def _earliest(m: Maker, project: str, stage: int) -> int:
    """The first period in which a stage can be released."""
    rows = [r for r in m.rows("requires") if (r["project"], r["stage"]) == (project, stage)]
    needs = [(str(r["needs_project"]), int(r["needs_stage"])) for r in rows]
    needs += [(project, stage - 1)] if stage > 1 else []
    begin = m.first_release[project][0] if stage == 1 else 0
    return max([begin, *(_earliest(m, q, j) + m.durations[q][j - 1] for q, j in needs)])
