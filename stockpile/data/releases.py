"""What releases need, and stages that were released before the horizon."""

from __future__ import annotations

from stockpile.instance import Instance

Stage = tuple[str, int]
Needs = tuple[tuple[str, int, str, int], ...]
Alternatives = tuple[tuple[str, int, int, str, int], ...]
Offtakes = tuple[tuple[str, int, str], ...]
OfftakeAlternatives = tuple[tuple[str, int, int, str], ...]


def make_needs(instance: Instance) -> tuple[Needs, Alternatives]:
    """Stages that are needed by stages with one alternative, and by those with several, as ``Financing`` holds them."""
    ways = _ways(instance)
    view = instance.view("requires")
    view = view[view["needs_contract"].isna()]
    columns = (view[name].tolist() for name in ("project", "stage", "alternative", "needs_project", "needs_stage"))
    rows = [(str(p), int(i), int(a), str(q), int(j)) for p, i, a, q, j in zip(*columns, strict=True)]
    needs = tuple((p, i, q, j) for p, i, _, q, j in rows if len(ways[p, i]) == 1)
    return needs, tuple(dict.fromkeys(row for row in rows if len(ways[row[:2]]) > 1))


def make_offtakes(instance: Instance) -> tuple[Offtakes, OfftakeAlternatives]:
    """The same of contracts."""
    ways = _ways(instance)
    view = instance.view("requires")
    view = view[view["needs_contract"].notna()]
    columns = (view[name].tolist() for name in ("project", "stage", "alternative", "needs_contract"))
    rows = [(str(p), int(i), int(a), str(c)) for p, i, a, c in zip(*columns, strict=True)]
    offtakes = tuple(dict.fromkeys((p, i, c) for p, i, _, c in rows if len(ways[p, i]) == 1))
    return offtakes, tuple(dict.fromkeys(row for row in rows if len(ways[row[:2]]) > 1))


def _ways(instance: Instance) -> dict[Stage, set[int]]:
    """The alternatives of every stage that has any."""
    view = instance.view("requires")
    ways: dict[Stage, set[int]] = {}
    for p, i, a in zip(view["project"], view["stage"], view["alternative"], strict=True):
        ways.setdefault((str(p), int(i)), set()).add(int(a))
    return ways


def release_ages(instance: Instance) -> dict[Stage, int]:
    """Periods since the release of every stage that was released before the horizon.

    Cut where a stage has been verified for so long that the ramps and terms of all it brings are over, and the grace of what
    its project owes: what is older is the same.
    """
    stages, effects = (instance.view(name) for name in ("stages", "effects"))
    duration = {
        (str(p), int(i)): int(d) for p, i, d in zip(stages["project"], stages["stage"], stages["duration"], strict=True)
    }
    lasting = longest_graces(instance)
    terms = _longest_terms(instance)
    for p, i, steps in zip(effects["project"], effects["after"], effects["ramp"], strict=True):
        lasting[str(p), int(i)] = max(lasting.get((str(p), int(i)), 1), int(steps), terms.get(str(p), 1))
    return {stage: min(age, duration[stage] + lasting.get(stage, 1)) for stage, age in true_ages(instance).items()}


def true_ages(instance: Instance) -> dict[Stage, int]:
    """The same, not cut."""
    opening = instance.view("opening_stages")
    columns = (opening[name].tolist() for name in ("project", "stage", "age"))
    return {(str(p), int(i)): int(age) for p, i, age in zip(*columns, strict=True)}


def longest_graces(instance: Instance) -> dict[Stage, int]:
    """The periods from the verification of a project's last stage until all that it owes has begun to be repaid, one more."""
    last: dict[str, int] = {}
    for p, i in zip(instance.view("stages")["project"], instance.view("stages")["stage"], strict=True):
        last[str(p)] = max(int(i), last.get(str(p), 0))
    found: dict[Stage, int] = {}
    for table in ("financing", "opening_loans"):
        view = instance.view(table)
        for project, grace in zip(view["project"], view["grace"], strict=True):
            if project in last:
                stage = (str(project), last[project])
                found[stage] = max(found.get(stage, 1), int(grace) + 1)
    return found


def _longest_terms(instance: Instance) -> dict[str, int]:
    """The longest term of a price floor or an incentive of every project that has one."""
    found: dict[str, int] = {}
    for view in (instance.view("price_floors"), instance.view("incentives")):
        for project, term in zip(view["project"], view["term"], strict=True):
            if term == term:
                found[str(project)] = max(found.get(str(project), 1), int(term))
    return found


def oldest_release(instance: Instance) -> int:
    """The most periods since a release before the horizon, 0 where there is none."""
    return max(release_ages(instance).values(), default=0)
