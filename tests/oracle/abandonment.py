"""When a project may be abandoned, and when it must be; what stages need, and which were released before the horizon."""

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
    first = max(0, max(released.values()) + 1)
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


def add_alternatives(m: Maker) -> None:
    """A small third project that a stage may need instead of what it needs so far, or beside an alternative of its own."""
    projects = [row["project"] for row in m.rows("projects")]
    if len(projects) < 2 or not m.chance(90):
        return
    duration = m.pick([0, 1]) if m.periods > 2 else 0
    m.durations["P3"], m.first_release["P3"] = [duration], (0, 1)
    until = m.first_day(1).isoformat()
    m.add(
        "projects",
        project="P3",
        may_abandon=True if m.chance(40) and m.take(2 * m.periods) else None,
        start_until=until,
    )
    cost = m.money(m.number(1, 9))
    m.add(
        "stages", project="P3", stage=1, duration=m.lasting(duration), cost=cost, pay_on=m.pick([None, "verification"])
    )
    for row in [*m.rows("requires")]:
        m.add("requires", **{**row, "alternative": 2, "needs_project": "P3", "needs_stage": 1})
    if not m.rows("requires"):
        for later in [s for s in m.rows("stages") if s["project"] == projects[1]]:
            later.pop("deadline", None)
        for number, (needed, stage) in enumerate([(projects[0], len(m.durations[projects[0]])), ("P3", 1)], 1):
            cells = {"needs_project": needed, "needs_stage": stage, "alternative": number}
            if _in_time(m, projects[1], m.first_release[needed][0] + sum(m.durations[needed])):
                m.add("requires", project=projects[1], stage=1, **cells)


def _in_time(m: Maker, project: str, verified: int) -> bool:
    """Whether a project can begin once something is verified, and still end in the horizon."""
    begin = max(m.first_release[project][0], verified)
    return begin < m.first_release[project][1] and begin + sum(m.durations[project]) <= m.periods - 1


def add_opening_stages(m: Maker) -> None:
    """Stages that were released before the horizon, the first ones of a project; one project of a group."""
    groups = set()
    limits = {"commitment_limit", "exposure_limit"}
    lent = {r["project"] for r in m.rows("financing") if r.get("instrument")}
    lent |= {r["project"] for r in m.rows("opening_loans")}
    if any(limits & set(fund) for fund in m.rows("funds")):
        return
    for project in m.rows("projects"):
        name, group = project["project"], project.get("group") or project["project"]
        if name in lent or "exposure_limit" in project:
            continue
        if any(pin["name"] == name for pin in m.rows("pins")) or group in groups or not m.chance(60):
            continue
        groups.add(group)
        begin_before(m, name, m.pick(range(1, len(m.durations[name]) + 1)))


def begin_before(m: Maker, name: str, count: int) -> list[tuple[Row, int]]:
    """The first ``count`` stages of a project were released before the horizon; the stages with the periods since then."""
    age, found = m.pick([1, 1, 2, 4]), []
    for stage in range(count, 0, -1):
        duration = m.durations[name][stage - 1]
        row = next(s for s in m.rows("stages") if (s["project"], s["stage"]) == (name, stage))
        if stage == count:
            age = max(age, duration - m.periods + 1)
            if duration >= age and m.chance(60):
                row["pay_on"] = "verification"
        else:
            age += duration + m.pick([0, 1])
        m.add("opening_stages", project=name, stage=stage, age=m.lasting(age))
        found.append((row, age))
    return found


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
