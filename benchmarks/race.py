"""Time to a gap: this package against HiGHS by default on a plain formulation of the same instances."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

INSTANCES = Path(__file__).resolve().parents[1] / "instances"
#: Goods, quarters, projects and seed of the random instances, in three sizes.
RANDOM = [
    *((4, 20, 3, seed) for seed in (1, 2, 3, 4)),
    *((8, 40, 5, seed) for seed in (1, 2, 3)),
    *((20, 40, 10, seed) for seed in (1, 2, 3)),
]
LIMIT = 120.0
BIG_M = 1e5
#: Goods, quarters, projects and seed of the instance that trees grow on, and how often its futures part in two.
TREE = (4, 20, 3, 1)
PARTINGS = (0, 1, 2, 3, 4, 5)
PARTS_AFTER = 2
"""Quarters between two partings."""


def instance_of(name: str) -> Any:
    """A shipped instance, or a random one from its numbers."""
    from stockpile.instance import load
    from stockpile.instance.generate import random_instance

    if "-" in name and name.split("-")[0].isdigit():
        goods, periods, projects, seed = map(int, name.split("-"))
        return random_instance(goods, periods, projects, seed)
    return load(INSTANCES / name)


def tree_of(partings: int) -> Any:
    """One random instance whose futures part so many times in two: supply is halved and prices rise by half, or they fall.

    What is known parts the futures every other quarter; so goods and periods stay, and nodes and scenarios grow.
    """
    from stockpile.instance import Instance
    from stockpile.instance.generate import random_instance

    plain = random_instance(*TREE)
    names = [format(i, f"0{partings}b") for i in range(2**partings)] if partings else ["one"]
    shocks = [
        {"scenario": name, "shock": f"{quantity} {at}", "quantity": quantity, "from": _quarter(at), "factor": factor}
        for name in names
        for at, turn in enumerate(name if partings else "")
        for quantity, factor in (("supply", 0.5 if turn == "1" else 1.25), ("price", 1.5 if turn == "1" else 0.9))
    ]
    tables: dict[str, Any] = {name: frame for name, frame in plain.tables.items() if len(frame)}
    tables["scenarios"] = [{"scenario": name, "probability": 1 / len(names)} for name in names]
    settings = {**plain.settings.as_document(), "name": f"tree-{partings}"}
    return Instance.from_tables(f"tree-{partings}", settings, tables | ({"shocks": shocks} if shocks else {}))


def _quarter(parting: int) -> str:
    """The first day of the quarter in which futures part for the nth time, the first in the third."""
    quarters = PARTS_AFTER * (parting + 1)
    return f"{2026 + quarters // 4}-{3 * (quarters % 4) + 1:02d}-01"


def names() -> list[str]:
    """All instances of the race."""
    return ["project-vault", *("-".join(map(str, numbers)) for numbers in RANDOM)]


def plain_model(data: Any) -> Any:
    """The model with one row for each order, linked by a big M (the widths, at most 1e5): the textbook's way."""
    from stockpile.models.build import build_model
    from stockpile.vector import Constraint, array_param

    m, block = build_model(data), data.purchasing
    if len(m.LUMPY):
        m.del_component(m.order_needs_placement)
        rows = {k: [j for j, (source, _) in enumerate(block.steps) if source == k] for k in block.lumpy}
        most = np.array([np.minimum(block.width[rows[k]].sum(axis=0), BIG_M) for k in block.lumpy])
        m.big_m = array_param(most, m.LUMPY, m.NODES)
        m.plain_link = Constraint(
            m.LUMPY,
            m.NODES,
            rule=lambda m, k, n: sum(m.order[k, s, n] for s in m.STEPS_OF[k]) <= m.big_m[k, n] * m.place[k, n],
        )
    return m


def tree_race(partings: int, limit: float) -> dict[str, Any]:
    """The gap that is reached in a time on a tree, and its nodes, both ways."""
    return race(f"tree of {2**partings} futures", gap=1e-4, limit=limit, instance=tree_of(partings))


def race(name: str, gap: float = 0.01, limit: float = LIMIT, instance: Any = None) -> dict[str, Any]:
    """Seconds to the gap, or the gap reached at the limit, both ways; one thread each."""
    from stockpile.data import make_data
    from stockpile.models.build import build_model
    from stockpile.plan.extract import tidy
    from stockpile.plan.guess import guide_of
    from stockpile.solver.compile import compile_model
    from stockpile.solver.highs import Options, run
    from stockpile.tree import build_tree

    instance = instance_of(name) if instance is None else instance
    tree = build_tree(instance)
    data = make_data(instance, tree)
    options = Options(gap=gap, time_limit=limit, threads=1)
    model = build_model(data)
    compiled = compile_model(model)
    started = time.perf_counter()
    ours = run(compiled, options, None, lambda x: tidy(model, compiled, x), guide_of(model, compiled, None))
    mine = time.perf_counter() - started
    plain = compile_model(plain_model(data))
    started = time.perf_counter()
    theirs = run(plain, options)
    other = time.perf_counter() - started
    return {
        "instance": name,
        "nodes": len(tree.labels),
        "columns": compiled.columns,
        "integers": int((compiled.integer & (compiled.lower < compiled.upper)).sum()),
        "seconds": mine,
        "gap": ours.gap,
        "plain_seconds": other,
        "plain_gap": theirs.gap,
    }
