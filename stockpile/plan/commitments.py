"""Solution arrays -> the table of commitments, in the instance's units."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockpile.plan.solution import Floats, Solution, names, visible


def commitments_table(s: Solution) -> pd.DataFrame:
    """What funds promise at releases, orders and beginnings of contracts that are paid later."""
    money = s.data.scale.money
    stages = list(s.model.PLEDGES) if s.data.commitments.funds else []
    orders = list(s.model.ORDER_PLEDGES) if s.data.commitments.funds else []
    backings, backed = _backed(s)
    parts = [_read(s, "pledge", len(stages)), _read(s, "order_pledge", len(orders)), backed]
    amount = np.concatenate(parts) * money
    keys = [*((f, "stage", p, i) for p, i, f in stages), *((f, "order", k, 0) for k, f in orders)]
    keys += [(f, "contract", c, 0) for c, f in backings]
    columns = {name: names([key[j] for key in keys]) for j, name in enumerate(("fund", "kind", "name", "stage"))}
    return s.table(columns, {"amount": amount}, visible(amount))


def _backed(s: Solution) -> tuple[list[tuple[str, str]], Floats]:
    """Contracts with the funds that answer for them, and (., N) for what of their least rates when they begin, model money."""
    block = s.data.commitments.backed
    if not block.contracts:
        return [], np.zeros((0, len(s.tree)))
    pairs = list(s.model.BACKINGS)
    row = [block.contracts.index(c) for c, _ in pairs]
    return pairs, s.read("answer", len(pairs)) * block.promised[row]


def committed(s: Solution, place: dict[str, int]) -> Floats:
    """(F, N) what each fund with a commitment limit has promised and not yet paid, money."""
    out = np.zeros((len(place), len(s.tree)))
    funds = s.data.commitments.funds
    out[[place[f] for f in funds]] = _read(s, "committed", len(funds)) * s.data.scale.money
    return out


def _read(s: Solution, name: str, rows: int) -> Floats:
    return s.read(name, rows) if rows else np.zeros((0, len(s.tree)))
