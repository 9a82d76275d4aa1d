"""Price floors: drawn on what projects supply, and what they cost and bring once it is known when projects are commissioned."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.oracle.facts import Facts, by_key, last_begun, number
from tests.oracle.maker import Maker

if TYPE_CHECKING:
    from tests.oracle.lp import Works


def floor_flows(facts: Facts, works: Works, abandoned: dict[str, int]) -> Iterator[tuple[str, int, float, float]]:
    """Fund, period, what it pays and what it gets."""
    prices = {source.name: source.steps[0][1] for source in facts.sources if source.steps}
    for (project, source, fund), rows in by_key(facts.rows("price_floors"), "project", "source", "fund").items():
        for n in range(min(facts.periods, abandoned.get(project, facts.periods))):
            row = last_begun(rows, n)
            if row is None:
                continue
            price, floor = number(prices[str(row["index"])][n]), float(row["floor"])
            strike = floor if math.isnan(number(row["strike"])) else float(row["strike"])
            output = float(row["share"]) * _output(facts, works, (project, source), n, number(row["term"]))
            gain = float(row["upside_share"]) * max(price - strike, 0.0)
            yield fund, n, output * max(floor - price, 0.0), output * gain


def _output(facts: Facts, works: Works, key: tuple[str, str], period: int, term: float) -> float:
    """What a project supplies to a source in a period, of what was commissioned within the term."""
    supplied = 0.0
    for effect in facts.effects:
        if effect["kind"] == "supply" and (effect["project"], effect["name"]) == key:
            since = works.verified.get((str(effect["project"]), int(effect["after"])))
            if since is not None and since <= period and not period >= since + term:
                grown = (period - since + 1) / max(1, round(number(effect["ramp"])))
                supplied += float(effect["amount"]) * min(1.0, grown)
    return supplied


def add_price_floors(m: Maker) -> None:
    """Floors on what projects supply, against a market price that is there from the start; of one fund or two."""
    payers = [f["fund"] for f in m.rows("funds") if not f.get("uses") or "projects" in f["uses"]]
    good_of = {s["source"]: s["good"] for s in m.rows("sources")}
    _supply_early(m)
    doubtful = {r["project"] for r in m.rows("projects") if r.get("may_abandon")}
    begun = {r["name"] for r in m.rows("pins") if r["decision"] == "release" and r.get("at_least")}
    begun |= {r["project"] for r in m.rows("opening_stages")} | doubtful
    fed = dict.fromkeys((e["project"], e["name"]) for e in m.rows("effects") if e["kind"] == "supply")
    for project, source in fed if payers else ():
        indices = [k for k in _priced(m) if good_of[k] == good_of[source]]
        if not indices or not m.chance(95 if project in begun else 65):
            continue
        funds = [m.pick(payers)]
        funds += [f for f in payers if f not in funds and m.chance(30)][:1]
        for fund in funds:
            share = m.pick([None, 1.0, 0.6]) if len(funds) == 1 else 0.5
            for begin in m.pick([[0], [0], [0, m.later()], [m.later()]]):
                row = m.add("price_floors", project=project, source=source, fund=fund, share=share)
                level = m.number(1, 3 if project in doubtful and m.chance(70) else 9)
                row |= {"from": m.since(begin), "floor": level, "index": m.pick(indices)}
                if m.chance(90 if project in doubtful else 45):
                    row["upside_share"] = m.pick([0.3, 1.0])
                    row |= {"strike": round(row["floor"] + m.number(0, 2), 6)} if m.chance(50) else {}
                if m.chance(45):
                    row["term"] = m.lasting(m.pick([1, 2]))
                if begin < m.periods - 1 and m.chance(15):
                    row["until"] = m.first_day(m.periods - 1).isoformat()


def _supply_early(m: Maker) -> None:
    """What may be abandoned supplies something after its first stage, to a source that has a capacity of its own then."""
    limited = {r["source"] for r in m.rows("supply")} | {e["name"] for e in m.rows("effects")}
    for project in [p["project"] for p in m.rows("projects") if p.get("may_abandon")]:
        early = any((e["project"], e["after"], e["kind"]) == (project, 1, "supply") for e in m.rows("effects"))
        if not early and m.chance(85):
            source = m.pick(m.rows("sources"))
            if source["source"] not in limited:
                limited.add(source["source"])
                m.add("supply", source=source["source"], capacity=m.rate(m.quantity(source["good"], 20)))
            amount = m.rate(m.quantity(source["good"], m.number(1, 6)))
            m.add("effects", project=project, after=1, kind="supply", name=source["source"], amount=amount)


def _priced(m: Maker) -> list[str]:
    """Sources that have a price from the start."""
    always = {
        (table, p[key])
        for table, key in (("prices", "source"), ("markets", "market"))
        for p in m.rows(table)
        if p.get("step", 1) == 1 and not p.get("from") and "until" not in p
    }
    found = []
    for s in m.rows("sources"):
        if (("markets", s["market"]) if "market" in s else ("prices", s["source"])) in always:
            found.append(s["source"])
    return found
