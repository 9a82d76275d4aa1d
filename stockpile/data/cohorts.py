"""Stock by age, for the goods whose price, loss or use depends on it: age classes, what they keep and fetch, who takes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stockpile.data.demand import Demand
from stockpile.data.scale import Scale
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Profile:
    """One good by age class: the share ``keep`` of closing stock that the next period opens with, and its price ``factor``.

    What arrives is of class 0.  Where the last class ``expires`` its stock must leave; elsewhere it stays in that class.
    """

    keep: Floats
    factor: Floats
    expires: bool


@dataclass(frozen=True)
class Cohorts:
    """Goods kept by age.  ``pairs`` are good and age class (C,), the classes of a good one after the other from 0 on.

    ``keep``, ``factor`` and ``expires`` (C,) are those of ``Profile``; ``younger`` names for every pair the classes whose
    stock comes into it a period later; ``opening`` (C,) is the closing stock before the root.  ``limits`` are the pairs of
    sector and good whose stock may be ``max_age`` old at most when it is taken; ``priced`` the goods sold by age.
    """

    goods: tuple[str, ...]
    pairs: tuple[tuple[str, int], ...]
    keep: Floats
    factor: Floats
    expires: npt.NDArray[np.bool_]
    younger: tuple[tuple[int, ...], ...]
    opening: Floats
    limits: tuple[tuple[str, str], ...]
    max_age: Ints
    priced: tuple[str, ...]

    @property
    def fresh(self) -> tuple[tuple[str, int], ...]:
        """Pairs of good and age up to which some sector takes it, where the good gets older."""
        last = dict(self.pairs)
        ages = dict.fromkeys((g, int(age)) for (_, g), age in zip(self.limits, self.max_age, strict=True))
        return tuple((g, age) for g, age in ages if age < last[g])

    def takers(self, good: str, age: int) -> set[str]:
        """Sectors that take a good up to that age, or less."""
        return {e for (e, g), most in zip(self.limits, self.max_age, strict=True) if g == good and most <= age}


def cohort_goods(instance: Instance) -> tuple[str, ...]:
    """Goods that are kept by age, in the order of the goods table."""
    aged = {*instance.view("ages")["good"], *instance.view("freshness")["good"]}
    return tuple(str(g) for g in instance.view("goods")["good"] if g in aged)


def profile_of(instance: Instance, good: str) -> Profile:
    """The age classes of a good: to the end of its shelf life, else to the last age at which anything changes.

    No further than stock can get within the horizon.
    """
    goods = instance.view("goods")
    row = goods["good"].tolist().index(good)
    life, loss_rate = (float(goods[name].iloc[row]) for name in ("shelf_life", "loss_rate"))
    ages = instance.view("ages").loc[lambda f: f["good"] == good]
    begins = ages["age"].fillna(0).to_numpy(dtype=float).astype(np.int64)
    limits = instance.view("freshness").loc[lambda f: f["good"] == good, "max_age"].to_numpy(dtype=float)
    changes = [0, *begins, *(limits.astype(np.int64) + 1)]
    lives = not np.isnan(life)
    opening = instance.view("opening_stock").loc[lambda f: f["good"] == good, "age"].fillna(0)
    reached = int(opening.max() if len(opening) else 0) + len(instance.calendar.labels) - 1
    end = int(life) - 1 if lives else int(max(changes))
    last = min(end, reached)
    loss = _by_age(begins, ages["loss_rate"].to_numpy(dtype=float), last, loss_rate)
    factor = _by_age(begins, ages["price_factor"].to_numpy(dtype=float), last, 1.0)
    return Profile(keep=1.0 - loss, factor=factor, expires=lives and last == end)


def _by_age(begins: Ints, values: Floats, last: int, blank: float) -> Floats:
    """(last + 1,) the step function over age; ``blank`` before its first row and where the row says nothing."""
    out = np.full(last + 1, blank)
    for i in np.argsort(begins, kind="stable"):
        out[begins[i] :] = blank if np.isnan(values[i]) else values[i]
    return out


def grossed_up(instance: Instance, goods: tuple[str, ...], keep: Floats, periods: int) -> Floats:
    """(G, periods) what must arrive for one unit to be left so many periods later; inf where nothing is."""
    with np.errstate(divide="ignore", over="ignore"):
        gross = keep[:, None] ** -np.arange(periods, dtype=np.float64)
        for good in cohort_goods(instance):
            kept = profile_of(instance, good).keep
            kept = np.append(kept, np.full(max(0, periods - len(kept)), kept[-1]))[: periods - 1]
            gross[goods.index(good)] = 1.0 / np.cumprod([1.0, *kept])
    return gross


def make_cohorts(instance: Instance, scale: Scale, demand: Demand, sold: tuple[str, ...]) -> Cohorts:
    """Arrays of the goods kept by age; ``sold`` are the goods that may be sold."""
    goods = cohort_goods(instance)
    names = [str(g) for g in instance.view("goods")["good"]]
    profiles = {g: profile_of(instance, g) for g in goods}
    pairs = tuple((g, age) for g, p in profiles.items() for age in range(len(p.keep)))
    at = {pair: i for i, pair in enumerate(pairs)}
    opening, stock = np.zeros(len(pairs)), instance.view("opening_stock")
    for good, age, quantity in zip(stock["good"], stock["age"].fillna(0), stock["quantity"], strict=True):
        if good in profiles and age >= 1:
            closing = min(int(age) - 1, len(profiles[good].keep) - 1)
            opening[at[good, closing]] += quantity / scale.good[names.index(good)]
    takes = {*demand.pairs, *((e, h) for e, _, h in demand.accepts)}
    view = instance.view("freshness")
    columns = zip(view["sector"], view["good"], view["max_age"], strict=True)
    limits = {(str(e), str(g)): int(age) for e, g, age in columns if (e, g) in takes}
    return Cohorts(
        goods=goods,
        pairs=pairs,
        keep=np.concatenate([np.zeros(0), *(p.keep for p in profiles.values())]),
        factor=np.concatenate([np.zeros(0), *(p.factor for p in profiles.values())]),
        expires=np.array([profiles[g].expires and age == len(profiles[g].keep) - 1 for g, age in pairs], dtype=bool),
        younger=tuple(_younger(age, profiles[g]) for g, age in pairs),
        opening=opening,
        limits=tuple(limits),
        max_age=np.array(list(limits.values()), dtype=np.int64),
        priced=tuple(g for g, p in profiles.items() if g in sold and (p.factor < 1).any()),
    )


def _younger(age: int, profile: Profile) -> tuple[int, ...]:
    """The classes whose stock is of class ``age`` a period later: the one before, and in the last one its own."""
    before = (age - 1,) if age else ()
    pooled = age == len(profile.keep) - 1 and not profile.expires
    return (*before, age) if pooled else before
