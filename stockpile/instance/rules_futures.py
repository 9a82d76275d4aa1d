"""What a random instance gets of scenarios that are drawn from how prices have moved."""

from __future__ import annotations

from random import Random

import numpy as np

from stockpile.instance.draws import Draws, Tables
from stockpile.instance.price_history import CORRELATION, VOLATILITY
from stockpile.instance.sampling import Kept, fast_forward, price_paths

#: For each scenario that is kept so many are drawn, at most so many in all; the price changes once in so many quarters.
DRAWN, MOST_DRAWN, EVERY = 50, 2000, 4


def add_futures(tables: Tables, periods: int, count: int, seed: int) -> Kept:
    """Scenarios of prices: each good moves as a material of the price history does, all from the second year on.

    Drawn with the volatility and correlation of the history, and reduced to ``count`` by fast forward selection.  What stock
    is worth at the end falls with the lowest price, so that nothing is bought only to be left over.
    """
    goods = [row["good"] for row in tables["goods"]]
    names = list(VOLATILITY)
    material = [i % len(names) for i in range(len(goods))]
    moments = list(range(EVERY, periods, EVERY)) or [periods - 1]
    paths = price_paths(
        np.array(list(VOLATILITY.values())),
        np.array(CORRELATION),
        np.array(moments) / EVERY,
        min(MOST_DRAWN, DRAWN * count),
        seed,
    )[:, :, material]
    kept = fast_forward(paths, np.full(len(paths), 1.0 / len(paths)), count)
    draws = Draws(Random(seed), periods, tables)
    weights = _shares(kept)
    for number, (path, share) in enumerate(zip(kept.chosen, weights, strict=True), start=1):
        name = f"prices {number}"
        draws.add("scenarios", scenario=name, probability=share)
        for good, column in zip(goods, paths[path].T, strict=True):
            for moment, factor in zip(moments, column, strict=True):
                cells = {
                    "quantity": "price",
                    "good": good,
                    "from": draws.date(moment),
                    "factor": round(float(factor), 3),
                }
                draws.add("shocks", scenario=name, shock="prices", **cells)
    for row, least in zip(tables["goods"], paths[kept.chosen].min(axis=(0, 1)).tolist(), strict=True):
        if row.get("terminal_value"):
            row["terminal_value"] = round(row["terminal_value"] * min(least, 1.0), 4)
    return kept


def _shares(kept: Kept) -> list[float]:
    """Probabilities of six decimals that sum to 1."""
    shares = [round(float(p), 6) for p in kept.probability]
    shares[int(np.argmax(shares))] += 1.0 - sum(shares)
    return [round(share, 6) for share in shares]


__all__ = ["add_futures"]
