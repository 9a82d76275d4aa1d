"""Accounts of participants in random instances."""

from __future__ import annotations

from random import Random

from stockpile.instance.draws import MONEY, Draws, Tables


def add_account_rules(tables: Tables, periods: int, seed: int) -> None:
    """Add accounts of goods that are not traced, for about a tenth of what a sector wants; their fees cost the reserve nothing.

    What comes back may have to be disposed of, so the treasury gets what that costs.
    """
    draws = Draws(Random(f"accounts {seed}"), periods, tables)
    prices: dict[str, float] = {}
    good_of = {row["source"]: row["good"] for row in tables["sources"]}
    for row in tables.get("prices", []):
        good = good_of[row["source"]]
        prices[good] = min(prices.get(good, float("inf")), row["price"])
    traced = {row["good"] for row in tables["goods"] if row.get("trace")}
    wanted = {(row["sector"], row["good"]): row["quantity"] for row in tables["demand"] if row["from"] is None}
    for (sector, good), quantity in wanted.items():
        if good in traced or good not in prices or not draws.chance(0.3):
            continue
        buys = draws.chance(0.4)
        draws.add(
            "accounts",
            sector=sector,
            good=good,
            **{"from": draws.date(draws.pick(0, 2)) if periods > 3 else None},
            entitlement=round(quantity * draws.number(0.03, 0.1) + 0.01, 2),
            within=draws.pick(1, 4),
            settled_by="purchase" if buys else "replacement",
            price=round(prices[good] * draws.number(0.9, 1.2), 4) if buys else None,
            entry_fee=round(quantity * prices[good] * MONEY * draws.number(0.001, 0.005), 6),
            carrying_cost=round(prices[good] * draws.number(0.02, 0.06), 4),
            proceeds_to="treasury" if draws.chance(0.7) else None,
        )


__all__ = ["add_account_rules"]
