"""Stock by age -> plan tables: the balance of every age, and a split of what leaves over those who take it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from stockpile.plan.solution import Floats, Labels, Solution, names, visible


def cohort_tables(s: Solution) -> dict[str, pd.DataFrame]:
    """Stock by age, and what leaves of every age by use."""
    return {"cohorts": _balance(s), "cohort_flows": _flows(s)}


def lost_by_age(s: Solution) -> Floats:
    """(G, N) what is lost in storage of the goods that are kept by age, instance units."""
    out = np.zeros((len(s.goods), len(s.tree)))
    if s.data.cohorts.goods:
        _, lost, row = _opening(s)
        np.add.at(out, row, lost)
    return out


def priced_sales(s: Solution) -> Floats:
    """(goods sold, N) what sales count for at the price in force, model units: less than is sold where age lowers the price."""
    block, sales = s.data.cohorts, s.data.stock.sales
    sold = s.read("sale", len(sales.goods))
    aged = _aged_sales(s)
    for i, (good, _) in enumerate(block.pairs):
        if good in block.priced:
            sold[sales.goods.index(good)] -= (1.0 - block.factor[i]) * aged[i]
    return sold


def sales_by_age(s: Solution) -> dict[str, tuple[Floats, Floats]]:
    """By good that is sold along a demand curve at prices by age: the share (ages,) that an age fetches and what is sold of
    it (ages, N), model units, the largest share first.
    """
    block, aged = s.data.cohorts, _aged_sales(s)
    out = {}
    for good in block.priced:
        if good in s.data.stock.sales.stepped:
            rows = np.array([i for i, (g, _) in enumerate(block.pairs) if g == good], dtype=np.int64)
            rows = rows[np.argsort(-block.factor[rows], kind="stable")]
            out[good] = block.factor[rows], aged[rows]
    return out


def _opening(s: Solution) -> tuple[Floats, Floats, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """(C, N) what is there of every age before loss, and what is lost of it; the good's row of every pair.  Instance units."""
    block = s.data.cohorts
    unit = s.unit_of([g for g, _ in block.pairs])[:, None]
    before = s.before(s.read("cohort", len(block.pairs)) * unit, block.opening * unit[:, 0])
    opening, lost = np.zeros_like(before), np.zeros_like(before)
    first = {g: block.pairs.index((g, 0)) for g in block.goods}
    for i, ((good, _), younger) in enumerate(zip(block.pairs, block.younger, strict=True)):
        for age in younger:
            opening[i] += before[first[good] + age]
            lost[i] += (1.0 - block.keep[first[good] + age]) * before[first[good] + age]
    return opening, lost, np.array([s.goods[g] for g, _ in block.pairs], dtype=np.int64)


def _balance(s: Solution) -> pd.DataFrame:
    """The balance of every age."""
    block = s.data.cohorts
    unit = s.unit_of([g for g, _ in block.pairs])[:, None]
    opening, lost, row = _opening(s)
    new = np.array([age == 0 for _, age in block.pairs], dtype=bool)[:, None]
    values = {
        "opening": opening,
        "loss": lost,
        "received": np.where(new, s.read("inflow", len(s.goods))[row] * unit, 0.0),
        "left": _read(s, "leave") * unit,
        "closing": _read(s, "cohort") * unit,
    }
    seen = np.any([visible(amount) for amount in values.values()], axis=0)
    return s.table(_keys(block.pairs), values, seen)


def _read(s: Solution, name: str) -> Floats:
    """(C, N) a variable by age; nothing where no good is kept by age."""
    return s.read(name, len(s.data.cohorts.pairs))


def _aged_sales(s: Solution) -> Floats:
    """(C, N) what is sold of every age where the price depends on it, model units."""
    block = s.data.cohorts
    rows = [i for i, (g, _) in enumerate(block.pairs) if g in block.priced]
    out = np.zeros((len(block.pairs), len(s.tree)))
    out[rows] = s.read("aged_sale", len(rows))
    return out


def _flows(s: Solution) -> pd.DataFrame:
    """What leaves by age and use: sales as decided, then every sector that limits the age, the most particular first."""
    block = s.data.cohorts
    left, sold = _read(s, "leave"), _aged_sales(s)
    rest = np.maximum(left - sold, 0.0)
    keys: list[tuple[str, int, str, str]] = [(g, age, "sale", "") for g, age in block.pairs]
    amounts = [*sold]
    for k in np.argsort(block.max_age, kind="stable"):
        sector, good = block.limits[k]
        wanted = _taken(s, sector, good)
        rows = [i for i, (g, age) in enumerate(block.pairs) if g == good and age <= block.max_age[k]]
        for i in reversed(rows):
            given = np.minimum(wanted, rest[i])
            wanted, rest[i] = wanted - given, rest[i] - given
            keys.append((good, block.pairs[i][1], "sector", sector))
            amounts.append(given)
    keys += [(g, age, "other", "") for g, age in block.pairs]
    amounts += [*rest]
    quantity = np.array(amounts).reshape(len(keys), len(s.tree)) * s.unit_of([key[0] for key in keys])[:, None]
    named = _keys(keys) | {name: names([key[i] for key in keys]) for name, i in (("use", 2), ("sector", 3))}
    return s.table(named, {"quantity": quantity}, visible(quantity))


def _taken(s: Solution, sector: str, good: str) -> Floats:
    """(N,) what a sector gets of a good, wanted or instead of another, model units."""
    block = s.data.demand
    wanted = [i for i, pair in enumerate(block.pairs) if pair == (sector, good)]
    instead = [i for i, (e, _, h) in enumerate(block.accepts) if (e, h) == (sector, good)]
    released, replaced = s.read("release", len(block.pairs)), s.read("substitute", len(block.accepts))
    return np.asarray(released[wanted].sum(axis=0) + replaced[instead].sum(axis=0))


def _keys(rows: Sequence[tuple[Any, ...]]) -> dict[str, Labels]:
    """Good and age of every row."""
    return {"good": names([row[0] for row in rows]), "age": names([row[1] for row in rows])}
