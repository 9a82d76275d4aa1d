"""What funds may have promised and not yet paid, as arrays in model units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.backing import Backed, make_backed, nothing_backed
from stockpile.data.contracts import Contracts
from stockpile.data.financing import Financing
from stockpile.data.funds import Funds
from stockpile.data.guarantees import Guarantee, Guarantees
from stockpile.data.loans import Loans
from stockpile.data.nodes import Nodes
from stockpile.data.purchasing import Purchasing
from stockpile.data.releases import Stage
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Commitments:
    """``funds`` with a limit and the ``limit`` of each (C,); nothing else is filled where there is none.

    ``stages`` are paid some periods after their release; stages released before the horizon, ``ages`` (I,) periods before
    it, are promised at the root.  ``due`` holds arrays (I, N) of positions among past and horizon nodes: the promises that
    fall due at a node, several where the durations of stages change, and the oldest past node where there is none.  ``sources`` deliver some periods after the order,
    ``payers`` are the funds that may pay for purchases; both are empty where no fund with a limit may.  ``guaranteed`` are
    the guarantees of funds with a limit, ``opening`` (C,) what these guarantee at the start.  ``backed`` are the contracts
    for which funds answer.
    """

    funds: tuple[str, ...]
    limit: Floats
    stages: tuple[Stage, ...]
    due: tuple[Ints, ...]
    ages: tuple[int, ...]
    sources: tuple[str, ...]
    payers: tuple[str, ...]
    guaranteed: tuple[Guarantee, ...]
    opening: Floats
    backed: Backed


def make_commitments(
    instance: Instance,
    nodes: Nodes,
    money: float,
    blocks: tuple[Funds, Financing, Purchasing, Contracts],
    lending: tuple[Loans, Guarantees],
) -> Commitments:
    """Arrays of the funds with a commitment limit; ``money`` is the instance's money in one unit of the model."""
    (funds, financing, purchasing, contracts), (loans, guarantees) = blocks, lending
    view = instance.view("funds")
    limit = view["commitment_limit"].to_numpy(dtype=float)
    limited = np.flatnonzero(np.isfinite(limit))
    nothing = nothing_backed(nodes)
    if not len(limited):
        return Commitments((), np.zeros(0), (), (), (), (), (), (), np.zeros(0), nothing)
    payers = tuple(f for use, f in funds.classes if use == "purchases")
    buys = any(funds.names[f] in payers for f in limited)
    names = tuple(funds.names[f] for f in limited)
    start = dict(zip(loans.keys, loans.start + loans.begun, strict=True))
    opening = np.zeros(len(names))
    for key, share in zip(guarantees.keys, guarantees.share, strict=True):
        if key[3] in names:
            opening[names.index(key[3])] += share * start[key[:3]]
    ages = financing.ages
    due = zip(financing.stages, financing.due_lag.tolist(), financing.cost, strict=True)
    late = {s: lag for s, lag, cost in due if s in financing.late and cost > 0 and ages.get(s, 0) <= lag}
    return Commitments(
        funds=names,
        limit=limit[limited] / money,
        stages=tuple(late),
        due=_due(nodes, financing, late),
        ages=tuple(ages.get(stage, 0) for stage in late),
        sources=tuple(
            k
            for k, lead in zip(purchasing.sources, purchasing.lead, strict=True)
            if lead > 0 and buys and k not in purchasing.market_paid
        ),
        payers=payers if buys else (),
        guaranteed=tuple(key for key in guarantees.keys if key[3] in names),
        opening=opening,
        backed=make_backed(nodes, contracts, purchasing) if buys else nothing,
    )


def _due(nodes: Nodes, financing: Financing, late: dict[Stage, int]) -> tuple[Ints, ...]:
    """Arrays (stages, N) of the positions of promises that fall due at a node."""
    past, root = len(nodes.past), nodes.back(0).copy()
    for n, parent in enumerate(nodes.tree.parent):
        root[n] = root[parent] if parent >= 0 else root[n]
    rows: list[list[Ints]] = []
    for stage, lag in late.items():
        age = financing.ages.get(stage, 0)
        if stage not in financing.shifted:
            rows.append([nodes.back(lag - age)])
            continue
        last, before = financing.since(stage), financing.since(stage, 1)
        back = [nodes.back(k) for k in range(int(nodes.period.max()) + 1)]
        ended = (last >= past - age) & (before < past - age)
        found = [np.where((at > before) & (at <= last) & (at >= past), at, 0) for at in back]
        found = [np.where(ended, root, 0)] if age else found
        spots = np.sort(np.array(found), axis=0)[::-1]
        rows.append([spots[k] for k in range(max(1, int((spots > 0).sum(axis=0).max())))])
    most = max((len(row) for row in rows), default=1)
    nothing = np.zeros(len(nodes.horizon), dtype=np.int64)
    slots = [[row[k] if k < len(row) else nothing for row in rows] for k in range(most)]
    return tuple(np.array(slot, dtype=np.int64).reshape(len(rows), len(nothing)) for slot in slots)
