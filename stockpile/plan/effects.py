"""What commissioned projects bring of a solution, and the share of demand that they make fall away."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockpile.plan.abandonments import abandoned
from stockpile.plan.solution import Floats, Solution, names, visible


def effects_table(s: Solution) -> pd.DataFrame:
    """What every row of the effects table brings, where it brings something."""
    block, amount = s.data.financing, effect_amounts(s)
    keys = {
        "project": names([e.project for e in block.effects]),
        "after": names([e.after for e in block.effects]),
        "kind": names([e.kind for e in block.effects]),
        "name": names([e.name for e in block.effects]),
    }
    table = s.table(keys, {"amount": amount}, visible(amount))
    table["sector"] = names([block.effects[row].sector for row in np.nonzero(visible(amount).T)[1]])
    return table


def effect_amounts(s: Solution) -> Floats:
    """(X, N) what the rows of the effects table bring at every node, in the units of their kind."""
    block, scale = s.data.financing, s.data.scale
    past = s.data.nodes.past
    started = np.concatenate([block.begun(len(past))[1], np.round(s.read("started", len(block.stages)))], axis=1)
    amount, gone = np.zeros((len(block.effects), len(s.tree))), abandoned(s)
    for row, effect in enumerate(block.effects):
        unit = {"revenue": scale.money, "capacity": scale.store, "demand": 1.0}.get(effect.kind)
        if effect.kind == "process":
            unit = float(scale.run[s.data.processing.names.index(effect.name)])
        elif unit is None:
            unit = float(s.unit_of([s.data.purchasing.good_of[effect.name]])[0])
        stage = block.stages.index((effect.project, effect.after))
        for step in range(effect.steps):
            back = block.since(block.stages[stage], step)
            amount[row] += started[stage, back] * effect.increment * unit
        amount[row] *= 1.0 - gone.get(effect.project, 0.0)
    return amount


def spared(s: Solution) -> Floats:
    """(E, N) the share of every demand that falls away."""
    pairs = s.data.demand.pairs
    out = np.zeros((len(pairs), len(s.tree)))
    for effect, amount in zip(s.data.financing.effects, effect_amounts(s), strict=True):
        if effect.kind == "demand":
            out[pairs.index(effect.pair)] += amount
    return out
