"""Decisions before their data are seen: nodes that cannot be told apart yet have decided the same."""

from __future__ import annotations

import numpy as np

from stockpile.plan.auditing.book import Floats, Ints, Key
from stockpile.plan.auditing.case import Case

TABLES = {"orders": ("orders", "quantity", "ordered at {0}"), "releases": ("go", "", "released of {0}, stage {1}")}


def check_observing(case: Case, orders: dict[str, Floats], releases: dict[Key, Floats]) -> None:
    """Check orders by source and releases by stage, (nodes,) each."""
    for name, decided in (("orders", {(k,): v for k, v in orders.items()}), ("releases", releases)):
        leader = _leaders(case, name)
        tied = leader != np.arange(len(leader))
        if not tied.any() or not decided:
            continue
        table, kind, what = TABLES[name]
        amounts = np.array(list(decided.values()))
        words = f"{{left}} is {what}, but where the same is known {{right}}: it is decided before the period is seen"
        rule = case.rule(f"same_{name}", table, list(decided), case.quantity if kind else "", words)
        case.book.equal(rule, amounts, amounts[:, leader], where=np.broadcast_to(tied, amounts.shape))


def _leaders(case: Case, name: str) -> Ints:
    """(nodes,) the first node that must decide as each does."""
    asked, tree = case.instance.settings.decisions, case.tree
    out = np.arange(len(tree))
    for n in range(len(tree)):
        if tree.period[n] < asked.here_and_now:
            out[n] = np.flatnonzero(tree.period == tree.period[n])[0]
        elif getattr(asked, name) == "before":
            out[n] = np.flatnonzero(tree.parent == tree.parent[n])[0]
    return out
