"""Solution arrays -> the table of loans, in the instance's units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from stockpile.data.loans import Loan
from stockpile.plan.abandonments import abandoned
from stockpile.plan.solution import Floats, Solution, names, visible


@dataclass(frozen=True)
class Course:
    """What loans and equity do, (L, N) money, by project, stage (0: from before) and fund; ``principal`` is at the close."""

    keys: list[Loan]
    lent: Floats
    interest: Floats
    repaid: Floats
    principal: Floats
    written_off: Floats
    recovered: Floats

    @property
    def lost(self) -> Floats:
        """What has been written off at a node, less what comes back there."""
        return self.written_off - self.recovered


def course(s: Solution) -> Course:
    """All loans and equity, those with dates last."""
    block, money, nodes = s.data.loans, s.data.scale.money, len(s.tree)
    made = _decided(s)
    dated = block.scheduled
    left = np.array([loan.principal for loan in dated]).reshape(-1, nodes) * money
    brought = np.array([loan.repaid for loan in dated]).reshape(left.shape) * money
    before = s.before(left, np.array([loan.start for loan in dated], dtype=float) * money)
    none = np.zeros(left.shape)
    fixed = (none, left - before + brought, brought, left, none, none)
    keys = [*block.keys, *((loan.project, 0, loan.fund) for loan in dated)]
    return Course(keys, *(np.concatenate(pair) for pair in zip(made, fixed, strict=True)))


def loans_table(s: Solution) -> pd.DataFrame:
    """What is lent, what it earns, what comes back and what is still owed, for every loan and equity."""
    c = course(s)
    columns = ("lent", "interest", "repaid", "principal", "written_off", "recovered")
    values = {name: getattr(c, name) for name in columns}
    keys = {name: names([key[i] for key in c.keys]) for i, name in enumerate(("project", "stage", "fund"))}
    return s.table(keys, values, visible(sum(values.values(), np.zeros((len(c.keys), len(s.tree))))))


def returned(s: Solution, place: dict[str, int]) -> Floats:
    """(F, N) repayments, dividends and recoveries of every fund, money."""
    c = course(s)
    out = np.zeros((len(place), len(s.tree)))
    np.add.at(out, np.array([place[f] for _, _, f in c.keys], dtype=np.int64), c.repaid + c.recovered)
    return out


def _decided(s: Solution) -> tuple[Floats, ...]:
    """The columns of the loans and equity that decisions change."""
    block, money = s.data.loans, s.data.scale.money
    lent = np.zeros((len(block.keys), len(s.tree)))
    interest, principal, written = np.zeros_like(lent), np.zeros_like(lent), np.zeros_like(lent)
    if not block.keys:
        return (lent,) * 6
    place = {key: i for i, key in enumerate(s.data.financing.shares)}
    paid = s.read("tranche", len(place)) * money
    for row, key in enumerate(block.keys):
        lent[row] = paid[place[key]] if key in place else 0.0
    none, gone_of = np.zeros(len(s.tree)), abandoned(s)
    gone = np.array([gone_of.get(p, none) for p, _, _ in block.keys])
    repaid, start = _instalments(s) * (1.0 - gone), (block.start + block.begun) * money
    for n, parent in enumerate(s.tree.parent):
        before = principal[:, parent] if parent >= 0 else start
        interest[:, n] = np.where(block.equity, repaid[:, n], (block.growth - 1.0) * before)
        owed = before + interest[:, n] + lent[:, n] - repaid[:, n]
        written[:, n], principal[:, n] = owed * gone[:, n], owed * (1.0 - gone[:, n])
    principal[np.abs(principal) < 1e-9 * max(1.0, float(principal.max(initial=0.0)))] = 0.0
    recovered = np.zeros_like(written)
    for row, lag in enumerate(block.recovery_lag):
        back = s.tree.ancestor(int(lag))
        recovered[row] = np.where(back >= 0, written[row, np.maximum(back, 0)], 0.0) * block.recovery[row]
    return lent, interest, repaid, principal, written, recovered


def _instalments(s: Solution) -> Floats:
    """(L, N) instalments and dividends of what is in repayment, money, as if no project were abandoned."""
    block, money = s.data.loans, s.data.scale.money
    entered = s.read("entered", len(block.keys))
    repaid = np.zeros(entered.shape)
    for row in range(len(block.keys)):
        for sign, lag in ((1.0, 1), (-1.0, int(block.tenor[row]) + 1)):
            back = s.tree.ancestor(lag)
            before = np.where(s.tree.period - lag == -1, block.begun[row], 0.0)
            repaid[row] += sign * np.where(back >= 0, entered[row, np.maximum(back, 0)], before)
    return np.maximum(repaid, 0.0) * block.instalment[:, None] * money
