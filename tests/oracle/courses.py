"""When stages end in a scenario, release by release: played through, without any array of the tree."""

from __future__ import annotations

from typing import Any

from stockpile.instance import Instance
from tests.oracle.facts import text

Stage = tuple[str, int]


def courses_of(instance: Instance, scenario: int) -> dict[tuple[Stage, int], tuple[int, bool]]:
    """By stage and period of release its end and whether it passes, of all releases that there can be and that end in the horizon."""
    periods = instance.calendar.periods
    keys, durations = instance.series("stages", "duration", 0.0)
    outcomes = instance.series("stages", "outcome", 1.0)[1]
    here = slice(scenario * periods, (scenario + 1) * periods)
    lasts = dict(zip(keys, durations[:, here].tolist(), strict=True))
    passes = dict(zip(keys, outcomes[:, here].tolist(), strict=True))
    found: dict[tuple[Stage, int], tuple[int, bool]] = {}
    before: dict[Stage, bool] = {}
    changed = True
    while changed:
        changed = False
        for stage, release, old in _releases(instance, found, before):
            if old and -release > _usual(instance, stage):
                changed |= stage not in before
                before[stage] = True
                continue
            for t in range(max(release, 0), periods):
                if t - release >= lasts[stage][t] - 1e-9:
                    changed |= (stage, release) not in found
                    found[stage, release] = (t, passes[stage][t] > 0)
                    break
    return found


def _usual(instance: Instance, stage: Stage) -> int:
    view = instance.view("stages")
    return int(view.loc[(view["project"] == stage[0]) & (view["stage"] == stage[1]), "duration"].iloc[0])


def _releases(
    instance: Instance, found: dict[Any, tuple[int, bool]], before: dict[Stage, bool]
) -> list[tuple[Stage, int, bool]]:
    """Stages with the periods in which they may be released by what is known so far of others, and whether that is past."""
    periods = instance.calendar.periods
    opening = {
        (str(r["project"]), int(r["stage"])): int(r["age"]) for r in instance.view("opening_stages").to_dict("records")
    }
    windows = {str(r["project"]): r for r in instance.view("projects").to_dict("records")}
    signed = {str(r["contract"]): int(r["sign_from"]) for r in instance.view("contracts").to_dict("records")}
    signed |= {str(r["contract"]): -1 for r in instance.view("opening_contracts").to_dict("records")}
    needs: dict[Stage, dict[int, list[Stage]]] = {}
    for r in instance.view("requires").to_dict("records"):
        way = needs.setdefault((str(r["project"]), int(r["stage"])), {}).setdefault(int(r["alternative"]), [])
        contract = text(r["needs_contract"])
        way.append((contract, 0) if contract else (str(r["needs_project"]), int(r["needs_stage"])))
    out: list[tuple[Stage, int, bool]] = []
    for row in instance.view("stages").to_dict("records"):
        stage = (str(row["project"]), int(row["stage"]))
        if stage in opening:
            out.append((stage, -opening[stage], True))
            continue
        window = windows[stage[0]]
        own = [(stage[0], stage[1] - 1)] if stage[1] > 1 else []
        for m in range(periods):
            if m >= row["deadline"] or (stage[1] == 1 and not window["start_from"] <= m < window["start_until"]):
                continue
            ways = needs.get(stage, {0: []}).values()
            if any(all(_there(need, m, found, before, signed) for need in [*own, *way]) for way in ways):
                out.append((stage, m, False))
    return out


def _there(
    stage: Stage, m: int, found: dict[Any, tuple[int, bool]], before: dict[Stage, bool], signed: dict[str, int]
) -> bool:
    """Whether a stage can have been verified by a period, or a contract signed, which has the number 0."""
    if stage[1] == 0:
        return signed[stage[0]] <= m
    return stage in before or any(key == stage and end <= m and passed for (key, _), (end, passed) in found.items())
