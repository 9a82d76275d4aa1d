"""What a solution runs, takes and makes, as tables of the plan."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from stockpile.instance import Instance
from stockpile.plan.solution import Floats, Solution, names, visible
from stockpile.tree import Tree

#: The amount, in model units, up to which nothing is run.
IDLE = 1e-6


def processing_tables(s: Solution) -> dict[str, pd.DataFrame]:
    """The tables ``runs``, ``conversions`` and ``grades``."""
    return {"runs": _runs(s), "conversions": _conversions(s), "grades": _grades(s)}


def without_idle_runs(model: Any, compiled: Any, x: Floats) -> Floats:
    """The same solution with no process set up that is not run, unless one runs that must run with it."""
    lumpy = list(getattr(model, "LUMPY_PROCESSES", ()))
    if not lumpy:
        return x
    nodes = len(model.NODES)
    run = compiled.read(model.run, x).reshape(-1, len(model.ALL_NODES))[:, -nodes:]
    place = {j: i for i, j in enumerate(model.PROCESSES)}
    needed = {j: run[place[j]] > IDLE for j in lumpy}
    pairs = list(model.RUN_TOGETHER)
    for _ in pairs:
        for j, k in pairs:
            needed[k] = needed[k] | needed[j]
    column = compiled.columns_of(model.operate).reshape(len(lumpy), nodes)
    idle = ~np.array([needed[j] for j in lumpy])
    out = x.copy()
    out[column[idle & (column >= 0)]] = 0.0
    return out


def levels(s: Solution) -> Floats:
    """(J, N) how much every process is run, in model units."""
    return s.read("run", len(s.data.processing.names))


def operated(s: Solution) -> Floats:
    """(J, N) 1 where a process runs that needs a set-up."""
    block = s.data.processing
    out = np.zeros((len(block.names), len(s.tree)))
    out[[block.names.index(j) for j in block.lumpy]] = s.read("operate", len(block.lumpy)) > 0.5
    return out


def taken_and_made(s: Solution) -> dict[tuple[str, str], tuple[Floats, Floats]]:
    """By process and good what is taken and what arrives, (N,) in the good's unit in the instance."""
    block, level = s.data.processing, levels(s)
    none = np.zeros(len(s.tree))
    out: dict[tuple[str, str], tuple[Floats, Floats]] = {}
    for (process, good), amount in block.takes.items():
        unit = float(s.unit_of([good])[0])
        out[process, good] = amount * unit * level[block.names.index(process)], none
    feeds = s.read("feed", len(block.free)) if block.free else ()
    for (process, good), feed in zip(block.free, feeds, strict=True):
        out[process, good] = feed * float(s.unit_of([good])[0]), none
    for (process, good), amount in block.makes.items():
        row, unit = block.names.index(process), float(s.unit_of([good])[0])
        back = s.tree.ancestor(int(block.lead[row]))
        ran = np.where(back >= 0, level[row, np.maximum(back, 0)], 0.0) + block.due[row]
        out[process, good] = none, amount * unit * ran
    return out


def processed(s: Solution) -> Floats:
    """(G, N) what processes take of every good, in the instance's units."""
    out = np.zeros((len(s.goods), len(s.tree)))
    for (_, good), (taken, _) in taken_and_made(s).items():
        out[s.goods[good]] += taken
    return out


def _runs(s: Solution) -> pd.DataFrame:
    """How much is run, at what cost, with what energy and emissions, and when its outputs arrive."""
    block, money = s.data.processing, s.data.scale.money
    level, on = levels(s), operated(s)
    values = {
        "level": level * s.data.scale.run[:, None],
        "cost": level * block.cost[:, None] * money,
        "set_up": on * block.set_up_cost[:, None] * money,
        "energy": level * block.energy[:, None],
        "emissions": level * block.emissions[:, None],
    }
    keep = visible(level) | (on > 0)
    table = s.table({"process": names(block.names)}, values, keep)
    node, row = np.nonzero(keep.T)
    makes = np.isin(list(block.names), [j for j, _ in block.makes])
    table["arrives"] = np.where(makes[row], s.later(node, block.lead[row]), "")
    return table


def _conversions(s: Solution) -> pd.DataFrame:
    """What every process takes and makes of every good."""
    found = taken_and_made(s)
    shape = (len(found), len(s.tree))
    taken, brought = (np.array([pair[i] for pair in found.values()]).reshape(shape) for i in (0, 1))
    keys = {name: names([key[i] for key in found]) for i, name in enumerate(("process", "good"))}
    return s.table(keys, {"taken": taken, "brought": brought}, visible(taken + brought))


def _grades(s: Solution) -> pd.DataFrame:
    """The mean of every bounded attribute over what goes into a blend, where it runs."""
    block = s.data.processing
    keys, taken = block.blends.keys, taken_and_made(s)
    mean = np.zeros((len(keys), len(s.tree)))
    whole = np.zeros_like(mean)
    for (process, attribute, good), value in block.blends.value.items():
        row = keys.index((process, attribute))
        mean[row] += value * taken[process, good][0]
        whole[row] += taken[process, good][0]
    named = {name: names([key[i] for key in keys]) for i, name in enumerate(("process", "attribute"))}
    return s.table(named, {"value": mean / np.where(whole > 0, whole, 1.0)}, visible(whole))


def processing_totals(instance: Instance, tree: Tree, runs: pd.DataFrame) -> dict[str, Any]:
    """Energy and emissions of all ``runs``, expected over the paths of the tree; nothing where there is no process."""
    if instance.view("processes").empty:
        return {}
    weight = runs["node"].map(dict(zip(tree.labels, tree.probability, strict=True))).to_numpy(dtype=np.float64)
    units = instance.settings.units
    return {
        name: {"value": float(np.sum(weight * runs[name].to_numpy(dtype=np.float64))), "unit": getattr(units, name)}
        for name in ("energy", "emissions")
    }
