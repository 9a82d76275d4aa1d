"""What counts at the end of the horizon beside stock, as a plan table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockpile.plan.abandonments import abandoned
from stockpile.plan.loans import course
from stockpile.plan.solution import Floats, Solution, names, visible
from stockpile.plan.undelivered import goods_on_order


def end_values(s: Solution) -> pd.DataFrame:
    """Debt, projects that stand, goods and principal that are owed, goods on order, at the leaves, with what counts of each."""
    funds, stages, money = s.data.funds, s.data.financing, s.data.scale.money
    owing = [f for f in funds.credit if funds.end_debt[funds.names.index(f)] > 0]
    debt = s.read("debt", len(funds.credit))[[funds.credit.index(f) for f in owing]] * money
    share = funds.end_debt[[funds.names.index(f) for f in owing]]
    valued = [stages.stages.index(stage) for stage in stages.end_value]
    started = s.read("started", len(stages.stages))
    stands = np.array([_there(s, started[i], i) for i in valued], dtype=float).reshape(len(valued), len(s.tree)) > 0.5
    gone = abandoned(s)
    kept = [1.0 - gone.get(p, np.zeros(len(s.tree))) for p, _ in stages.end_value]
    worth = (
        stands
        * np.array(kept).reshape(stands.shape)
        * (np.array(list(stages.end_value.values())).reshape(-1, 1) * money)
    )
    leaf = np.zeros(len(s.tree), dtype=bool)
    leaf[s.tree.leaves] = True
    loans = s.data.stock.loans
    lent = s.read("lent", len(loans.goods)) * loans.end_value[:, None] * money
    lenders, owed, part = _principal(s)
    sources, ordered, net = goods_on_order(s)
    amount = np.concatenate([debt, worth, lent, owed, ordered]) * leaf
    value = np.concatenate([debt * share[:, None], -worth, -lent, -owed * part[:, None], net]) * leaf
    kinds = {"debt": len(owing), "project": len(valued), "lent": len(loans.goods), "principal": len(lenders)}
    kinds["order"] = len(sources)
    keys = {
        "kind": names([kind for kind, count in kinds.items() for _ in range(count)]),
        "name": names([*owing, *(p for p, _ in stages.end_value), *loans.goods, *lenders, *sources]),
    }
    return s.table(keys, {"amount": amount, "value": value}, visible(amount))


def _there(s: Solution, started: Floats, row: int) -> Floats:
    """(N,) 1 where a stage counts at the end: of those that shocks delay what has ended."""
    block = s.data.financing
    if block.stages[row] not in block.shifted:
        return started
    return np.asarray(
        np.concatenate([block.begun(len(s.data.nodes.past))[1][row], started])[block.since(block.stages[row])]
    )


def _principal(s: Solution) -> tuple[list[str], Floats, Floats]:
    """The funds whose principal counts at the end, what projects owe them (funds, N), and the share of it."""
    funds, instance = s.data.funds, s.instance
    shares = {f: instance.end_value("principal", f) for f, c in zip(funds.names, funds.counted, strict=True) if c > 0}
    lenders = [f for f, share in shares.items() if share > 0]
    loans = course(s)
    owed = np.zeros((len(lenders), len(s.tree)))
    for (_, _, fund), principal in zip(loans.keys, loans.principal, strict=True):
        if fund in lenders:
            owed[lenders.index(fund)] += principal
    return lenders, owed, np.array([shares[f] for f in lenders], dtype=float)
