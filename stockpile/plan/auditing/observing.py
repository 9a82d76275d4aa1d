"""Decisions before their data are seen: nodes that cannot be told apart yet have decided the same."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stockpile.plan.auditing.book import Floats, Ints, Key
from stockpile.plan.auditing.case import Case

#: By decision its class in the settings, the table, whether it is a quantity, and what is done.
KINDS = {
    "order": ("orders", "orders", "quantity", "ordered at {0}"),
    "release": ("releases", "go", "", "released of {0}, stage {1}"),
    "signing": ("orders", "contracts", "", "signed of {0}"),
    "call": ("orders", "calls", "quantity", "called under {0}"),
}


def check_observing(case: Case, decided: Mapping[str, Mapping[Key, Floats]]) -> None:
    """Check what is ordered, released, signed and called, (nodes,) by decision and key."""
    for kind, (name, table, measure, what) in KINDS.items():
        leader = _leaders(case, name)
        tied = leader != np.arange(len(leader))
        if not tied.any() or not decided[kind]:
            continue
        amounts = np.array(list(decided[kind].values()))
        words = f"{{left}} is {what}, but where the same is known {{right}}: it is decided before the period is seen"
        rule = case.rule(f"same_{kind}", table, list(decided[kind]), case.quantity if measure else "", words)
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
