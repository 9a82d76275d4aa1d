"""Resources in the oracle: a ledger of what happens in each period, written from the meaning of the tables."""

from __future__ import annotations

import math

from tests.oracle.assignments import Assignment
from tests.oracle.facts import Facts, Row, Source
from tests.oracle.maker import Maker
from tests.oracle.pins import Decided
from tests.oracle.program import Program, Sum

Sums = list[Sum]


def add_resources(
    facts: Facts, chosen: Assignment, program: Program, sums: tuple[dict[str, Sums], dict[str, Sums], Sums, Decided]
) -> None:
    """Rows of every resource; ``sums`` are what is ordered by source and run by process, the spending on overtime, and overtime."""
    ordered, runs, spending, decided = sums
    capacity = facts.series("resources", "capacity", 0.0, math.inf, "resource")
    overtime = facts.series("resources", "overtime", 0.0, 0.0, "resource")
    price = facts.series("resources", "overtime_price", 0.0, 0.0, "resource")
    for key, there in capacity.items():
        taken = [Sum() for _ in range(facts.periods)]
        for use in facts.rows("resource_use"):
            if use["resource"] != key[0]:
                continue
            if use["kind"] == "process":
                for n, run in enumerate(runs[str(use["name"])]):
                    taken[n].plus(run, float(use["per_unit"]))
                    taken[n].constant += float(use["per_order"]) * ((str(use["name"]), n) in chosen.campaigns)
            else:
                _take(facts, chosen, use, ordered, taken)
        for n, most in enumerate(there):
            if math.isinf(most):
                continue
            extra = program.column(overtime[key][n])
            spending[n].add(extra, price[key][n])
            decided.of("overtime", str(key[0]))[n].add(extra)
            program.row(taken[n].add(extra, -1.0), high=most)


def _take(facts: Facts, chosen: Assignment, use: Row, ordered: dict[str, Sums], taken: Sums) -> None:
    """Add what one row of the table takes in every period."""
    name, each, fixed = str(use["name"]), float(use["per_unit"]), float(use["per_order"])
    if use["kind"] == "stage":
        key = (name, int(use["stage"]))
        stage = next(s for p in facts.projects for s in p.stages if (p.name, s.number) == key)
        start = chosen.released.get(key, facts.opened.get(key))
        if start is not None:
            for n in range(max(start, 0), min(start + max(stage.duration, 1), facts.periods)):
                taken[n].constant += float(use["over_stage"])
        return
    source = next(s for s in facts.sources if s.name == name)
    for n in range(facts.periods):
        at = n if use["kind"] == "order" else n + source.lead
        share = 1.0 if use["kind"] == "order" else source.arrive[at] if at < facts.periods else 0.0
        if at < facts.periods and share > 0:
            taken[at].plus(ordered[name][n], each * share)
            taken[at].constant += fixed * ((name, n) in chosen.orders)
    if use["kind"] == "delivery":
        _take_due(source, each, fixed, taken)


def _take_due(source: Source, each: float, fixed: float, taken: Sums) -> None:
    """Deliveries of orders from before the horizon."""
    for period, quantity, _ in source.due:
        if period >= len(taken):
            continue
        share = source.arrive[period]
        taken[period].constant += each * share * quantity + (fixed if share > 0 and quantity > 0 else 0.0)


def draw_resources(m: Maker) -> None:
    """One or two resources that sources and stages share, some with overtime; set-ups as far as there is room for them."""
    for i in range(m.pick([0, 0, 1, 1, 2])):
        name = f"R{i + 1}"
        users = [(row, kind) for row in m.rows("sources") for kind in ("order", "delivery") if m.chance(45)]
        users = [(row, kind) for row, kind in users if row.get("paid_by") != "market"]
        for row, kind in users:
            _add_user(m, name, row, kind)
        for row in m.rows("stages"):
            if m.chance(50):
                cells = {"name": row["project"], "stage": row["stage"], "over_stage": m.rate(m.number(1, 6))}
                m.add("resource_use", resource=name, kind="stage", **cells)
        if any(row["resource"] == name for row in m.rows("resource_use")):
            _add_capacity(m, name)
    for fund in m.rows("funds"):
        if fund.get("uses") and m.rows("resources") and m.chance(50):
            fund["uses"] += ";operations"


def _add_user(m: Maker, resource: str, row: Row, kind: str) -> None:
    """Use by the orders or deliveries of a source: for each unit, for each order, or both."""
    good = row["good"]
    lumpy = "order_cost" in row or "min_order" in row or _set_up(m, row["source"])
    way = m.pick(["unit", "order", "both"])
    if way != "unit" and not lumpy and (_endless(m, good) or not m.take(2**m.periods)):
        way = "unit"
    m.add(
        "resource_use",
        resource=resource,
        kind=kind,
        name=row["source"],
        per_unit=m.number(0.2, 2) / m.good_units.get(good, 1.0) if way != "order" else None,
        per_order=m.number(0.5, 5) if way != "unit" else None,
    )


def _endless(m: Maker, good: str) -> bool:
    """Whether a good can be sold or lent without limit, so that nothing bounds an order."""
    limits = [row.get("depth") for row in m.rows("rotation") if row["good"] == good]
    return None in [*limits, *(row.get("width") for row in m.rows("sales") if row["good"] == good)]


def _set_up(m: Maker, source: str) -> bool:
    """Whether orders of a source take some resource already, whatever their quantity."""
    return any(use["name"] == source and "per_order" in use for use in m.rows("resource_use"))


def _add_capacity(m: Maker, name: str) -> None:
    """Capacity that is scarce at times, with overtime that costs something or nothing."""
    for begin in m.pick([[0], [0], [0, m.later()], [m.later()]]):
        scarce = m.chance(92)
        most = m.rate(m.number(1, 8)) if scarce and m.chance(60) else None
        end = m.first_day(m.periods - 1).isoformat() if begin < m.periods - 1 and m.chance(8) else None
        m.add(
            "resources",
            resource=name,
            **{"from": m.since(begin), "until": end},
            capacity=m.rate(m.number(2, 14)) if scarce else None,
            overtime=most,
            overtime_price=m.money(m.number(0.1, 2)) if most and m.chance(55) else None,
        )
