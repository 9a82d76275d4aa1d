"""What a random instance gets of stores: one far away, with routes to it that cost and take time, and release rates."""

from __future__ import annotations

from random import Random

from stockpile.instance.draws import Draws, Tables

#: Name of the store that is added.
FAR = "cavern"


def add_store_rules(tables: Tables, periods: int, seed: int) -> None:
    """Let some goods of a random instance be kept in a further store, to which they do not move freely."""
    draws = Draws(Random(f"stores {seed}"), periods, tables)
    kept = {row["good"]: row["store"] for row in tables["storage"]}
    aged = {row["good"] for table in ("ages", "freshness") for row in tables.get(table, [])}
    moved = [good for good in kept if draws.chance(0.3) and good not in aged]
    if not moved:
        return
    whole = sum(row["quantity"] for row in tables["demand"] if row["from"] is None)
    slow = round(whole * draws.number(0.5, 1.0), 2) if draws.chance(0.5) else None
    draws.add("stores", store=FAR, capacity=None, release_rate=slow)
    if draws.chance(0.3) and len(moved) == len(kept):
        tables["sectors"][0]["store"] = FAR
    for good in moved:
        near = next(row for row in tables["storage"] if row["good"] == good)
        cost = round(near["holding_cost"] * draws.number(0.3, 0.8), 4)
        far = draws.add("storage", good=good, store=FAR, holding_cost=cost)
        demand = sum(row["quantity"] for row in tables["demand"] if row["good"] == good and row["from"] is None)
        route = {"good": good, "from_store": near["store"], "to_store": FAR, "lead_time": min(1, periods - 1)}
        draws.add("transfers", **route, cost=draws.number(0.1, 1.0), capacity=round(demand * draws.number(0.2, 0.6), 2))
        life = next(row["shelf_life"] for row in tables["goods"] if row["good"] == good)
        if not life and draws.chance(0.6):
            far["release_rate"] = round(demand * draws.number(0.2, 0.6), 2)
        for source in tables["sources"]:
            if source["good"] == good and source.get("paid_by") != "market" and draws.chance(0.5):
                source["store"] = near["store"]
    for store in dict.fromkeys(kept[good] for good in moved):
        draws.add("transfers", good=None, from_store=FAR, to_store=store, cost=draws.number(0.1, 1.0))


__all__ = ["add_store_rules"]
