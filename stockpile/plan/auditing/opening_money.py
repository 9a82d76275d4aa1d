"""What funds have, owe and have paid at the start."""

from __future__ import annotations

import numpy as np

from stockpile.plan.auditing.book import Floats
from stockpile.plan.auditing.case import Case


class Opening:
    """Per fund, money: ``cash``, ``debt``, what was ``paid``; debts with the periods since they were drawn."""

    def __init__(self, case: Case, funds: list[str]) -> None:
        self.case = case
        view = case.view("opening_cash")
        owner = np.array([funds.index(f) for f in view.texts("fund")], dtype=np.int64)
        self.cash, self.debt, self.paid = np.zeros((3, len(funds)))
        for total, column in ((self.cash, "cash"), (self.debt, "debt"), (self.paid, "paid")):
            np.add.at(total, owner, view[column].to_numpy(dtype=np.float64))
        ages, debts = view["age"].to_numpy(dtype=np.float64), view["debt"].to_numpy(dtype=np.float64)
        self.debts = [(int(f), float(age), float(debt)) for f, age, debt in zip(owner, ages, debts, strict=True)]

    def not_yet_due(self, fund: int, maturity: int) -> Floats:
        """(nodes,) what a fund drew before the start and may still owe at the close of a node."""
        out = np.zeros(len(self.case.tree))
        for owner, age, debt in self.debts:
            if owner == fund:
                out += np.where(self.case.period + age < maturity, debt, 0.0)
        return out
