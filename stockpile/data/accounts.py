"""Accounts of participants as arrays in model units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.nodes import Nodes
from stockpile.data.scale import Scale
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Account = tuple[str, str]


@dataclass(frozen=True)
class Accounts:
    """Per account (A), a sector and a good: ``within`` periods from a draw to its settlement, ``price`` of a unit in model money.

    ``most`` (A, N) is what may be drawn at a node, ``entitlement`` (A,) what may be unsettled; ``fees`` (A, N) are due at a node.
    ``replaced`` are the accounts that are settled in kind, ``bought`` the others; ``funds`` name who is paid, empty for no fund.
    """

    keys: tuple[Account, ...]
    within: Ints
    price: Floats
    most: Floats
    entitlement: Floats
    fees: Floats
    replaced: tuple[Account, ...]
    funds: tuple[str, ...]

    @property
    def bought(self) -> tuple[Account, ...]:
        """The accounts that pay for what they drew."""
        return tuple(key for key in self.keys if key not in self.replaced)


def make_accounts(instance: Instance, nodes: Nodes, scale: Scale) -> Accounts:
    """Arrays of the accounts; empty where there is none."""
    view = instance.view("accounts")
    keys = tuple((str(e), str(g)) for e, g in zip(view["sector"], view["good"], strict=True))
    goods = [str(g) for g in instance.view("goods")["good"]]
    unit = scale.good[np.array([goods.index(g) for _, g in keys], dtype=np.int64)]
    begin, end = (at[:, None] for at in instance.spans("accounts"))
    inside = (nodes.period >= begin) & (nodes.period < end)
    columns = (view[c].to_numpy(dtype=float) for c in ("entitlement", "price", "entry_fee", "carrying_cost"))
    entitled, price, entry, carrying = columns
    fees = inside * (carrying * entitled)[:, None] + (nodes.period == begin) * inside * entry[:, None]
    in_kind = view["settled_by"] == "replacement"
    return Accounts(
        keys=keys,
        within=view["within"].to_numpy(dtype=float).astype(np.int64),
        price=np.nan_to_num(price) * unit / scale.money,
        most=inside * (entitled / unit)[:, None],
        entitlement=entitled / unit,
        fees=fees / scale.money,
        replaced=tuple(key for key, flag in zip(keys, in_kind, strict=True) if flag),
        funds=tuple(f if isinstance(f, str) else "" for f in view["proceeds_to"]),
    )
