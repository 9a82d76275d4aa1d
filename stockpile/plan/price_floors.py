"""Solution arrays -> the table of price floors, in the instance's units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from stockpile.plan.abandonments import abandoned
from stockpile.plan.solution import Floats, Solution, names, visible


@dataclass(frozen=True)
class Cover:
    """What every floor covers, what the fund pays and gets for it, (Y, N), in the instance's units, by its ``funds`` (Y)."""

    funds: tuple[str, ...]
    output: Floats
    paid: Floats
    received: Floats

    def by_fund(self, amount: Floats, place: dict[str, int]) -> Floats:
        """(F, N) an amount of the floors, summed by fund."""
        out = np.zeros((len(place), amount.shape[1]))
        np.add.at(out, np.array([place[f] for f in self.funds], dtype=np.int64), amount)
        return out


def cover_of(s: Solution) -> Cover:
    """What the releases of the plan bring under the floors."""
    block, financing, past = s.data.price_floors, s.data.financing, s.data.nodes.past
    effects = {e.number: e for e in financing.effects}
    none, gone = np.zeros(len(s.tree)), abandoned(s)
    output = np.zeros((len(block.numbers), len(s.tree)))
    if block.numbers:
        going = np.round(s.read("started", len(financing.stages)))
        started = np.concatenate([financing.begun(len(past))[1], going], axis=1)
        for (y, x, since), more in block.parts.items():
            stage = financing.stages.index((effects[x].project, effects[x].after))
            output[y - 1] += more * started[stage, financing.since(financing.stages[stage], since)]
        output[output < 1e-9 * block.full[:, None]] = 0.0
    output *= block.inside * (1.0 - np.array([gone.get(p, none) for p in block.projects]).reshape(output.shape))
    money = s.data.scale.money
    unit = s.unit_of([s.data.purchasing.good_of[k] for k in block.sources])[:, None]
    return Cover(block.funds, output * unit, output * block.pays * money, output * block.gets * money)


def price_floor_table(s: Solution) -> pd.DataFrame:
    """What floors cover, the market price, what funds pay and get."""
    block, cover = s.data.price_floors, cover_of(s)
    rows = [*zip(block.projects, block.sources, block.funds, strict=True)]
    keys = list(dict.fromkeys(rows))
    place = [keys.index(key) for key in rows]
    unit = s.unit_of([s.data.purchasing.good_of[k] for k in block.sources])[:, None]
    price = block.market_price * s.data.scale.money / unit / s.instance.price_factor
    each = {"output": cover.output, "market_price": price, "paid": cover.paid, "received": cover.received}
    values = {name: np.zeros((len(keys), len(s.tree))) for name in each}
    for name, amount in each.items():
        np.add.at(values[name], np.array(place, dtype=np.int64), amount * block.inside)
    columns = {name: names([key[i] for key in keys]) for i, name in enumerate(("project", "source", "fund"))}
    return s.table(columns, values, visible(values["output"]))
