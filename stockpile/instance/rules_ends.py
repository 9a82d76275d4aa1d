"""What a random instance counts of the orders that arrive after its horizon."""

from __future__ import annotations

from random import Random

from stockpile.instance.draws import Draws, Tables


def add_order_values(tables: Tables, periods: int, seed: int) -> None:
    """Goods on order at the end that are worth less than they cost, some of them under way from before."""
    draws = Draws(Random(f"on order {seed}"), periods, tables)
    wanted = {row["good"]: row["quantity"] for row in tables["demand"]}
    for source in tables["sources"]:
        name, good = source["source"], source["good"]
        prices = [row["price"] for row in tables["prices"] if row["source"] == name]
        if not source.get("lead_time") or not prices or not draws.chance(0.3):
            continue
        worth = round(min(prices) * draws.number(0.3, 0.95), 4)
        draws.add("end_values", kind="order", name=name, value=worth)
        if draws.chance(0.4):
            quantity = round(wanted[good] * draws.number(0.02, 0.1) + 0.01, 2)
            owed = round(worth * draws.number(0.5, 1.0), 4)
            draws.add("opening_orders", source=name, arrives=f"{2027 + periods // 4}Q1", quantity=quantity, price=owed)
