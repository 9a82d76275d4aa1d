"""What counts at the end of the horizon beside stock: debt that is left, projects that stand, goods owed and on order."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import Case
from stockpile.plan.auditing.funds import Accounts
from stockpile.plan.auditing.undelivered import Undelivered


def check_ends(
    case: Case,
    accounts: Accounts,
    projects: tuple[Mapping[Key, Floats], Mapping[str, Floats]],
    goods: tuple[Floats, Undelivered],
    principal: Mapping[Key, Floats],
) -> Floats:
    """Check the table of end values.  Gives what counts at every node, (nodes,), 0 but at the leaves; money.

    ``projects`` are stages that have ended and what was abandoned, ``goods`` what borrowers owe, (goods, nodes), and what is
    on order, ``principal`` what projects owe by (project, stage, fund), (nodes,).
    """
    (ended, gone), (owed, ordered) = projects, goods
    view = case.view("stages")
    last: dict[str, int] = {}
    for project, stage in zip(view.texts("project"), view["stage"], strict=True):
        last[project] = max(last.get(project, 0), int(stage))
    leaf = np.zeros(len(case.tree))
    leaf[case.tree.leaves] = 1.0
    share = np.array([case.instance.end_value("debt", f) for f in accounts.funds])
    owing = np.flatnonzero((share > 0) & accounts.counted)
    worth = {p: case.instance.end_value("project", p) for p in last}
    worth = {p: each for p, each in worth.items() if each > 0}
    stands = np.array([each * ended[p, last[p]] * (1.0 - gone[p]) for p, each in worth.items()])
    stands = stands.reshape(len(worth), len(case.tree)) * leaf
    price = np.array([case.instance.end_value("lent", g) for g in case.good_at])
    valued = np.flatnonzero(price > 0)
    lent = (price[:, None] * owed)[valued] * leaf
    part = np.array([case.instance.end_value("principal", f) for f in accounts.funds]) * accounts.counted
    lenders = np.flatnonzero(part > 0)
    left = np.zeros((len(accounts.funds), len(case.tree)))
    for (_, _, fund), amounts in principal.items():
        left[accounts.funds.index(str(fund))] += amounts * leaf
    amount = np.concatenate([accounts.debt[owing] * leaf, stands, lent, left[lenders], ordered.worth])
    owing_counts, principal_counts = (
        accounts.debt[owing] * share[owing, None] * leaf,
        part[lenders, None] * left[lenders],
    )
    value = np.concatenate([owing_counts, -stands, -lent, -principal_counts, ordered.value])
    keys: list[Key] = [*(("debt", accounts.funds[f]) for f in owing), *(("project", p) for p in worth)]
    keys += [("lent", list(case.good_at)[g]) for g in valued]
    keys += [("principal", accounts.funds[f]) for f in lenders]
    keys += [("order", k) for k in ordered.sources]
    grid = case.reader.grid("end_values", keys)
    words = "{0} of {1} at the end is written as {left}, but it is {right}"
    rule = case.rule("end_amount", grid, keys, case.money, words)
    case.book.equal(rule, grid.amount("amount"), amount)
    words = "{0} of {1} counts {left} at the end, but it should count {right}"
    rule = case.rule("end_value", grid, keys, case.money, words)
    case.book.equal(rule, grid.amount("value"), value, scale=amount)
    return np.asarray(value.sum(axis=0))
