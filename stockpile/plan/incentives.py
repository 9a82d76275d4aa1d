"""Solution arrays -> the table of incentives, in the instance's units."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from stockpile.plan.solution import Floats, Solution, names, visible


def incentive_table(s: Solution) -> pd.DataFrame:
    """What was delivered that counts, what it earns at the rate, and what is paid."""
    block, money = s.data.incentives, s.data.scale.money
    counting = s.read("qualifying", len(block.names)) * block.inside
    values = {
        "quantity": counting * s.unit_of(block.goods)[:, None],
        "earned": counting * block.rate * money,
        "paid": s.read("incentive", len(block.names)) * money,
    }
    columns = {"incentive": block.names, "project": block.projects, "good": block.goods, "fund": block.funds}
    keep = visible(values["quantity"]) | visible(values["paid"])
    return s.table({name: names(cells) for name, cells in columns.items()}, values, keep)


def incentives_of(s: Solution, place: Mapping[str, int]) -> Floats:
    """(F, N) what funds pay for incentives."""
    block = s.data.incentives
    out = np.zeros((len(place), len(s.tree)))
    paid = s.read("incentive", len(block.names)) * s.data.scale.money
    np.add.at(out, np.array([place[f] for f in block.funds], dtype=np.int64), paid)
    return out


__all__ = ["incentive_table", "incentives_of"]
