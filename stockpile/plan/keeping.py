"""Decisions that are the same in all futures, and keeping them at the values of another plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from stockpile.data.observing import leaders
from stockpile.instance import Instance
from stockpile.solver.compile import Compiled
from stockpile.solver.fixing import fixed
from stockpile.tree import Tree

Floats = npt.NDArray[np.float64]

#: The decisions of the model by the class that ``[decisions]`` speaks of; all others are seen to by ``others``.
DECISIONS = {
    "orders": ("order", "place", "lots", "full", "bracket", "normal_step", "sign", "call"),
    "releases": ("go",),
    "others": (
        *("abandon", "tranche", "pay", "draw", "repay", "lapse"),
        *("run", "operate", "feed", "overtime"),
        *("sale", "sale_step", "aged_sale", "aged_step", "lend", "rotate", "dispose"),
        *("release", "short", "substitute", "market_supply", "use", "market_use", "batch", "batch_input", "drawing"),
        *("put", "take", "move", "leave", "class_left"),
    ),
}
#: Variables that follow from the decisions, whatever comes.
FOLLOWING = frozenset(
    [
        *("inflow", "stock", "unexpired", "under", "beyond_end", "cohort", "held", "lent", "waiting", "covered"),
        *("class_stock", "class_inflow", "class_unexpired", "class_lent", "violation"),
        *("started", "abandoned", "milestone", "reached", "strength", "standing", "pick", "signed", "commenced"),
        *(
            "cash",
            "debt",
            "drawn",
            "paid",
            "growing",
            "entered",
            "principal",
            "repaid",
            "written_off",
            "owing",
            "answer",
        ),
        *("pledge", "order_pledge", "committed", "granted", "at_risk", "unsettled"),
        *("qualifying", "incentive", "earned", "awarded", "exhausted"),
        *(f"{part}_{of}" for part in ("path", "total") for of in ("cost", "shortfall", "taxpayer_loss")),
        *("tail_level", "excess", "uncovered", "to_go", "fork_level", "child_excess"),
        "lost_grant",
    ]
)
Key = tuple[Any, ...]


def shared_periods(instance: Instance, tree: Tree) -> dict[str, list[int]]:
    """By class of decisions the periods, from 0, in which they are the same in all futures.

    Those of ``others`` are as long as the futures cannot be told apart; orders and releases may be for longer.
    """
    periods = range(int(tree.period.max()) + 1)
    alone = np.bincount(tree.period) == 1
    found = {"others": [t for t in periods if alone[t]]}
    for name in ("orders", "releases"):
        leader = leaders(instance, tree.parent, tree.period, name)
        found[name] = [t for t in periods if len(np.unique(leader[tree.period == t])) == 1]
    return found


@dataclass(frozen=True)
class Point:
    """A point of a model, as columns ``x`` of its arrays."""

    tree: Tree
    model: Any
    compiled: Compiled
    x: Floats

    @cached_property
    def decisions(self) -> dict[Key, float]:
        """Every decision by variable, index without node, and period; of a tree that does not branch."""
        found: dict[Key, float] = {}
        for name, key, period, place in _indices(self.tree, self.model):
            found[name, key, period] = float(self._values[name][place])
        return found

    @cached_property
    def _values(self) -> dict[str, Floats]:
        names = [name for name in sum(DECISIONS.values(), ()) if hasattr(self.model, name)]
        return {name: self.compiled.read(getattr(self.model, name), self.x) for name in names}


def kept(instance: Instance, tree: Tree, model: Any, compiled: Compiled, like: Point) -> Compiled | None:
    """The model with the decisions that are the same in all futures as at a point of a tree that does not branch.

    None where they cannot be: what they need is not there in some future.  Both models have the same units.
    """
    shared = shared_periods(instance, tree)
    periods = {name: set(shared[of]) for of, names in DECISIONS.items() for name in names}
    place_of = {name: compiled.columns_of(getattr(model, name)) for name in periods if hasattr(model, name)}
    columns, values = [], []
    for name, key, period, place in _indices(tree, model):
        column = int(place_of[name][place])
        if column >= 0 and period in periods[name] and (name, key, period) in like.decisions:
            columns.append(column)
            values.append(like.decisions[name, key, period])
    return fixed(compiled, np.array(columns, dtype=np.int32), np.array(values, dtype=np.float64))


def _indices(tree: Tree, model: Any) -> Iterator[tuple[str, Key, int, int]]:
    """Variable, index without node, period and position of every decision in the horizon."""
    period_of: Mapping[str, int] = dict(zip(tree.labels, tree.period.tolist(), strict=True))
    for name in sum(DECISIONS.values(), ()):
        if hasattr(model, name):
            for place, index in enumerate(getattr(model, name).index_set()):
                if index[-1] in period_of:
                    yield name, index[:-1], period_of[index[-1]], place


__all__ = ["DECISIONS", "FOLLOWING", "Point", "kept", "shared_periods"]
