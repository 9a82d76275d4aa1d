"""Random contracts: with sources that sell otherwise too or under contracts alone, at prices of every kind."""

from __future__ import annotations

from tests.oracle.maker import Maker, Row


def reserve_signings(m: Maker) -> int:
    """How many ways of signing there may be; other decisions leave them room."""
    ways = m.pick([0, 0, 0, 2, 2, 3, 4])
    return ways if ways and m.take(ways) else 0


def draw_contracts(m: Maker, ways: int) -> None:
    """A contract that may be signed in so many ways, one of them never, and sometimes one from before the horizon."""
    old = m.chance(20)
    if not old and not ways:
        return
    if m.chance(60):
        for begin in m.pick([[0], [0, m.later()]]):
            m.add("indices", index="exchange", **{"from": m.since(begin)}, price=m.number(0.5, 5))
    for name, slots in (("D1", ways - 1 if ways else -1), ("D2", 0 if old else -1)):
        if slots >= 0:
            _add_contract(m, name, slots)
    if not any(row.get("index") == "exchange" for row in m.rows("contracts")):
        m.tables.pop("indices", None)


def _add_contract(m: Maker, name: str, slots: int) -> None:
    """One contract that may be signed in so many periods, or was before the horizon."""
    source = _source_of(m)
    most = m.number(2, 10)
    first = m.pick(range(max(1, m.periods - slots)))
    end = first + max(slots, 1)
    duration = m.pick([1, 2, 2, 3, 5])
    amount = m.quantity(source["good"], most)
    row = m.add(
        "contracts",
        contract=name,
        source=source["source"],
        sign_from=m.since(first) or None,
        sign_until=m.first_day(end).isoformat() if end < m.periods else None,
        duration=m.lasting(duration),
        min_rate=m.rate(round(amount * m.number(0.1, 0.9), 6)) if m.chance(65) else None,
        max_rate=m.rate(amount),
        floor=m.number(0.5, 4) if m.chance(30) else None,
        premium=m.money(m.number(0.5, 8)) if m.chance(50) else None,
    )
    _add_price(m, row)
    if not slots:
        fixed = row.get("price_fixed") == "start" and "index_kind" in row
        age = m.pick(range(1, duration + 1))
        row["duration"] = m.lasting(max(duration, age + 1))
        m.add("opening_contracts", contract=name, age=m.lasting(age), price=m.number(1, 5) if fixed else None)
    elif m.chance(15):
        m.add(
            "pins",
            pin=f"pin {name}",
            decision="signing",
            name=name,
            **{m.pick(["at_least", "at_most"]): m.pick([0, 1, 1])},
        )


def tie_contracts(m: Maker) -> None:
    """Contracts that wait for a project, and stages that need a contract that may be signed from the start or was before."""
    projects = [row["project"] for row in m.rows("projects")]
    old = {row["contract"] for row in m.rows("opening_contracts")}
    begun = {(row["project"], row["stage"]) for row in m.rows("opening_stages")}
    for row in m.rows("contracts") if projects else []:
        if m.chance(60):
            row["project"] = m.pick(projects)
            fixed = row.get("price_fixed") == "start" and "index_kind" in row
            for opening in [r for r in m.rows("opening_contracts") if r["contract"] == row["contract"]]:
                opening.pop("price", None)
                if fixed and _has_begun(m, row["project"]):
                    opening["price"] = m.number(1, 5)
    early = [row["contract"] for row in m.rows("contracts") if "sign_from" not in row or row["contract"] in old]
    stages = [row for row in m.rows("stages") if (row["project"], row["stage"]) not in begun]
    if not early or not stages or not m.chance(60):
        return
    stage = m.pick(stages)
    key = {"project": stage["project"], "stage": stage["stage"]}
    has = any(all(row[name] == cell for name, cell in key.items()) for row in m.rows("requires"))
    alternative = m.pick([1, 2]) if has else 1
    m.add("requires", **key, needs_contract=m.pick(early), alternative=alternative)


def _has_begun(m: Maker, project: str) -> bool:
    """Whether a project was commissioned before the horizon."""
    last = len(m.durations[project])
    found = [r for r in m.rows("opening_stages") if (r["project"], r["stage"]) == (project, last)]
    return bool(found) and _periods(m, found[0]["age"]) > m.durations[project][-1]


def _periods(m: Maker, duration: str) -> int:
    """The number of periods that a drawn duration comes to."""
    number = int(duration.rstrip("modw"))
    if duration.endswith("mo"):
        return -(-number // 3)
    return number // 7 if duration.endswith("d") else number


def _source_of(m: Maker) -> Row:
    """A source that there is, or one that sells under contracts alone."""
    known = [row for row in m.rows("sources") if row.get("paid_by") != "market"]
    if m.chance(60):
        return m.pick(known)
    like, lead = m.pick(known), m.pick([0, 0, 1])
    source = m.add(
        "sources",
        source=f"works {len(m.rows('contracts'))}",
        good=like["good"],
        origin=m.pick([None, "X"]),
        lead_time=m.lasting(lead) if lead else None,
        store=like.get("store"),
    )
    if m.chance(30):
        m.add("supply", source=source["source"], capacity=m.rate(m.quantity(like["good"], m.number(2, 9))))
    if m.chance(25):
        m.add(
            "arrivals", source=source["source"], **{"from": m.since(m.pick([0, m.later()]))}, share=m.pick([0.0, 0.6])
        )
    return source


def _add_price(m: Maker, row: Row) -> None:
    """A fixed price, or one that follows something that has a price in every period."""
    indexes = [("series", "exchange")] * 2 if m.rows("indices") else []
    steps = [p for p in m.rows("prices") if not p.get("from") and p.get("step", 1) == 1]
    indexes += [("source", p["source"]) for p in steps]
    indexes += [("market", p["market"]) for p in m.rows("markets") if not p.get("from") and p.get("step", 1) == 1]
    if not indexes or m.chance(25):
        row["price"] = max(m.number(0.5, 5), row.get("floor", 0.0))
        return
    row["index_kind"], row["index"] = m.pick(indexes)
    row["index_factor"] = m.pick([None, 0.5, 1.3])
    row["price"] = m.pick([None, None, 1.0, -0.5])
    row["price_fixed"] = m.pick([None, "call", "start", "start"])
    if m.chance(50):
        row["ceiling"] = row.get("floor", 0.0) + m.number(0.5, 3)
        row["upside_share"] = m.pick([None, 0.3, 0.7])
    for cell in [cell for cell, value in row.items() if value is None]:
        del row[cell]
