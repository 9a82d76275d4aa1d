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


@dataclass(frozen=True)
class Commitments:
    """``funds`` with a limit and the ``limit`` of each (C,); nothing else is filled where there is none.

    ``stages`` are paid some periods after their release, ``waits`` (I,) after the promise: stages released before the
    horizon, ``ages`` (I,) periods before it, are promised at the root.  ``sources`` deliver some periods after the order,
    ``payers`` are the funds that may pay for purchases; both are empty where no fund with a limit may.  ``guaranteed`` are
    the guarantees of funds with a limit, ``opening`` (C,) what these guarantee at the start.  ``backed`` are the contracts
    for which funds answer.
    """

    funds: tuple[str, ...]
    limit: Floats
    stages: tuple[Stage, ...]
    waits: tuple[int, ...]
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
    late = {stage: lag for stage, lag, cost in due if lag > 0 and cost > 0 and ages.get(stage, 0) <= lag}
    return Commitments(
        funds=names,
        limit=limit[limited] / money,
        stages=tuple(late),
        waits=tuple(lag - ages.get(stage, 0) for stage, lag in late.items()),
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
