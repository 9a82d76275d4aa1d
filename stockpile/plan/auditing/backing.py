"""Backing: who answers for what contracts make funds pay in any case, settled when they are signed and kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import Case
from stockpile.plan.auditing.contracts import Terms


@dataclass(frozen=True)
class _Signing:
    """A contract that begins at a node: what its least rate costs in all, valued then, (1,) and at later nodes, (nodes,)."""

    name: str
    node: int
    whole: float
    due: Floats
    unpaid: Floats


def backed(case: Case) -> list[str]:
    """The contracts that may be signed and cost something in any case."""
    view = case.view("contracts")
    before = set(case.view("opening_contracts")["contract"])
    pairs = zip(view["contract"], view["min_rate"], strict=True)
    return [str(c) for c, least in pairs if least > 0 and c not in before]


def check_backing(case: Case, terms: Terms, amount: dict[Key, Floats], paid: dict[str, Floats]) -> dict[str, Floats]:
    """Check who answers for the least rates of contracts, and pays.  Gives what is yet to be paid, by fund (nodes,).

    ``amount`` is what funds promise by fund and contract, ``paid`` what they pay for contracts, (nodes,).
    """
    owing = {fund: np.zeros(len(case.tree)) for fund in paid}
    due = {fund: np.zeros(len(case.tree)) for fund in paid}
    signings = list(_signings(case, terms))
    for name in {str(contract): None for _, contract in amount}:
        mine = {str(fund): made for (fund, contract), made in amount.items() if contract == name}
        wanted = np.zeros(len(case.tree))
        for signing in signings:
            if signing.name == name:
                wanted[signing.node] += signing.whole
        words = "funds promise {left} for the least rate of {0}, but it costs {right}"
        rule = case.rule("contract_is_backed", "commitments", [(name,)], case.money, words)
        case.book.equal(rule, np.sum(list(mine.values()), axis=0)[None, :], wanted[None, :])
        for signing in signings:
            for fund, made in mine.items():
                if signing.name == name and signing.whole > 0:
                    part = made[signing.node] / signing.whole
                    owing[fund] += part * signing.unpaid
                    due[fund] += part * signing.due
    for fund, owed in due.items():
        words = "{0} pays {left} for contracts, {amount} less than the {right} for which it answers"
        rule = case.rule("backers_pay", "payments", [(fund,)], case.money, words)
        case.book.at_least(replace(rule, binds=False), paid[fund][None, :], owed[None, :], scale=owed)
    return owing


def _signings(case: Case, terms: Terms) -> Iterator[_Signing]:
    """What every signing of the plan brings about from the node on where the contract begins."""
    names = backed(case)
    for row, name in enumerate(terms.names):
        for node in np.flatnonzero(terms.begins[row] > 0) if name in names else ():
            yield _signing(case, terms, row, int(node))


def _signing(case: Case, terms: Terms, row: int, node: int) -> _Signing:
    """One of them, node after node of the future."""
    now, fixed, lead = np.nan_to_num(terms.prices(row)), terms.fixed(row), int(terms.lead[row])
    least = np.zeros(case.last + 1)
    least[case.period] = terms.least[row, 0] * terms.callable[row]
    begin, end = int(case.period[node]), min(int(case.period[node] + terms.duration[row]), case.last + 1)
    share = case.series("arrivals", "share", 1.0, [(terms.sources[row],)])[0]
    due, unpaid = np.zeros(len(case.tree)), np.zeros(len(case.tree))
    for n in range(len(case.tree)):
        age = int(case.period[n]) - begin
        if age < 0 or case.back(age)[n] != node:
            continue
        for t in range(begin, end):
            back = max(int(case.period[n]) - t, 0)
            price = now[node] if fixed else now[case.back(back)[n]]
            if t + lead == case.period[n]:
                due[n] = share[n] * least[t] * price
            elif t + lead > case.period[n]:
                unpaid[n] += least[t] * price
    return _Signing(terms.names[row], node, float(least[begin:end].sum() * now[node]), due, unpaid)
