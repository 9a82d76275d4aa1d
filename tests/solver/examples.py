"""Models of the tests: small, random, with every feature a compiler can stumble over."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo


def purchasing(seed: int, integers: bool = True, maximise: bool = False) -> Any:
    """A random lot-sizing model: named costs, a nested block, ranges, mutable data, fixed and unused variables."""
    draw = np.random.default_rng(seed)
    m = pyo.ConcreteModel()
    m.SOURCES = pyo.Set(initialize=["north", "south", "east"])
    m.PERIODS = pyo.RangeSet(0, 5)
    m.price = pyo.Param(m.SOURCES, mutable=True, initialize={k: float(draw.uniform(1, 3)) for k in m.SOURCES})
    m.order = pyo.Var(m.SOURCES, m.PERIODS, bounds=(0, 12))
    m.placed = pyo.Var(m.SOURCES, m.PERIODS, domain=pyo.Binary if integers else pyo.UnitInterval)
    m.lots = pyo.Var(domain=pyo.NonNegativeIntegers if integers else pyo.NonNegativeReals, bounds=(0, 9))
    m.unused = pyo.Var([1, 2], bounds=(-4, -2))
    m.store = pyo.Block()
    m.store.stock = pyo.Var(m.PERIODS, bounds=(0, 20))
    m.store.start = pyo.Var(initialize=float(draw.uniform(0, 6)))
    m.store.start.fix()
    m.placed["south", 0].fix(1)
    demand = [float(d) for d in draw.uniform(0, 9, 6)]

    def balance(m: Any, t: int) -> Any:
        before = m.store.start if t == 0 else m.store.stock[t - 1]
        return m.store.stock[t] + demand[t] == before + sum(m.order[k, t] for k in m.SOURCES) + (
            m.lots if t == 2 else 0
        )

    m.balance = pyo.Constraint(m.PERIODS, rule=balance)
    m.link = pyo.Constraint(m.SOURCES, m.PERIODS, rule=lambda m, k, t: m.order[k, t] <= 12 * m.placed[k, t])
    m.total = pyo.Constraint(expr=(5, sum(m.order[k, t] for k in m.SOURCES for t in m.PERIODS) + 1, 60))
    m.twice = pyo.Constraint(expr=m.order["north", 0] + m.order["north", 0] >= m.store.start - 7)
    m.satisfied = pyo.Constraint(expr=m.store.start >= -1)
    m.free = pyo.Constraint(expr=m.lots <= float("inf"))
    m.off = pyo.Constraint(expr=m.lots >= 100)
    m.off.deactivate()
    m.COSTS = pyo.Set(initialize=["goods", "charges", "storage", "sunk"])
    m.cost = pyo.Expression(m.COSTS)
    m.cost["goods"] = sum(m.price[k] * m.order[k, t] for k in m.SOURCES for t in m.PERIODS) + 2.5 * m.lots
    m.cost["charges"] = sum(float(draw.uniform(2, 9)) * m.placed[k, t] for k in m.SOURCES for t in m.PERIODS)
    m.cost["storage"] = sum(0.2 * m.store.stock[t] for t in m.PERIODS) + 0.1 * m.store.start
    m.cost["sunk"] = 7
    sign = -1 if maximise else 1
    sense = pyo.maximize if maximise else pyo.minimize
    m.objective = pyo.Objective(expr=sign * sum(m.cost[name] for name in m.COSTS), sense=sense)
    return m


def knapsack(seed: int, items: int = 60, rows: int = 30) -> Any:
    """A multi-dimensional knapsack: easy to have a plan for, hard to prove the best."""
    draw = np.random.default_rng(seed)
    weight = draw.integers(1, 100, (rows, items))
    worth = draw.integers(1, 100, items)
    m = pyo.ConcreteModel()
    m.ITEMS = pyo.RangeSet(0, items - 1)
    m.take = pyo.Var(m.ITEMS, domain=pyo.Binary)
    m.room = pyo.Constraint(
        pyo.RangeSet(0, rows - 1),
        rule=lambda m, r: sum(int(weight[r, i]) * m.take[i] for i in m.ITEMS) <= int(weight[r].sum()) // 3,
    )
    m.objective = pyo.Objective(expr=-sum(int(worth[i]) * m.take[i] for i in m.ITEMS))
    return m


def transport(seed: int, size: int) -> Any:
    """A dense transport LP with size x size columns: long enough in the simplex method to be stopped."""
    draw = np.random.default_rng(seed)
    cost = draw.uniform(1, 100, (size, size))
    m = pyo.ConcreteModel()
    m.NODES = pyo.RangeSet(0, size - 1)
    m.flow = pyo.Var(m.NODES, m.NODES, domain=pyo.NonNegativeReals)
    m.supply = pyo.Constraint(m.NODES, rule=lambda m, i: sum(m.flow[i, j] for j in m.NODES) <= 10 + i % 7)
    m.demand = pyo.Constraint(m.NODES, rule=lambda m, j: sum(m.flow[i, j] for i in m.NODES) >= 8 + j % 5)
    m.objective = pyo.Objective(expr=sum(float(cost[i, j]) * m.flow[i, j] for i in m.NODES for j in m.NODES))
    return m


def market_split(seed: int, rows: int = 4, slack: bool = True) -> Any:
    """Split every market in half (Cornuéjols and Dawande 1998): 10 (rows - 1) binaries that no search gets to grips with.

    With slack a plan is found at once and the bound stays at 0; without it no plan is found.
    """
    draw = np.random.default_rng(seed)
    items = 10 * (rows - 1)
    size = draw.integers(0, 100, (rows, items))
    m = pyo.ConcreteModel()
    m.ROWS, m.ITEMS = pyo.RangeSet(0, rows - 1), pyo.RangeSet(0, items - 1)
    m.take = pyo.Var(m.ITEMS, domain=pyo.Binary)
    m.over = pyo.Var(m.ROWS, bounds=(0, None if slack else 0))
    m.under = pyo.Var(m.ROWS, bounds=(0, None if slack else 0))

    def half(m: Any, r: int) -> Any:
        taken = sum(int(size[r, i]) * m.take[i] for i in m.ITEMS)
        return taken + m.over[r] - m.under[r] == int(size[r].sum()) // 2

    m.half = pyo.Constraint(m.ROWS, rule=half)
    m.objective = pyo.Objective(expr=sum(m.over[r] + m.under[r] for r in m.ROWS))
    return m


def trickle(seed: int, most: float) -> Any:
    """Orders with a charge and far too large a width: y = 1e-7 lets 1e-7 * most flow through an order that is 0."""
    draw = np.random.default_rng(seed)
    weight, need = draw.uniform(0.5, 2, (5, 20)), draw.uniform(0.05, 0.5, 5)
    price, charge = draw.uniform(0.1, 0.3, 20), draw.uniform(1, 3, 20)
    m = pyo.ConcreteModel()
    m.SOURCES = pyo.RangeSet(0, 19)
    m.order = pyo.Var(m.SOURCES, bounds=(0, most))
    m.placed = pyo.Var(m.SOURCES, domain=pyo.Binary)
    m.link = pyo.Constraint(m.SOURCES, rule=lambda m, k: m.order[k] <= most * m.placed[k])

    def balance(m: Any, j: int) -> Any:
        signed = sum((-1 if k % 3 == j % 3 else 1) * float(weight[j, k]) * m.order[k] for k in m.SOURCES)
        return signed >= float(need[j]) * (1 if j % 2 else -1)

    m.balance = pyo.Constraint(pyo.RangeSet(0, 4), rule=balance)
    m.objective = pyo.Objective(
        expr=sum(float(price[k]) * m.order[k] + float(charge[k]) * m.placed[k] for k in m.SOURCES)
    )
    return m
