"""Sets of members, Params of lags, and the sets of nodes that every block shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.data.releases import Stage
from stockpile.vector import Constraint, Var, array_param, label_param

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


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


def back_param(m: pyo.ConcreteModel, positions: Iterable[Ints], index: pyo.Set) -> pyo.Param:
    """A Param over ``index`` and the nodes with the label of a node before, by its position (N,) for each member."""
    found = np.array([*positions], dtype=np.int64).reshape(-1, len(m.NODES))
    return label_param(found, m.ALL_NODES, index, m.NODES)


def add_pinned(m: pyo.ConcreteModel, name: str, index: Any, past: Floats, most: Floats) -> None:
    """A variable over ``index`` and all nodes: at its past values before the root, within 0..``most`` from there on."""
    least = np.concatenate([past, np.zeros_like(most)], axis=1)
    setattr(m, f"least_{name}", array_param(least, index, m.ALL_NODES))
    setattr(m, f"most_{name}", array_param(np.concatenate([past, most], axis=1), index, m.ALL_NODES))
    low, high = getattr(m, f"least_{name}"), getattr(m, f"most_{name}")
    setattr(m, name, Var(index, m.ALL_NODES, domain=pyo.Reals, bounds=lambda m, *at: (low[at], high[at])))


#: The three rows that make u the product of v, at most M, and of 1 - w, which is whole: u >= v - M w, u <= v, u <= M (1 - w).
SIDES = ("both", "first", "second")


def add_sides(m: pyo.ConcreteModel) -> None:
    """The set of the rows of a product, with what each factor counts in them; once, whoever asks first."""
    if not hasattr(m, "SIDES"):
        m.SIDES = pyo.Set(initialize=SIDES)
        for name, values in (("product", (-1, 1, 1)), ("of", (1, -1, 0)), ("unless", (-1, 0, 1)), ("most", (0, 0, 1))):
            setattr(m, f"side_{name}", array_param(np.array(values, dtype=float), m.SIDES))


def end_param(m: pyo.ConcreteModel, data: Data, stages: Iterable[Stage], index: Any) -> pyo.Param:
    """A Param over stages and nodes with the node of the latest release that counts at the end: of delayed ones what has ended."""
    block = data.financing
    return back_param(m, [block.since(s) if s in block.shifted else data.nodes.back(0) for s in stages], index)


def ended_between(m: Any, p: Any, i: Any, n: Any) -> Any:
    """1 where a stage ends whose duration a shock changes: the releases that have ended by a node, less those by its parent."""
    return m.started[p, i, m.verified[p, i, n]] - m.started[p, i, m.verified_before[p, i, n]]


def ends(m: Any, p: Any, i: Any, n: Any) -> Any:
    """1 where a stage ends that was released, whatever becomes of it."""
    if not m.shifts:
        return m.go[p, i, m.verified[p, i, n]]
    return sum(m.go[q, j, m.verified[q, j, n]] for q, j in m.STEADY[p, i]) + sum(
        ended_between(m, q, j, n) for q, j in m.SHIFTED[p, i]
    )
