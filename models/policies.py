"""Policies: limits with a name, kept in every future or missed at a penalty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.data.policies import Sums
from stockpile.models.parameters import add_rows, grouped, members_by
from stockpile.vector import Var, array_param

Ints = npt.NDArray[np.int64]
#: By quantity its members in the order in which policies number them.
MEMBERS: dict[str, Callable[[Data], list[tuple[Any, ...]]]] = {
    "delivery": lambda data: list(data.purchasing.steps),
    "contract_delivery": lambda data: list(data.contracts.calls),
    "order": lambda data: list(data.purchasing.steps),
    "stock": lambda data: list(data.stock.pairs),
    "exposure": lambda data: list(data.exposure.pairs),
    "spared": lambda data: [(e.number,) for e in data.financing.effects if e.kind == "demand"],
    "use": lambda data: list(data.tracing.uses),
    "market_use": lambda data: list(data.tracing.uses),
    "run": lambda data: [(j,) for j in data.processing.names],
    "payment": lambda data: list(data.funds.classes),
    "floor": lambda data: list(zip(data.price_floors.funds, data.price_floors.numbers, strict=True)),
    "incentive": lambda data: list(zip(data.incentives.funds, data.incentives.names, strict=True)),
    "call": lambda data: list(data.guarantees.keys),
    "tranche": lambda data: list(data.financing.shares),
}
#: Quantities that the model has in parts, with what of a part's member is the member of the whole.
PARTS: dict[str, tuple[tuple[str, ...], Callable[[tuple[Any, ...]], tuple[Any, ...]]]] = {
    "exposure": (
        ("unverified", "doubtful", "principal", "lost", "backed", "backed_loss"),
        lambda pif: (pif[0], pif[2]),
    ),
    "spared": (("falling", "falling_for_a_while"), lambda egx: (egx[2],)),
}
#: The members of a quantity, and entries of sums over them.
Entries = tuple[list[tuple[Any, ...]], Sums]


def add_policies(m: pyo.ConcreteModel, data: Data) -> None:
    """Variable ``violation`` of the policies that may be missed, its cost, and the rows; nothing without policies.

    Comes after every block has put what it decides into the ledger.
    """
    block = data.policies
    if not block.names:
        return
    entries = {
        part: entry for name in sorted({*block.value, *block.limit}) for part, entry in _entries(m, data, name).items()
    }
    filled = np.zeros(len(block.names), dtype=bool)
    for _, sums in entries.values():
        filled[sums.row] = True
    over = np.where(block.least, -1.0, 1.0) * (block.value_base - block.limit_base)
    kept = filled | (over > 0)
    _add_violation(m, data, (block.soft | ~filled) & kept)
    for kind in dict.fromkeys(block.kinds):
        for least in (True, False):
            rows = np.flatnonzero((np.array(block.kinds) == kind) & (block.least == least) & kept)
            if len(rows):
                _add_family(m, data, family_of(kind, least), rows, entries)


def family_of(kind: str, least: bool) -> str:
    """The name of the rows of a kind of policies."""
    return f"{kind.replace('-', '_')}_{'at_least' if least else 'at_most'}"


def _entries(m: pyo.ConcreteModel, data: Data, name: str) -> dict[str, Entries]:
    """Members and entries of value less limit of a quantity, or of its parts, as far as the model has them."""
    members, sums = MEMBERS[name](data), _net(data, name, len(MEMBERS[name](data)))
    if name in PARTS:
        parts, whole = PARTS[name]
        return {part: _expanded(m, part, members, whole, sums) for part in parts if part in m.ledger.decided}
    known = {member if isinstance(member, tuple) else (member,) for member in m.ledger.decided[name].members}
    there = np.array([member in known for member in members], dtype=bool)[sums.member]
    return {name: (members, Sums(*(column[there] for column in (sums.row, sums.member, sums.node, sums.weight))))}


def _net(data: Data, name: str, members: int) -> Sums:
    """Entries of value less limit of a quantity with so many members; those that cancel are left out."""
    block, nodes = data.policies, len(data.nodes.horizon)
    parts = [(sign, side[name]) for sign, side in ((1.0, block.value), (-1.0, block.limit)) if name in side]
    row, member, node = (np.concatenate([getattr(s, c) for _, s in parts]) for c in ("row", "member", "node"))
    weight = np.concatenate([sign * s.weight for sign, s in parts])
    key, place = np.unique((row * members + member) * nodes + node, return_inverse=True)
    total = np.bincount(place, weight, len(key)) if len(key) else np.zeros(0)
    key, total = key[total != 0], total[total != 0]
    return Sums(key // nodes // max(members, 1), key // nodes % max(members, 1), key % nodes, total)


def _expanded(
    m: pyo.ConcreteModel,
    part: str,
    wholes: list[tuple[Any, ...]],
    whole: Callable[[tuple[Any, ...]], tuple[Any, ...]],
    sums: Sums,
) -> Entries:
    """Entries of a part of a quantity from those of the whole of it."""
    members = list(m.ledger.decided[part].members)
    inside = members_by(range(len(members)), lambda i: whole(members[i]))
    of = [(j, i) for j, at in enumerate(sums.member) for i in inside.get(wholes[at], ())]
    entry, member = np.array(of, dtype=np.int64).reshape(-1, 2).T
    return members, Sums(sums.row[entry], member, sums.node[entry], sums.weight[entry])


def _keys(data: Data, rows: Ints) -> list[tuple[str, str]]:
    """Policy and node of some rows."""
    block, horizon = data.policies, data.nodes.horizon
    return [(block.names[r], horizon[block.node[r]]) for r in rows]


def _add_violation(m: pyo.ConcreteModel, data: Data, rows: npt.NDArray[np.bool_]) -> None:
    """What policies are missed by; nothing for one that is kept and has nothing to decide, which no plan can then keep."""
    block, at = data.policies, np.flatnonzero(rows)
    if not len(at):
        return
    sides = [("at_least" if block.least[r] else "at_most",) for r in at]
    keys = [(a, *side, n) for (a, n), side in zip(_keys(data, at), sides, strict=True)]
    m.VIOLATIONS = pyo.Set(dimen=3, initialize=keys)
    m.most_violated = array_param(np.where(block.soft[at], np.inf, 0.0), m.VIOLATIONS)
    m.violation_penalty = array_param(np.nan_to_num(block.penalty[at]), m.VIOLATIONS)
    m.violation = Var(
        m.VIOLATIONS, domain=pyo.NonNegativeReals, bounds=lambda m, a, side, n: (0, m.most_violated[a, side, n])
    )
    m.VIOLATIONS_AT = grouped(m.NODES, members_by(keys, lambda key: key[2]), dimen=3)
    if np.nan_to_num(block.penalty[at]).any():
        m.ledger.costs["policies"].append(
            lambda m, n: sum(
                m.violation_penalty[a, side, o] * m.violation[a, side, o] for a, side, o in m.VIOLATIONS_AT[n]
            )
        )


def _add_family(m: pyo.ConcreteModel, data: Data, family: str, rows: Ints, entries: dict[str, Entries]) -> None:
    """The rows of one kind and side."""
    block, horizon = data.policies, data.nodes.horizon
    keys = _keys(data, rows)
    key_of = dict(zip(rows.tolist(), keys, strict=True))
    index = pyo.Set(dimen=2, initialize=keys)
    setattr(m, f"{family}_policies", index)
    setattr(m, f"{family}_amount", array_param((block.limit_base - block.value_base)[rows], index))
    side = "at_least" if family.endswith("at_least") else "at_most"
    missed = {(a, n): [(a, side, n)] for a, n in keys if hasattr(m, "VIOLATIONS") and (a, side, n) in m.VIOLATIONS}
    setattr(m, f"{family}_missed", grouped(index, missed, dimen=3))
    summed = []
    for name, (members, sums) in entries.items():
        mine = np.flatnonzero(np.isin(sums.row, rows))
        if len(mine):
            at = [(*members[sums.member[j]], horizon[sums.node[j]]) for j in mine]
            own = [key_of[int(sums.row[j])] for j in mine]
            wide = len(at[0])
            weighed = pyo.Set(dimen=2 + wide, initialize=[(*key, *i) for key, i in zip(own, at, strict=True)])
            setattr(m, f"{family}_{name}_weights", weighed)
            setattr(m, f"{family}_{name}_weight", array_param(sums.weight[mine], weighed))
            found = members_by(zip(own, at, strict=True), lambda pair: pair[0])
            groups = {key: [i for _, i in pairs] for key, pairs in found.items()}
            setattr(m, f"{family}_{name}", grouped(index, groups, dimen=wide))
            summed.append(name)
    rule = (_at_least if side == "at_least" else _at_most)(family, tuple(summed))
    add_rows(m, index, rule=rule, name=family)


def _net_value(m: Any, family: str, summed: tuple[str, ...], a: Any, n: Any) -> Any:
    """What a policy limits less what it is limited by, as far as they are decided."""
    parts = []
    for name in summed:
        term, weight = m.ledger.decided[name].term, getattr(m, f"{family}_{name}_weight")
        parts.append(sum(weight[(a, n, *i)] * term(m, *i) for i in getattr(m, f"{family}_{name}")[a, n]))
    return sum(parts)


def _missed(m: Any, family: str, a: Any, n: Any) -> Any:
    """What a policy is missed by."""
    return sum(m.violation[b, side, o] for b, side, o in getattr(m, f"{family}_missed")[a, n])


def _at_most(family: str, summed: tuple[str, ...]) -> Callable[..., Any]:
    """The rows of what is allowed."""

    def policy_at_most(m: Any, a: Any, n: Any) -> Any:
        r"""What a policy limits stays within what it allows, or the rest is a violation that costs its penalty.

        .. math:: \sum_{m \in P_a(n)} \sum_i v_{a,i} x_{i,m} - \sum_{m \in P_a(n)} \Big( b_{a,m}
            + \sum_i l_{a,i} x_{i,m} \Big) \le \mathit{violation}_{a,n}

        P_a(n) are the nodes on the path to n that lie in the same period, year or horizon as the policy sums.  v weighs what
        counts, l what it is a share of, times the share that is allowed; b is what is allowed whatever is decided (a
        quantity, a share of the volume, of what price steps offer or of budgets, days of demand in force), less what
        was there before.  x are deliveries or orders at the price steps of sources, deliveries under contracts, stock in stores, or payments.
        The violation is 0 where the policy is kept.  Units: quantity or money.
        """
        return _net_value(m, family, summed, a, n) - _missed(m, family, a, n) <= getattr(m, f"{family}_amount")[a, n]

    return policy_at_most


def _at_least(family: str, summed: tuple[str, ...]) -> Callable[..., Any]:
    """The rows of what is required."""

    def policy_at_least(m: Any, a: Any, n: Any) -> Any:
        r"""What a policy limits reaches what it requires, or the rest is a violation that costs its penalty.

        .. math:: \sum_{m \in P_a(n)} \sum_i v_{a,i} x_{i,m} - \sum_{m \in P_a(n)} \Big( b_{a,m}
            + \sum_i l_{a,i} x_{i,m} \Big) \ge -\mathit{violation}_{a,n}

        Units: quantity or money.
        """
        return _net_value(m, family, summed, a, n) + _missed(m, family, a, n) >= getattr(m, f"{family}_amount")[a, n]

    return policy_at_least
