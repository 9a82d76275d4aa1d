"""The benchmark model in Pyomo: the same rules for this package's components and for Pyomo's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from benchmarks.case import LIFE, PAST, SOURCES, STEPS, Case
from stockpile import vector


@dataclass(frozen=True)
class Kit:
    """What a model is made of."""

    var: Any
    constraint: Any
    array_param: Any
    label_param: Any
    expression: Any


def _stock_param(array: Any, *sets: Any) -> Any:
    keys = [[i if isinstance(i, tuple) else (i,) for i in s] for s in sets]
    values = {}
    for at in np.ndindex(array.shape):
        parts = tuple(p for i, place in enumerate(at) for p in keys[i][place])
        values[parts if len(parts) > 1 else parts[0]] = array[at] if array.dtype == object else float(array[at])
    return pyo.Param(*sets, initialize=values, within=pyo.Any if array.dtype == object else pyo.Reals)


def _stock_labels(positions: Any, target: Any, *sets: Any) -> Any:
    members = np.empty(len(target), dtype=object)
    members[:] = list(target)
    return _stock_param(members[positions], *sets)


VECTOR = Kit(vector.Var, vector.Constraint, vector.array_param, vector.label_param, vector.Expression)
STOCK = Kit(pyo.Var, pyo.Constraint, _stock_param, _stock_labels, pyo.Expression)


def build(case: Case, kit: Kit) -> Any:
    """The model; past nodes carry nothing."""
    m = pyo.ConcreteModel()
    _sets(m, case)
    params = kit.array_param
    m.open = params(np.r_[np.zeros(PAST), np.ones(case.nodes)], m.ALL)
    m.room = case.room
    m.width = params(case.width.reshape(-1), m.OFFERS)
    m.price, m.level = params(case.price.reshape(-1), m.OFFERS), params(case.level, m.NODES)
    m.charge = params(np.repeat(case.charge, SOURCES), m.SOURCES)
    m.demand, m.budget = params(case.demand, m.GOODS, m.NODES), params(case.budget, m.NODES)
    m.holding, m.penalty = params(case.holding, m.GOODS), params(case.penalty, m.GOODS)
    m.most = params(np.r_[np.zeros(PAST), np.full(case.nodes, np.inf)], m.ALL)
    at = np.arange(case.nodes) + PAST
    m.parent = kit.label_param(at - 1, m.ALL, m.NODES)
    m.expiring = kit.label_param(at - LIFE + 1, m.ALL, m.NODES)
    lead = np.tile(np.arange(SOURCES), case.goods)
    m.ordered = kit.label_param(at[None, :] - lead[:, None], m.ALL, m.SOURCES, m.NODES)
    _variables(m, kit)
    _rows(m, kit)
    m.COSTS = pyo.Set(initialize=["goods", "charges", "storage", "shortfall"])
    m.cost = kit.expression(m.COSTS, rule=cost)
    m.objective = pyo.Objective(rule=lambda m: sum(m.cost[c] for c in m.COSTS))
    return m


def _sets(m: Any, case: Case) -> None:
    goods = [f"good {i}" for i in range(case.goods)]
    m.GOODS = pyo.Set(initialize=goods)
    m.NODES = pyo.Set(initialize=[f"node {i}" for i in range(case.nodes)])
    m.ALL = pyo.Set(initialize=[*(f"past {i}" for i in range(PAST)), *(f"node {i}" for i in range(case.nodes))])
    sources = {g: [f"{g} from {k}" for k in range(SOURCES)] for g in goods}
    m.SOURCES = pyo.Set(initialize=[k for ks in sources.values() for k in ks])
    m.OFFERS = pyo.Set(dimen=2, initialize=[(k, s) for ks in sources.values() for k in ks for s in range(STEPS)])
    m.OFFERS_OF = pyo.Set(
        m.GOODS, dimen=2, initialize={g: [(k, s) for k in ks for s in range(STEPS)] for g, ks in sources.items()}
    )


def _variables(m: Any, kit: Kit) -> None:
    positive = pyo.NonNegativeReals
    m.order = kit.var(m.OFFERS, m.ALL, domain=positive, bounds=lambda m, k, s, n: (0, m.width[k, s] * m.open[n]))
    m.place = kit.var(m.SOURCES, m.NODES, domain=pyo.Binary)
    m.inflow = kit.var(m.GOODS, m.NODES, domain=positive)
    m.so_far = kit.var(m.GOODS, m.ALL, domain=positive, bounds=lambda m, g, n: (0, m.most[n]))
    m.stock = kit.var(m.GOODS, m.ALL, domain=positive, bounds=lambda m, g, n: (0, m.most[n]))
    m.release = kit.var(m.GOODS, m.NODES, domain=positive)
    m.short = kit.var(m.GOODS, m.NODES, domain=positive)


def _rows(m: Any, kit: Kit) -> None:
    row = kit.constraint
    m.linked = row(m.OFFERS, m.NODES, rule=lambda m, k, s, n: m.order[k, s, n] <= m.width[k, s] * m.place[k, n])
    m.arrivals = row(
        m.GOODS,
        m.NODES,
        rule=lambda m, g, n: m.inflow[g, n] == sum(m.order[k, s, m.ordered[k, n]] for k, s in m.OFFERS_OF[g]),
    )
    m.balance = row(
        m.GOODS,
        m.NODES,
        rule=lambda m, g, n: m.stock[g, n] == m.stock[g, m.parent[n]] + m.inflow[g, n] - m.release[g, n],
    )
    m.adds_up = row(m.GOODS, m.NODES, rule=lambda m, g, n: m.so_far[g, n] == m.so_far[g, m.parent[n]] + m.inflow[g, n])
    m.shelf_life = row(
        m.GOODS, m.NODES, rule=lambda m, g, n: m.stock[g, n] <= m.so_far[g, n] - m.so_far[g, m.expiring[n]]
    )
    m.met = row(m.GOODS, m.NODES, rule=lambda m, g, n: m.release[g, n] + m.short[g, n] == m.demand[g, n])
    m.spent = row(
        m.NODES,
        rule=lambda m, n: (
            sum(m.price[k, s] * m.level[n] * m.order[k, s, n] for k, s in m.OFFERS)
            + sum(m.charge[k] * m.place[k, n] for k in m.SOURCES)
            <= m.budget[n]
        ),
    )
    m.kept = row(m.NODES, rule=lambda m, n: sum(m.stock[g, n] for g in m.GOODS) <= m.room)


def cost(m: Any, name: str) -> Any:
    """A named cost."""
    if name == "goods":
        return sum(m.price[k, s] * m.level[n] * m.order[k, s, n] for k, s in m.OFFERS for n in m.NODES)
    if name == "charges":
        return sum(m.charge[k] * m.place[k, n] for k in m.SOURCES for n in m.NODES)
    if name == "storage":
        return sum(m.holding[g] * m.stock[g, n] for g in m.GOODS for n in m.NODES)
    return sum(m.penalty[g] * m.short[g, n] for g in m.GOODS for n in m.NODES)
