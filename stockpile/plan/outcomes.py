"""Solution -> the node of every scenario in every period, and what each scenario costs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockpile.plan.solution import Solution, names, rounded
from stockpile.plan.tables import TABLES


def paths_table(s: Solution) -> pd.DataFrame:
    """Scenario by node; empty where the instance names no scenarios."""
    tree = s.tree
    number, period = np.nonzero(np.ones_like(tree.paths))
    node = tree.paths[number, period]
    order = np.lexsort((number, node))
    labels = names(tree.labels)
    columns = {
        "node": labels[node],
        "period": s.periods[node] if len(node) else labels[:0],
        "scenario": names(tree.scenarios)[number],
    }
    return pd.DataFrame(columns).iloc[order].reset_index(drop=True)


def outcomes_table(s: Solution) -> pd.DataFrame:
    """Probability, cost and penalties of shortfall of every scenario, at its last node."""
    tree, money = s.tree, s.data.scale.money
    if not tree.scenarios:
        blank = {c.name: pd.Series(dtype="float64" if c.is_amount else "object") for c in TABLES["outcomes"].columns}
        return pd.DataFrame(blank)
    assert s.instance.scenarios is not None
    last = tree.paths[:, -1]
    leaf = np.searchsorted(tree.leaves, last)
    cost = s.compiled.read(s.model.total_cost, s.x) * money
    return pd.DataFrame(
        {
            "node": names(tree.labels)[last],
            "period": s.periods[last],
            "scenario": names(tree.scenarios),
            "probability": s.instance.scenarios.probability,
            "cost": rounded(cost[leaf]),
        }
    )
