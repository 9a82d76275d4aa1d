"""Market supply: what the market buys goes to the sectors that want it, and not into the reserve."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import Case


def market_paid(case: Case) -> list[bool]:
    """Whether the market pays, source by source."""
    return [payer == "market" for payer in case.view("sources").texts("paid_by")]


def check_market_supply(case: Case, arrived: Floats, pairs: list[Key]) -> Floats:
    """(pairs, nodes) what sectors get of what the market buys; ``arrived`` (goods, nodes) is what arrives of that."""
    view = case.view("sources")
    traded = [g for g, paid in zip(view.texts("good"), market_paid(case), strict=True) if paid]
    goods = list(dict.fromkeys(traded))
    keys: list[Key] = [pair for pair in pairs if pair[1] in traded]
    grid = case.reader.grid("market_supply", keys)
    case.not_negative(grid, "quantity")
    taken = grid.amount("quantity")
    good = np.array([goods.index(g) for _, g in keys], dtype=np.int64)
    words = "sectors get {left} of the {0} that the market buys, but {right} arrives"
    rule = case.rule("market_supply_is_taken", grid, [(g,) for g in goods], case.quantity, words)
    case.book.equal(rule, case.total(taken, good, len(goods)), arrived[[case.good_at[g] for g in goods]])
    place: Mapping[Key, int] = {pair: i for i, pair in enumerate(pairs)}
    return case.total(taken, np.array([place[key] for key in keys], dtype=np.int64), len(pairs)).reshape(
        len(pairs), len(case.tree)
    )
