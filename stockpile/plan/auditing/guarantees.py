"""Guarantees: what funds guarantee of the loans of others, what they earn with it, pay and get back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import Case
from stockpile.plan.auditing.loans import Lending


@dataclass(frozen=True)
class Backing:
    """Who bears the risk of loans, and what guarantees bring.

    ``shares`` are guarantors with their share, by (project, stage, lender); ``called`` is what each guarantor pays and
    ``returned`` what each fund gets in all as guarantor or lender, (nodes,).
    """

    shares: dict[Key, dict[str, float]]
    called: dict[str, Floats]
    returned: dict[str, Floats]


def check_guarantees(case: Case, lending: Lending) -> Backing:
    """Check the table of guarantees."""
    fees = _agreed(case, lending)
    keys = list(fees)
    nothing = np.zeros((len(keys), len(case.tree)))
    share = np.array([fees[key][0] for key in keys]).reshape(-1, 1)
    owed, written, recovered = (
        share * np.array([book[key[:3]] for key in keys]).reshape(nothing.shape)
        for book in (lending.owed, lending.written_off, lending.recovered)
    )
    fee = np.array([fees[key][1] for key in keys]).reshape(-1, 1) * owed
    grid = case.reader.grid("guarantees", keys)
    case.not_negative(grid, "guaranteed", "fee", "called", "recovered")
    for name, expected, words in (
        ("guaranteed", owed, "{3} guarantees {right} of what {2} lent {0} for stage {1}, but {left} is written"),
        ("fee", fee, "{3} earns {right} with what it guarantees of {0}, stage {1}, but {left} is written"),
        ("called", written, "{3} owes {2} {right} for what it guarantees of {0}, stage {1}, but {left} is written"),
        ("recovered", recovered, "{3} gets back {right} for what it guaranteed of {0}, stage {1}, but {left} is written"),
    ):  # fmt: skip
        rule = case.rule(f"guarantees.{name}", grid, keys, case.money, words)
        case.book.equal(rule, grid.amount(name), expected, scale=owed + written)
    backing = Backing({}, {}, {})
    for row, (project, stage, lender, fund) in enumerate(keys):
        backing.shares.setdefault((project, stage, lender), {})[fund] = float(share[row, 0])
        _add(backing.called, fund, written[row])
        _add(backing.returned, fund, fee[row] + recovered[row])
        _add(backing.returned, lender, written[row] - recovered[row])
    return backing


def _agreed(case: Case, lending: Lending) -> dict[Key, tuple[float, float]]:
    """Share and fee of the guarantee in force, by (project, stage, lender, fund), of every loan that is guaranteed."""
    found: dict[Key, tuple[float, float]] = {}
    rows = case.view("guarantees").records
    for project, stage, lender in lending.loans if rows else ():
        for row in rows:
            key = (project, stage, lender, str(row["fund"]))
            general = np.isnan(row["stage"]) and stage > 0 and key not in found
            if (row["project"], row["lender"]) == (project, lender) and (general or row["stage"] == stage):
                found[key] = (float(row["share"]), float(row["fee"]))
    return {key: terms for key, terms in found.items() if terms[0] > 0}


def _add(book: dict[str, Floats], fund: str, amount: Floats) -> None:
    """Put an amount on the account of a fund."""
    book[fund] = book.get(fund, np.zeros(len(amount))) + amount
