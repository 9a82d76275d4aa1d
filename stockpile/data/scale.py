"""Units inside the model: powers of two that bring amounts near 32 and the objective near 1000.

A feasibility tolerance is absolute, so a good counted in grams and one counted in kilotonnes need scales of their own.
Powers of two change no digit of a number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """Instance units per model unit: ``good`` per good, ``run`` per process, ``store`` for shared capacity, ``money``."""

    good: Floats
    run: Floats
    store: float
    money: float


def power_of_two(value: float) -> float:
    """The power of two nearest to a positive value, 1 where there is nothing to go by."""
    if not np.isfinite(value) or value <= 0:
        return 1.0
    return float(2.0 ** np.clip(np.round(np.log2(value)), -60, 60))


def make_scale(instance: Instance) -> Scale:
    """Scales from typical amounts: demand first, then targets, step widths, capacities, opening stock."""
    goods = [str(g) for g in instance.view("goods")["good"]]
    typical = {g: _typical_amount(instance, g) for g in goods}
    runs = _typical_runs(instance, typical)
    good = np.array([power_of_two(typical[g] / 32.0) for g in goods])
    store = power_of_two(float(np.exp(np.mean(np.log(good)))) if len(good) else 1.0)
    run = np.array([power_of_two(level / 32.0) for level in runs.values()], dtype=np.float64)
    cost = _typical_cost(instance, typical) + _typical_processing(instance, runs)
    return Scale(good=good, run=run, store=store, money=power_of_two(cost / 1000.0))


def _typical_runs(instance: Instance, typical: dict[str, float]) -> dict[str, float]:
    """A typical run of every process: its capacity, or what its recipe makes of typical amounts of goods; 0 where unknown.

    Goods of which nothing is known get the amounts that processes take or make of them, in ``typical``.
    """
    recipes: dict[str, dict[str, float]] = {str(j): {} for j in instance.view("processes")["process"]}
    view, capacity = instance.view("recipes"), instance.view("capacity")
    for process, good, amount in zip(view["process"], view["good"], view["amount"].tolist(), strict=True):
        recipes[process][good] = abs(amount) if amount == amount else 1.0
    median = capacity[capacity["capacity"] > 0].groupby("process")["capacity"].median()
    runs = {process: float(median.get(process, 0.0)) for process in recipes}
    for _ in recipes:
        for process, recipe in recipes.items():
            known = [typical[good] / amount for good, amount in recipe.items() if typical[good] > 0]
            if runs[process] == 0 and known:
                runs[process] = float(np.exp(np.mean(np.log(known))))
            for good, amount in recipe.items():
                if typical[good] == 0:
                    typical[good] = runs[process] * amount
    return runs


def _typical_processing(instance: Instance, runs: dict[str, float]) -> float:
    """Money that typical runs take over the horizon (money unit)."""
    view, periods = instance.view("processes"), len(instance.calendar.labels)
    return float(sum(c * runs[str(j)] * periods for j, c in zip(view["process"], view["cost"].tolist(), strict=True)))


def _typical_amount(instance: Instance, good: str) -> float:
    """A typical positive amount of a good (quantity unit), 0 where no table names one."""
    sources = instance.view("sources")
    offered = set(sources.loc[sources["good"] == good, "source"])
    amounts = [
        instance.view(table).loc[lambda f: f["good"] == good, column]
        for table, column in (("demand", "quantity"), ("targets", "quantity"))
    ]
    amounts += [
        instance.view(table).loc[lambda f: f["source"].isin(offered), column]
        for table, column in (("prices", "width"), ("supply", "capacity"))
    ]
    within = set(sources.loc[sources["good"] == good, "market"])
    amounts.append(instance.view("markets").loc[lambda f: f["market"].isin(within), "width"])
    amounts.append(instance.view("opening_stock").loc[lambda f: f["good"] == good, "quantity"])
    for column in amounts:
        values = column.to_numpy(dtype=float)
        positive = values[np.isfinite(values) & (values > 0)]
        if len(positive):
            return float(np.median(positive))
    return 0.0


def _typical_cost(instance: Instance, typical: dict[str, float]) -> float:
    """Money that the horizon's purchases at typical prices and all project stages would take (money unit)."""
    sources = instance.view("sources")
    prices = instance.view("prices").groupby("source")["price"].median()
    shared = instance.view("markets").groupby("market")["price"].median()
    price = sources["source"].map(prices).fillna(sources["market"].map(shared))
    by_good = sources.assign(price=price).groupby("good")["price"].median()
    demand = instance.view("demand").groupby("good").size()
    periods = len(instance.calendar.labels)
    cost = float(instance.view("stages")["cost"].sum())
    for good, price in by_good.items():
        if np.isfinite(price):
            cost += float(price) * typical.get(str(good), 0.0) * periods * max(1, int(demand.get(good, 0) > 0))
    return cost
