"""What sectors get of what the market buys, of a solution, as a table."""

from __future__ import annotations

import pandas as pd

from stockpile.plan.solution import Solution, names, visible


def market_supply(s: Solution) -> pd.DataFrame:
    """Quantity by sector and good, instance units."""
    pairs = s.data.market_supply.pairs
    quantity = s.read("market_supply", len(pairs)) * s.unit_of([g for _, g in pairs])[:, None]
    keys = {"sector": names([e for e, _ in pairs]), "good": names([g for _, g in pairs])}
    return s.table(keys, {"quantity": quantity}, visible(quantity))
