"""What a random instance tells of the orders of the market: how late, at what charge, in what lots, from which market."""

from __future__ import annotations

from random import Random

from stockpile.instance.draws import MONEY, Draws, Row, Tables


def add_trade_orders(tables: Tables, periods: int, seed: int) -> None:
    """Normal consumption that comes late or in lots, pays charges, is handled as the reserve's orders are, or shares a market."""
    draws = Draws(Random(f"trade {seed}"), periods, tables)
    for row in [row for row in tables["sources"] if row.get("paid_by") == "market"]:
        wanted = _quarterly(draws, row["good"])
        if wanted <= 0:
            continue
        if periods > 1 and draws.chance(0.5):
            row["lead_time"] = 1
            quantity = round(wanted * draws.number(0.1, 0.4), 3)
            draws.add("opening_orders", source=row["source"], arrives=None, quantity=quantity, price=None)
        market = f"{row['good']} spot market"
        if draws.chance(0.5) and any(r["market"] == market for r in tables.get("markets", [])):
            row["market"] = market
            tables["prices"] = [price for price in tables["prices"] if price["source"] != row["source"]]
        elif draws.chance(0.4):
            row["lot_size"] = round(wanted * draws.number(0.1, 0.3), 3)
        elif draws.chance(0.5):
            price = min(r["price"] for r in tables["prices"] if r["source"] == row["source"])
            row["order_cost"] = round(wanted * price * MONEY * draws.number(0.001, 0.01), 6)
        _handle(draws, row)


def _quarterly(draws: Draws, good: str) -> float:
    """The least that all sectors want of a good in a quarter."""
    mine = [row for row in draws.tables["demand"] if row["good"] == good]
    dates = {row["from"] for row in mine}
    wanted = [float(sum(row["quantity"] for row in mine if row["from"] == date)) for date in dates]
    return min(wanted, default=0.0) / 4


def _handle(draws: Draws, row: Row) -> None:
    """Its orders are handled as those of the reserve are."""
    use = [u for u in draws.tables.get("resource_use", []) if u["resource"] == "handling" and u["kind"] == "order"]
    if use and draws.chance(0.5):
        each = round(min(u["per_unit"] for u in use) * draws.number(0.2, 0.5), 8)
        draws.add("resource_use", **{**use[0], "name": row["source"], "per_unit": each, "per_order": None})
