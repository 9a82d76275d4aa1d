"""Random routes between two stores, and sources that deliver to one of them."""

from __future__ import annotations

from tests.oracle.maker import Maker


def _aged(m: Maker) -> set[str]:
    """Goods that are kept by age, which cannot be balanced store by store as well."""
    return {row["good"] for table in ("ages", "freshness") for row in m.rows(table)}


def add_transfers(m: Maker) -> None:
    """Goods that both stores keep move by routes that cost, take time or are narrow; some sources deliver to one store."""
    aged = _aged(m)
    goods = [row["good"] for row in m.rows("goods") if row["good"] not in aged]
    if not goods or not m.chance(65):
        return
    if len(m.rows("stores")) < 2:
        m.add("stores", store="S2", capacity=m.number(4, 25) if m.chance(30) else None)
    kept = {(row["good"], row["store"]) for row in m.rows("storage")}
    for good in goods[: m.pick([1, 1, 2])]:
        for store in ("S1", "S2"):
            if (good, store) not in kept:
                m.add("storage", good=good, store=store, holding_cost=m.pick([None, m.rate(m.number(0.05, 0.8))]))
                kept.add((good, store))
    both = [good for good in goods if {(good, "S1"), (good, "S2")} <= kept]
    free = any({(good, "S1"), (good, "S2")} <= kept for good in aged)
    named = m.pick(both if free else [None, None, *both])
    for start, end in m.pick([[("S1", "S2")], [("S1", "S2"), ("S2", "S1")], [("S2", "S1")]]):
        _add_route(m, named, start, end)
        if named is None and m.chance(25):
            _add_route(m, m.pick(both), start, end)
    moved = both if named is None else [named]
    begin = m.rows("transfers")[0]["from_store"]
    for row in m.rows("sources"):
        if row["good"] in moved and m.chance(70):
            row["store"] = m.pick([begin, begin, "S1", "S2"])
    for row in m.rows("storage"):
        if row["good"] in moved and row["store"] == begin and m.chance(60):
            row["capacity"] = m.quantity(row["good"], m.number(0, 4))
    for row in m.rows("sectors"):
        kept_in = [w for w in ("S1", "S2") if all((good, w) in kept for good in goods)]
        if kept_in and m.chance(60):
            row["store"] = m.pick([w for w in kept_in if w != begin] * 2 + kept_in)
    for row in m.rows("goods"):
        if row["good"] in moved and m.chance(35):
            row["loss_rate"] = m.share_rate(m.number(0.05, 0.3))


def add_release_rates(m: Maker) -> None:
    """Stores that give little at a time, of all goods together or of one."""
    aged = _aged(m)
    closed = {row["store"] for row in m.rows("storage") if row["good"] in aged}
    for row in m.rows("stores"):
        if row["store"] not in closed and m.chance(25):
            row["release_rate"] = m.rate(m.number(3, 20))
    for row in m.rows("storage"):
        if row["good"] not in aged and m.chance(12):
            row["release_rate"] = m.rate(m.quantity(row["good"], m.number(2, 12)))


def _add_route(m: Maker, good: str | None, start: str, end: str) -> None:
    lead = m.pick([0, 1, 1, 1, 2])
    unit = 1.0 if good is None else m.good_units[good]
    for begin in m.pick([[0], [0], [0, m.later()], [m.later()]]):
        until = m.first_day(m.periods - 1).isoformat() if begin < m.periods - 1 and m.chance(10) else None
        m.add(
            "transfers",
            good=good,
            from_store=start,
            to_store=end,
            **{"from": m.since(begin), "until": until},
            cost=m.number(0.1, 2) if m.chance(60) else None,
            lead_time=m.lasting(lead) if lead else None,
            capacity=m.rate(unit * m.number(1, 8)) if m.chance(45) else None,
        )
