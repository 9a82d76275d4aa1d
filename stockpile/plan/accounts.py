"""What participants draw on their accounts and pay, of a solution, as a table in the instance's units."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from stockpile.plan.solution import Floats, Solution, names, visible


def account_table(s: Solution) -> pd.DataFrame:
    """Draws, what is settled of them, what is not yet, and what the sector pays."""
    block = s.data.accounts
    unit = s.unit_of([g for _, g in block.keys])[:, None]
    drawn, settled = _drawn(s)
    in_kind = np.array([key in block.replaced for key in block.keys], dtype=bool).reshape(-1, 1)
    values = {
        "drawn": drawn * unit,
        "replaced": np.where(in_kind, settled, 0.0) * unit,
        "bought": np.where(in_kind, 0.0, settled) * unit,
        "unsettled": s.read("unsettled", len(block.keys)) * unit,
        "fees": block.fees * s.data.scale.money,
        "paid": _paid(s) * s.data.scale.money,
    }
    keep = np.logical_or.reduce([visible(amount) for amount in values.values()])
    return s.table(
        {"sector": names([e for e, _ in block.keys]), "good": names([g for _, g in block.keys])}, values, keep
    )


def account_proceeds(s: Solution, place: Mapping[str, int]) -> Floats:
    """(F, N) fees and payments of accounts by the fund that gets them, money."""
    out = np.zeros((len(place), len(s.tree)))
    block = s.data.accounts
    for fund, paid in zip(block.funds, (block.fees + _paid(s)) * s.data.scale.money, strict=True):
        if fund:
            out[place[fund]] += paid
    return out


def _drawn(s: Solution) -> tuple[Floats, Floats]:
    """(A, N) what is drawn and what is settled of earlier draws, model units."""
    block = s.data.accounts
    drawn = s.read("drawing", len(block.keys))
    settled = np.zeros_like(drawn)
    for row, within in enumerate(block.within):
        back = s.tree.ancestor(int(within))
        settled[row] = np.where(back >= 0, drawn[row, np.maximum(back, 0)], 0.0)
    return drawn, settled


def _paid(s: Solution) -> Floats:
    """(A, N) the set price of what is bought, model money."""
    block = s.data.accounts
    bought = np.array([key in block.bought for key in block.keys], dtype=np.float64)
    return np.asarray((bought * block.price)[:, None] * _drawn(s)[1])
