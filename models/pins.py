"""Pins: decisions that are required or forbidden, as named rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.data.pins import Pin
from stockpile.models.parameters import add_rows, grouped
from stockpile.vector import array_param


def add_pin_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows of required and forbidden orders and releases, one for every path through the tree."""
    paths = _paths(data)
    steps = {k: [s for j, s in data.purchasing.steps if j == k] for k in data.purchasing.sources}
    terms = {
        "ORDER": (data.pins.orders, lambda pin, n: [(pin.name, s, n) for s in steps[pin.name]]),
        "RELEASE": (data.pins.releases, lambda pin, n: [(pin.name, pin.stage, n)]),
    }
    for kind, (pins, term) in terms.items():
        for side in ("LEAST", "MOST"):
            limits = {p.pin: p.at_least if side == "LEAST" else p.at_most for p in pins}
            chosen = [p for p in pins if np.isfinite(limits[p.pin])]
            index = [(p.pin, leaf) for p in chosen for leaf in paths]
            rows = pyo.Set(dimen=2, initialize=index)
            setattr(m, f"{kind}_PINS_{side}", rows)
            found = {(p.pin, leaf): _terms(p, path, data, term) for p in chosen for leaf, path in paths.items()}
            setattr(m, f"{kind}_PINNED_{side}", grouped(rows, found, dimen=3))
            values = np.array([limits[pin] for pin, _ in index], dtype=float)
            setattr(m, f"{kind.lower()}_{side.lower()}", array_param(values, rows))
    add_rows(m, m.ORDER_PINS_LEAST, rule=orders_required)
    add_rows(m, m.ORDER_PINS_MOST, rule=orders_forbidden)
    add_rows(m, m.RELEASE_PINS_LEAST, rule=release_required)
    add_rows(m, m.RELEASE_PINS_MOST, rule=release_forbidden)


def _paths(data: Data) -> dict[str, list[int]]:
    """The nodes on the path to every leaf."""
    parent, horizon = data.nodes.tree.parent, data.nodes.horizon
    found = {}
    for leaf in data.nodes.tree.leaves:
        path, at = [], int(leaf)
        while at >= 0:
            path.append(at)
            at = int(parent[at])
        found[horizon[int(leaf)]] = path[::-1]
    return found


def _terms(pin: Pin, path: list[int], data: Data, term: Any) -> list[Any]:
    """The variables of a pin on a path."""
    return [key for n in path if pin.window[n] for key in term(pin, data.nodes.horizon[n])]


def orders_required(m: Any, a: Any, n: Any) -> Any:
    r"""Orders at the source of a pin reach what it requires, over its periods on the path to every leaf.

    .. math:: \sum_{m \in P(n) \cap W_a} \sum_s q_{k_a,s,m} \ge \underline Q_a

    P(n) is the path to leaf n, W the periods of pin a, k its source.  Units: quantity.
    """
    return sum(m.order[k, s, t] for k, s, t in m.ORDER_PINNED_LEAST[a, n]) >= m.order_least[a, n]


def orders_forbidden(m: Any, a: Any, n: Any) -> Any:
    r"""Orders at the source of a pin stay within what it allows, over its periods on the path to every leaf.

    .. math:: \sum_{m \in P(n) \cap W_a} \sum_s q_{k_a,s,m} \le \bar Q_a

    Units: quantity.
    """
    return sum(m.order[k, s, t] for k, s, t in m.ORDER_PINNED_MOST[a, n]) <= m.order_most[a, n]


def release_required(m: Any, a: Any, n: Any) -> Any:
    r"""The stage of a pin is released in its periods, on the path to every leaf.

    .. math:: \sum_{m \in P(n) \cap W_a} \mathit{go}_{p_a,i_a,m} \ge \underline Q_a

    Units: 1.
    """
    return sum(m.go[p, i, t] for p, i, t in m.RELEASE_PINNED_LEAST[a, n]) >= m.release_least[a, n]


def release_forbidden(m: Any, a: Any, n: Any) -> Any:
    r"""The stage of a pin is not released in its periods.

    .. math:: \sum_{m \in P(n) \cap W_a} \mathit{go}_{p_a,i_a,m} \le \bar Q_a

    Units: 1.
    """
    return sum(m.go[p, i, t] for p, i, t in m.RELEASE_PINNED_MOST[a, n]) <= m.release_most[a, n]
