"""Exposure: what funds have paid for open milestones, and what projects owe them, within the limits."""

from __future__ import annotations

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import IMPLICIT, Case
from stockpile.plan.auditing.financing import Projects
from stockpile.plan.auditing.guarantees import Backing
from stockpile.plan.auditing.loans import Lending


def check_exposure(
    case: Case, project: Projects, lending: Lending, backing: Backing
) -> tuple[dict[Key, Floats], dict[Key, Floats]]:
    """Check the table of exposure and the limits: of a loan a guarantor bears its share, and the lender the rest.

    Gives what is at risk, and what has been lost, by fund and project (nodes,).
    """
    paid, verified, gone, principal = project.paid, project.verified, project.gone, lending.owed
    funds = case.view("funds").texts("fund") or [IMPLICIT]
    projects = list(dict.fromkeys([*(str(p) for p, _ in verified), *(str(p) for p, _, _ in principal)]))
    keys: list[Key] = [(f, p) for f in funds for p in projects]
    place = {key: i for i, key in enumerate(keys)}
    unverified = np.zeros((len(keys), len(case.tree)))
    owed, lent, lost = np.zeros_like(unverified), np.zeros_like(unverified), np.zeros_like(unverified)

    def bear(risk: Floats, loan: Key, amount: Floats) -> None:
        """Add to a risk (keys, nodes) what the lender and those who guarantee the loan bear of an amount."""
        shares = backing.shares.get(loan, {})
        for fund, share in [(loan[2], 1.0 - sum(shares.values())), *shares.items()]:
            risk[place[fund, loan[0]]] += share * amount

    for (name, stage, fund), amount in paid.items():
        so_far, left = case.so_far(amount[None, :])[0], gone[str(name)]
        so_far = so_far + project.before.get((name, stage, fund), 0.0)
        at_risk = so_far * (1.0 - verified[name, stage]) * (1.0 - left)
        bear(unverified, (name, stage, fund), at_risk)
        if (name, stage, fund) in principal:
            bear(lent, (name, stage, fund), at_risk)
        else:
            bear(lost, (name, stage, fund), so_far * left)
    for loan, amount in principal.items():
        bear(owed, loan, amount)
        bear(lost, loan, lending.lost[loan])
    grid = case.reader.grid("exposure", keys)
    case.not_negative(grid, "unverified", "outstanding", "lost")
    size = unverified + owed + np.abs(lost)
    for name, expected, what in (
        ("unverified", unverified, "has {right} at risk in {1} for open milestones"),
        ("outstanding", owed - lent, "is owed {right} by {1} beside what is unverified"),
        ("lost", lost, "has lost {right} in {1}"),
    ):
        words = f"exposure of {{0}} in {{1}}: {name} is written as {{left}}, but it {what}"
        rule = case.rule(f"exposure.{name}", grid, keys, case.money, words)
        case.book.equal(rule, grid.amount(name), expected, scale=size)
    total = unverified + owed - lent + lost
    for table, name, at in (("funds", "fund", 0), ("projects", "project", 1)):
        view = case.view(table)
        limits = {str(k): float(x) for k, x in zip(view[name], view["exposure_limit"], strict=True) if x == x}
        members: list[Key] = [(k,) for k in limits]
        at_risk = np.array([total[[key[at] == k for key in keys]].sum(axis=0) for k in limits])
        words = (
            f"{{left}} is at risk {'by' if at == 0 else 'in'} {{0}}, {{amount}} over its exposure limit of {{right}}"
        )
        rule = case.rule(f"exposure_of_{name}", "exposure", members, case.money, words)
        right = np.array(list(limits.values()), dtype=np.float64).reshape(-1, 1)
        case.book.at_most(rule, at_risk.reshape(len(members), len(case.tree)), right)
    return dict(zip(keys, total, strict=True)), dict(zip(keys, lost, strict=True))
