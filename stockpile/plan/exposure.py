"""Solution arrays -> the table of what funds have at risk in projects, in the instance's units."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockpile.data.loans import Loan
from stockpile.plan.abandonments import abandoned
from stockpile.plan.guarantees import moved_risk
from stockpile.plan.loans import course
from stockpile.plan.solution import Floats, Solution, names, visible


def exposure_table(s: Solution) -> pd.DataFrame:
    """For every fund and project: what was paid for milestones that are still open, what else is owed, and what is lost."""
    keys, risk = at_risk(s)
    columns = {"fund": names([f for f, _ in keys]), "project": names([p for _, p in keys])}
    return s.table(columns, risk, visible(sum(risk.values(), np.zeros((len(keys), len(s.tree))))))


def at_risk(s: Solution) -> tuple[list[tuple[str, str]], dict[str, Floats]]:
    """Fund and project (K), and by column what is at risk of them, (K, N), money."""
    block, shares = s.data.financing, list(s.data.financing.shares)
    paid = s.read("tranche", len(shares)) * s.data.scale.money
    none, gone = np.zeros(len(s.tree)), abandoned(s)
    loans = course(s)
    moved = moved_risk(s)
    backed = [(p, i, g) for (p, i, _), guarantors in moved.items() for g, _ in guarantors]
    keys = list(dict.fromkeys((f, p) for p, _, f in [*shares, *loans.keys, *backed]))
    place = {key: i for i, key in enumerate(keys)}
    risk = {name: np.zeros((len(keys), len(s.tree))) for name in ("unverified", "outstanding", "lost")}

    def add(name: str, loan: Loan, amount: Floats) -> None:
        """Put an amount at the risk of a fund, and of those that guarantee it."""
        p, _, f = loan
        for fund, share in [(f, 1.0), *moved.get(loan, []), *((f, -part) for _, part in moved.get(loan, []))]:
            risk[name][place[fund, p]] += share * amount

    before = _paid_before(s)
    for amount, (p, i, f) in zip(paid, shares, strict=True):
        stage, left = block.stages.index((p, i)), gone.get(p, none)
        unverified, past = none, before.get((p, i, f), 0.0)
        if (p, i) not in block.late:
            before_root = past * block.begun(len(s.data.nodes.past))[1][stage]
            paid_so_far = np.concatenate([before_root, _so_far(s, amount) + past])
            unverified = (paid_so_far[len(before_root) :] - paid_so_far[block.since((p, i))]) * (1 - left)
        add("unverified", (p, i, f), unverified)
        if (p, i, f) in block.instrument:
            add("outstanding", (p, i, f), -unverified)
        else:
            add("lost", (p, i, f), (_so_far(s, amount) + past) * left)
    for loan, owed, lost in zip(loans.keys, loans.principal, loans.lost, strict=True):
        add("outstanding", loan, owed)
        add("lost", loan, _so_far(s, lost))
    for name, amount in risk.items():
        noise = 1e-9 * max(1.0, float(np.abs(amount).max(initial=0.0)))
        risk[name] = np.where(np.abs(amount) < noise, 0.0, amount)
    return keys, risk


def _paid_before(s: Solution) -> dict[tuple[str, int, str], float]:
    """What funds paid of stages before the horizon, money."""
    view = s.instance.view("opening_disbursements")
    columns = (view[name].tolist() for name in ("project", "stage", "fund", "amount"))
    return {(str(p), int(i), str(f)): float(amount) for p, i, f, amount in zip(*columns, strict=True)}


def _so_far(s: Solution, amount: Floats) -> Floats:
    """(N,) the sum over the path."""
    out = amount.copy()
    for n, parent in enumerate(s.tree.parent):
        out[n] += out[parent] if parent >= 0 else 0.0
    return out
