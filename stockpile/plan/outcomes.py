"""Solution -> the node of every scenario in every period, and what each scenario costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from stockpile.instance import Instance
from stockpile.plan.exposure import at_risk
from stockpile.plan.solution import Floats, Solution, names, rounded
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
            "taxpayer_loss": rounded(_taxpayer_loss(s)[last]),
        }
    )


def _taxpayer_loss(s: Solution) -> Floats:
    """(N,) what public funds have lost up to a node, discounted, less what came back; money."""
    view = s.instance.view("funds")
    public = dict(zip(view["fund"], view["public"].astype(bool), strict=True))
    keys, risk = at_risk(s)
    lost = np.zeros(len(s.tree))
    for (fund, _), amount in zip(keys, risk["lost"], strict=True):
        lost += amount * public.get(fund, True)
    here = (lost - s.before(lost[None, :])[0]) * s.instance.discount[s.tree.period]
    for n, parent in enumerate(s.tree.parent):
        here[n] += here[parent] if parent >= 0 else 0.0
    return np.asarray(here)


def cover_of_futures(instance: Instance, outcomes: pd.DataFrame) -> dict[str, Any] | None:
    """What plan.json says of the chance of cover: how likely it is that no more is lacking than allowed; None without it."""
    asked = instance.settings.risk
    if not asked.cover or outcomes.empty:
        return None
    short = outcomes["shortfall"].to_numpy(dtype=np.float64)
    kept = short <= asked.cover_shortfall + 1e-6 * max(1.0, asked.cover_shortfall, float(short.max()))
    likely = float(outcomes["probability"].to_numpy(dtype=np.float64)[kept].sum())
    return {"asked": asked.cover, "shortfall": asked.cover_shortfall, "probability": likely}


def nested_of(s: Solution) -> float | None:
    """The nested measure of a solution, from the leaves back, money; None where another is asked for."""
    asked, tree = s.instance.settings.risk, s.tree
    if asked.measure != "nested":
        return None
    so_far = s.read(f"path_{asked.of}", 1)[0]
    worth = so_far - s.before(so_far[None, :])[0]
    worth[tree.leaves] += s.compiled.read(getattr(s.model, f"total_{asked.of}"), s.x) - so_far[tree.leaves]
    children: dict[int, list[int]] = {}
    for n, parent in enumerate(tree.parent.tolist()):
        children.setdefault(parent, []).append(n)
    for n in [*range(len(tree) - 1, -1, -1), -1]:
        after = children.get(n, [])
        share = tree.probability[after] / tree.probability[after].sum()
        mean = float(share @ worth[after])
        counts = (
            (1.0 - asked.weight) * mean + asked.weight * tail_of(worth[after], share, 1.0 - asked.level)
            if after
            else 0.0
        )
        if n < 0:
            return float(counts * s.data.scale.money)
        worth[n] += counts
    return None


def tail_of(value: Floats, probability: Floats, room: float) -> float:
    """The mean of the worst values that have a probability of ``room`` together."""
    worst = np.argsort(-value, kind="stable")
    taken = np.diff(np.minimum(np.cumsum(probability[worst]), room), prepend=0.0)
    return float(taken @ value[worst] / room)


def risk_of(instance: Instance, outcomes: pd.DataFrame, nested: float | None) -> dict[str, Any] | None:
    """What plan.json says of risk: the mean of what it is taken of, and the mean of the tail or the worst; None without it.

    ``nested`` is what a nested measure comes to.
    """
    asked = instance.settings.risk
    if asked.measure == "expected" or outcomes.empty:
        return None
    value, probability = (outcomes[c].to_numpy(dtype=np.float64) for c in (asked.of, "probability"))
    tail = tail_of(value, probability, 1.0 - asked.level) if asked.measure == "cvar" else float(value.max())
    if nested is not None:
        tail = nested
    return {
        "measure": asked.measure,
        "of": asked.of,
        "level": asked.level if asked.measure in ("cvar", "nested") else None,
        "weight": asked.weight,
        "limit": asked.limit,
        "mean": float(probability @ value),
        "tail": tail,
    }
