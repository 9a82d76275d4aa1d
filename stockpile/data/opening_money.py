"""What funds have, owe and have paid at the start, as arrays in model units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.nodes import Nodes
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class OpeningMoney:
    """Per fund (F): ``cash``, ``debt`` and what was ``paid``; ``drawn`` (F, P) sums draws up to each past node."""

    cash: Floats
    debt: Floats
    paid: Floats
    drawn: Floats


def oldest_debt(instance: Instance) -> int:
    """Periods since the oldest debt at the start was drawn, 0 where there is none."""
    view = instance.view("opening_cash")
    ages = view.loc[view["debt"] > 0, "age"].to_numpy(dtype=float)
    return int(ages.max(initial=0.0))


def make_opening_money(instance: Instance, nodes: Nodes, names: tuple[str, ...], money: float) -> OpeningMoney:
    """Arrays of the funds in the order of ``names``; ``money`` is the instance's money in one unit of the model."""
    view = instance.view("opening_cash")
    place = {f: i for i, f in enumerate(names)}
    fund = np.array([place[str(f)] for f in view["fund"]], dtype=np.int64)
    made = no_opening_money(nodes, len(names))
    for array, column in ((made.cash, "cash"), (made.debt, "debt"), (made.paid, "paid")):
        np.add.at(array, fund, view[column].to_numpy(dtype=float) / money)
    for f, age, debt in zip(fund, view["age"].to_numpy(dtype=float), view["debt"].to_numpy(dtype=float), strict=True):
        if debt > 0:
            made.drawn[f, len(nodes.past) - int(age) :] += debt / money
    return made


def no_opening_money(nodes: Nodes, funds: int) -> OpeningMoney:
    """Nothing had, owed or paid."""
    return OpeningMoney(np.zeros(funds), np.zeros(funds), np.zeros(funds), np.zeros((funds, len(nodes.past))))
