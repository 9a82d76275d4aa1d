"""Params that read arrays, label Params for lags, and the sets of nodes that every block shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo

from stockpile.data import Data


def array_param(array: npt.NDArray[Any], *sets: Any) -> pyo.Param:
    """A Param over ``sets`` whose values are those of ``array``, one axis per set, in the order of the sets' members.

    No object is made per entry: the default rule reads the array.  ``array`` of objects holds labels.
    """
    if array.shape != tuple(len(s) for s in sets):
        raise ValueError(f"array of shape {array.shape} does not fit sets of sizes {[len(s) for s in sets]}")
    width = [s.dimen for s in sets]
    places = [{label: i for i, label in enumerate(s)} for s in sets]
    labels = array.dtype == object

    def value(_: Any, *index: Any) -> Any:
        position, at = [], 0
        for dimen, place in zip(width, places, strict=True):
            label = index[at] if dimen == 1 else tuple(index[at : at + dimen])
            position.append(place[label])
            at += dimen
        entry = array[tuple(position)]
        return entry if labels else float(entry)

    param = pyo.Param(*sets, default=value, within=pyo.Any if labels else pyo.Reals)
    param.array = array
    return param


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
        setattr(m, name or rule.__name__, pyo.Constraint(*sets, rule=rule))


def add_nodes(m: pyo.ConcreteModel, data: Data) -> None:
    """Sets of nodes, the parent of each, and the weights of money."""
    nodes = data.nodes
    m.ALL_NODES = pyo.Set(initialize=nodes.all)
    m.NODES = pyo.Set(initialize=nodes.horizon)
    m.LEAVES = pyo.Set(initialize=nodes.leaves)
    m.parent = array_param(nodes.back_labels(1), m.NODES)
    m.weight = array_param(nodes.weight, m.NODES)
    m.final_weight = array_param(nodes.final_weight, m.LEAVES)


def lagged(data: Data, lags: Iterable[int]) -> npt.NDArray[np.object_]:
    """Labels of the nodes ``lags`` periods back: one row per lag, one column per horizon node."""
    rows = [data.nodes.back_labels(int(lag)) for lag in lags]
    return np.array(rows, dtype=object).reshape(len(rows), len(data.nodes.horizon))
