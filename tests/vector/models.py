"""Random Pyomo models that use every feature of the compiler, and those that it must leave to Pyomo."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.vector import Constraint, Expression, Var, array_param, label_param


class Model:
    """A random model; ``features`` names what it uses."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.features: set[str] = set()
        self.m = pyo.ConcreteModel(name=f"random {seed}")
        self.names = 0
        self._sets()
        self._params()
        self._variables()
        for _ in range(self.random.randint(3, 6)):
            self.random.choice(FAMILIES)(self)
        self._objective()
        self._edits()

    def use(self, feature: str, share: float = 0.5) -> bool:
        """Whether a feature is used in this model."""
        used = self.random.random() < share
        if used:
            self.features.add(feature)
        return used

    def name(self) -> str:
        self.names += 1
        return f"family{self.names}"

    def number(self) -> float:
        return self.random.choice([1.0, -1.0, 2.5, 0.1, -3.0, 7.0, 1 / 3])

    def _sets(self) -> None:
        m, r = self.m, self.random
        labels: list[Any] = ["a", "b", "c d", "é", "'q'", "x,y"][: r.randint(2, 6)]
        if self.use("labels of several types", 0.3):
            labels = ["a", 3, 2.5, ("t", 1)][: r.randint(2, 3)]
        m.GOODS = pyo.Set(initialize=labels)
        m.TIMES = pyo.RangeSet(0, r.randint(2, 6))
        m.LATER = pyo.Set(initialize=[t for t in m.TIMES if t > 0])
        m.STORES = pyo.Set(initialize=["s1", "s2"])
        pairs = [(g, w) for g in labels for w in ("s1", "s2") if r.random() < 0.7] or [(labels[0], "s1")]
        m.PAIRS = pyo.Set(dimen=2, initialize=pairs)
        m.STORES_OF = pyo.Set(m.GOODS, initialize={g: [w for h, w in pairs if h == g] for g in labels})
        m.PAIRS_IN = pyo.Set(m.STORES, dimen=2, initialize={w: [p for p in pairs if p[1] == w] for w in m.STORES})

    def _params(self) -> None:
        m, r = self.m, self.random
        goods, times = list(m.GOODS), list(m.TIMES)
        shape = (len(goods), len(times))
        m.demand = array_param(np.array([[self.number() for _ in times] for _ in goods]), m.GOODS, m.TIMES)
        m.price = pyo.Param(m.GOODS, initialize={g: self.number() for g in goods}, mutable=self.use("mutable"))
        m.rate = pyo.Param(initialize=self.number(), mutable=self.use("mutable scalar"))
        m.sparse = pyo.Param(m.GOODS, default=2.0, initialize={goods[0]: 5.0})
        m.zeros = array_param(np.array([r.choice([0.0, 1.5]) for _ in goods]), m.GOODS)
        back = np.maximum(np.arange(shape[1])[None, :] - np.array([r.randint(0, 2) for _ in goods])[:, None], 0)
        m.lagged = label_param(back.astype(np.int64), m.TIMES, m.GOODS, m.TIMES)
        labels = np.array([r.choice(["s1", "s2"]) for _ in goods], dtype=object)
        m.home = array_param(labels, m.GOODS)
        m.next_good = pyo.Param(
            m.GOODS, initialize=dict(zip(goods, goods[1:] + goods[:1], strict=True)), within=pyo.Any
        )

    def _variables(self) -> None:
        m = self.m
        low = array_param(np.full((len(m.GOODS), len(m.TIMES)), -2.0), m.GOODS, m.TIMES)
        m.low = low
        m.x = Var(m.GOODS, m.TIMES, domain=pyo.Reals, bounds=lambda m, g, t: (m.low[g, t], m.rate**2 + 20))
        m.y = Var(m.PAIRS, m.TIMES, domain=pyo.NonNegativeReals)
        m.z = Var(m.GOODS, domain=self.random.choice([pyo.Binary, pyo.NonNegativeIntegers, pyo.UnitInterval]))
        m.v = pyo.Var(m.STORES, m.TIMES, bounds=(-1, 5))
        m.scalar = pyo.Var(domain=pyo.NonPositiveReals)
        m.b = pyo.Block()
        m.b.w = Var(m.TIMES, bounds=lambda b, t: (0, 3 + (t if t else 1)))
        m.b.inner = pyo.Block()
        m.b.inner.u = pyo.Var(m.GOODS)

    def rows(self, *sets: Any, rule: Any, on: Any = None) -> None:
        """A family, lazy or of Pyomo's own."""
        kind = pyo.Constraint if self.use("stock constraint", 0.2) else Constraint
        setattr(self.m if on is None else on, self.name(), kind(*sets, rule=rule))

    def _objective(self) -> None:
        m = self.m
        m.COSTS = pyo.Set(initialize=["one", "two"])

        def cost(m: Any, name: str) -> Any:
            if name == "one":
                return sum(m.price[g] * m.x[g, t] for g in m.GOODS for t in m.TIMES) + 3
            return sum(m.y[g, w, t] for g, w in m.PAIRS for t in m.TIMES) * m.rate - m.scalar

        m.cost = Expression(m.COSTS, rule=cost) if self.use("lazy costs", 0.7) else pyo.Expression(m.COSTS, rule=cost)
        sense = pyo.maximize if self.use("maximise", 0.4) else pyo.minimize
        m.objective = pyo.Objective(expr=2 * m.cost["one"] - m.cost["two"] + m.z[m.GOODS.first()], sense=sense)

    def _edits(self) -> None:
        m, r = self.m, self.random
        goods = list(m.GOODS)
        if self.use("fixed", 0.4):
            m.x[r.choice(goods), r.choice(list(m.TIMES))].fix(1.5)
            m.z[goods[-1]].fix(1)
        if self.use("bounds changed", 0.3):
            m.x[goods[0], 0].setub(4)
            m.b.w[1].setlb(-7)
        if m.price.mutable:
            m.price[goods[0]] = 11.0
        families = [c for c in m.component_objects(pyo.Constraint) if c.is_indexed() and len(c.index_set())]
        if families and self.use("row switched off", 0.3):
            rows = list(r.choice(families).values())
            if rows:
                r.choice(rows).deactivate()
        if families and self.use("row set", 0.3):
            family = r.choice(families)
            index = r.choice(list(family.keys()) or [None])
            if index is not None:
                family[index].set_value(m.scalar + 2 * m.z[goods[0]] + m.scalar <= 5)
        if families and self.use("row deleted", 0.2):
            family = r.choice(families)
            keys = list(family.keys())
            if keys:
                del family[r.choice(keys)]
        if families and self.use("family looked at", 0.2):
            str(list(r.choice(families).items()))
        if self.use("own row", 0.5):
            m.own = pyo.Constraint(expr=(-3, m.scalar + m.v["s1", 0] + 1, 8))


def _balance(k: Model) -> None:
    k.features.add("lags by index arithmetic")
    k.rows(k.m.GOODS, k.m.LATER, rule=lambda m, g, t: m.x[g, t] == m.x[g, t - 1] + m.demand[g, t] * m.z[g])


def _labels(k: Model) -> None:
    k.features.add("labels as values")
    k.rows(k.m.GOODS, k.m.TIMES, rule=lambda m, g, t: m.x[g, m.lagged[g, t]] + m.v[m.home[g], t] >= m.x[g, t] - 1)


def _other_good(k: Model) -> None:
    k.features.add("labels of a plain Param")
    k.rows(k.m.GOODS, k.m.TIMES, rule=lambda m, g, t: m.x[m.next_good[g], t] <= m.sparse[g] * m.x[g, t] + m.rate)


def _ragged(k: Model) -> None:
    k.features.add("ragged sums")
    k.rows(
        k.m.GOODS,
        k.m.TIMES,
        rule=lambda m, g, t: sum(m.y[g, w, t] for w in m.STORES_OF[g]) == 2 * m.x[g, t] - m.demand[g, t],
    )


def _pairs(k: Model) -> None:
    k.features.add("ragged pairs")
    k.rows(
        k.m.STORES,
        k.m.TIMES,
        rule=lambda m, w, t: m.v[w, t] + sum(m.price[g] * m.y[g, v, t] for g, v in m.PAIRS_IN[w]) <= 9,
    )


def _whole(k: Model) -> None:
    k.features.add("nested sums")
    k.rows(
        k.m.TIMES,
        rule=lambda m, t: (
            sum(m.rate * sum(m.y[g, w, t] for w in m.STORES_OF[g]) for g in m.GOODS) + sum(m.v[w, t] for w in m.STORES)
            <= sum(m.sparse[g] for g in m.GOODS)
        ),
    )


def _twice(k: Model) -> None:
    k.features.add("duplicate terms")
    k.rows(
        k.m.GOODS, k.m.TIMES, rule=lambda m, g, t: m.x[g, t] + 2 * m.x[g, t] - m.x[g, m.lagged[g, t]] >= m.z[g] - m.z[g]
    )


def _zeros(k: Model) -> None:
    k.features.add("zero coefficients")
    k.rows(k.m.PAIRS, k.m.TIMES, rule=lambda m, g, w, t: m.zeros[g] * m.y[g, w, t] + m.v[w, t] <= 4 / m.sparse[g])


def _ranges(k: Model) -> None:
    k.features.add("ranges")
    k.rows(k.m.GOODS, rule=lambda m, g: (-5, sum(m.x[g, t] for t in m.TIMES) - m.price[g], 5 + m.sparse[g]))


def _inequality(k: Model) -> None:
    k.features.add("pyo.inequality")
    k.rows(k.m.GOODS, rule=lambda m, g: pyo.inequality(-2, m.z[g] + m.b.inner.u[g], m.sparse[g]))


def _pair_of_sides(k: Model) -> None:
    k.features.add("tuple of two")
    k.rows(k.m.TIMES, rule=lambda m, t: (m.b.w[t] + m.scalar, 3))


def _in_a_block(k: Model) -> None:
    k.features.add("nested block")
    k.rows(k.m.TIMES, rule=lambda b, t: b.w[t] + b.inner.u[b.model().GOODS.first()] <= 8, on=k.m.b)


def _branch_on_index(k: Model) -> None:
    k.features.add("branch on an index")
    k.rows(k.m.GOODS, k.m.TIMES, rule=lambda m, g, t: m.x[g, t] <= (3 if t == 0 else m.x[g, t - 1] + 1))


def _branch_on_label(k: Model) -> None:
    k.features.add("branch on a label")
    k.rows(k.m.STORES, k.m.TIMES, rule=lambda m, w, t: m.v[w, t] >= (-1 if w == "s1" else 0))


def _hidden_branch(k: Model) -> None:
    k.features.add("hidden branch")
    k.rows(k.m.STORES, k.m.TIMES, rule=lambda m, w, t: m.v[w, t] <= (4 if str(w) == "s1" else 3))


def _look_up(k: Model) -> None:
    k.features.add("look-up in a dict")
    table = {"s1": 2.0, "s2": 3.0}
    k.rows(k.m.STORES, k.m.TIMES, rule=lambda m, w, t: m.v[w, t] <= 2 * table.get(w, 7.0))


def _filtered(k: Model) -> None:
    k.features.add("filtered loop")
    k.rows(k.m.TIMES, rule=lambda m, t: sum(m.x[g, t] for g in m.GOODS if m.sparse[g] > 3) + m.b.w[t] >= -9)


def _numpy(k: Model) -> None:
    k.features.add("numpy in a rule")
    array = np.arange(20) + 1.0
    k.rows(k.m.TIMES, rule=lambda m, t: array[t] * m.b.w[t] <= 30)


def _skips(k: Model) -> None:
    k.features.add("skipped rows")
    k.rows(k.m.GOODS, k.m.TIMES, rule=lambda m, g, t: pyo.Constraint.Skip if t == 1 else m.x[g, t] >= -9)


def _plain_list(k: Model) -> None:
    k.features.add("sum over a list")
    k.rows(k.m.TIMES, rule=lambda m, t: sum(m.v[w, t] for w in ["s1", "s2"]) + sum([m.b.w[t], m.b.w[t]]) <= 40)


def _constants(k: Model) -> None:
    k.features.add("functions of parameters")
    k.rows(
        k.m.GOODS,
        rule=lambda m, g: pyo.exp(m.rate / 9) * m.z[g] + abs(m.price[g]) + m.sparse[g] ** 2 >= -(m.z[g] - 4) / 2,
    )


def _element(k: Model) -> None:
    k.features.add("single elements")
    k.rows(k.m.TIMES, rule=lambda m, t: m.b.w[t] + m.v["s2", 0] + m.scalar <= m.x[m.GOODS.first(), 0] + 60)


def _expressions(k: Model) -> None:
    k.features.add("expression components")
    name = k.name()
    setattr(k.m, name, pyo.Expression(k.m.TIMES, rule=lambda m, t: m.b.w[t] * 2 + m.v["s1", t]))
    held = getattr(k.m, name)
    k.rows(k.m.TIMES, rule=lambda m, t: held[t] + m.scalar <= 70)


def _products(k: Model) -> None:
    k.features.add("set product in a sum")
    k.rows(k.m.GOODS, rule=lambda m, g: sum(m.v[w, t] for w, t in m.STORES * m.TIMES) + m.z[g] <= 90)


FAMILIES = [
    _balance, _labels, _other_good, _ragged, _pairs, _whole, _twice, _zeros, _ranges, _inequality, _pair_of_sides, _in_a_block,
    _branch_on_index, _branch_on_label, _hidden_branch, _look_up, _filtered, _numpy, _skips, _plain_list, _constants, _element,
    _expressions, _products,
]  # fmt: skip
