"""Pins: decisions that are required or forbidden, as named rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.data.pins import STANDING, Pin
from stockpile.models.parameters import add_rows, grouped
from stockpile.vector import array_param

#: By decision, which is the name of a quantity in the ledger, the name of its rows and the members that a pin speaks of.
QUANTITIES: dict[str, tuple[str, Callable[[Data, Pin], list[tuple[Any, ...]]]]] = {
    "order": ("orders", lambda data, pin: [s for s in data.purchasing.steps if s[0] == pin.name]),
    "release": ("release", lambda data, pin: [(pin.name, pin.stage)]),
    "abandonment": ("abandonment", lambda data, pin: [(pin.name,)]),
    "service": ("service", lambda data, pin: _wanted(data.demand.pairs, pin)),
    "substitution": (
        "substitution",
        lambda data, pin: [a for a in data.demand.accepts if a[2] == pin.name and pin.sector in ("", a[0])],
    ),
    "backlog": ("backlog", lambda data, pin: _wanted(data.demand.backlog.pairs, pin)),
    "shortfall": ("shortfall", lambda data, pin: _wanted(data.demand.tiers, pin)),
    "sale": ("sale", lambda data, pin: [(pin.name,)]),
    "exchange": ("exchange", lambda data, pin: [o for o in data.stock.loans.offers if o[0] == pin.name]),
    "disposal": ("disposal", lambda data, pin: [(pin.name,)]),
    "stock": ("stock", lambda data, pin: [p for p in data.stock.pairs if p[0] == pin.name]),
    "transfer": ("transfer", lambda data, pin: _moved(data, pin)),
    "run": ("run", lambda data, pin: [(pin.name,)]),
    "overtime": ("overtime", lambda data, pin: [(pin.name,)]),
    "draw": ("draw", lambda data, pin: [(pin.name,)]),
    "repayment": ("repayment", lambda data, pin: [(pin.name,)]),
    "signing": ("signing", lambda data, pin: [(pin.name,)]),
}


def add_pin_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows of what is required and forbidden: one for every path through the tree, or for every node of what stands at its close."""
    for decision, (name, members) in QUANTITIES.items():
        pins = data.pins.of(decision)
        if not pins:
            continue
        found = {p.pin: _terms(data, p, members(data, p)) for p in pins}
        for required in (True, False):
            limits = {p.pin: p.at_least if required else p.at_most for p in pins}
            index = [(pin, n) for pin, terms in found.items() if np.isfinite(limits[pin]) for n in terms]
            if not index:
                continue
            family = f"{name}_{'required' if required else 'forbidden'}"
            rows = pyo.Set(dimen=2, initialize=index)
            setattr(m, f"{family}_pins", rows)
            dimen = m.ledger.decided[decision].members.dimen + 1
            setattr(m, f"{family}_terms", grouped(rows, {(pin, n): found[pin][n] for pin, n in index}, dimen=dimen))
            values = np.array([limits[pin] for pin, _ in index], dtype=float)
            setattr(m, f"{family}_limit", array_param(values, rows))
            add_rows(m, rows, rule=(_required if required else _forbidden)(decision, family), name=family)


def _wanted(members: Iterable[tuple[Any, ...]], pin: Pin) -> list[tuple[Any, ...]]:
    """Members by sector, good and whatever follows that a pin speaks of."""
    return [member for member in members if member[1] == pin.name and pin.sector in ("", member[0])]


def _moved(data: Data, pin: Pin) -> list[tuple[Any, ...]]:
    """What is sent of a good from and to the stores of a pin, at whatever age."""
    moves = data.stores.moves
    return [x for x in moves if x[0] == pin.name and pin.start in ("", x[1]) and pin.end in ("", x[2])]


def _terms(data: Data, pin: Pin, members: list[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    """By the node of a row the members of the variable that it sums: those of its path in the window, or its own."""
    nodes = data.nodes
    if pin.decision in STANDING:
        at = {int(n): [int(n)] for n in np.flatnonzero(pin.window)}
    else:
        at = {int(n): [t for t in _path(data, int(n)) if pin.window[t]] for n in nodes.tree.leaves}
    return {nodes.horizon[n]: [(*k, nodes.horizon[t]) for t in path for k in members] for n, path in at.items()}


def _path(data: Data, leaf: int) -> list[int]:
    """The nodes on the path to a leaf, from the root on."""
    path = [leaf]
    while (parent := int(data.nodes.tree.parent[path[-1]])) >= 0:
        path.append(parent)
    return path[::-1]


def _required(decision: str, family: str) -> Callable[..., Any]:
    """The rows of what is required."""

    def pin_required(m: Any, a: Any, n: Any) -> Any:
        r"""What is decided reaches what a pin requires: over its periods on the path to every leaf, or at each of them.

        .. math:: \sum_{m \in P(n) \cap W_a} \sum_{i \in I_a} x_{i,m} \ge \underline Q_a

        P(n) is the path to leaf n, or node n itself for stock and for demand that waits, W the periods of pin a.  x is the
        decision: orders at all price steps of a source, a stage that is released, a project that is abandoned, what a
        sector or all of them get of a good, get of it instead of another, wait for or lack, sales, loans, disposal, stock in
        all stores, what is sent on some routes at all ages, overtime, draws on a facility and their repayment, a contract that is signed; I are its
        members.  Units: those of the decision.
        """
        term = m.ledger.decided[decision].term
        total = sum(term(m, *i) for i in getattr(m, f"{family}_terms")[a, n])
        return total >= getattr(m, f"{family}_limit")[a, n]

    return pin_required


def _forbidden(decision: str, family: str) -> Callable[..., Any]:
    """The rows of what is forbidden."""

    def pin_forbidden(m: Any, a: Any, n: Any) -> Any:
        r"""What is decided stays within what a pin allows: over its periods on the path to every leaf, or at each of them.

        .. math:: \sum_{m \in P(n) \cap W_a} \sum_{i \in I_a} x_{i,m} \le \bar Q_a

        Units: those of the decision.
        """
        term = m.ledger.decided[decision].term
        total = sum(term(m, *i) for i in getattr(m, f"{family}_terms")[a, n])
        return total <= getattr(m, f"{family}_limit")[a, n]

    return pin_forbidden
