"""Random markets: sources of a good that share the price steps which one of them had."""

from __future__ import annotations

from tests.oracle.maker import Maker


def add_market_supply(m: Maker) -> None:
    """Sources that the market pays: with steps or one price, a capacity, losses, a duty, and plants that feed them."""
    for good in [row["good"] for row in m.rows("goods")]:
        if not m.chance(35):
            continue
        name = f"trade in {good}"
        m.add("sources", source=name, good=good, paid_by="market", origin=m.pick([None, "X"]))
        price = m.number(1, 5)
        steps = m.pick([1, 1, 2])
        for step in range(1, steps + 1):
            width = m.rate(m.quantity(good, m.number(1, 6))) if step < steps or m.chance(30) else None
            m.add("prices", source=name, step=step, width=width, price=round(price * step, 6))
        plants = [p["project"] for p in m.rows("projects") if m.durations[p["project"]]]
        if plants and m.chance(50):
            amount = m.rate(m.quantity(good, m.number(1, 6)))
            cells = {"project": m.pick(plants), "after": 1, "kind": "supply", "name": name, "amount": amount}
            m.add("effects", **cells, ramp=m.pick([None, "2"]))
        elif m.chance(85):
            for n in m.pick([[0], [0, m.later()]]):
                m.add("supply", source=name, **{"from": m.since(n)}, capacity=m.rate(m.quantity(good, m.number(0, 8))))
        if m.chance(50):
            cells = {"from": m.since(m.pick([0, m.later()])), "share": m.pick([0.0, 0.5, 0.9])}
            m.add("arrivals", source=name, **cells)


def add_markets(m: Maker) -> None:
    """The first source of a good gives its steps to a market, and others join it, where none has a discount."""
    for good in [row["good"] for row in m.rows("goods")]:
        mine = [s for s in m.rows("sources") if s["good"] == good and not {"discount", "paid_by"} & set(s)]
        others = [s for s in mine[1:] if "lot_size" not in s]
        if not mine or not m.chance(60 if others else 15):
            continue
        market, chosen = f"{good} market", [mine[0], *(s for s in others if m.chance(85))]
        for price in [p for p in m.rows("prices") if p["source"] == mine[0]["source"]]:
            m.add("markets", market=market, **{name: cell for name, cell in price.items() if name != "source"})
        for source in chosen:
            source["market"] = market
            if m.chance(50):
                source["premium"] = m.pick([0.5, 2.0, -0.5])
        inside = {s["source"] for s in chosen}
        m.tables["prices"] = [p for p in m.rows("prices") if p["source"] not in inside]
