"""Random markets: sources of a good that share the price steps which one of them had."""

from __future__ import annotations

from tests.oracle.maker import Maker


def add_markets(m: Maker) -> None:
    """The first source of a good gives its steps to a market, and others join it, where none has a discount."""
    for good in [row["good"] for row in m.rows("goods")]:
        mine = [s for s in m.rows("sources") if s["good"] == good and "discount" not in s]
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
