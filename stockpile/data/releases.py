"""What releases need, and stages that were released before the horizon."""

from __future__ import annotations

from stockpile.instance import Instance

Stage = tuple[str, int]
Needs = tuple[tuple[str, int, str, int], ...]
Alternatives = tuple[tuple[str, int, int, str, int], ...]


def make_needs(instance: Instance) -> tuple[Needs, Alternatives]:
    """Needs of stages with one alternative, and those of stages with several, as ``Financing`` holds them."""
    view = instance.view("requires")
    columns = (view[name].tolist() for name in ("project", "stage", "alternative", "needs_project", "needs_stage"))
    rows = [(str(p), int(i), int(a), str(q), int(j)) for p, i, a, q, j in zip(*columns, strict=True)]
    ways: dict[Stage, set[int]] = {}
    for p, i, a, _, _ in rows:
        ways.setdefault((p, i), set()).add(a)
    needs = tuple((p, i, q, j) for p, i, _, q, j in rows if len(ways[p, i]) == 1)
    return needs, tuple(dict.fromkeys(row for row in rows if len(ways[row[:2]]) > 1))


def release_ages(instance: Instance) -> dict[Stage, int]:
    """Periods since the release of every stage that was released before the horizon.

    Cut where a stage has been verified for so long that the ramps of all it brings are over: what is older is the same.
    """
    opening, stages, effects = (instance.view(name) for name in ("opening_stages", "stages", "effects"))
    duration = {
        (str(p), int(i)): int(d) for p, i, d in zip(stages["project"], stages["stage"], stages["duration"], strict=True)
    }
    ramp: dict[Stage, int] = {}
    for p, i, steps in zip(effects["project"], effects["after"], effects["ramp"], strict=True):
        ramp[str(p), int(i)] = max(ramp.get((str(p), int(i)), 1), int(steps))
    ages = {
        (str(p), int(i)): int(age)
        for p, i, age in zip(opening["project"], opening["stage"], opening["age"], strict=True)
    }
    return {stage: min(age, duration[stage] + ramp.get(stage, 1)) for stage, age in ages.items()}


def oldest_release(instance: Instance) -> int:
    """The most periods since a release before the horizon, 0 where there is none."""
    return max(release_ages(instance).values(), default=0)
