"""When contracts begin: those that wait for the commissioning of a project, and those that began before the horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

Stage = tuple[str, int]


def awaited_stages(instance: Instance) -> dict[str, Stage]:
    """By contract that waits for a project the last stage of that project, whose milestone commissions it."""
    stages, view = instance.view("stages"), instance.view("contracts")
    last: dict[str, int] = {}
    for project, stage in zip(stages["project"], stages["stage"], strict=True):
        last[str(project)] = max(int(stage), last.get(str(project), 0))
    pairs = zip(view["contract"], view["project"], strict=True)
    return {str(c): (p, last[p]) for c, p in pairs if isinstance(p, str) and p in last}


def begun_before(instance: Instance) -> dict[str, int]:
    """Periods since every contract began that was signed before the horizon and, where it waits for a project, could begin."""
    awaited, opening = awaited_stages(instance), instance.view("opening_contracts")
    stages, begun = instance.view("stages"), instance.view("opening_stages")
    lasts = zip(stages["project"], stages["stage"], stages["duration"], strict=True)
    duration = {(str(p), int(i)): int(d) for p, i, d in lasts}
    columns = (begun[name].tolist() for name in ("project", "stage", "age"))
    since = {(str(p), int(i)): int(a) - duration.get((str(p), int(i)), 0) for p, i, a in zip(*columns, strict=True)}
    ages = {str(c): int(age) for c, age in zip(opening["contract"], opening["age"], strict=True)}
    found = {c: min(age, since.get(awaited[c], 0)) if c in awaited else age for c, age in ages.items()}
    return {c: age for c, age in found.items() if age > 0}
