"""Commitments: who will pay is settled with the release or the order, kept, and within each fund's limit until paid."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from stockpile.plan.auditing.backing import backed, check_backing
from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import Case
from stockpile.plan.auditing.contracts import Terms
from stockpile.plan.auditing.funds import Accounts
from stockpile.plan.auditing.guarantees import Backing


@dataclass(frozen=True)
class Promised:
    """What funds may have to promise, all (nodes,): tranches by stage when released, orders by source when placed.

    ``disbursed`` is what funds pay of stages, ``ended`` 1 once a stage has ended, ``owed`` what projects owe of loans, both by (project, stage, fund), and
    ``backing`` says who guarantees these loans; ``contracts`` are those that the plan signs.
    """

    releases: dict[Key, Floats]
    orders: dict[str, Floats]
    disbursed: dict[Key, Floats]
    ended: dict[Key, Floats]
    owed: dict[Key, Floats]
    backing: Backing
    contracts: Terms


def check_commitments(case: Case, promised: Promised, accounts: Accounts) -> None:
    """Check what funds promise, and that they keep it."""
    view = case.view("funds")
    funds = accounts.funds
    limit = view["commitment_limit"].to_numpy(dtype=np.float64) if len(view) else np.full(1, np.nan)
    limited = np.isfinite(limit)
    stages, sources = _late(case) if limited.any() else ([], {})
    buyers = [f for f in funds if len(view) and "purchases" in case.instance.uses_of(f)]
    if not any(cap and f in buyers for f, cap in zip(funds, limited, strict=True)):
        sources, buyers = {}, []
    keys: list[Key] = [(f, "stage", p, i) for p, i in stages for f in funds]
    keys += [(f, "order", k, 0) for k in sources for f in buyers]
    keys += [(f, "contract", c, 0) for c in backed(case) for f in buyers]
    grid = case.reader.grid("commitments", keys)
    case.not_negative(grid, "amount")
    amount = dict(zip(keys, grid.amount("amount"), strict=True))
    for key in stages:
        _check_stage(case, key, {f: amount[f, "stage", *key] for f in funds}, promised)
    purchases = dict(zip(funds, accounts.paid["purchases"], strict=True))
    _check_orders(case, sources, amount, (promised.orders, purchases))
    standing = np.zeros((len(funds), len(case.tree)))
    signed = {(f, c): made for (f, kind, c, _), made in amount.items() if kind == "contract"}
    payers = dict(zip(funds, accounts.paid["contracts"], strict=True))
    owing = check_backing(case, promised.contracts, signed, {f: payers[f] for f in buyers})
    for fund, owed in owing.items():
        standing[funds.index(fund)] += owed
    for (fund, *what), made in amount.items():
        if what[0] == "contract":
            continue
        so_far = case.so_far(made[None, :])[0]
        if what[0] == "stage":
            still = so_far * (1.0 - promised.ended[what[1], what[2]])
        else:
            still = so_far - case.earlier(so_far, sources[str(what[1])])
        standing[funds.index(fund)] += still
        loan = (what[1], what[2], fund) if what[0] == "stage" else ()
        for guarantor, share in promised.backing.shares.get(loan, {}).items():
            standing[funds.index(guarantor)] += share * still
    for loan, shares in promised.backing.shares.items():
        for guarantor, share in shares.items():
            standing[funds.index(guarantor)] += share * promised.owed[loan]
    words = "{0} has promised {left} that it has not yet paid, {amount} over its commitment limit of {right}"
    rule = case.rule("commitment_limit", "commitments", [(f,) for f in funds], case.money, words)
    case.book.at_most(rule, standing, np.where(limited, limit, np.inf)[:, None])
    words = "{0} is written to have promised {left} that it has not yet paid, but its promises make it {right}"
    rule = case.rule("funds.committed", "funds", [(f,) for f in funds], case.money, words)
    case.book.equal(rule, accounts.committed, standing * limited[:, None], scale=standing)


def _late(case: Case) -> tuple[list[Key], dict[str, int]]:
    """Stages paid some periods after the promise, and sources that deliver so, with the number of periods.

    Of a stage released before the horizon the promise is settled at its start, if it has not ended by then.
    """
    stages, sources = case.view("stages").frame, case.view("sources").frame
    keys = [(str(p), int(i)) for p, i in zip(stages["project"], stages["stage"], strict=True)]
    longest = case.series("stages", "duration", 0.0, keys).max(axis=1)
    late = stages[(stages["pay_on"] == "verification") & (longest > 0) & (stages["cost"] > 0)]
    waits = {(str(p), int(i)): int(d) for p, i, d in zip(late["project"], late["stage"], late["duration"], strict=True)}
    opening = case.view("opening_stages")
    for project, stage, age in zip(opening["project"], opening["stage"], opening["age"], strict=True):
        key = (str(project), int(stage))
        if key in waits:
            waits[key] -= int(age)
    slow = sources[(sources["lead_time"] > 0) & (sources["paid_by"] != "market")]
    return [key for key, wait in waits.items() if wait >= 0], {
        str(k): int(lead) for k, lead in zip(slow["source"], slow["lead_time"], strict=True)
    }


def _check_stage(case: Case, key: Key, made: dict[str, Floats], promised: Promised) -> None:
    """The whole tranche is promised at the release, and paid by those who promised it."""
    words = "funds promise {left} for stage {1} of {0}, but {right} will be due"
    rule = case.rule("tranche_is_pledged", "commitments", [key], case.money, words)
    case.book.equal(rule, np.sum(list(made.values()), axis=0)[None, :], promised.releases[key][None, :])
    for fund, amount in made.items():
        words = "{2} pays {left} for stage {1} of {0}, {amount} more than the {right} that it promised"
        rule = case.rule("pledge_is_paid", "disbursements", [(*key, fund)], case.money, words)
        paid = promised.disbursed[(*key, fund)]
        settled = amount * (promised.releases[key] > 0)
        due = case.so_far(settled[None, :])[0] * promised.ended[key]
        case.book.at_most(replace(rule, binds=False), paid[None, :], due[None, :])


def _check_orders(
    case: Case,
    sources: dict[str, int],
    amount: dict[Key, Floats],
    made_and_paid: tuple[dict[str, Floats], dict[str, Floats]],
) -> None:
    """The price of every order is promised when it is placed, and what arrives of it is paid by those who promised it."""
    orders, purchases = made_and_paid
    due: dict[str, Floats] = {}
    arrive = dict(zip(sources, case.series("arrivals", "share", 1.0, [(k,) for k in sources]), strict=True))
    for source, wait in sources.items():
        mine = {key[0]: made for key, made in amount.items() if key[1:3] == ("order", source)}
        words = "funds promise {left} for the order at {0}, but its price is {right}"
        rule = case.rule("order_is_pledged", "commitments", [(source,)], case.money, words)
        total = np.sum([np.zeros(len(case.tree)), *mine.values()], axis=0)
        case.book.equal(rule, total[None, :], orders[source][None, :], scale=orders[source])
        for fund, made in mine.items():
            arrived = np.nan_to_num(arrive[source], nan=1.0) * case.earlier(made, wait)
            due[fund] = due.get(fund, np.zeros(len(case.tree))) + arrived
    for fund, owed in due.items():
        words = "{0} pays {left} for purchases, {amount} less than the {right} that it promised for what arrives"
        rule = case.rule("order_pledges_are_paid", "payments", [(fund,)], case.money, words)
        case.book.at_least(replace(rule, binds=False), purchases[fund][None, :], owed[None, :], scale=owed)
