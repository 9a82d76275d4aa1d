"""Solution -> the node of every scenario in every period, and what each scenario costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from stockpile.instance import Instance
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
    cost, short = (s.compiled.read(total, s.x) * money for total in (s.model.total_cost, s.model.total_shortfall))
    return pd.DataFrame(
        {
            "node": names(tree.labels)[last],
            "period": s.periods[last],
            "scenario": names(tree.scenarios),
            "probability": s.instance.scenarios.probability,
            "cost": rounded(cost[leaf]),
            "shortfall": rounded(short[leaf]),
        }
    )


def risk_of(instance: Instance, outcomes: pd.DataFrame) -> dict[str, Any] | None:
    """What plan.json says of risk: the mean of what it is taken of, and the mean of the tail or the worst; None without it."""
    asked = instance.settings.risk
    if asked.measure == "expected" or outcomes.empty:
        return None
    value, probability = (outcomes[c].to_numpy(dtype=np.float64) for c in (asked.of, "probability"))
    worst = np.argsort(-value, kind="stable")
    room = 1.0 - asked.level if asked.measure == "cvar" else 0.0
    taken = np.diff(np.minimum(np.cumsum(probability[worst]), room), prepend=0.0)
    tail = float(taken @ value[worst] / room) if room > 0 else float(value.max())
    return {
        "measure": asked.measure,
        "of": asked.of,
        "level": asked.level if asked.measure == "cvar" else None,
        "weight": asked.weight,
        "limit": asked.limit,
        "mean": float(probability @ value),
        "tail": tail,
    }
