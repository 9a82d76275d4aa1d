"""Incentives: drawn on what projects alone deliver; once it is known when each cap is reached, what is paid is linear."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

from tests.oracle.facts import Facts, Row, by_key, last_begun, number, text
from tests.oracle.maker import Maker
from tests.oracle.policies import arrived
from tests.oracle.processing import recipe_of
from tests.oracle.program import Sum

if TYPE_CHECKING:
    from tests.oracle.lp import Builder

Exhausted = dict[str, int]
"""By incentive with a cap the period in which it is reached, the number of periods where it never is."""


def promises(facts: Facts) -> dict[str, list[Row]]:
    """The rows of every incentive by name."""
    return {str(name): rows for (name,), rows in by_key(facts.rows("incentives"), "incentive").items()}


def exhaustions(facts: Facts) -> Iterator[Exhausted]:
    """Every choice of when caps are reached."""
    capped = [name for name, rows in promises(facts).items() if not math.isnan(number(rows[0]["cap"]))]
    for when in product(range(facts.periods + 1), repeat=len(capped)):
        yield dict(zip(capped, when, strict=True))


def incentive_flows(builder: Builder) -> Iterator[tuple[str, int, Sum]]:
    """Fund, period and what it pays; rows that keep each cap to the period in which it is reached."""
    facts, program = builder.facts, builder.program
    for name, rows in promises(facts).items():
        cap, fund, so_far = number(rows[0]["cap"]), str(rows[0]["fund"]), Sum()
        end = builder.chosen.exhausted.get(name, facts.periods)
        for n, delivered in enumerate(_delivered(builder, rows[0])):
            row = last_begun(rows, n)
            earned = Sum().plus(delivered, 0.0 if row is None else float(row["rate"]))
            paid = Sum().plus(earned)
            if n == end:
                paid = Sum(cap).plus(so_far, -1.0)
            so_far.plus(earned)
            if n >= end:
                program.row(Sum().plus(so_far), low=cap)
            elif not math.isnan(cap):
                program.row(Sum().plus(so_far), high=cap)
            if n <= end:
                yield fund, n, paid


def _delivered(builder: Builder, row: Row) -> list[Sum]:
    """What arrives and is made by period of what the project alone delivers, while the promise lasts."""
    facts, project = builder.facts, str(row["project"])
    effects = [e for e in facts.effects if e["project"] == project]
    good_of = {s.name: s.good for s in facts.sources}
    sources = {str(e["name"]): int(e["after"]) for e in effects if e["kind"] == "supply"}
    makes = {str(e["name"]): recipe_of(facts, str(e["name"])) for e in effects if e["kind"] == "process"}
    goods = [*(good_of[k] for k in sources), *(g for r in makes.values() for g, amount in r.items() if amount > 0)]
    good = text(row["good"]) or goods[0]
    sums = [arrived(builder, k) for k in sources if good_of[k] == good]
    sums += [_made(builder, j, recipe[good]) for j, recipe in makes.items() if recipe.get(good, 0.0) > 0]
    names = {*(k for k in sources if good_of[k] == good), *(j for j, r in makes.items() if r.get(good, 0.0) > 0)}
    first = min(int(e["after"]) for e in effects if str(e["name"]) in names and e["kind"] in ("supply", "process"))
    since = builder.works.verified.get((project, first), facts.periods)
    until = math.inf if math.isnan(number(row["term"])) else since + number(row["term"])
    found = [Sum() for _ in range(facts.periods)]
    for n in range(max(since, 0), facts.periods):
        for part in sums if n < until else ():
            found[n].plus(part[n])
    return found


def _made(builder: Builder, process: str, amount: float) -> list[Sum]:
    """What a process brings of a good by period, of runs from before the horizon too."""
    facts = builder.facts
    lead = next(round(number(r["lead_time"])) for r in facts.rows("processes") if r["process"] == process)
    found = [Sum() for _ in range(facts.periods)]
    for n, run in enumerate(builder.runs[process]):
        if n + lead < facts.periods:
            found[n + lead].plus(run, amount)
    for row in facts.rows("opening_runs"):
        if row["process"] == process:
            found[int(row["arrives"])].constant += amount * float(row["level"])
    return found


def draw_incentives(m: Maker) -> None:
    """Promises for what projects supply or make, by one fund or two, at times at two rates, within a term, up to a cap."""
    payers = [f["fund"] for f in m.rows("funds") if not f.get("uses") or "projects" in f["uses"]]
    if not payers or not m.chance(85):
        return
    for row in m.rows("projects"):
        if m.chance(55):
            _add_output(m, row["project"])
    if m.chance(95):
        _add_variant(m)
    good_of = {s["source"]: s["good"] for s in m.rows("sources")}
    fed = dict.fromkeys((e["kind"], e["name"]) for e in m.rows("effects") if e["kind"] in ("supply", "process"))
    alone = {key for key in fed if _leave_alone(m, *key)}
    for project in [p["project"] for p in m.rows("projects")]:
        mine = [e for e in m.rows("effects") if e["project"] == project and e["kind"] in ("supply", "process")]
        made: dict[str, set[tuple[str, str]]] = {}
        for effect in mine:
            name = effect["name"]
            for good in [good_of[name]] if effect["kind"] == "supply" else _products(m, name):
                made.setdefault(good, set()).add((effect["kind"], name))
        for i, good in enumerate(g for g, keys in made.items() if keys <= alone):
            if m.chance(80):
                _promise(m, f"I{project}{i}", project, good, len(made) > 1 or m.chance(40), payers)


def _add_output(m: Maker, project: str) -> None:
    """A source of its own for a project, mostly cheap, from its last stage on or from an earlier one."""
    good, name = m.pick(m.rows("demand"))["good"], f"K{project}"
    late = {"lead_time": m.lasting(1)} if m.chance(25) else {}
    m.add("sources", source=name, good=good, **late)
    m.add("prices", source=name, price=m.number(0.1, m.pick([0.5, 3])), width=m.rate(m.quantity(good, 12)))
    after = m.pick([s["stage"] for s in m.rows("stages") if s["project"] == project])
    amount = m.rate(m.quantity(good, m.number(2, 9)))
    cells = {"after": after, "kind": "supply", "name": name, "ramp": m.pick([None, None, "2"])}
    m.add("effects", project=project, amount=amount, **cells)
    known = {r["name"] for r in m.rows("pins")} | {r["project"] for r in m.rows("opening_stages")}
    if project not in known and m.chance(60):
        m.add("pins", pin=f"bring {project}", decision="release", name=project, stage=after, at_least=1)
    if m.chance(30) and any(r["project"] == project and r["stage"] > after for r in m.rows("opening_stages")):
        due = {
            "arrives": m.first_day(m.pick(range(m.periods))).isoformat(),
            "quantity": m.quantity(good, m.number(1, 4)),
        }
        m.add("opening_orders", source=name, price=m.number(0, 1), **due)


def _add_variant(m: Maker) -> None:
    """Another project that could bring what one with a source of its own does: the two will be of one group, need nothing, and not both be asked for."""
    begun = {r["project"] for r in m.rows("opening_stages")}
    names = [row["project"] for row in m.rows("projects") if row["project"] not in begun]
    if len(names) < 2:
        return
    if not any(row["source"] == f"K{names[0]}" for row in m.rows("sources")):
        _add_output(m, names[0])
    source, other = next(s for s in m.rows("sources") if s["source"] == f"K{names[0]}"), m.pick(names[1:])
    kept = [r for r in m.rows("requires") if not {r["project"], r.get("needs_project")} & {names[0], other}]
    m.tables.pop("requires", None)
    m.tables |= {"requires": kept} if kept else {}
    wanted = [r for r in m.rows("pins") if r["pin"] != f"bring {other}"]
    m.tables.pop("pins", None)
    m.tables |= {"pins": wanted} if wanted else {}
    last = max(s["stage"] for s in m.rows("stages") if s["project"] == other)
    amount = m.rate(m.quantity(source["good"], m.number(2, 9)))
    m.add("effects", project=other, after=last, kind="supply", name=source["source"], amount=amount)


def _products(m: Maker, process: str) -> list[str]:
    """What a process makes."""
    return [r["good"] for r in m.rows("recipes") if r["process"] == process and (r.get("amount") or 0) > 0]


def _leave_alone(m: Maker, kind: str, name: str) -> bool:
    """Whether nothing but one project, or one of a group, gives a source or process capacity; often it is made so."""
    own, before, column = (
        ("supply", "opening_orders", "source") if kind == "supply" else ("capacity", "opening_runs", "process")
    )
    projects = {p["project"]: p for p in m.rows("projects")}
    feeders = list(dict.fromkeys(e["project"] for e in m.rows("effects") if (e["kind"], e["name"]) == (kind, name)))
    begun = {r["project"] for r in m.rows("opening_stages")}
    if len(feeders) > 1:
        tied = {r["project"] for r in m.rows("requires")} | {
            r["needs_project"] for r in m.rows("requires") if "needs_project" in r
        }
        if tied & set(feeders) or begun & set(feeders):
            return False
        for project in feeders:
            projects[project]["group"] = "G"
    if any(r[column] == name for r in m.rows(before)) and not any(_was_at_work(m, p, kind, name) for p in feeders):
        return False
    if any(r[column] == name and r.get("capacity") != 0 for r in m.rows(own)):
        if any(c.get("source") == name for c in m.rows("contracts")) or not m.chance(75):
            return False
        kept = [r for r in m.rows(own) if r[column] != name]
        m.tables.pop(own)
        m.tables |= {own: kept} if kept else {}
    return True


def _was_at_work(m: Maker, project: str, kind: str, name: str) -> bool:
    """Whether the stage that gives a source or process capacity was verified before the horizon, by one released after it."""
    later = [r["stage"] for r in m.rows("opening_stages") if r["project"] == project]
    mine = [e for e in m.rows("effects") if (e["project"], e["kind"], e["name"]) == (project, kind, name)]
    return bool(max(later, default=0) > min(e["after"] for e in mine))


def _promise(m: Maker, name: str, project: str, good: str, named: bool, payers: list[str]) -> None:
    """One promise, or one of two funds."""
    funds = [m.pick(payers)]
    funds += [f for f in payers if f not in funds and m.chance(25)][:1]
    for i, fund in enumerate(funds):
        cap = None
        if m.chance(70):
            m.room = max(m.room, m.periods + 1) if m.chance(70) else m.room
            cap = m.money(m.number(0.5, m.pick([3, 12, 40]))) if m.take(m.periods + 1) else None
        cells = {"good": good if named else None, "fund": fund, "cap": cap}
        cells["term"] = m.lasting(m.pick([1, 2, 3])) if m.chance(45) else None
        for begin in m.pick([[0], [0], [0, m.later()], [m.later()]]):
            row = m.add("incentives", incentive=f"{name} {i}", project=project, **cells)
            row |= {"from": m.since(begin), "rate": m.number(0.1, m.pick([0.8, 3]))}
            if begin < m.periods - 1 and m.chance(20):
                row["until"] = m.first_day(m.periods - 1).isoformat()
