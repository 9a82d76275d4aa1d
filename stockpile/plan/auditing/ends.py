"""What counts at the end of the horizon beside stock: debt that is left, projects that stand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import Case, texts
from stockpile.plan.auditing.funds import Accounts


def check_ends(case: Case, accounts: Accounts, releases: Mapping[Key, Floats], gone: Mapping[str, Floats]) -> Floats:
    """Check the table of end values.  Gives what counts at every node, (nodes,), 0 but at the leaves; money."""
    view = case.instance.view("stages")
    last: dict[str, int] = {}
    for project, stage in zip(texts(view["project"]), view["stage"], strict=True):
        last[project] = max(last.get(project, 0), int(stage))
    leaf = np.zeros(len(case.tree))
    leaf[case.tree.leaves] = 1.0
    share = np.array([case.instance.end_value("debt", f) for f in accounts.funds])
    owing = np.flatnonzero((share > 0) & accounts.counted)
    worth = {p: case.instance.end_value("project", p) for p in last}
    worth = {p: each for p, each in worth.items() if each > 0}
    stands = np.array(
        [each * case.so_far(releases[p, last[p]][None, :])[0] * (1.0 - gone[p]) for p, each in worth.items()]
    )
    stands = stands.reshape(len(worth), len(case.tree)) * leaf
    amount = np.concatenate([accounts.debt[owing] * leaf, stands])
    value = np.concatenate([accounts.debt[owing] * share[owing, None] * leaf, -stands])
    keys: list[Key] = [*(("debt", accounts.funds[f]) for f in owing), *(("project", p) for p in worth)]
    grid = case.reader.grid("end_values", keys)
    words = "{0} of {1} at the end is written as {left}, but it is {right}"
    rule = case.rule("end_amount", grid, keys, case.money, words)
    case.book.equal(rule, grid.amount("amount"), amount)
    words = "{0} of {1} counts {left} at the end, but it should count {right}"
    rule = case.rule("end_value", grid, keys, case.money, words)
    case.book.equal(rule, grid.amount("value"), value, scale=amount)
    return np.asarray(value.sum(axis=0))
