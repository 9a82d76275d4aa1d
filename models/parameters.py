"""Sets of members, Params of lags, and the sets of nodes that every block shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.vector import Constraint, Var, array_param, label_param

Floats = npt.NDArray[np.float64]


def members_by(members: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    """Members grouped by a key, each group in the order in which its members come."""
    groups: dict[Any, list[Any]] = {}
    for member in members:
        groups.setdefault(key(member), []).append(member)
    return groups


def grouped(index: Any, groups: Mapping[Any, Sequence[Any]], dimen: int = 1) -> pyo.Set:
    """A Set of members for each member of ``index``; empty where ``groups`` has none."""
    return pyo.Set(index, dimen=dimen, initialize={i: list(groups.get(i, ())) for i in index})


def add_rows(m: pyo.ConcreteModel, *sets: Any, rule: Callable[..., Any], name: str | None = None) -> None:
    """A constraint family named after its rule.

    Left out where an index set is empty: Pyomo's templates cannot be made over an empty set.
    """
    if all(len(s) for s in sets):
        setattr(m, name or rule.__name__, Constraint(*sets, rule=rule))


def add_nodes(m: pyo.ConcreteModel, data: Data) -> None:
    """Sets of nodes, the parent of each, and the weights of money."""
    nodes = data.nodes
    m.ALL_NODES = pyo.Set(initialize=nodes.all)
    m.NODES = pyo.Set(initialize=nodes.horizon)
    m.LEAVES = pyo.Set(initialize=nodes.leaves)
    m.parent = label_param(nodes.back(1), m.ALL_NODES, m.NODES)
    m.weight = array_param(nodes.weight, m.NODES)
    m.final_weight = array_param(nodes.final_weight, m.LEAVES)


def lag_param(m: pyo.ConcreteModel, data: Data, lags: Iterable[int], index: pyo.Set) -> pyo.Param:
    """A Param over ``index`` and the nodes with the label of the node ``lags`` periods back, one lag for each member."""
    rows = [data.nodes.back(int(lag)) for lag in lags]
    positions = np.array(rows, dtype=np.int64).reshape(len(rows), len(data.nodes.horizon))
    return label_param(positions, m.ALL_NODES, index, m.NODES)


def add_pinned(m: pyo.ConcreteModel, name: str, index: Any, past: Floats, most: Floats) -> None:
    """A variable over ``index`` and all nodes: at its past values before the root, within 0..``most`` from there on."""
    least = np.concatenate([past, np.zeros_like(most)], axis=1)
    setattr(m, f"least_{name}", array_param(least, index, m.ALL_NODES))
    setattr(m, f"most_{name}", array_param(np.concatenate([past, most], axis=1), index, m.ALL_NODES))
    low, high = getattr(m, f"least_{name}"), getattr(m, f"most_{name}")
    setattr(m, name, Var(index, m.ALL_NODES, domain=pyo.Reals, bounds=lambda m, *at: (low[at], high[at])))
