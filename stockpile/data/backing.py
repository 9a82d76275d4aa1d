"""What contracts make funds pay in any case, as arrays in model units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.contracts import Contracts
from stockpile.data.nodes import Nodes
from stockpile.data.purchasing import Purchasing

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Backed:
    """``contracts`` that may be signed and have a least rate; ``ages`` are pairs of one and the periods since it began (A).

    ``due`` (A, N) is what its least rate then costs at a node, ``unpaid`` (A, N) what it will cost after that; ``promised``
    (contracts, N) is what that of a contract costs in all where it begins.
    """

    contracts: tuple[str, ...]
    ages: tuple[tuple[str, int], ...]
    due: Floats
    unpaid: Floats
    promised: Floats


def nothing_backed(nodes: Nodes) -> Backed:
    """No contract for which funds answer."""
    none = np.zeros((0, len(nodes.horizon)))
    return Backed((), (), none, none, none)


def make_backed(nodes: Nodes, contracts: Contracts, purchasing: Purchasing) -> Backed:
    """Arrays of the contracts for which funds answer."""
    signed = _with_least(contracts)
    ages = [(c, age) for c in signed for age in range(_last_payment(contracts, nodes, c) + 1)]
    due = [_due(contracts, purchasing, nodes, *at) for at in ages]
    unpaid = [_unpaid(contracts, nodes, *at) for at in ages]
    promised = [_unpaid(contracts, nodes, c, 0, before=True) for c in signed]
    return Backed(
        contracts=signed,
        ages=tuple(ages),
        due=np.array(due).reshape(len(ages), len(nodes.horizon)),
        unpaid=np.array(unpaid).reshape(len(ages), len(nodes.horizon)),
        promised=np.array(promised).reshape(len(signed), len(nodes.horizon)),
    )


def _with_least(contracts: Contracts) -> tuple[str, ...]:
    """Contracts that can be signed and have a least rate: funds then settle who pays for it."""
    rows = np.flatnonzero(contracts.open.any(axis=1) & contracts.least.any(axis=1))
    return tuple(contracts.names[row] for row in rows)


def _last_payment(contracts: Contracts, nodes: Nodes, name: str) -> int:
    """Periods from its beginning to the last payment, within the horizon."""
    row = contracts.names.index(name)
    return min(int(contracts.duration[row] + contracts.lead[row]) - 1, int(nodes.period.max()))


def _due(contracts: Contracts, purchasing: Purchasing, nodes: Nodes, name: str, age: int) -> Floats:
    """(N,) what the least rate of a contract begun ``age`` periods before costs at a node, as far as deliveries arrive."""
    row = contracts.names.index(name)
    lead = int(contracts.lead[row])
    if not lead <= age < lead + contracts.duration[row]:
        return np.zeros(len(nodes.horizon))
    arrive = purchasing.arrive[purchasing.sources.index(contracts.source_of[name])]
    called = nodes.tree.ancestor(lead)
    amount = np.where(called >= 0, contracts.least[row, np.maximum(called, 0)], 0.0)
    return np.asarray(arrive * amount * _price(contracts, nodes, row, age, lead))


def _unpaid(contracts: Contracts, nodes: Nodes, name: str, age: int, before: bool = False) -> Floats:
    """(N,) what the least rate of a contract begun ``age`` periods before costs after a node, or from it on.

    What was called is valued at its price, what is yet to be called at the price in force.
    """
    row, period = contracts.names.index(name), nodes.period
    lead, last = int(contracts.lead[row]), int(period.max())
    by_period = np.zeros(last + 1)
    by_period[period] = contracts.least[row]
    total = np.zeros(len(nodes.horizon))
    for ahead in range(-age, int(contracts.duration[row]) - age):
        at = period + ahead
        if ahead + lead < (0 if before else 1):
            continue
        amount = np.where((at >= 0) & (at <= last), by_period[np.clip(at, 0, last)], 0.0)
        total += amount * _price(contracts, nodes, row, age, max(-ahead, 0))
    return np.where(period >= age, total, 0.0)


def _price(contracts: Contracts, nodes: Nodes, row: int, age: int, back: int) -> Floats:
    """(N,) the price of what was called ``back`` periods ago under a contract begun ``age`` periods ago."""
    now, fixed = contracts.price_now[row], (contracts.names[row], 1) in contracts.bands
    at = nodes.tree.ancestor(age if fixed else back)
    return np.where(at >= 0, now[np.maximum(at, 0)], 0.0)
