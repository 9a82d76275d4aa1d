"""Processes in the oracle: runs as columns of their own, what falls away of demand, and how they are drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise, product
from typing import TYPE_CHECKING

from tests.oracle.facts import Facts, Row, by_key, last_begun, number, text
from tests.oracle.maker import Maker
from tests.oracle.program import Sum

if TYPE_CHECKING:
    from tests.oracle.lp import Builder

Campaign = tuple[str, int]
"""A process and a period in which it is set up."""


def recipe_of(facts: Facts, process: str) -> dict[str, float]:
    """Amounts by good for a unit of run, below 0 what it takes; free inputs are not among them."""
    rows = [r for r in facts.rows("recipes") if r["process"] == process]
    return {str(r["good"]): number(r["amount"]) for r in rows if not math.isnan(number(r["amount"]))}


def free_inputs(facts: Facts, process: str) -> list[str]:
    """Goods of which a blend decides how much goes in."""
    rows = [r for r in facts.rows("recipes") if r["process"] == process]
    return [str(r["good"]) for r in rows if math.isnan(number(r["amount"]))]


def _lead(facts: Facts, row: Row) -> int:
    """Periods until something arrives; a process that makes nothing has none to wait for."""
    makes = any(amount > 0 for amount in recipe_of(facts, str(row["process"])).values())
    return round(number(row["lead_time"])) if makes else 0


def needs_set_up(facts: Facts, row: Row) -> bool:
    """Whether a period with a run is a decision of its own."""
    name = row["process"]
    paired = any(name in (r["process"], r["runs_with"]) for r in facts.rows("processes") if text(r["runs_with"]))
    uses = [r for r in facts.rows("resource_use") if r["kind"] == "process" and r["name"] == name]
    return paired or float(row["set_up_cost"]) > 0 or float(row["min_run"]) > 0 or any(u["per_order"] > 0 for u in uses)


def campaigns(facts: Facts) -> Iterator[frozenset[Campaign]]:
    """Every choice of set-ups in which processes run together that must."""
    rows = [row for row in facts.rows("processes") if needs_set_up(facts, row)]
    slots = [(str(row["process"]), n) for row in rows for n in range(facts.periods - _lead(facts, row))]
    partner = {str(row["process"]): text(row["runs_with"]) for row in rows}
    for picks in product((False, True), repeat=len(slots)):
        chosen = frozenset(slot for slot, pick in zip(slots, picks, strict=True) if pick)
        if all(partner[j] is None or (partner[j], n) in chosen for j, n in chosen):
            yield chosen


def add_runs(b: Builder) -> dict[str, list[Sum]]:
    """Columns of what is run in each period, which takes at once and brings later.  Gives them by process."""
    facts = b.facts
    capacity = facts.series("capacity", "capacity", 0.0, math.inf, "process")
    runs: dict[str, list[Sum]] = {}
    for row in facts.rows("processes"):
        name, store, lead = str(row["process"]), text(row["store"]), _lead(facts, row)
        runs[name] = [Sum() for _ in range(facts.periods)]
        raised = b.works.throughput.get(name)
        base = capacity.get((name,), [0.0 if raised else math.inf] * facts.periods)
        for n in range(facts.periods - lead):
            most, least = base[n] + (raised[n] if raised else 0.0), 0.0
            if needs_set_up(facts, row):
                if (name, n) not in b.chosen.campaigns:
                    continue
                least = float(row["min_run"])
                b.spending["processing"][n].constant += float(row["set_up_cost"])
            run = _mixed(b, name, store, n) if free_inputs(facts, name) else Sum().add(b.program.column())
            runs[name][n].plus(run)
            b.decided.of("run", name)[n].plus(run)
            b.program.row(run, least, most)
            b.spending["processing"][n].plus(run, float(row["cost"]))
            _convert(b, recipe_of(facts, name), store, run, (n, n + lead))
        for due in facts.rows("opening_runs"):
            if due["process"] == name:
                made = {good: amount for good, amount in recipe_of(facts, name).items() if amount > 0}
                _convert(b, made, store, Sum(float(due["level"])), (0, int(due["arrives"])))
    return runs


def _mixed(b: Builder, process: str, store: str | None, n: int) -> Sum:
    """What goes into a blend in a period, by input, and as a whole with the means that it must have."""
    facts, parts = b.facts, {}
    for good in free_inputs(facts, process):
        parts[good] = Sum().add(b.program.column())
        _convert(b, {good: -1.0}, store, parts[good], (n, n))
    value = {(str(r["good"]), str(r["attribute"])): float(r["value"]) for r in facts.rows("attributes")}
    groups = by_key(facts.rows("blend"), "attribute")
    for (attribute,), rows in groups.items():
        mine = last_begun([r for r in rows if r["process"] == process], n)
        for side, sign in (("min", -1.0), ("max", 1.0)) if mine is not None else ():
            bound = number(mine[side]) if mine is not None else math.nan
            if not math.isnan(bound):
                over = Sum()
                for good, part in parts.items():
                    over.plus(part, sign * (value[good, str(attribute)] - bound))
                b.program.row(over, high=0.0)
    whole = Sum()
    for part in parts.values():
        whole.plus(part)
    return whole


def _convert(b: Builder, recipe: dict[str, float], store: str | None, run: Sum, when: tuple[int, int]) -> None:
    """What a run takes in one period and brings in another, out of and into its store where it has one."""
    for good, amount in recipe.items():
        n = when[1] if amount > 0 else when[0]
        flow = Sum().plus(run, abs(amount))
        (b.inflow if amount > 0 else b.outflow)[good][n].plus(flow)
        if store is not None:
            book = b.delivered if amount > 0 else b.served
            book.setdefault((good, store), [Sum() for _ in range(b.facts.periods)])[n].plus(flow)


def wanted(b: Builder, sector: str, good: str) -> list[float]:
    """Demand by period, less what projects make fall away."""
    whole = b.facts.series("demand", "quantity", 0.0, 0.0, "sector", "good")[sector, good]
    falls = b.works.falls.get((sector, good), [0.0] * b.facts.periods)
    return [amount * (1 - share) for amount, share in zip(whole, falls, strict=True)]


def draw_processing(m: Maker) -> None:
    """Processes between goods, directly or by a good in between, with joint products and a way back at a loss."""
    goods = [row["good"] for row in m.rows("goods")]
    if not m.chance(45):
        return
    order = list(goods)
    if len(goods) < 2 or m.chance(60):
        order.insert(m.pick([0, 1]) if len(goods) == 2 else 0, "C")
        _add_third(m, "C", sold=order[0] == "C" or m.chance(50))
    if len(goods) < 2 and m.chance(60):
        order.insert(0, "D")
        _add_third(m, "D", sold=True)
    steps = list(pairwise(order))
    worth = {good: round(1.0 / m.number(0.5, 2.2), 6) for good in order}
    later = [order[order.index(made) + 1 :] for _, made in steps]
    back = m.chance(45)
    keeps = [1.0 if back else m.number(0.8, 1.7) for _ in steps]
    if back:
        steps.append((order[-1], order[0]))
        keeps.append(m.number(0.3, 0.95))
        later.append([])
    for i, ((taken, made), keep, others) in enumerate(zip(steps, keeps, later, strict=True)):
        brings = {good: keep * worth[taken] / worth[good] for good in (made, *others)}
        _add_process(m, f"J{i + 1}", [taken], brings)
    if len(order) == 3 and m.chance(85):
        least = min(worth[good] for good in order[:2])
        _add_process(
            m,
            "mixing",
            order[:2],
            {order[2]: (m.number(0.8, 1.0) if back else m.number(1.2, 2.6)) * least / worth[order[2]]},
        )
        _add_bounds(m, "mixing", order[:2])
    _add_partners(m)
    _add_runs_before(m)
    _add_effects(m)
    for fund in m.rows("funds"):
        if fund.get("uses") and m.chance(75):
            fund["uses"] += ";processing"


def _add_third(m: Maker, good: str, sold: bool) -> None:
    """A good that nobody wants but to make others of it, ``sold`` by a source or only made on the way."""
    kilos = m.units[0] == "t" and m.chance(25)
    m.good_units[good] = 1000.0 if kilos else 1.0
    cells = {"unit": "kg" if kilos else None, "disposal_cost": m.number(0.2, 2) if m.chance(40) else None}
    m.add("goods", good=good, **cells)
    if sold:
        m.add("sources", source=f"K{good}", good=good, lead_time=m.lasting(1) if m.chance(20) else None)
        m.add("prices", source=f"K{good}", price=m.number(0.5, 3))


def _add_bounds(m: Maker, process: str, taken: list[str]) -> None:
    """What goes into a blend is bounded in one or two attributes, some of them later or for a while."""
    for attribute in ["grade", "P"][: m.pick([1, 2])]:
        values = [m.number(1, 9) for _ in taken]
        for good, value in zip(taken, values, strict=True):
            m.add("attributes", good=good, attribute=attribute, value=value)
        for begin in m.pick([[0], [0, m.later()], [m.later()]]):
            share, side = m.number(0.1, 0.9), m.pick(["min", "max", "both", "both"])
            bound = round(share * min(values) + (1 - share) * max(values), 6)
            wide = bound if m.chance(15) else round(bound + m.number(0, 2), 6)
            end = m.first_day(m.periods - 1).isoformat() if begin < m.periods - 1 and m.chance(10) else None
            cells = {"from": m.since(begin), "until": end, "min": None if side == "max" else bound}
            m.add("blend", process=process, attribute=attribute, **cells, max=None if side == "min" else wide)


def _add_process(m: Maker, name: str, takes: list[str], brings: dict[str, float]) -> None:
    """A process that makes one good, or several in parts; ``brings`` is what it would make of each alone.

    Where there is a way back a unit that is made is worth what it is made of, and less after it, so that no circle makes
    something from nothing.
    """
    lead = m.pick([0, 0, 0, 1, 1, 2]) if m.periods > 2 else m.pick([0, 0, 1])
    wanted_whole, before = m.chance(60), len(m.rows("processes"))
    if wanted_whole and before < 2 and (m.periods == 2 or (m.periods == 3 and (before == 0 or m.chance(80)))):
        m.room = max(m.room, 2**m.periods)
    lumpy = wanted_whole and m.take(2**m.periods)
    kind = m.pick(["cost", "least", "both"]) if lumpy else "none"
    store = m.pick([row["store"] for row in m.rows("stores")])
    fits = all(_keeps(m, g, store) for g in (*takes, *brings))
    m.add(
        "processes",
        process=name,
        lead_time=m.lasting(lead) if lead else None,
        cost=m.number(0.05, 1) if m.chance(75) else None,
        set_up_cost=m.money(m.number(0.2, 3)) if kind in ("cost", "both") else None,
        min_run=m.number(0.4, 2.5) if kind in ("least", "both") else None,
        energy=m.number(0, 3) if m.chance(50) else None,
        emissions=m.number(0, 2) if m.chance(50) else None,
        store=store if fits and m.chance(80) else None,
    )
    size = m.number(0.5, 2) if len(takes) == 1 else 1.0
    parts = [1.0] if len(brings) < 2 or m.chance(15) else [0.6, 0.4]
    for good in takes:
        m.add("recipes", process=name, good=good, amount=-m.quantity(good, size) if len(takes) == 1 else None)
    for (good, whole), part in zip(brings.items(), parts, strict=False):
        m.add("recipes", process=name, good=good, amount=round(m.quantity(good, part * whole * size), 6))
    bound = lumpy or any(_tied(m, good) for good in takes)
    if bound or m.chance(60):
        for begin in m.pick([[0], [0], [0, m.later()]]):
            end = m.first_day(m.periods - 1).isoformat() if begin < m.periods - 1 and m.chance(8) else None
            scarce = bound or m.chance(85)
            cells = {"from": m.since(begin), "until": end}
            m.add("capacity", process=name, **cells, capacity=m.rate(m.number(2, 14)) if scarce else None)
    for resource in dict.fromkeys(row["resource"] for row in m.rows("resources")):
        if m.chance(50):
            fixed = m.number(0.5, 3) if lumpy and m.chance(60) else None
            each = m.number(0.2, 1.5) if fixed is None or m.chance(50) else None
            m.add("resource_use", resource=resource, kind="process", name=name, per_unit=each, per_order=fixed)


def _tied(m: Maker, good: str) -> bool:
    """Whether an order of a good needs a bound."""
    fixed = {row["name"] for row in m.rows("resource_use") if row.get("per_order")}
    tied = ("order_cost", "min_order", "lot_size", "discount")
    mine = [row for row in m.rows("sources") if row["good"] == good]
    return any(row["source"] in fixed or any(row.get(name) for name in tied) for row in mine)


def _keeps(m: Maker, good: str, store: str) -> bool:
    """Whether a store keeps a good as long as there is anything to keep, or the good moves freely."""
    slow = {row["store"] for row in m.rows("stores") if row.get("release_rate")}
    slow_goods = {row["good"] for row in m.rows("storage") if row.get("release_rate")}
    slow_goods |= {row["good"] for row in m.rows("storage") if row["store"] in slow}
    moved = m.rows("transfers")
    bound = good in slow_goods or any(row.get("good") in (None, good) for row in moved)
    return not bound or any(row["good"] == good and row["store"] == store for row in m.rows("storage"))


def _add_partners(m: Maker) -> None:
    """A process with a set-up that runs only where another one does."""
    lumpy = [row for row in m.rows("processes") if row.get("set_up_cost") or row.get("min_run")]
    if len(lumpy) > 1:
        first = m.pick([0, 1])
        lumpy[first]["runs_with"] = lumpy[1 - first]["process"]
        if m.chance(60):
            lumpy[1 - first].pop("min_run", None)
            lumpy[1 - first]["set_up_cost"] = m.money(m.number(0.1, 1))


def _add_runs_before(m: Maker) -> None:
    """Runs whose outputs arrive within the horizon."""
    for row in m.rows("processes"):
        if row.get("lead_time") and m.chance(40):
            m.add("opening_runs", process=row["process"], arrives=m.first_day(0).isoformat(), level=m.number(1, 6))


def _add_effects(m: Maker) -> None:
    """Projects that raise the capacity of a process, or make a sector's demand fall."""
    demand = list(dict.fromkeys((row["sector"], row["good"]) for row in m.rows("demand")))
    for row in m.rows("projects"):
        stages = [s["stage"] for s in m.rows("stages") if s["project"] == row["project"]]
        cells = {"project": row["project"], "after": stages[-1], "ramp": m.lasting(m.pick([0, 1, 2]))}
        if m.chance(50):
            name = m.pick([j["process"] for j in m.rows("processes")])
            lumpy = any(
                j["process"] == name and (j.get("set_up_cost") or j.get("min_run")) for j in m.rows("processes")
            )
            known = any(c["process"] == name for c in m.rows("capacity"))
            if known or not lumpy:
                m.add("effects", **cells, kind="process", name=name, amount=m.rate(m.number(1, 8)))
        if m.chance(60):
            sector, good = m.pick(demand)
            m.add("effects", **cells, kind="demand", name=good, sector=sector, amount=m.number(0.05, 0.33))
